"""A file of a delivery as a family: a mail with all that came with it, through mails and archives in each other."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from anyshore.base.errors import DataError
from anyshore.base.files import BROKEN_ZIP
from anyshore.mail import message
from anyshore.mail.message import Mail, Mailbox

_DEPTH = 4
"""Mails and archives inside each other that are opened; what is deeper stays one item."""
_MEMBERS = 1000
_BYTES = 64 * 1024 * 1024
"""Of an archive: members and bytes that are unpacked; a larger one stays one item."""


@dataclass(frozen=True, slots=True)
class Member:
    """One item of a family, in its order.

    Attributes:
        kind: ``mail``, ``attachment`` or ``file``.
        name: subject or file name.
        digest: see ``Item``.
        mail: the mail it is, or the nearest mail it came with.
        level: 0 for the file itself, 1 for what came in it, and so on.
        content: the item itself, byte for byte.
    """

    kind: str
    name: str
    digest: str
    mail: Mail | None
    level: int = 0
    content: bytes = b""

    @property
    def is_mail(self) -> bool:
        """Whether it is the mail, and did not come with it."""
        return self.mail is not None and self.content is self.mail.content


def members(content: bytes, name: str) -> list[Member]:
    """The family of a file: the file itself, then what came with it.

    Raises:
        DataError: a file called ``.eml`` is no mail.
    """
    if not name.lower().endswith(".eml"):
        return [Member("file", name, _digest(content), None, 0, content), *_inside(content, None, 1)]
    mail = message.read(content, name)
    return [Member("mail", mail.subject or name, of_mail(mail), mail, 0, mail.content), *_attached(mail, 1)]


def of_mail(mail: Mail) -> str:
    """What a mail says and brings, whatever way it took: transport headers, bcc and line ends are no part of it."""
    receivers = sorted(one.address.lower() for one in mail.receivers)
    parts = [_digest(one.content) for one in (*mail.attachments, *mail.pictures)]
    said = (mail.author.address.lower(), *receivers, str(mail.sent), mail.subject, " ".join(mail.text.split()), *parts)
    return _digest("\0".join(said).encode("utf-8", "surrogatepass"))


def day(mail: Mail) -> str:
    """The day it was sent in UTC; empty where it does not say."""
    try:
        return datetime.fromtimestamp(mail.sent / 1_000_000, UTC).date().isoformat() if mail.sent is not None else ""
    except (ValueError, OverflowError, OSError):  # a year no calendar has
        return ""


def addresses(mail: Mail, *headers: str) -> tuple[str, ...]:
    """Names and addresses of headers, in order."""
    return tuple(shown(one) for name in headers for value in mail.every(name) for one in message.mailboxes(value))


def shown(one: Mailbox) -> str:
    """A mailbox as a log has it."""
    return f"{one.name} <{one.address}>" if one.name and one.address else one.address or one.name


def _attached(mail: Mail, depth: int) -> Iterator[Member]:
    for part in mail.attachments:
        inner: Mail | None = None
        if part.kind == "message/rfc822" and depth < _DEPTH:
            try:
                inner = message.read(part.content, part.name)
            except DataError:  # nothing in it is a mail: it stays the file it is
                inner = None
        if inner is not None:
            yield Member("attachment", inner.subject or part.name, of_mail(inner), inner, depth, inner.content)
            yield from _attached(inner, depth + 1)
        else:
            yield Member("attachment", part.name, _digest(part.content), mail, depth, part.content)
            yield from _inside(part.content, mail, depth + 1)


def _inside(content: bytes, mail: Mail | None, depth: int) -> list[Member]:
    """What an archive holds; nothing where it is none, or cannot be opened."""
    if not content.startswith(b"PK\x03\x04") or depth > _DEPTH:
        return []
    found: list[Member] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [one for one in archive.infolist() if not one.is_dir()]
            if len(infos) > _MEMBERS or sum(one.file_size for one in infos) > _BYTES or _is_one_file(infos):
                return []
            for info in infos:
                inner = archive.read(info)
                found.append(Member("attachment", info.filename, _digest(inner), mail, depth, inner))
                found += _inside(inner, mail, depth + 1)
    except BROKEN_ZIP:
        return []
    return found


def _is_one_file(infos: list[zipfile.ZipInfo]) -> bool:
    """Whether the archive is a file of an office program, which is one document (ECMA-376, ODF 1.3)."""
    names = {one.filename for one in infos}
    return "[Content_Types].xml" in names or "mimetype" in names


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
