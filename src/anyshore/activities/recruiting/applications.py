"""Applications: read to sections, looked at without knowing who, kept on record by their digests, put into an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common.problems import Problem, problems
from anyshore.activities.recruiting import ranking, sections, vacancies, words
from anyshore.activities.recruiting.ranking import Evidence, Reason
from anyshore.activities.recruiting.sections import Section
from anyshore.base.errors import DataError, HostError
from anyshore.base.plain import from_values, to_values
from anyshore.knowledge import documents, docx
from anyshore.knowledge.documents import Source

KIND = "application"
_BODY = "message"
"""What the text of a mail or a form is called."""


@dataclass(frozen=True, slots=True)
class Given:
    """A document of an application.

    Attributes:
        document: its name in the host.
        name: what its sender called it.
    """

    document: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ReadInput:
    """An application as it came.

    Attributes:
        documents: its files: PDF, DOCX or text.
        text: of the mail or form.
        names: names of the applicant, to be left out of the first view.
    """

    documents: tuple[Given, ...] = ()
    text: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A section and the document it stands in.

    Attributes:
        document: name of the document.
        section: with its place and text.
    """

    document: str
    section: Section


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What an application says.

    Attributes:
        readable: whether anything could be read.
        sections: of all documents, in order.
        first_view: the text without what says who it is.
        problems: of documents that cannot be read.
        language: it is written in: ``en`` or ``de``; German where it does not say.
    """

    readable: bool
    sections: tuple[Placed, ...] = ()
    first_view: str = ""
    problems: tuple[Problem, ...] = ()
    language: str = "de"


@dataclass(frozen=True, slots=True)
class RecordInput:
    """An application to keep on record: what is counted, and where its documents are; nothing of what they say.

    Attributes:
        application: its reference.
        vacancy: number of the vacancy.
        received: day it came.
        source: where the applicant saw the vacancy.
        documents: its files.
    """

    application: str
    vacancy: str
    received: date
    source: str = ""
    documents: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """The row that is kept; ``recorded`` is false where it was before."""

    id: str
    recorded: bool


@dataclass(frozen=True, slots=True)
class SuggestInput:
    """Whose place is asked for.

    Attributes:
        vacancy: number of the vacancy.
        application: reference of the application.
        text: of its mail or form.
        names: names of the applicant, which are no evidence.
    """

    vacancy: str
    application: str
    text: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where another application stands."""

    application: str
    place: int
    score: Decimal


@dataclass(frozen=True, slots=True)
class SuggestOutcome:
    """A suggestion, or why there is none.

    Attributes:
        made: whether the vacancy wants one and the application can be read.
        place: of this application, from 1.
        of: among how many.
        reasons: for each criterion, what of it was found, and where.
        open_musts: musts of which nothing was found: what to ask.
        order: all applications of the vacancy that can be read.
    """

    made: bool
    place: int | None = None
    of: int = 0
    reasons: tuple[Reason, ...] = ()
    open_musts: tuple[str, ...] = ()
    order: tuple[Place, ...] = ()


def read_file(content: bytes, name: str) -> Source:
    """The text of an application's file: PDF (read in a process apart), DOCX or text.

    Raises:
        DataError: it cannot be read, with what to do.
    """
    return docx.read(content, name) if docx.is_docx(content) else documents.read(content, name)


def read(data: ReadInput, context: ActivityContext) -> ReadOutcome:
    """Reads an application; a document that cannot be read is named, the others count."""
    sources, found = _sources(data.documents, data.text, context)
    placed = tuple(Placed(source.name, section) for source in sources for section in sections.split(source))
    view = "\n\n".join(sections.first_view(source, data.names) for source in sources)
    return ReadOutcome(bool(sources), placed, view, tuple(found), words.language([one.text for one in sources]))


def record(data: RecordInput, context: ActivityContext) -> RecordOutcome:
    """Keeps an application on record, once by its reference; what files are called often says who wrote them."""
    records = context.records(KIND)
    before = records.get(data.application)
    kept = replace(data, documents=tuple(Given(one.document) for one in data.documents))
    return RecordOutcome(records.put_once(data.application, to_values(kept)).key, before is None)


def suggest(data: SuggestInput, context: ActivityContext) -> SuggestOutcome:
    """Suggests the place of an application among all of its vacancy, with reasons.

    What was deleted in the meantime has no place, and an application that came after this one counts as well.

    Raises:
        DataError: there is no such vacancy.
    """
    vacancy = vacancies.get(data.vacancy, context)
    if vacancy is None:
        raise DataError("recruiting.no-vacancy", f"There is no vacancy {data.vacancy!r}.", hint="Look at its number.")
    if not vacancy.suggestion:
        return SuggestOutcome(made=False)
    evidence = {
        row.key: one
        for row in context.records(KIND).find(vacancy=vacancy.id)
        if (one := _evidence(row, data, context)) is not None
    }
    order = ranking.suggest(vacancy.criteria, evidence)
    mine = next((one for one in order if one.application == data.application), None)
    if mine is None:
        return SuggestOutcome(made=False)
    places = tuple(Place(one.application, one.place, one.score) for one in order)
    return SuggestOutcome(True, mine.place, len(order), mine.reasons, mine.open_musts, places)


def _evidence(row: Record, data: SuggestInput, context: ActivityContext) -> Evidence | None:
    held = from_values(RecordInput, row.data, KIND)
    own = held.application == data.application
    sources, _ = _sources(held.documents, data.text if own else None, context)
    if not sources:
        return None
    return ranking.evidence(_together(sources), data.names if own else ())


def _together(sources: Sequence[Source]) -> Source:
    """Several sources as one, each with its pages."""
    pages: list[tuple[int, int]] = []
    at = 0
    for one in sources:
        pages += [(at + start, at + end) for start, end in one.pages]
        at += len(one.text) + 1
    return Source(sources[0].hash, sources[0].name, "\n".join(one.text for one in sources), tuple(pages))


def _sources(given: Sequence[Given], text: str | None, context: ActivityContext) -> tuple[list[Source], list[Problem]]:
    sources: list[Source] = []
    found: list[Problem] = []
    for one in given:
        try:
            sources.append(read_file(context.read_document(one.document), one.name or one.document))
        except DataError as error:
            found += problems(error.diagnostics)
        except HostError as error:
            found += problems(error.diagnostics)
    if text and text.strip():
        sources.append(documents.from_text(text.encode(), _BODY, encoding="utf-8"))
    return sources, found
