"""Mails that go out: others read what is written as it was meant, and nothing is smuggled in."""

from __future__ import annotations

import random
from email import message_from_bytes
from email.policy import default

import pytest
from tests import draws

from anyshore.mail import composing, kinds, message, reply, threads
from anyshore.mail.composing import Draft

KEY = b"sixteen bytes, or more"


def draft(**more: object) -> Draft:
    given: dict[str, object] = {
        "sender": "help@desk.example", "sender_name": "Desk, the", "to": ("jo@customer.example",),
        "subject": "Re: Größe", "text": "Grüße,\nein Schirm.", "id": "1@desk.example", "at": 1_767_258_000_000_000,
    }  # fmt: skip
    return Draft(**{**given, **more})  # type: ignore[arg-type]


def test_what_is_written_is_read_again() -> None:
    content = composing.compose(draft(references=("a@b.example", "c@b.example"), language="de"))
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    theirs = message_from_bytes(content, policy=default)
    assert theirs["From"].addresses[0].display_name == "Desk, the"
    assert theirs["Date"].datetime.isoformat() == "2026-01-01T09:00:00+00:00"
    assert theirs.get_content().replace("\r\n", "\n").strip() == "Grüße,\nein Schirm."
    ours = message.read(content)
    assert (ours.subject, ours.id, ours.references) == ("Re: Größe", "1@desk.example", ("a@b.example", "c@b.example"))
    assert kinds.of(ours).answerable


def test_an_automatic_mail_says_so_and_is_answered_by_no_desk() -> None:
    # What a program begins is work for the next desk; what it answers is none (RFC 3834).
    for references, said, kind in (((), "auto-generated", "person"), (("a@b.example",), "auto-replied", "automatic")):
        ours = message.read(composing.compose(draft(automatic=True, references=references)))
        assert ours.header("auto-submitted") == said
        assert kinds.of(ours).kind == kind
        assert not kinds.of(ours).answerable


@pytest.mark.parametrize("field", ["subject", "sender_name", "id", "language"])
def test_no_header_is_smuggled_in(field: str) -> None:
    content = composing.compose(draft(**{field: "a\r\nBcc: all@victim.example"}))
    assert message_from_bytes(content, policy=default)["Bcc"] is None


LETTERS = 'abc XYZ Grüße €😀 ß.,=?_"\\\\<>@:;()  \t-'
TOKEN = threads.token("m" + "a" * 32, KEY)


@pytest.mark.drawn
@pytest.mark.parametrize("seed", draws.seeds(40, 2_000))
def test_another_reader_finds_what_was_meant(seed: int) -> None:
    rng = random.Random(seed)

    def drawn(most: int) -> str:
        return "".join(rng.choice(LETTERS) for _ in range(rng.randrange(most)))

    text = "\n".join(drawn(rng.choice([5, 90, 300])) for _ in range(rng.randrange(6)))
    made = draft(
        sender_name=drawn(60), subject=drawn(300), text=text, html=rng.choice(["", f"<p>{text}</p>"]),
        to=tuple(f"u{number}@x{number}.example" for number in range(rng.randrange(1, 9))),
        id=f"{TOKEN}.1@{'long.' * rng.randrange(12)}example",
        references=tuple(f"r{number}.{'x' * 40}@b.example" for number in range(rng.randrange(9))),
        unsubscribe=(f"https://shore.example/unsubscribe/{'x' * rng.randrange(200)}/{TOKEN}", "mailto:a@b.example"),
    )  # fmt: skip
    content = composing.compose(made)
    lines = content.split(b"\r\n")
    assert b"".join(lines).isascii()
    assert not set(b"".join(lines)) & set(b"\r\n\0")
    assert max(map(len, lines)) <= 998
    mail = message_from_bytes(content, policy=default)
    assert mail["Subject"] == made.subject.strip()
    shown = mail["From"].addresses[0].display_name
    # Between two encoded words Python's reader leaves the blank that is none (RFC 2047, 6.2).
    assert "".join(shown.split()) == "".join(made.sender_name.split())
    assert [one.addr_spec for one in mail["To"].addresses] == list(made.to)
    assert mail["Message-ID"] == f"<{made.id}>"
    assert (mail["References"] or "").split() == [f"<{one}>" for one in made.references]
    assert [one.strip(" <>") for one in mail["List-Unsubscribe"].split(",")] == list(made.unsubscribe)
    read = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    assert read["plain"].get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert (read["html"] is not None) == bool(made.html)
    if read["html"] is not None:
        assert read["html"].get_content().replace("\r\n", "\n").rstrip("\n") == made.html
    assert mail.defects == []


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError):
        composing.compose(draft(to=("jo@customer.example, all@victim.example",)))


def test_the_outbox_keeps_what_it_is_listed_by_and_the_whole_mail() -> None:
    one = draft(to=["jo@customer.example"])
    kept = composing.record(one)
    assert kept == {
        "message": "1@desk.example", "from": "help@desk.example", "to": ["jo@customer.example"],
        "subject": "Re: Größe", "content": composing.compose(one).decode("ascii"),
    }  # fmt: skip


def test_what_is_quoted_is_cut_again() -> None:
    said = composing.quoted("Does it?\nReally?", "On Tue, 4 Jun 2024 at 09:15, Desk wrote:")
    body = f"It works.\n\n{said}\n"
    assert reply.cut(body).text == "It works."


def test_a_bounce_names_its_ticket_by_the_token_anywhere_in_it() -> None:
    text = f"Original-Message-ID: <{threads.message_id('t7', 3, KEY, 'desk.example')}>"
    assert threads.ticket_in(text, KEY) == "t7"
    assert threads.ticket_in(text, b"another key of the desk") == ""
    assert threads.ticket_in("nothing", KEY) == ""
