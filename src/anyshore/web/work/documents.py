"""Showing documents: as a preview beside a form, and as a file that can do no harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from anyshore.forms import Form
from anyshore.forms.columns import value
from anyshore.packs.reading import Pack
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Document, Instance

MOST_TEXT = 200_000
"""Characters of a text that are shown on a page."""

_SHOWN = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


VIEWS: Mapping[str, frozenset[str]] = {"einvoice": frozenset({"number", "seller", "lines", "totals"})}
"""The views a form may name → what the content must have at least to be shown so. Each has a template ``view_NAME``."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as a page shows it.

    Attributes:
        digest: its SHA-256.
        name: its file name.
        kind: ``text``, in a frame (``pdf``), as an ``image``, by a ``view`` of its form, else ``file``.
        text: of a text.
        cut: whether the text goes on.
        view: the template of the view.
        content: what was read from the document, for the view.
    """

    digest: str
    name: str
    kind: str
    text: str = ""
    cut: bool = False
    view: str = ""
    content: Mapping[str, Any] | None = None


def preview(row: Instance, held: Mapping[str, str], pack: Pack | None, form: Form | None = None) -> Preview | None:
    """The first document of an instance; one that was read is shown as people know it, not as markup.

    Args:
        row: the instance.
        held: its documents.
        pack: its service, whose forms say how documents are shown.
        form: the form that counts; any of the pack's where None.
    """
    forms = [form] if form is not None else list(pack.forms.values()) if pack is not None else []
    views = [one.view for one in forms if one.view is not None]
    variables = engine.variables(row)
    for digest, name in held.items():
        for view in views:
            read = value(view.of, variables)
            if digest == value(view.document, variables) and isinstance(read, dict) and VIEWS[view.kind] <= set(read):
                return Preview(digest, name, "view", view=f"work/view_{view.kind}.html", content=read)
        return _plain(row, digest, name)
    return None


def _plain(row: Instance, digest: str, name: str) -> Preview:
    content = bytes(engine.document(row, digest).content)
    kind = content_type(content)
    if kind == "application/pdf":
        return Preview(digest, name, "pdf")
    if kind.startswith("image/"):
        return Preview(digest, name, "image")
    if kind.startswith("text/"):
        text = content.decode("utf-8-sig")
        return Preview(digest, name, "text", text[:MOST_TEXT], len(text) > MOST_TEXT)
    return Preview(digest, name, "file")


def content_type(content: bytes) -> str:
    """What the bytes are, told by themselves and not by their name. Markup is text: nothing in it is run."""
    for signature, kind in _SHOWN.items():
        if content.startswith(signature):
            return kind
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if "\0" in text else "text/plain; charset=utf-8"


def response(document: Document) -> HttpResponse:
    """The document as a file; what a browser does not simply show is downloaded."""
    content = bytes(document.content)
    kind = content_type(content)
    way = "attachment" if kind == "application/octet-stream" else "inline"
    name = PurePosixPath(document.name.replace("\\", "/")).name.replace('"', "").replace("\r", "").replace("\n", "")
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{_quoted(name)}"
    answer.headers["Content-Security-Policy"] = _HARMLESS
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _quoted(name: str) -> str:
    return quote(name, safe="")
