"""Reading a mail of a stranger (RFC 5322, 2045 to 2049, 2047): headers, texts, attachments, byte for byte.

Mails break rules more often than they keep them: raw bytes in headers, charsets that do not exist, boundaries that
never end. All of that is read, what cannot be decoded becomes U+FFFD, and the whole mail stays beside what was read
of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime
from functools import cached_property
from typing import Any

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.mail.markup import without_markup

MAX_PARTS = 1000
"""Parts of a mail that are looked at."""
MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a mail that is read."""

_ENDINGS = {
    "application/pdf": ".pdf", "application/xml": ".xml", "text/xml": ".xml", "text/csv": ".csv", "image/png": ".png",
    "image/jpeg": ".jpg", "image/gif": ".gif", "application/zip": ".zip", "application/gzip": ".gz",
    "text/calendar": ".ics",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip
"""How an attachment without a name is called."""
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_BODIES = ("text/plain", "text/html")
_CHARSETS = {
    "unknown-8bit": "latin-1", "x-unknown": "utf-8", "unicode-1-1-utf-7": "utf-7", "utf8mb4": "utf-8", "ansi": "cp1252",
    "x-user-defined": "cp1252", "iso-8859-8-i": "iso-8859-8", "ks_c_5601-1987": "cp949", "x-gbk": "gbk",
    "gb2312": "gb18030", "iso-8859-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8",
}  # fmt: skip
"""Names mail programs use beside those Python knows; a few mean more than they say (WHATWG Encoding, section 4.2)."""
_LOOSE = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_QUOTED = re.compile(r'"[^"]+"@[^\s<>,;:"()]+')
_IDENTIFIER = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address of a header; either may be empty."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail that holds something.

    Attributes:
        kind: its media type, in small letters.
        name: what the file is called; empty for what stands in the text.
        content: its bytes, decoded from their transfer encoding.
        text: the same as text, where it is one.
        content_id: what a text shows it by; empty without.
        within: subtype of the multipart around it.
        shown: whether it is meant to be shown in the text (pictures of HTML, RFC 2387).
    """

    kind: str
    name: str
    content: bytes
    text: str
    content_id: str
    within: str
    shown: bool


@dataclass(frozen=True)
class Mail:
    """A mail that was read.

    Attributes:
        name: what it is called where it lies.
        content: the mail itself, byte for byte.
        headers: name in small letters and decoded value on one line, in the order of the mail.
        kind: media type of the whole.
        parameters: parameters of that type, in small letters.
        parts: what it holds, in order; a mail within a mail is one part.
    """

    name: str
    content: bytes
    headers: tuple[tuple[str, str], ...]
    kind: str
    parameters: dict[str, str]
    parts: tuple[Part, ...]

    def header(self, name: str) -> str:
        """The first header of a name; empty where there is none."""
        wanted = name.lower()
        return next((value for found, value in self.headers if found == wanted), "")

    def every(self, name: str) -> list[str]:
        """All headers of a name."""
        wanted = name.lower()
        return [value for found, value in self.headers if found == wanted]

    @cached_property
    def author(self) -> Mailbox:
        """Who wrote it: the first mailbox of ``From``, else of ``Sender``, else of ``Return-Path``."""
        for name in ("from", "sender", "return-path"):
            for found in mailboxes(self.header(name)):
                if found.address:
                    return found
        return Mailbox("", "")

    @cached_property
    def receivers(self) -> tuple[Mailbox, ...]:
        """Whom it was sent to, openly or in copy."""
        return tuple(one for name in ("to", "cc") for value in self.every(name) for one in mailboxes(value))

    @cached_property
    def answers_to(self) -> str:
        """The address an answer goes to: ``Reply-To`` before the author (RFC 5322, 3.6.2)."""
        found = next((one.address for one in mailboxes(self.header("reply-to")) if one.address), "")
        return found or self.author.address

    @property
    def subject(self) -> str:
        """Its subject on one line."""
        return self.header("subject")

    @cached_property
    def id(self) -> str:
        """Its Message-ID without the angle brackets; empty where it has none."""
        return next(iter(identifiers(self.header("message-id"))), "")

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The identifiers of the mails it answers, the nearest last (RFC 5322, 3.6.4)."""
        found = identifiers(self.header("references"))
        found += [one for one in identifiers(self.header("in-reply-to")) if one not in found]
        return tuple(found)

    @cached_property
    def sent(self) -> int | None:
        """When it says it was sent: microseconds since 1970; None where its date cannot be read."""
        try:
            return int(parsedate_to_datetime(self.header("date")).timestamp() * 1_000_000)
        except (TypeError, ValueError, OverflowError, IndexError):
            return None

    @cached_property
    def text(self) -> str:
        """What it says: its plain texts, or its HTML where it has no plain text."""
        bodies = [part for part in self.parts if part.kind in _BODIES and not part.name]
        plain = [part.text for part in bodies if part.kind == "text/plain" and part.text.strip()]
        texts = plain or [without_markup(part.text) for part in bodies if part.kind == "text/html"]
        return "\n".join(texts).replace("\r\n", "\n").replace("\r", "\n").strip()

    @cached_property
    def attachments(self) -> tuple[Part, ...]:
        """The files that came with it: no pictures within its text, no signatures over it, no reports of delivery."""
        return tuple(part for part in self.parts if part.name and not part.shown)

    @cached_property
    def pictures(self) -> tuple[Part, ...]:
        """Pictures its text shows."""
        return tuple(part for part in self.parts if part.shown)

    @cached_property
    def invitation(self) -> Part | None:
        """An invitation or its answer (RFC 5546, 6047), if it brings one."""
        return next((part for part in self.parts if part.kind == "text/calendar"), None)


def read(content: bytes, name: str = "mail.eml") -> Mail:
    """Reads a mail.

    Args:
        content: the mail, with any line ends; a line ``From `` of an mbox before it is allowed.
        name: what to call it in errors.

    Raises:
        DataError: it is too large, or has more parts than any mail has, or nothing in it is a header or a text.
    """
    if len(content) > MAX_BYTES:
        raise _unreadable(name, f"it has more than {MAX_BYTES:,} bytes")
    if not content.strip():
        raise _unreadable(name, "it is empty")
    try:
        message = message_from_bytes(content, policy=compat32)
        parts = tuple(_parts(message))
    except (ValueError, RecursionError, AttributeError, TypeError) as problem:  # what the standard library lets out
        raise _unreadable(name, str(problem) or type(problem).__name__) from problem
    if len(parts) > MAX_PARTS:
        raise _unreadable(name, f"it has more than {MAX_PARTS:,} parts")
    headers = tuple((key.lower(), decoded(value)) for key, value in message.raw_items())
    return Mail(name, content, headers, message.get_content_type(), _parameters(message), parts)


def mailboxes(value: str) -> list[Mailbox]:
    """The mailboxes of a header that is decoded already; where it breaks the grammar, whatever in it is an address."""
    try:
        found = [Mailbox(name, address) for name, address in getaddresses([value]) if name or address]
    except (TypeError, ValueError, IndexError):
        found = []
    if found and all(_LOOSE.fullmatch(one.address) or _QUOTED.fullmatch(one.address) for one in found):
        return found
    loose = [Mailbox(value[: match.start()].strip(' <"'), match[0]) for match in _LOOSE.finditer(value)]
    return loose or [Mailbox(value.strip(), "")] if value.strip() else []


def identifiers(value: str) -> list[str]:
    """The identifiers of a header, without angle brackets; bare words where it has no brackets at all."""
    found = _IDENTIFIER.findall(value)
    if not found and "<" not in value:
        found = [word for word in value.split() if "@" in word]
    return list(dict.fromkeys(found))


def decoded(value: Any) -> str:
    """A header as text on one line: encoded words, raw bytes in whatever charset, folding (RFC 2047, 5322, 2.2.3)."""
    raw = str(value)
    if "\udc80" <= max(raw, default="") <= "\udcff":
        raw = _charset_guessed(raw.encode("utf-8", "surrogateescape"))
    if "=?" in raw:
        raw = re.sub(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=(?:\s+=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)*", _words, raw)
    text = raw.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return " ".join(text.split())


def _words(found: re.Match[str]) -> str:
    """Encoded words in a row; bytes of one charset are joined before they are decoded, as senders cut characters."""
    try:
        pieces = decode_header(found[0])
    except (HeaderParseError, ValueError):
        return found[0]
    joined: list[tuple[bytes, str]] = []
    for piece, charset in pieces:
        content = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        name = (charset or "utf-8").partition("*")[0]
        if joined and joined[-1][1] == name:
            joined[-1] = (joined[-1][0] + content, name)
        else:
            joined.append((content, name))
    return "".join(in_charset(content, charset) for content, charset in joined)


def in_charset(content: bytes, charset: str) -> str:
    """Bytes as text; where they are not of the charset that is named, or nobody knows it, it is guessed."""
    name = _CHARSETS.get(charset.lower().strip("\"' "), charset.strip("\"' "))
    try:
        text = content.decode("utf-8") if name == "utf-8" else content.decode(name, "replace")
    except (LookupError, ValueError):  # also codecs that give no text, such as "hex"
        return _charset_guessed(content)
    return _charset_guessed(content) if "\ufffd" in text else text


def _charset_guessed(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _unreadable(name: str, why: str) -> DataError:
    message = f"The mail cannot be read: {why}."
    return DataError("mail.broken", message, Location(name), "Ask the sender to send it again.")


def _parameters(message: Message[Any, Any]) -> dict[str, str]:
    found = message.get_params(failobj=[], header="content-type", unquote=True)
    return {str(key).lower(): _plain(value) for key, value in found[1:]}


def _plain(value: Any) -> str:
    try:
        return decoded(collapse_rfc2231_value(value)) if isinstance(value, tuple) else decoded(value)
    except (LookupError, ValueError, TypeError):
        return decoded(value[2] if isinstance(value, tuple) else value)


def _parts(message: Message[Any, Any]) -> Iterator[Part]:
    """The leaves of the tree, in order; a mail within a mail and a report of delivery are leaves."""
    waiting: list[tuple[Message[Any, Any], str]] = [(message, "")]
    seen = leaves = 0
    while waiting and seen <= 2 * MAX_PARTS:
        part, within = waiting.pop()
        seen += 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            subtype = part.get_content_subtype()
            waiting += [(one, subtype) for one in reversed(inner) if isinstance(one, Message)]
            preamble = part.preamble
            if not inner and isinstance(preamble, str):  # a boundary that never comes: all of it is text
                yield Part("text/plain", "", preamble.encode("utf-8", "surrogateescape"), preamble, "", within, False)
        elif part.get_content_maintype() == "multipart":  # its boundary is another, or it has none: all of it is text
            content = str(inner or "").encode("utf-8", "surrogateescape")
            yield Part("text/plain", "", content, in_charset(content, "utf-8"), "", within, False)
        else:
            leaves += 1
            yield _part(part, within, leaves)


def _part(part: Message[Any, Any], within: str, number: int) -> Part:
    kind = part.get_content_type()
    content = _bytes(part)
    text = ""
    if kind.startswith(("text/", "message/")):
        text = in_charset(content, _charset(part)).replace("\0", "")
    content_id = decoded(part.get("content-id") or "").strip("<> ")
    disposition = str(part.get("content-disposition") or "").partition(";")[0].strip().lower()
    shown = kind.startswith("image/") and bool(content_id) and within == "related" and disposition != "attachment"
    return Part(kind, _name(part, kind, disposition, number), content, text, content_id, within, shown)


def _name(part: Message[Any, Any], kind: str, disposition: str, number: int) -> str:
    """What the file is called; empty for texts, signatures and reports, which are none."""
    if kind in _SIGNATURES or (kind.startswith("message/") and kind != "message/rfc822"):
        return ""
    given = _filename(part)
    if kind in _BODIES and not given and disposition != "attachment":
        return ""
    if kind == "message/rfc822":
        given = given or f"mail-{number}"
        return given if given.lower().endswith(".eml") else f"{given}.eml"
    return given or f"attachment-{number}{_ENDINGS.get(kind, '')}"


def _filename(part: Message[Any, Any]) -> str:
    for name, header in (("filename", "content-disposition"), ("name", "content-type")):
        try:
            found = part.get_param(name, header=header)
        except (ValueError, TypeError, LookupError):
            continue
        if found:
            return re.sub(r"[\x00-\x1f/\\]", "_", _plain(found)).strip() or ""
    return ""


def _charset(part: Message[Any, Any]) -> str:
    try:
        found = part.get_param("charset")
    except (ValueError, TypeError, LookupError):
        return "utf-8"
    return _plain(found) if found else "utf-8"


def _bytes(part: Message[Any, Any]) -> bytes:
    """Content without its transfer encoding; mails and reports of delivery as they were written."""
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"\n".join(_written(one) for one in inner if isinstance(one, Message))
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        content = None
    if isinstance(content, bytes):
        return content
    return str(inner or "").encode("utf-8", "surrogateescape")


def _written(message: Message[Any, Any]) -> bytes:
    """A mail within a mail as bytes; where the library cannot write it again, its headers and what follows."""
    try:
        return message.as_bytes()
    except (ValueError, LookupError, AttributeError, TypeError):
        lines = [f"{key}: {value}" for key, value in message.raw_items()]
        inner = message.get_payload()
        body = inner if isinstance(inner, str) else ""
        return ("\n".join(lines) + "\n\n" + body).encode("utf-8", "surrogateescape")
