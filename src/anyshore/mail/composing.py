"""Writing a mail: headers, text and what it answers (RFC 5322), as bytes that can be sent as they are."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.utils import format_datetime
from functools import lru_cache

from anyshore.mail import fields

OUTBOX = "outgoing-mail"
"""Kind of the records that hold mails to be sent, as ``record`` gives them."""
SENT = "outgoing-mail-sent"
"""Kind of the records that say when a mail was handed over, under its key."""
STOPPED = "outgoing-mail-stopped"
"""Kind of the records by which an activity takes a mail back that was not handed over yet, under the mail's key."""

_ONE_LINE = str.maketrans({"\r": " ", "\n": " ", "\0": " "})


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to be written.

    Attributes:
        sender: address it comes from.
        sender_name: shown beside it.
        to: addresses it goes to.
        subject: on one line; line ends in it become spaces, so that no header can be smuggled in.
        text: what it says.
        id: its Message-ID without angle brackets.
        at: when it is written, microseconds since 1970-01-01T00:00Z.
        reply_to: where answers go; empty: to the sender.
        references: identifiers of the mails it answers, the last is the one it answers.
        automatic: whether no person wrote it: then it says so (RFC 3834, 5) and asks for no automatic answer.
        language: tag of BCP 47; empty: not told.
        unsubscribe: addresses by which one gets off the list, the surest first (RFC 2369, 3.2); where one is a web
            address, one click is enough (RFC 8058).
        html: the same as a page; empty: the text alone.
    """

    sender: str
    sender_name: str
    to: Sequence[str]
    subject: str
    text: str
    id: str
    at: int
    reply_to: str = ""
    references: Sequence[str] = ()
    automatic: bool = False
    language: str = ""
    unsubscribe: Sequence[str] = ()
    html: str = ""


def compose(draft: Draft) -> bytes:
    """The mail, with CRLF and no line over 998 bytes.

    Raises:
        ValueError: an address is none.
    """
    written = [
        fields.mailboxes("From", _mailbox(draft.sender, draft.sender_name)),
        fields.mailboxes("To", *(_mailbox(one) for one in draft.to)),
    ]
    if draft.reply_to:
        written.append(fields.tokens("Reply-To", [_mailbox(draft.reply_to)[0]]))
    written.append(_subject(_line(draft.subject)))
    written.append(_date(draft.at // 1_000_000))
    written.append(fields.tokens("Message-ID", [f"<{_line(draft.id)}>"]))
    if draft.references:
        known = [f"<{_line(one)}>" for one in draft.references]
        written += [fields.tokens("In-Reply-To", known[-1:]), fields.tokens("References", known)]
    if draft.automatic:
        written.append(f"Auto-Submitted: {'auto-replied' if draft.references else 'auto-generated'}\r\n")
        written.append("X-Auto-Response-Suppress: All\r\n")
    if draft.language:
        written.append(fields.unstructured("Content-Language", _line(draft.language)))
    if draft.unsubscribe:
        written.append(fields.tokens("List-Unsubscribe", [f"<{_line(one)}>" for one in draft.unsubscribe], ","))
        if any(one.startswith("https:") for one in draft.unsubscribe):
            written.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    written.append("MIME-Version: 1.0\r\n")
    written.append(_content(draft))
    return "".join(written).encode("ascii")


def _content(draft: Draft) -> str:
    """The text, or the text and the page, the better behind (RFC 2046, 5.1.4)."""
    if not draft.html:
        return _part("plain", draft.text)
    mark = f"=_{hashlib.sha256(draft.id.encode()).hexdigest()[:32]}"  # never in quoted-printable (RFC 2045, 6.7)
    parts = "".join(f"--{mark}\r\n{_part(kind, text)}\r\n" for kind, text in
                    (("plain", draft.text), ("html", draft.html)))  # fmt: skip
    return f'Content-Type: multipart/alternative;\r\n boundary="{mark}"\r\n\r\n{parts}--{mark}--\r\n'


def _part(kind: str, text: str) -> str:
    """A text with the headers that say how it is written: as it is, or as quoted-printable (RFC 2045, 6)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if plain and not plain.endswith("\n"):
        plain += "\n"
    how = "7bit"
    if not plain.isascii() or "\0" in plain or max(map(len, plain.split("\n"))) > fields.LINE:
        how = "quoted-printable"
        plain = binascii.b2a_qp(plain.encode("utf-8", "replace"), istext=True).decode("ascii")
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {how}\r\n\r\n'
    return head + plain.replace("\n", "\r\n")


@lru_cache(maxsize=256)
def _subject(subject: str) -> str:
    return fields.unstructured("Subject", subject)


@lru_cache(maxsize=16)
def _date(seconds: int) -> str:
    return f"Date: {format_datetime(datetime.fromtimestamp(seconds, UTC))}\r\n"


def record(draft: Draft) -> dict[str, object]:
    """What the outbox keeps of a mail: ``message`` (its Message-ID), ``from``, ``to``, ``subject``, ``content``.

    Raises:
        ValueError: an address is none.
    """
    return {
        "message": draft.id, "from": draft.sender, "to": list(draft.to), "subject": draft.subject,
        "content": compose(draft).decode("ascii"),
    }  # fmt: skip


def quoted(text: str, said: str) -> str:
    """A text as it is quoted under an answer, behind the line that says whose it is."""
    return "\n".join([said, *(f"> {line}".rstrip() for line in text.splitlines())])


def _mailbox(address: str, name: str = "") -> tuple[str, str]:
    """An address as it stands in a field, with its name."""
    plain = _line(address)
    return plain if fields.is_plain(plain) else Address(addr_spec=plain).addr_spec, _line(name)


def _line(text: str) -> str:
    return text.translate(_ONE_LINE).strip()
