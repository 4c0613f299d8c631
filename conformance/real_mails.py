"""Mails as people send them, with the oddities of real mail programs: none of them may be kept out.

Sixteen letters, in ten languages and on subjects that sound like a machine's, each with each of 36 oddities.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

LETTERS: tuple[tuple[str, str], ...] = (
    (
        "Order 4711 has not arrived",
        "Hello,\n\nmy order was sent two weeks ago and has not arrived.\n\nRegards\nJo Miller",
    ),
    ("Undelivered parcel returned to sender", "The courier says: undeliverable, returned to sender. What now?\n\nAnn"),
    (
        "Mail delivery failed?",
        "I tried to write to sales@example.com and got 550 user unknown. Is that address right?\n\n- Ben\n- Cora",
    ),
    (
        "Bounce rate of our newsletter",
        'Why do 4 % bounce? Many say "mailbox is full" or "was rejected by" our provider.',
    ),
    ("Out of office rules do not work", "My vacation reply is not sent any more since the update. Please help."),
    ("Automatic payment failed", "The automatic payment of my invoice failed: error 554. Can I pay by transfer?"),
    (
        "Konto gesperrt",
        "Guten Tag,\n\nmein Konto ist gesperrt, das Postfach voll. Hilfe!\n\nMit freundlichen Grüßen\nJürgen Groß",
    ),
    (
        "Facture n° 88 erronée",
        "Bonjour,\n\nla facture n° 88 est erronée : 120 € au lieu de 100 €.\n\nCordialement\nÉlodie",
    ),
    ("Devolución", "Hola:\n\n¿cómo devuelvo el artículo? Llegó roto.\n\nSaludos\nÍñigo"),
    ("Ordine annullato", "Buongiorno,\n\nperché il mio ordine è stato annullato?\n\nGrazie"),
    ("Reclamação", "Olá,\n\no produto não funciona. Quero o dinheiro de volta.\n\nObrigado"),
    ("Vraag over garantie", "Hallo,\n\nhoe lang is de garantie?\n\nMet vriendelijke groet"),
    ("Zwrot pieniędzy", "Dzień dobry,\n\nkiedy otrzymam zwrot?\n\nPozdrawiam"),
    ("Lösenord glömt", "Hej,\n\njag har glömt mitt lösenord.\n\nMvh"),
    ("Не работает вход", "Здравствуйте,\n\nне могу войти в кабинет.\n\nС уважением"),
    ("パスワードを忘れました", "お世話になっております。\nログインできません。\n"),
)
_HEADERS = (
    "From: Jo Miller <jo.miller@customer.example>", "To: help@desk.example", "Message-ID: <1@customer.example>",
    "Date: Mon, 30 Nov 2026 10:00:00 +0100", "MIME-Version: 1.0",
)  # fmt: skip
_PLAIN = ("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit")
Oddity = Callable[[str, str], bytes]


def all_of_them() -> Iterator[tuple[str, bytes]]:
    """Every letter with every oddity: a name and the mail."""
    for number, (subject, text) in enumerate(LETTERS, 1):
        for name, oddity in ODDITIES.items():
            yield f"letter {number}, {name}", oddity(subject, text)


def _mail(headers: tuple[str, ...], body: bytes, end: str = "\r\n") -> bytes:
    return (end.join(headers) + end + end).encode("utf-8") + body.replace(b"\n", end.encode())


def _word(subject: str, charset: str = "utf-8") -> str:
    coded = base64.b64encode(subject.encode(charset, "replace")).decode("ascii")
    return f"Subject: =?{charset}?B?{coded}?="


def _with(*more: str, without: tuple[str, ...] = (), end: str = "\r\n") -> Oddity:
    def made(subject: str, text: str) -> bytes:
        kept = tuple(one for one in _HEADERS if not one.startswith(without)) if without else _HEADERS
        return _mail((*more, *kept, _word(subject), *_PLAIN), text.encode("utf-8"), end)

    return made


def _raw(charset: str, named: str) -> Oddity:
    """Bytes of a charset in header and text, under whatever name."""

    def made(subject: str, text: str) -> bytes:
        head = "\r\n".join((*_HEADERS, f"Content-Type: text/plain; charset={named}", "")).encode("ascii")
        line = b"Subject: " + subject.encode(charset, "replace") + b"\r\n\r\n"
        return head + line + text.encode(charset, "replace")

    return made


def _multipart(kind: str, *more: str, closed: bool = True, named: str = "b1") -> Oddity:
    def made(subject: str, text: str) -> bytes:
        html = text.replace("\n", "<br>\n")
        parts = ["Content-Type: text/plain; charset=utf-8\n\n" + text, *more] if kind != "alternative" else [
            "Content-Type: text/plain; charset=utf-8\n\n" + text,
            f"Content-Type: text/html; charset=utf-8\n\n<html><body><p>{html}</p></body></html>", *more,
        ]  # fmt: skip
        body = "".join(f"--b1\n{part}\n" for part in parts) + ("--b1--\n" if closed else "")
        return _mail(
            (*_HEADERS, _word(subject), f"Content-Type: multipart/{kind}; boundary={named}"), body.encode("utf-8")
        )

    return made


def _html(subject: str, text: str) -> bytes:
    body = "<div>" + text.replace("\n", "</div><div>") + "</div>"
    return _mail((*_HEADERS, _word(subject), "Content-Type: text/html"), body.encode("utf-8"))


def _quoted(subject: str, text: str) -> bytes:
    body = f"{text}\n\nOn Mon, 30 Nov 2026 at 09:00, Mail Delivery System <x@y.example> wrote:\n> 550 user unknown\n"
    return _mail((*_HEADERS, f"Subject: Re: {subject}", "References: <0@desk.example>", *_PLAIN), body.encode("utf-8"))


def _mbox(subject: str, text: str) -> bytes:
    return b"From jo.miller@customer.example Mon Nov 30 10:00:00 2026\n" + _with(end="\n")(subject, text)


_BOUNCED = """Content-Type: message/rfc822

