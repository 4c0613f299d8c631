"""JSON that is sent is plain: not nested deeper, and without longer numbers, than anything here has a use for.

Both are looked at as bytes, in one pass, before anything is built from them: some parsers go down as deep as the text
does, and turning thousands of digits into a number takes time that grows with their square.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from anyshore.web.site import problems

DEEPEST = 128
"""Lists and objects within each other: twice what a value may have (see ``base.sizes``)."""
LONGEST = 400
"""Digits of a number: twelve times what FEEL computes with (34)."""
FARTHEST = 6144
"""Of an exponent: what a decimal128 has."""

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]+|[\]}]+|[0-9.]{401,}|[eE][+-]?[0-9]{4,}', re.DOTALL)


def plain_json(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuses what is not plain with 400, in the words of the API."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_type == "application/json" and request.method not in ("GET", "HEAD"):
            problem = wrong(request.body)
            if problem is not None:
                return problems.document(400, *problem)
        return answer(request)

    return middleware


def wrong(body: bytes) -> tuple[str, str, str] | None:
    """Code, message and hint of what is not plain in a text; None where nothing is."""
    depth = 0
    for found in _TOKEN.finditer(body):
        text = found[0]
        first = text[:1]
        if first in b"[{":
            depth += len(text)
            if depth > DEEPEST:
                hint = _("At most %d levels.") % DEEPEST
                return "request.too-deep", _("The request is nested too deeply."), hint
        elif first in b"]}":
            depth -= len(text)
        elif first != b'"' and (first not in b"eE" or int(text[1:].lstrip(b"+-")[:20]) > FARTHEST):
            hint = _("At most %d digits, and exponents to %d.") % (LONGEST, FARTHEST)
            return "request.number", _("A number is too long."), hint
    return None
