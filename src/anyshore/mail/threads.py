"""Which conversation a mail belongs to: by a signed token, or by the mails it answers; never by its subject alone.

The token names a ticket and signs the name with a key of the desk (HMAC, RFC 2104), so that nobody writes into a
ticket by guessing its number. It stands in the Message-ID of what is sent, so it comes back in ``References`` of an
answer; in the address answers go to (``desk+TOKEN@…``, RFC 5233), for programs that drop references; and in brackets
in the subject, for people who begin a new mail.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from anyshore.mail.message import Mail

_BYTES = 10
"""Bytes of the signature that are kept: 80 bits."""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_TOKEN = re.compile(r"(?i)\b([a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)\.([a-z2-7]{16})\b")


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail belongs.

    Attributes:
        ticket: the ticket; empty where it begins one.
        how: ``token``, ``references``, or empty.
        ticket_of_others: whether its author has no part in the ticket yet, so that a person should look.
    """

    ticket: str
    how: str
    ticket_of_others: bool = False


def token(ticket: str, key: bytes) -> str:
    """The token of a ticket.

    Args:
        ticket: small letters, digits and hyphens, at most 40.
        key: of the desk; at least 16 bytes.

    Raises:
        ValueError: the name or the key is none.
    """
    if not _NAME.fullmatch(ticket):
        raise ValueError(f"{ticket!r} is no name of a ticket: small letters, digits and hyphens, at most 40.")
    if len(key) < 16:
        raise ValueError("The key of a desk has at least 16 bytes.")
    signed = hmac.digest(key, b"ticket\0" + ticket.encode("ascii"), "sha256")[:_BYTES]
    return f"{ticket}.{b32encode(signed).decode('ascii').lower()}"


def ticket_of_token(found: str, key: bytes) -> str:
    """The ticket a token names; empty where its signature is not the desk's."""
    ticket = found.lower().partition(".")[0]
    if not _NAME.fullmatch(ticket):
        return ""
    return ticket if hmac.compare_digest(token(ticket, key), found.lower()) else ""


def message_id(ticket: str, number: int, key: bytes, domain: str) -> str:
    """The Message-ID, without angle brackets, of the mail with a number in a ticket: sent again, it is the same
    mail."""
    return numbered(token(ticket, key), number, domain)


def numbered(token: str, number: int, domain: str) -> str:
    """The same by the token of the ticket."""
    return f"{token}.{number}@{domain}"


def reply_address(desk: str, ticket: str, key: bytes) -> str:
    """The address answers go to: that of the desk with the token behind a plus."""
    return reply_to(desk, token(ticket, key))


def reply_to(desk: str, token: str) -> str:
    """The same by the token of the ticket."""
    local, _, domain = desk.rpartition("@")
    return f"{local}+{token}@{domain}"


def marked(subject: str, ticket: str, key: bytes) -> str:
    """A subject with the token in brackets, once."""
    mark = f"[{token(ticket, key)}]"
    return subject if mark in subject else f"{subject} {mark}".strip()


def of(mail: Mail, key: bytes, known: Callable[[Iterable[str]], str], parties: Callable[[str], bool]) -> Thread:
    """Where a mail belongs.

    Args:
        mail: what came.
        key: of the desk it came to.
        known: of identifiers of mails, nearest first, the ticket one of them is part of; empty where none is.
        parties: whether an address has a part in the ticket that is named.
    """
    for found in _tokens(mail):
        ticket = ticket_of_token(found, key)
        if ticket:
            return Thread(ticket, "token", not parties(ticket))
    ticket = known(reversed(mail.references)) if mail.references else ""
    return Thread(ticket, "references", not parties(ticket)) if ticket else Thread("", "")


def ticket_in(text: str, key: bytes) -> str:
    """The ticket of the first token of the desk anywhere in a text, of a bounce for example; empty where none is."""
    return next((ticket for found in _TOKEN.finditer(text) if (ticket := ticket_of_token(found[0], key))), "")


def _tokens(mail: Mail) -> Iterator[str]:
    """What may be a token, the surest place first: addresses, mails that are answered, the subject."""
    places = [one.address.partition("@")[0].partition("+")[2] for one in mail.receivers]
    places += [mail.header(name) for name in ("delivered-to", "x-original-to", "envelope-to")]
    places += [one.rpartition("@")[0] for one in reversed(mail.references)]
    places += re.findall(r"\[([^\[\]]{18,60})\]", mail.subject)
    for place in places:
        for found in _TOKEN.finditer(place):
            yield found[0]
