"""Writing a mail: headers, text and what it answers (RFC 5322), as bytes that can be sent as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

OUTBOX = "outgoing-mail"
"""Kind of the records that hold mails to be sent, as ``record`` gives them."""
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


def compose(draft: Draft) -> bytes:
    """The mail, with CRLF and no line over 998 bytes.

    Raises:
        ValueError: an address is none.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(draft.sender, draft.sender_name)
    mail["To"] = [_address(one) for one in draft.to]
    if draft.reply_to:
        mail["Reply-To"] = _address(draft.reply_to)
    mail["Subject"] = _line(draft.subject)
    mail["Date"] = format_datetime(datetime.fromtimestamp(draft.at / 1_000_000, UTC))
    mail["Message-ID"] = f"<{_line(draft.id)}>"
    if draft.references:
        mail["In-Reply-To"] = f"<{_line(draft.references[-1])}>"
        mail["References"] = " ".join(f"<{_line(one)}>" for one in draft.references)
    if draft.automatic:
        mail["Auto-Submitted"] = "auto-replied" if draft.references else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    if draft.language:
        mail["Content-Language"] = _line(draft.language)
    if draft.unsubscribe:
        mail["List-Unsubscribe"] = ", ".join(f"<{_line(one)}>" for one in draft.unsubscribe)
        if any(one.startswith("https:") for one in draft.unsubscribe):
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(draft.text, cte="quoted-printable" if not draft.text.isascii() else None)
    return mail.as_bytes()


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


def _address(address: str, name: str = "") -> Address:
    return Address(_line(name), addr_spec=_line(address))


def _line(text: str) -> str:
    return text.translate(_ONE_LINE).strip()
