"""A dossier: sources with their grades, statements with the words each rests on; two tables beside the sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anyshore.activities.activity import ActivityContext
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables import Column, Row, open_table
from anyshore.knowledge import contradictions, documents, source_grades
from anyshore.knowledge.anchors import Refusal, SourceIndex, Span, anchor
from anyshore.knowledge.contradictions import Kind, Statement
from anyshore.knowledge.source_grades import Grade

SOURCES, STATEMENTS = "sources.csv", "statements.csv"
_OF_SOURCE = (
    Column("file", required=True, aliases=("Datei",)), Column("title", aliases=("Titel",)),
    Column("grade", required=True, aliases=("Note",)),
    Column("published", "date", required=True, aliases=("Stand", "as of")),
    Column("origin", aliases=("Herkunft",)),
)  # fmt: skip
_OF_STATEMENT = (
    Column("question", required=True, aliases=("Frage",)), Column("subject", aliases=("Gegenstand",)),
    Column("attribute", aliases=("Merkmal",)), Column("value", aliases=("Wert",)),
    Column("period", aliases=("Zeitraum",)), Column("kind", aliases=("Art",)), Column("source", aliases=("Quelle",)),
    Column("quote", aliases=("Zitat",)), Column("sentence", aliases=("Satz",)),
    Column("looked in", aliases=("gesucht in",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file that came.

    Attributes:
        document: name of the document in the host.
        name: of the file.
    """

    document: str
    name: str


@dataclass(frozen=True, slots=True)
class Graded:
    """A source.

    Attributes:
        name: of its file.
        title: what a reader calls it.
        grade: how far it is trusted.
        published: the day it speaks of, or was published.
        origin: what it repeats; empty where it speaks for itself.
    """

    name: str
    title: str
    grade: Grade
    published: date
    origin: str


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of the dossier.

    Attributes:
        question: the sub-question it answers.
        stated: what is compared with others; None where nothing was found.
        sentence: as the profile says it.
        quote: the words of the source.
        places: of those words in the source.
        refusal: why the words are no evidence; empty where they are.
        looked_in: where somebody looked who found nothing.
    """

    question: str
    stated: Statement | None
    sentence: str
    quote: str = ""
    places: tuple[Span, ...] = ()
    refusal: str = ""
    looked_in: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Both tables, read.

    Attributes:
        sources: by file name.
        lines: the statements, in their order.
    """

    sources: Mapping[str, Graded]
    lines: tuple[Line, ...]

    @property
    def statements(self) -> list[Statement]:
        """Those that say something."""
        return [one.stated for one in self.lines if one.stated is not None]


def read(delivered: Sequence[Delivered], context: ActivityContext) -> Dossier:
    """The dossier of the files that came together.

    Raises:
        DataError: a table is missing or has problems, each at its cell; a source named there did not come.
    """
    by_name = {one.name.replace("\\", "/").rpartition("/")[2]: one for one in delivered}
    sources = _sources(_content(by_name, SOURCES, context), by_name)
    indexes = {
        name: SourceIndex(documents.read(context.read_document(by_name[name].document), name)) for name in sources
    }
    return Dossier(sources, _lines(_content(by_name, STATEMENTS, context), indexes))


def _content(by_name: Mapping[str, Delivered], name: str, context: ActivityContext) -> bytes:
    if name not in by_name:
        came = ", ".join(sorted(by_name)) or "nothing"
        message = f"There is no {name} among the files that came: {came}."
        raise DataError("research.incomplete", message, Location(name), "Send it in one archive with the sources.")
    return context.read_document(by_name[name].document)


def _sources(content: bytes, by_name: Mapping[str, Delivered]) -> dict[str, Graded]:
    table = open_table(content, _OF_SOURCE, SOURCES)
    found: dict[str, Graded] = {}
    for row in table:
        name = row.required("file")
        published = row.day("published")
        if name in found:
            row.problem("file", "research.twice", f"{name!r} stands twice.", "Keep one of them.")
        if name and name not in by_name:
            row.problem("file", "research.incomplete", f"The source {name!r} did not come.", "Send it with the tables.")
        try:
            graded = source_grades.grade(row.required("grade"), name)
        except DataError as problem:
            row.problem("grade", "source.grade", problem.message, problem.hint)
            continue
        if name in by_name and published is not None:
            found[name] = Graded(name, row.text("title") or name, graded, published, row.text("origin") or "")
    table.refuse_if_broken()
    source_grades.voices({one.name: one.origin for one in found.values()}, found)
    return found


def _lines(content: bytes, indexes: Mapping[str, SourceIndex]) -> tuple[Line, ...]:
    table = open_table(content, _OF_STATEMENT, STATEMENTS)
    found = [_line(row, indexes) for row in table]
    table.refuse_if_broken()
    return tuple(one for one in found if one is not None)


def _line(row: Row, indexes: Mapping[str, SourceIndex]) -> Line | None:
    question, value = row.required("question"), row.text("value")
    if value is None:
        looked = row.text("looked in")
        if looked is None:
            hint = "Write the value, or in 'looked in' where nobody found one."
            row.problem("value", "research.nothing-said", "The line says nothing.", hint)
        return Line(question, None, "", looked_in=looked or "")
    subject, attribute, source = row.text("subject"), row.text("attribute"), row.text("source") or ""
    if subject is None or attribute is None:
        message = "The line does not say what the value is of."
        row.problem("value", "research.no-subject", message, "Fill in subject and attribute.")
        return None
    if source not in indexes:
        known = ", ".join(indexes) or "none"
        row.problem("source", "research.unknown-source", f"There is no source {source!r}.", f"Known are: {known}.")
        return None
    kind, period = (row.text("kind") or Kind.LASTING).lower(), row.text("period") or ""
    try:
        stated = contradictions.statement(f"s{row.line}", subject, attribute, value, source, period, kind)
    except DataError as problem:
        column = "kind" if problem.code == "statement.kind" else "period"
        row.problem(column, problem.code, problem.message, problem.hint)
        return None
    quote = row.text("quote") or ""
    places, refusal = _anchored(indexes[source], quote, value)
    when = f" ({period})" if period else ""
    sentence = row.text("sentence") or f"{subject}, {attribute}{when}: {value}."
    return Line(question, stated, sentence, quote, places, refusal)


def _anchored(index: SourceIndex, quote: str, value: str) -> tuple[tuple[Span, ...], str]:
    """Where the quote stands; refused as well where it does not hold the digits of the value it is to show."""
    found = anchor(index, quote)
    if isinstance(found, Refusal):
        return (), found.message
    digits = [one for one in value.split() if any(map(str.isdigit, one))]
    missing = [one for one in digits if one.strip(".,;()€$£%") not in quote]
    if missing:
        return (), f"the quote does not say {' '.join(missing)}"
    return tuple(found), ""
