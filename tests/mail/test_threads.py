"""Threading: by token or by reference, never by subject."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mail.letters import mail

from anyshore.mail import threads
from anyshore.mail.threads import Thread

KEY = b"0123456789abcdef"
TOKEN = threads.token("t-7", KEY)


def _of(*headers: str, known: str = "", party: bool = True) -> Thread:
    return threads.of(
        mail(*headers), KEY, lambda identifiers: known if "sent@desk" in identifiers else "", lambda _: party
    )


def test_a_token_is_found_wherever_it_comes_back() -> None:
    sent = threads.message_id("t-7", 1, KEY, "desk.example")
    address = threads.reply_address("help@desk.example", "t-7", KEY)
    for header in (
        f"References: <{sent}>",
        f"To: {address}",
        f"Delivered-To: {address.upper()}",
        f"Subject: Re: Hi [{TOKEN}]",
    ):
        assert _of(header) == Thread("t-7", "token")


def test_a_subject_alone_is_nothing() -> None:
    assert _of("Subject: Re: Hi [t-7]") == Thread("", "")
    assert _of(f"Subject: Hi {TOKEN}") == Thread("", "")


def test_references_tell_where_no_token_does() -> None:
    assert _of("In-Reply-To: <sent@desk>", known="t-9") == Thread("t-9", "references")
    assert _of("In-Reply-To: <else@desk>", known="t-9") == Thread("", "")


def test_somebody_else_in_a_ticket_is_told() -> None:
    assert _of(f"Subject: [{TOKEN}]", party=False).ticket_of_others


@given(st.from_regex(r"[a-z0-9]{1,8}\.[a-z2-7]{16}", fullmatch=True))
def test_nobody_makes_a_token_without_the_key(made: str) -> None:
    assert threads.ticket_of_token(made, KEY) == ("" if made != TOKEN else "t-7")


def test_a_subject_is_marked_once() -> None:
    once = threads.marked("Hi", "t-7", KEY)
    assert once == threads.marked(once, "t-7", KEY) == f"Hi [{TOKEN}]"


@pytest.mark.parametrize(("ticket", "key"), [("T 7", KEY), ("", KEY), ("t-7", b"short")])
def test_names_and_keys_that_are_none(ticket: str, key: bytes) -> None:
    with pytest.raises(ValueError):
        threads.token(ticket, key)
