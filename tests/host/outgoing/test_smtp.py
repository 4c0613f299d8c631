"""Handing mails over to a server that is real: what it takes, refuses for good, or does not take for now."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from typing import Any

import pytest

from anyshore.host.outgoing.outbox import Later, Refused
from anyshore.host.outgoing.paces import Pace
from anyshore.host.outgoing.smtp import handed
from tests.host.outgoing import sink

REPLIES = {
    "gone": "550 5.1.1 no such user", "grey": "451 4.7.1 come again", "full": "552 5.2.2 mailbox full",
    "closing": "421 4.3.2 shutting down",
}  # fmt: skip
MAIL = b"Subject: x\r\nMessage-ID: <%d@x.example>\r\n\r\n.dot\r\n..two\r\ntext\r\n"
TO_DATA = {"spam": "554 5.7.1 spam", "slow": "452 4.3.1 no space"}


@pytest.fixture(scope="module", params=[True, False], ids=["in a line", "in turn"])
def server(request: Any) -> Iterator[int]:
    seen: dict[str, Any]
    with sink.running(pipelining=request.param, replies=REPLIES, to_data=TO_DATA) as (port, seen):
        yield port
    assert seen["to"] == {"a@x.example": 2, "b@x.example": 1, "after@x.example": 7}
    assert seen["ids"] == 2


def test_mails_are_taken_and_refusals_keep_nobody_else(server: int) -> None:
    with smtplib.SMTP("127.0.0.1", server) as connection:

        def hand(number: int, *to: str, more: bytes = b"") -> None:
            handed(connection, "news@garden.example", [f"{one}@x.example" for one in to], MAIL % number + more)

        hand(1, "a")
        hand(1, "a", "gone", "b")
        for to, more, kind, code, command in (
            ("gone", b"", Refused, "550", "RCPT"), ("full", b"", Refused, "552", "RCPT"),
            ("grey", b"", Later, "451", "RCPT"), ("a", b"spam\r\n", Refused, "554", "DATA"),
            ("a", b"slow\r\n", Later, "452", "DATA"),
        ):  # fmt: skip
            with pytest.raises(kind) as told:
                hand(2, to, more=more)
            assert (told.type, told.value.said["code"], told.value.said["command"]) == (kind, code, command)
            hand(2, "after")
        with pytest.raises(Later):
            hand(2, "gone", "grey")
        hand(2, "after")
        with pytest.raises(Refused, match="no address"):
            handed(connection, "n@x.example", ["a@x.example>\r\nRCPT TO:<b@x.example"], b"")
        hand(2, "after")
        with pytest.raises(smtplib.SMTPServerDisconnected):
            hand(3, "closing")


def test_each_domain_has_its_pace_and_others_go_on() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    pace = Pace(2, lambda: now[0], sleep)
    mails = ["a@one.example", "b@one.example", "c@two.example", "d@ONE.example", "e@two.example"]
    order = pace.ordered(mails, lambda one: [one])
    assert order == ["a@one.example", "c@two.example", "b@one.example", "e@two.example", "d@ONE.example"]
    for one in order:
        pace.wait([one])
    assert slept == [0.5, 0.5]
