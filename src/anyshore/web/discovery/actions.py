"""Finding the relevant documents of a set: upload, decide, sample what nobody read."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected, DataError
from anyshore.base.tables import Column, open_table
from anyshore.knowledge import documents, elusion, references
from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.discovery import queries
from anyshore.web.discovery.models import DocumentSet, Relevance, SetDocument
from anyshore.web.engine.running import host

MOST = 50_000
"""Documents of one set."""


@transaction.atomic
def upload(
    by: Person, engagement: str, name: str, question: str, files: Sequence[tuple[str, bytes]], target: float = 0.95
) -> tuple[DocumentSet, int]:
    """Makes a set from one table (CSV or Excel with ``title`` and ``abstract`` or ``text``; ``id`` and ``family`` if
    there are), from references (RIS, .nbib), where the same work is kept once, or from documents, each a text or a PDF.

    Returns:
        The set, and how many references were left out as another record of the same work.

    Raises:
        Invalid: no name or question, a target that is no share, or files that hold no documents.
    """
    found = permissions.engagement(by, engagement, "case.plan")
    if not name.strip() or not question.strip() or not 0.5 <= target < 1:
        raise Invalid({"name": _("Name the set, and say what makes a document relevant.")})
    try:
        rows, left_out = _rows(files)
    except DataError as error:
        raise Invalid({"documents": "\n".join(str(one) for one in error.diagnostics)}) from error
    if not 2 <= len(rows) <= MOST or len({row[0] for row in rows}) != len(rows):
        raise Invalid({"documents": _("Between 2 and %d documents with different ids are needed.") % MOST})
    made = DocumentSet.objects.create(
        engagement=found, name=name.strip(), question=question.strip(), target=target, created=host().clock(), by=by
    )
    SetDocument.objects.bulk_create(
        (SetDocument(set=made, key=key, title=title, text=text, family=family) for key, title, text, family in rows),
        batch_size=500,
    )
    return made, left_out


def _rows(files: Sequence[tuple[str, bytes]]) -> tuple[list[tuple[str, str, str, str]], int]:
    """Key, title, text and family of each document, and how many were left out."""
    if len(files) == 1 and _is_table(files[0][0]):
        return _table(files[0][1], files[0][0]), 0
    if files and all(references.is_references(name) for name, _content in files):
        works = references.merged(one for name, content in files for one in references.read(content, name))
        rows = [(key, title, text, "") for key, title, text in references.rows(works)]
        return rows, sum(len(one.others) for one in works)
    return [(name, name, documents.read(content, name).text, "") for name, content in files], 0


COLUMNS = (
    Column("id"), Column("record_id"), Column("title", aliases=("Titel",)), Column("abstract"),
    Column("text", aliases=("full_text",)), Column("family"),
)  # fmt: skip
"""What a table of documents may have; other columns are left out."""


def _table(content: bytes, name: str) -> list[tuple[str, str, str, str]]:
    table = open_table(content, COLUMNS, name, unknown="ignore")
    body = next((one for one in ("abstract", "text") if one in table.found), None)
    if body is None:
        raise DataError("review.table", _("The table needs a column abstract or text."))
    rows = [
        (
            row.text("id") or row.text("record_id") or str(number),
            row.text("title") or "",
            row.text(body) or "",
            row.text("family") or "",
        )
        for number, row in enumerate(table, 1)
    ]
    table.refuse_if_broken()
    return rows


def _is_table(name: str) -> bool:
    return name.lower().endswith((".csv", ".tsv", ".xlsx", ".xlsm"))


@transaction.atomic
def decide(by: Person, number: int, document: str, relevant: bool) -> Relevance:
    """A decision on a document of the set; a decision on a drawn document counts for the sample.

    Raises:
        CommandRejected: there is no such document.
    """
    row = DocumentSet.objects.select_for_update().get(pk=queries.one(by, number, "case.plan").pk)
    if not row.documents.filter(key=document).exists():
        raise CommandRejected("review.unknown-document", _("There is no such document in this set."))
    return Relevance.objects.create(
        set=row, document=document, relevant=relevant, sampled=document in row.sample, person=by, at=host().clock()
    )


@transaction.atomic
def sample(by: Person, number: int) -> DocumentSet:
    """Draws the elusion sample from what nobody has decided, large enough to show the target recall without a hit.

    Raises:
        CommandRejected: it is drawn already, or nothing relevant was found or nothing is left.
    """
    row = DocumentSet.objects.select_for_update().get(pk=queries.one(by, number, "case.plan").pk)
    state = queries.State.of(row)
    if row.sample:
        raise CommandRejected("review.sampled", _("The sample is drawn already."))
    if not state.found or not state.unread:
        raise CommandRejected("review.no-sample", _("There is nothing to draw a sample for."))
    size = elusion.sample_size(len(state.unread), state.found, target=row.target)
    row.sample = elusion.draw(state.unread, size, row.seed + row.pk)
    row.sampled_at = host().clock()
    row.save(update_fields=["sample", "sampled_at"])
    return row
