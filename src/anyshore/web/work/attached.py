"""What is embedded in the documents of a piece of work: listed beside them, and handed out as files to be saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anyshore.activities.einvoice.attachments import Attachment, attachment, attachments
from anyshore.base import files
from anyshore.base.errors import AnyshoreError
from anyshore.web.core.errors import NotFound
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance

WHY = {
    "kind": gettext_lazy("not handed out: invoices may not carry files of this kind"),
    "content": gettext_lazy("not handed out: it is not what it says"),
    "size": gettext_lazy("not handed out: too large"),
    "damaged": gettext_lazy("not handed out: damaged"),
}


@dataclass(frozen=True, slots=True)
class Attached:
    """Something embedded in a document.

    Attributes:
        digest: the SHA-256 of the document it is in.
        within: name of that document.
        one: what it is.
        why: why it is not handed out; empty where it is.
    """

    digest: str
    within: str
    one: Attachment
    why: str


def attached(row: Instance, held: Mapping[str, str]) -> list[Attached]:
    """What is embedded in the documents of an instance, in their order.

    Args:
        row: the instance.
        held: its documents, name by digest.
    """
    found = []
    for digest, name in held.items():
        try:
            content = bytes(engine.document(row, digest).content)
        except NotFound:  # it was erased
            continue
        for one in _listed(content, name):
            found.append(Attached(digest, name, one, str(WHY[one.problem]) if one.problem else ""))
    return found


def _listed(content: bytes, name: str) -> list[Attachment]:
    if not (files.is_pdf(content) or content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<"):
        return []
    try:
        return attachments(content, name)
    except AnyshoreError:  # no invoice: nothing is known to be in it
        return []


def response(row: Instance, digest: str, place: int) -> HttpResponse:
    """Something embedded as a file. A browser saves it and shows nothing of it.

    Raises:
        NotFound: the instance holds no such document, or nothing that is handed out stands there.
    """
    document = engine.document(row, digest)
    try:
        found = attachment(bytes(document.content), place, document.name)
    except AnyshoreError:
        found = None
    if found is None:
        raise NotFound(_("There is no such attachment."), hint=_("Attachments are listed beside their document."))
    told, content = found
    answer = HttpResponse(content, content_type=told.kind)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(told.name, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
