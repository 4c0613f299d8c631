"""Signing a mail with DomainKeys Identified Mail (RFC 6376): relaxed, RSA with SHA-256 (RFC 8301).

The arithmetic of the key is given: this module decides what is signed and writes it down. A header that stands under
the signature is named once more than it is there, so that nobody adds a second one (RFC 6376, 5.4.2); one click on a
list is only believed where both of its headers stand under it (RFC 8058, 4).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

SIGNED = (
    "from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding", "content-language", "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
"""Headers a signature covers, present or not (RFC 6376, 5.4.1; RFC 8058, 4)."""
_SPACES = re.compile(rb"[ \t]+")
_LINE = 64


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs for a domain.

    Attributes:
        domain: of the address mails come from.
        selector: under which its public key stands in the DNS (``SELECTOR._domainkey.DOMAIN``).
        sign: RSASSA-PKCS1-v1_5 with SHA-256 over what it is given.
    """

    domain: str
    selector: str
    sign: Callable[[bytes], bytes]

    def signed(self, content: bytes, at: int) -> bytes:
        """A mail with its signature on top.

        Args:
            content: the mail, with CRLF.
            at: microseconds since 1970 UTC.
        """
        head, _, body = content.partition(b"\r\n\r\n")
        fields = _fields(head)
        there = Counter(name for name, _ in fields)
        names = tuple(name for name in SIGNED for _ in range(there[name] + 1))
        digest = b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode("ascii")
        written = (
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector};\r\n"
            f"\tt={at // 1_000_000}; bh={digest};\r\n\th={_folded(names)};\r\n\tb="
        )
        covered = b"".join(line + b"\r\n" for line in _covered(fields, names))
        signature = b64encode(self.sign(covered + relaxed_header(written.encode("ascii")))).decode("ascii")
        lines = "\r\n\t ".join(signature[start : start + _LINE] for start in range(0, len(signature), _LINE))
        return f"{written}{lines}\r\n".encode("ascii") + content


def relaxed_header(field: bytes) -> bytes:
    """A header field as the relaxed form has it, without its line end (RFC 6376, 3.4.2)."""
    name, _, value = field.partition(b":")
    plain = _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.strip().lower() + b":" + plain


def relaxed_body(body: bytes) -> bytes:
    """A body as the relaxed form has it (RFC 6376, 3.4.4)."""
    lines = _SPACES.sub(b" ", body).replace(b" \r\n", b"\r\n").removesuffix(b" ")
    end = len(lines)
    while end > 1 and lines[end - 2 : end] == b"\r\n":
        end -= 2
    return lines[:end] + b"\r\n" if end else b""


def _fields(head: bytes) -> list[tuple[str, bytes]]:
    """The header fields with their names, first to last."""
    whole = re.split(rb"\r\n(?![ \t])", head)
    return [(field.partition(b":")[0].strip().lower().decode("ascii"), field) for field in whole if b":" in field]


def _covered(fields: list[tuple[str, bytes]], names: Sequence[str]) -> list[bytes]:
    """The fields that are named, the last of a name first; one that is not there counts as nothing."""
    left = {name: [field for one, field in fields if one == name] for name in set(names)}
    return [relaxed_header(left[name].pop()) for name in names if left[name]]


@lru_cache(maxsize=64)
def _folded(names: tuple[str, ...]) -> str:
    """Names with colons, in lines of at most 78 characters."""
    lines, line = [], ""
    for name in names:
        if line and len(line) + len(name) > 70:
            lines.append(line)
            line = ""
        line += f"{name}:"
    return "\r\n\t ".join([*lines, line]).removesuffix(":")
