"""What the DNS says of a key that signs mails (RFC 6376, 3.6.1): written, read, and judged beside the key."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_STRING = 255
"""Bytes of one string of a TXT record (RFC 1035, 3.3.14)."""


def written(public: bytes) -> str:
    """The record of an RSA key.

    Args:
        public: SubjectPublicKeyInfo in DER.
    """
    return f"v=DKIM1; k=rsa; p={b64encode(public).decode('ascii')}"


def in_zone(domain: str, selector: str, record: str) -> str:
    """The record as a line of a zone file: its text in strings that are short enough."""
    parts = " ".join(f'"{record[start : start + _STRING]}"' for start in range(0, len(record), _STRING))
    return f"{selector}._domainkey.{domain}. IN TXT ( {parts} )"


def read(text: str) -> dict[str, str]:
    """The tags of a record, as a look-up or a zone file gives it: in strings or bare, with or without its name.

    Empty where it holds no tags.
    """
    strings = _QUOTED.findall(text)
    plain = "".join(strings) if strings else text[text.find("v=DKIM1") :] if "v=DKIM1" in text else text
    plain = re.sub(r"\\(.)", r"\1", plain)
    found: dict[str, str] = {}
    for part in plain.split(";"):
        name, mark, value = part.partition("=")
        if mark and re.fullmatch(r"\s*[A-Za-z][A-Za-z0-9_]*\s*", name):
            found.setdefault(name.strip(), re.sub(r"\s+", "", value) if name.strip() == "p" else value.strip())
    return found


def problems(text: str, public: bytes) -> list[str]:
    """Why what the DNS says does not let others verify what a key signs; empty where it does.

    Args:
        text: of the record.
        public: of the key, SubjectPublicKeyInfo in DER.
    """
    tags = read(text)
    if "p" not in tags:
        return ["it holds no key (p=)"]
    found = []
    if tags.get("v", "DKIM1") != "DKIM1" or ("v" in tags and next(iter(tags)) != "v"):
        found.append("it does not begin with v=DKIM1")
    if tags.get("k", "rsa") != "rsa":
        found.append(f"its key is of the kind {tags['k']}, not rsa")
    if "sha256" not in tags.get("h", "sha256").replace(" ", "").split(":"):
        found.append("it allows no SHA-256 (h=)")
    if not {"*", "email"} & set(tags.get("s", "*").replace(" ", "").split(":")):
        found.append("it is not for mail (s=)")
    if "y" in tags.get("t", "").replace(" ", "").split(":"):
        found.append("it says that the domain only tests (t=y): what it signs counts for nothing")
    if not tags["p"]:
        return [*found, "it withdraws the key (p= is empty)"]
    try:
        same = b64decode(tags["p"], validate=True) == public
    except (NotBase64, ValueError):
        return [*found, "its key is no Base64"]
    return found if same else [*found, "its key is another than the one that signs"]
