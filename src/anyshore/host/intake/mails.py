"""Reading a mail of a stranger: who wrote what, and its attachments, byte for byte (RFC 5322, 2045 to 2049)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from email.utils import parseaddr
from typing import Any

from lxml import etree, html

from anyshore.base.errors import DataError
from anyshore.base.locations import Location

MAX_PARTS = 1000
"""Parts of a mail that are looked at."""

_ENDINGS = {
    "application/pdf": ".pdf", "application/xml": ".xml", "text/xml": ".xml", "text/csv": ".csv", "image/png": ".png",
    "image/jpeg": ".jpg", "application/zip": ".zip", "application/gzip": ".gz",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip
"""How an attachment without a name is called."""

_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says.

    Attributes:
        name: what it is called.
        content: the mail itself.
        sender: address of its author; empty where it has none.
        subject: without line ends.
        text: its body, from HTML where it has no plain text.
        id: its Message-ID; empty where it has none.
        attachments: name and content, in order.
    """

    name: str
    content: bytes
    sender: str
    subject: str
    text: str
    id: str
    attachments: tuple[tuple[str, bytes], ...]


def read(content: bytes, name: str) -> Letter:
    """Reads a mail.

    Pictures within its text, signatures over it and reports of its delivery are parts of the mail, no attachments.

    Raises:
        DataError: it cannot be read, or has more parts than any mail has.
    """
    try:
        message = message_from_bytes(content, policy=default)
        parts = list(_parts(message))
        if len(parts) > MAX_PARTS:
            raise _unreadable(name, f"it has more than {MAX_PARTS:,} parts")
        body = [part for part, _ in parts if _is_body(part)]
        attachments = tuple(
            (_name(part, number), _bytes(part))
            for number, (part, within) in enumerate(parts, 1)
            if not _is_body(part) and not _belongs_to_the_text(part, within)
        )
        return Letter(
            name, content, parseaddr(_header(message, "From"))[1], " ".join(_header(message, "Subject").split()),
            _text(body), _header(message, "Message-ID").strip(), attachments,
        )  # fmt: skip
    except DataError:
        raise
    except Exception as problem:
        raise _unreadable(name, str(problem) or type(problem).__name__) from problem


def _unreadable(name: str, why: str) -> DataError:
    message = f"The mail cannot be read: {why}."
    return DataError("intake.mail", message, Location(name), "Ask the sender to send it again.")


def _parts(message: Message[Any, Any], within: str = "") -> Iterator[tuple[Message[Any, Any], str]]:
    """The parts that hold something, each with the subtype of the multipart it stands in; a mail in a mail is one."""
    waiting = [(message, within)]
    seen = 0
    while waiting and seen <= 2 * MAX_PARTS:
        part, around = waiting.pop()
        seen += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            inner = part.get_payload()
            assert isinstance(inner, list)
            waiting += [(one, part.get_content_subtype()) for one in reversed(inner) if isinstance(one, Message)]
        else:
            yield part, around
    for part, around in waiting:
        yield part, around


def _header(message: Message[Any, Any], name: str) -> str:
    found = message.get(name)
    return "" if found is None else str(found)


def _is_attachment(part: Message[Any, Any]) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _is_body(part: Message[Any, Any]) -> bool:
    return part.get_content_type() in ("text/plain", "text/html") and not _is_attachment(part)


def _belongs_to_the_text(part: Message[Any, Any], within: str) -> bool:
    if part.get_content_type() in _SIGNATURES:
        return True
    if part.get_content_maintype() == "message":
        return part.get_content_subtype() != "rfc822"
    picture = part.get_content_maintype() == "image" and part.get("Content-ID") is not None
    return picture and within == "related" and part.get_content_disposition() != "attachment"


def _name(part: Message[Any, Any], number: int) -> str:
    if part.get_content_type() == "message/rfc822":
        name = part.get_filename() or f"mail-{number}"
        return name if name.lower().endswith(".eml") else f"{name}.eml"
    return part.get_filename() or f"attachment-{number}{_ENDINGS.get(part.get_content_type(), '')}"


def _bytes(part: Message[Any, Any]) -> bytes:
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        assert isinstance(inner, Message)
        return inner.as_bytes()
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(body: list[Message[Any, Any]]) -> str:
    plain = [part for part in body if part.get_content_type() == "text/plain"]
    texts = [_decoded(part) for part in plain] or [_without_markup(_decoded(part)) for part in body]
    return "\n".join(texts).replace("\r\n", "\n").strip()


def _decoded(part: Message[Any, Any]) -> str:
    charset = part.get_content_charset() or "utf-8"
    content = _bytes(part)
    try:
        return content.decode(charset, "replace").replace("\0", "")
    except LookupError:
        return content.decode("utf-8", "replace").replace("\0", "")


def _without_markup(text: str) -> str:
    """What a page says, its blocks on lines of their own."""
    try:
        tree: Any = html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""  # nothing but white space or comments
    for element in tree.xpath("//script|//style|//head"):
        element.drop_tree()
    for element in tree.xpath("//br|//p|//div|//tr|//li"):
        element.tail = "\n" + (element.tail or "")
    return re.sub(r"[ \t]*\n\s*\n\s*", "\n\n", str(tree.text_content())).strip()


def is_mail(name: str) -> bool:
    """Whether a name is that of a mail."""
    return name.lower().endswith(".eml")
