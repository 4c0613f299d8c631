"""Reading mails: whatever the bytes, a mail comes out or one error."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples
from tests.mail.letters import mail, report

from anyshore.base.errors import DataError
from anyshore.mail import message
from anyshore.mail.markup import without_markup


def test_headers_are_decoded_over_words_and_lines() -> None:
    word = (
        "=?utf-8?B?" + b64encode("Grü".encode()[:3]).decode() + "?= =?utf-8?B?" + b64encode(b"\xbc\xc3\x9fe").decode()
    )
    found = mail(f"Subject: {word}?=", "From: =?iso-8859-1?Q?J=F6?= <JO@x.example>", "Reply-To: desk@x.example")
    assert found.subject == "Grüße"
    assert (found.author.name, found.author.address) == ("Jö", "JO@x.example")
    assert found.answers_to == "desk@x.example"


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ('From: "Miller, Jo" jo@x.example', "jo@x.example"),
        ("From: <<jo@x.example>>", "jo@x.example"),
        ("From: jo@x.example (Jo)", "jo@x.example"),
        ("From: undisclosed", ""),
        ("From:", ""),
    ],
)
def test_an_author_is_found_in_odd_headers(line: str, address: str) -> None:
    assert mail(line).author.address == address


def test_bytes_under_the_wrong_charset_are_guessed() -> None:
    raw = b"From: a@x.example\r\nSubject: Gr\xfc\xdfe\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nGr\xfc\xdfe"
    assert (message.read(raw).subject, message.read(raw).text) == ("Grüße", "Grüße")
    named = "Content-Type: text/plain; charset=made-up"
    assert mail(named, text="Grüße").text == "Grüße"


def test_a_boundary_that_is_another_leaves_the_text() -> None:
    assert "--other" in mail("Content-Type: multipart/mixed; boundary=b", text="--other\r\n\r\nHello\r\n").text


def test_the_mails_it_answers_the_nearest_last() -> None:
    found = mail("References: <1@x> <2@x>", "In-Reply-To: <3@x>", "Message-ID: <4@x>")
    assert found.references == ("1@x", "2@x", "3@x")
    assert found.id == "4@x"


def test_files_pictures_and_invitations_are_told_apart() -> None:
    body = (
        "--b\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n"
        "--r\r\nContent-Type: image/png\r\nContent-ID: <p>\r\n\r\nx\r\n--r--\r\n"
        "--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n"
        '--b\r\nContent-Type: application/pdf; name="../a.pdf"\r\n\r\n%PDF\r\n--b--\r\n'
    )
    found = mail("Content-Type: multipart/mixed; boundary=b", text=body)
    assert found.text == "Hi"
    assert [one.name for one in found.attachments] == ["attachment-3.ics", ".._a.pdf"]
    assert [one.content_id for one in found.pictures] == ["p"]
    assert found.invitation is not None


def test_a_mail_within_a_mail_is_one_file() -> None:
    found = report("Final-Recipient: rfc822; ann@other.example", "Status: 5.1.1")
    assert [one.name for one in found.attachments] == ["mail-3.eml"]


def test_what_html_quotes_is_marked() -> None:
    text = without_markup("<p>Yes.</p><blockquote>One<blockquote>Two</blockquote></blockquote>")
    assert text == "Yes.\n\n> One\n> > Two"


@pytest.mark.parametrize("content", [b"", b" \r\n"])
def test_nothing_is_no_mail(content: bytes) -> None:
    with pytest.raises(DataError, match=r"mail\.broken"):
        message.read(content)


def test_a_date_that_is_none_is_none() -> None:
    assert mail("Date: Mon, 30 Nov 2026 10:00:00 +0100").sent == 1_796_029_200_000_000
    assert mail("Date: yesterday").sent is None


_LINES = st.sampled_from(
    [
        "From: a@x",
        "Subject: =?utf-8?q?=C3?=",
        "Content-Type: multipart/mixed; boundary=b",
        "--b",
        "--b--",
        "",
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64",
        "Content-Type: text/html; charset=utf-7",
        "Content-Disposition: attachment; filename*=x''%ff",
        ">quoted",
        "<p>&#0;</p>",
        "\udcff",
    ],
)


@settings(max_examples=examples(60))
@given(st.lists(_LINES, max_size=12) | st.binary(max_size=200))
def test_no_bytes_break_reading(drawn: list[str] | bytes) -> None:
    content = drawn if isinstance(drawn, bytes) else "\r\n".join(drawn).encode("utf-8", "surrogateescape")
    try:
        found = message.read(content)
    except DataError:
        return
    assert found.content == content
    assert (found.author, found.references, found.sent, found.attachments, found.text) is not None
    (found.subject + found.text).encode("utf-8")