From: MAILER-DAEMON@mx.example
To: jo.miller@customer.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b2

--b2
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; sales@example.com
Action: failed
Status: 5.1.1
--b2--"""
_INVITED = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR"
_PICTURE = "Content-Type: image/png\nContent-ID: <p1>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="
_FILE = (
    'Content-Type: application/pdf; name="=?utf-8?Q?Rechnung_=C3=BC.pdf?="\nContent-Disposition: attachment\n\n%PDF-1.4'
)
_SIGNED = "Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\nAAAA"

ODDITIES: dict[str, Oddity] = {
    "plain": _with(),
    "bare line feeds": _with(end="\n"),
    "mbox": _mbox,
    "no date": _with(without=("Date",)),
    "no Message-ID": _with(without=("Message-ID",)),
    "no From": _with("Sender: jo.miller@customer.example", without=("From",)),
    "only the return path names the sender": _with("Return-Path: <jo@customer.example>", without=("From",)),
    "no To": _with(without=("To",)),
    "two dates": _with("Date: yesterday"),
    "folded with tabs": _with("X-Long: a\r\n\tb\r\n\t c"),
    "headers of 20 kB": _with("X-Spam-Report: " + "a b " * 5000),
    "suppressed answers": _with("X-Auto-Response-Suppress: All"),
    "sent by a form": _with("Auto-Submitted: auto-generated"),
    "not automatic": _with("Auto-Submitted: no"),
    "to a list": _with("List-Id: <team.customer.example>", "Precedence: list"),
    "in bulk": _with("Precedence: bulk", "X-Mailer: PHPMailer"),
    "a postmaster asks": _with("From: Postmaster <postmaster@customer.example>", without=("From",)),
    "a name like a daemon's": _with("From: Ms Daemon-Mailer <daemon@customer.example>", without=("From",)),
    "no return path known": _with("Return-Path: "),
    "an odd From": _with('From: "Miller, Jo" jo.miller@customer.example', without=("From",)),
    "encoded From": _with("From: =?utf-8?Q?J=C3=B6_M=C3=BCller?= <jo@customer.example>", without=("From",)),
    "From in brackets twice": _with("From: <<jo@customer.example>>", without=("From",)),
    "bad encoded word": _with("X-Note: =?utf-8?Q?a=G1?= =?x?Z?b?="),
    "raw utf-8": _raw("utf-8", "utf-8"),
    "raw latin-1 named as ascii": _raw("latin-1", "us-ascii"),
    "cp1251 named": _raw("cp1251", "windows-1251"),
    "an unknown charset": _raw("utf-8", "x-made-up"),
    "html alone": _html,
    "two texts": _multipart("alternative"),
    "a boundary never closed": _multipart("mixed", closed=False),
    "a boundary that is another": _multipart("mixed", named="other"),
    "an invitation": _multipart("mixed", _INVITED),
    "pictures and files": _multipart("related", _PICTURE, _FILE),
    "signed": _multipart("signed", _SIGNED),
    "a bounce attached": _multipart("mixed", _BOUNCED),
    "a bounce quoted": _quoted,
}
"""What real mails come with."""
