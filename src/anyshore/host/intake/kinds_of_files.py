"""What a file is, told by its bytes where its name does not tell."""

from __future__ import annotations

import io
import re
import zipfile

from anyshore.base.files import is_pdf

_SIGNATURES = (
    (b"\x89PNG\r\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"II*\x00", ".tif"), (b"MM\x00*", ".tif"),
    (b"\x1f\x8b", ".gz"), (b"\xfd7zXZ\x00", ".xz"), (b"BZh", ".bz2"), (b"7z\xbc\xaf\x27\x1c", ".7z"), (b"Rar!", ".rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".ole"), (b"{\\rtf", ".rtf"),
)  # fmt: skip
_OFFICE = {"xl/workbook.xml": ".xlsx", "word/document.xml": ".docx", "ppt/presentation.xml": ".pptx"}
_MAIL = re.compile(rb"(?:From [^\r\n]*\r?\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
_MAIL_FIELDS = re.compile(rb"^(?:from|received|message-id|mime-version|return-path):", re.IGNORECASE | re.MULTILINE)
_SYSTEM = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.IGNORECASE)
_HEAD = 4096


def told(content: bytes) -> str:
    """The ending a file with these bytes should have, lower case with its dot; empty where they do not tell."""
    if is_pdf(content):
        return ".pdf"
    if content.startswith(b"PK\x03\x04"):
        return _archive(content)
    for signature, ending in _SIGNATURES:
        if content.startswith(signature):
            return ending
    head = _text(content[:_HEAD]).lstrip()
    if head[:14].lower().startswith((b"<!doctype html", b"<html")):
        return ".html"
    if re.match(rb"<(\?xml|!--|[A-Za-z_])", head):
        return ".xml"
    if _MAIL.match(head) and _MAIL_FIELDS.search(head):
        return ".eml"
    return ""


def belies(name: str, content: bytes) -> str:
    """What a file is not though its name says so: ``a PDF``, ``a text``; empty where its bytes may be that."""
    lower = name.lower()
    if lower.endswith(".pdf") and told(content) != ".pdf":
        return "a PDF"
    if lower.endswith(".txt") and _is_binary(content[:_HEAD]):
        return "a text"
    return ""


def _is_binary(head: bytes) -> bool:
    """Whether bytes are no text of any encoding: zero bytes where no UTF-16 is, or more controls than a text has."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    controls = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1a\x1b" for byte in head)
    return controls > len(head) // 50


def is_of_the_system(name: str) -> bool:
    """Whether a name is that of a file an operating system or an office program leaves behind."""
    return _SYSTEM.search(name) is not None


def _archive(content: bytes) -> str:
    """A ZIP, or the office document that is one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ".zip"  # damaged: what opens it says so
    return next((ending for name, ending in _OFFICE.items() if name in names), ".zip")


def _text(head: bytes) -> bytes:
    """The beginning without byte order mark, and without the zero bytes of UTF-16."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(head) > 1 and 0 in head[:2]):
        return head[2 * (head[:2] in (b"\xff\xfe", b"\xfe\xff")) :].replace(b"\0", b"")
    return head.removeprefix(b"\xef\xbb\xbf")
