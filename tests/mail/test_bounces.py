"""What comes back: recipients, status, reason, and whether for good."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples
from tests.mail.letters import mail, report

from anyshore.mail import bounce_reasons, bounces


def _of(*fields: str, text: str = "") -> bounces.Failure:
    (found,) = bounces.read(report("Final-Recipient: rfc822; ann@other.example", *fields, text=text))
    return found


def test_fields_tell_recipient_status_and_reason() -> None:
    found = _of(
        "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 <ann@other.example>... User unknown"
    )
    assert (found.recipient, found.status, found.reply) == ("ann@other.example", "5.1.1", "550")
    assert (found.reason, found.hard, found.temporary) == ("userunknown", True, False)


def test_what_the_other_server_says_is_more_than_a_class() -> None:
    found = _of("Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp; 550-'5.2.2 <a@x>... Mailbox full'")
    assert (found.status, found.reason, found.hard) == ("5.2.2", "mailboxfull", False)


def test_a_user_unknown_after_the_data_is_a_filter() -> None:
    text = (
        "<ann@other.example>: host mx[192.0.2.1] said:\n"
        "    550 Unknown user ann@other.example (in reply to end of DATA\n    command)"
    )
    found = _of("Status: 5.0.0", "Diagnostic-Code: smtp; 550 Unknown user ann@other.example", text=text)
    assert (found.command, found.reason, found.hard) == ("DATA", "filtered", False)


def test_delays_and_deliveries_are_no_failures_for_good() -> None:
    assert _of("Action: delayed", "Status: 4.4.1").reason == "expired"
    assert _of("Action: delivered", "Status: 2.1.5").reason == "delivered"


def test_every_recipient_of_a_report_has_its_own_reason() -> None:
    found = bounces.read(
        report(
            "Final-Recipient: rfc822; a@x.example",
            "Status: 5.1.1",
            "",
            "Final-Recipient: rfc822; b@x.example",
            "Status: 5.2.2",
        )
    )
    assert [(one.recipient, one.reason) for one in found] == [
        ("a@x.example", "userunknown"),
        ("b@x.example", "mailboxfull"),
    ]


def test_words_alone_tell_each_recipient() -> None:
    text = (
        "The following address(es) failed:\n\n  a@x.example\n"
        "    SMTP error from remote mail server after RCPT TO:<a@x.example>:\n"
        "    host mx [192.0.2.1]: 550 5.1.1 <a@x.example>... User Unknown\n\n  b@x.example\n    mailbox is full\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\nTo: c@x.example\n"
    )
    found = bounces.read(mail("From: Mailer-Daemon@mx.example", "To: desk@desk.example", text=text))
    assert [(one.recipient, one.reason, one.status) for one in found] == [
        ("a@x.example", "userunknown", "5.1.1"),
        ("b@x.example", "mailboxfull", ""),
    ]


def test_a_transcript_tells_each_recipient() -> None:
    text = (
        "   ----- Transcript of session follows -----\nWhile talking to mx.example:\n>>> RCPT To:<a@x.example>\n"
        "<<< 550 No such user here.\n550 <a@x.example>... User unknown\n554 <b@y.example>... 550 Host unknown\n"
    )
    found = bounces.read(mail("From: MAILER-DAEMON@mx.example", text=text))
    assert [(one.recipient, one.reason) for one in found] == [
        ("a@x.example", "userunknown"),
        ("b@y.example", "hostunknown"),
    ]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("552 5.2.2 Over quota", "mailboxfull"),
        ("550 5.7.1 Relaying denied", "norelaying"),
        ("account has been suspended", "suspend"),
        ("550 5.7.26 does not pass DMARC verification", "authfailure"),
        ("554 blocked using zen.spamhaus.org", "blocked"),
        ("450 cannot find your reverse hostname", "requireptr"),
        ("552 message size exceeds fixed limit", "mesgtoobig"),
        ("553 sender address rejected", "rejected"),
        ("Host or domain name not found", "hostunknown"),
        ("421 too many connections", "toomanyconn"),
        ("554 message looks like spam", "spamdetected"),
        ("virus found", "virusdetected"),
        ("mail loop detected", "networkerror"),
        ("connection timed out", "expired"),
        ("command died with status 1", "mailererror"),
        ("user has moved to new@x", "hasmoved"),
        ("domain does not accept mail (null MX)", "notaccept"),
    ],
)
def test_ways_of_saying_it(said: str, reason: str) -> None:
    assert bounce_reasons.said(said)[0] == reason


@pytest.mark.parametrize(
    ("status", "reason"), [("5.1.1", "userunknown"), ("4.2.1", "suspend"), ("2.0.0", "delivered"), ("5.0.0", "")]
)
def test_a_code_has_a_meaning_of_its_own(status: str, reason: str) -> None:
    assert bounce_reasons.of_status(status) == reason


_LINES = st.sampled_from(
    [
        "a@x.example",
        "<a@x.example>: 550 x",
        ">>> DATA",
        "<<< 550 5.1.1 no",
        "550 <a@x.example>... User unknown",
        "",
        "Final-Recipient: rfc822; a@x",
        "Status: 5.x",
        "Action: failed",
        "Diagnostic-Code: ;",
        '{"notificationType":"Bounce"}',
    ],
)


@settings(max_examples=examples(60))
@given(st.lists(_LINES, max_size=10))
def test_no_report_breaks_reading(lines: list[str]) -> None:
    for found in bounces.read(mail("From: MAILER-DAEMON@x", text="\r\n".join(lines))):
        assert found.reason
