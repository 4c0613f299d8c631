"""Who a mail is from: machines are kept out, people never are."""

from __future__ import annotations

import pytest
from tests.mail.letters import mail, report

from anyshore.mail import kinds


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (("Auto-Submitted: auto-replied", "Subject: Re: Hi"), "automatic"),
        (("X-Autoreply: yes", "Subject: Thank you"), "automatic"),
        (("Precedence: auto_reply", "Subject: Hi"), "automatic"),
        (("Subject: Automatic reply: Your order", "In-Reply-To: <1@x>"), "automatic"),
        (("Subject: Abwesenheitsnotiz: Urlaub", "X-Auto-Response-Suppress: All"), "automatic"),
        (("Subject: Out of office rules do not work", "In-Reply-To: <1@x>"), "person"),
        (("Subject: Automatic reply: is it on?",), "person"),
        (("Auto-Submitted: auto-generated", "Subject: New form"), "person"),
        (("Precedence: bulk", "Subject: Hi"), "person"),
        (("X-Apple-Unsubscribe: true", "Subject: unsubscribe", "Auto-Submitted: auto-replied"), "report"),
    ],
)
def test_headers_tell(headers: tuple[str, ...], kind: str) -> None:
    assert kinds.of(mail(*headers)).kind == kind


def test_reports_of_delivery_of_abuse_and_of_reading() -> None:
    assert kinds.of(report("Final-Recipient: rfc822; a@x.example", "Action: failed", "Status: 5.1.1")).kind == "bounce"
    feedback = "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n--b--\r\n"
    found = kinds.of(mail("Content-Type: multipart/report; boundary=b", text=feedback))
    assert (found.kind, found.feedback["feedback-type"]) == ("report", "abuse")
    read = "--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: x; displayed\r\n\r\n--b--\r\n"
    assert kinds.of(mail("Content-Type: multipart/report; boundary=b", text=read)).kind == "receipt"


def test_words_of_a_mail_system_are_enough_and_words_of_a_person_are_not() -> None:
    text = "Delivery to the following recipient failed permanently:\n\n     ann@other.example\n\n550 no such user"
    machine = mail("From: Mail Delivery Subsystem <mailer-daemon@mx.example>", "Subject: Returned mail", text=text)
    assert kinds.of(machine).kind == "bounce"
    assert kinds.of(mail("Subject: Returned mail", text=text)).kind == "person"
    asks = mail("From: postmaster@x.example", "Subject: Mail delivery failed?", text="Is 550 user unknown right?")
    assert kinds.of(asks).kind == "person"


def test_only_people_are_answered_automatically() -> None:
    assert kinds.of(mail("Subject: Hi")).answerable
    for header in ("Precedence: list", "List-Id: <a.x>", "Auto-Submitted: auto-generated", "From: no-reply@x.example"):
        assert not kinds.of(mail(header, "Subject: Hi")).answerable
