"""HTML of a mail as the lines a reader sees, with quotations marked as in plain text."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

_BLOCKS = "//br|//p|//div|//tr|//li|//h1|//h2|//h3|//h4|//hr|//pre|//blockquote|//table"
_GAP = re.compile(r"[ \t]*\n\s*\n\s*")


def without_markup(text: str) -> str:
    """What a page says, its blocks on lines of their own, what it quotes (``blockquote``) behind ``>``."""
    if not text.strip():
        return ""
    try:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
        tree: Any = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""  # nothing but white space or comments
    for element in tree.xpath("//script|//style|//head|//comment()"):
        _dropped(element)
    for element in tree.xpath("//hr"):
        element.text = "\n" + "_" * 32
    for element in tree.xpath(_BLOCKS):
        element.tail = "\n" + (element.tail or "")
        if element.tag in ("p", "div", "pre", "blockquote", "table", "li"):
            element.text = "\n" + (element.text or "")
    for element in reversed(tree.xpath("//blockquote")):  # the innermost first
        lines = _folded(str(element.text_content())).strip().split("\n")
        for inner in list(element):
            element.remove(inner)
        element.text = "\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n"
    return _folded(str(tree.text_content())).strip()


def _dropped(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _folded(text: str) -> str:
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in text.split("\n"))
    return _GAP.sub("\n\n", "\n".join(lines))
