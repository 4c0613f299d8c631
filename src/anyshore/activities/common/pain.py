"""What all payment initiations of ISO 20022 are written with: elements, and texts in characters every bank takes."""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "&": "+"})


def document(namespace: str) -> etree._Element:
    """The document element of a message."""
    return etree.Element(f"{{{namespace}}}Document", nsmap={None: namespace})  # type: ignore[dict-item]


def put(parent: etree._Element, *names: str) -> etree._Element:
    """An element in another, each name within the one before; the innermost."""
    for name in names:
        parent = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    return parent


def texts(parent: etree._Element, **values: str) -> None:
    """Elements that hold a text each."""
    for name, text in values.items():
        put(parent, name).text = text


def spelt(text: str) -> str:
    """A text in the characters every bank of SEPA takes."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELT))
    return _ALLOWED.sub(" ", "".join(one for one in plain if not unicodedata.combining(one))).strip() or "-"


def name(text: str) -> str:
    """A name, at most 70 characters."""
    return spelt(text)[:70]


def identifier(text: str) -> str:
    """A reference, at most 35 characters, without blanks, a slash at its ends, or two slashes beside each other.

    Source: EPC implementation guidelines of the SEPA schemes, 1.3 (character set); where nothing is left, a hyphen.
    """
    return re.sub("/+", "/", spelt(text).replace(" ", "-")).lstrip("/")[:35].rstrip("/") or "-"
