"""The activities ``bank.read-statement`` and ``bank.import-statement``.

Reading proves a file and keeps nothing, so that a file which a person then rejects leaves no trace. Importing keeps its
statements and each of its lines once: what another file brought before is counted, not given again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext, Record, Values
from anyshore.activities.bank import lines, proof, reader
from anyshore.activities.bank.csv_statements import FIELDS, Layout
from anyshore.activities.bank.items import Line
from anyshore.activities.bank.model import Message, Statement
from anyshore.activities.common.problems import Problem, problems
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.plain import from_values, to_values

LINE = "bank-line"
STATEMENT = "bank-statement"
LAYOUT = "bank-layout"
_COLUMNS = {"currency": "line_currency"}
"""Names in a layout on record that differ: its ``currency`` is that of the account."""


@dataclass(frozen=True, slots=True)
class ReadInput:
    """Names the file.

    Attributes:
        document: name of the document in the host.
    """

    document: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement and what its balances say.

    Attributes:
        id: as the bank gives it.
        account: its number.
        number: of the statement, where it is numbered.
        currency: of the account.
        opening: balance before.
        closing: balance after.
        entries: how many.
        verdict: ``proved``, ``broken`` or ``unproved``.
        reasons: what is wrong.
    """

    id: str
    account: str
    number: str | None
    currency: str
    opening: Decimal | None
    closing: Decimal | None
    entries: int
    verdict: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What was read.

    Attributes:
        readable: whether there are statements.
        format: of the file.
        sound: whether every final statement is proved and nothing is missing before one.
        statements: each with its proof.
        gaps: what is missing, in words.
        lines: what is booked and was not imported before.
        repeated: how many lines had been imported by another file.
        problems: why it is not readable.
    """

    readable: bool
    format: str | None = None
    sound: bool = False
    statements: tuple[Checked, ...] = ()
    gaps: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    repeated: int = 0
    problems: tuple[Problem, ...] = ()


def read_statement(data: ReadInput, context: ActivityContext) -> ReadOutcome:
    """Reads and proves a file. What cannot be read is a result, not a failure."""
    return _outcome(data, context, keep=False)


def import_statement(data: ReadInput, context: ActivityContext) -> ReadOutcome:
    """Reads a file and keeps its statements and lines, each once."""
    return _outcome(data, context, keep=True)


def _outcome(data: ReadInput, context: ActivityContext, *, keep: bool) -> ReadOutcome:
    content = context.read_document(data.document)
    try:
        message = reader.read(content, data.document, _layout(content, data.document, context))
    except DataError as error:
        return ReadOutcome(readable=False, problems=problems(error.diagnostics))
    checked = tuple(_checked(one) for one in message.statements)
    missing = _gaps(message, context, keep=keep)
    new, repeated = _imported(message, context, keep=keep)
    final = [one for one, read in zip(checked, message.statements, strict=True) if read.kind == "statement"]
    sound = all(one.verdict == "proved" for one in final) and not missing
    sound = sound and all(one.verdict != "broken" for one in checked)
    return ReadOutcome(True, message.format, sound, checked, missing, new, repeated)


def _layout(content: bytes, file: str, context: ActivityContext) -> Layout | None:
    """The only layout on record whose columns the first line of a table has.

    Raises:
        DataError: several have.
    """
    head = content.decode("utf-8-sig", "replace").split("\n", 1)[0]
    cells = {cell.strip().strip('"').casefold() for cell in head.replace("\t", ";").replace(",", ";").split(";")}
    found = []
    for row in context.records(LAYOUT).find():
        columns = {name: str(text) for name in FIELDS if (text := row.data.get(_COLUMNS.get(name, name)))}
        if {header.casefold() for header in columns.values()} <= cells:
            found.append(_read_layout(row, columns))
    if len(found) > 1:
        accounts = ", ".join(one.account for one in found)
        hint = "Give the file of each account a column that tells it, or import them in services of their own."
        raise DataError("bank.layouts", f"The layouts of {accounts} all fit.", Location(file, line=1), hint)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class _Said:
    """What a layout on record says beside its columns."""

    order: Literal["dmy", "mdy"]
    decimal: Literal[",", "."]
    account: str
    currency: str


def _read_layout(row: Record, columns: Mapping[str, str]) -> Layout:
    values = {name: row.data.get(name) for name in ("order", "decimal", "account", "currency")}
    said = from_values(_Said, values, f"{LAYOUT} {row.key}")
    newest = row.data.get("newest_first") is True
    return Layout(columns, said.order, said.decimal, said.account, said.currency, newest)


def _checked(one: Statement) -> Checked:
    found = proof.prove(one)
    opening = proof.opening(one)
    currency = opening.money.currency if opening else one.account.currency or ""
    return Checked(
        one.id, one.account.number, one.number, currency, found.opening, found.closing, len(one.entries),
        found.verdict, found.reasons,
    )  # fmt: skip


def _gaps(message: Message, context: ActivityContext, *, keep: bool) -> tuple[str, ...]:
    """What is missing beside the final statements; each is kept, so that the next one finds it."""
    table = context.records(STATEMENT)
    found: list[str] = []
    seen: list[Values] = []
    for one in message.statements:
        end, begin = proof.closing(one), proof.opening(one)
        if one.kind != "statement" or end is None or begin is None:
            continue
        values: dict[str, object] = {
            "account": one.account.number, "currency": end.money.currency, "id": one.id, "number": one.number,
            "opening": begin.money.amount, "closing": end.money.amount,
        }  # fmt: skip
        key = "/".join(str(values[name]) for name in ("account", "currency", "number", "id", "opening", "closing"))
        row = table.get(key)
        known = [one.data for one in table.find(account=values["account"], currency=values["currency"])]
        earlier = [one for one in seen if (one["account"], one["currency"]) == (values["account"], values["currency"])]
        gaps = _missing([*known, *earlier], values) if row is None else []
        if keep:
            row = table.put_once(key, {**values, "gaps": gaps, "imported_by": context.idempotency_key})
        own = row is not None and row.data.get("imported_by") == context.idempotency_key
        told = row.data.get("gaps") if row is not None and own else gaps
        found += map(str, told) if isinstance(told, list) else ()
        seen.append(values)
    return tuple(found)


def _missing(known: Sequence[Values], values: Values) -> list[str]:
    """Where a statement does not join those that are known: neither behind one nor before one."""
    if not known:
        return []
    said = []
    ends = (values["opening"], values["closing"])
    joins = any(ends[0] == one["closing"] or ends[1] == one["opening"] for one in known)
    joins = joins or any(ends == (one["opening"], one["closing"]) for one in known)
    if not joins:
        said.append(f"{values['account']}: {known[-1]['closing']} closed, {values['opening']} opens")
    number = values["number"]
    numbers = {int(str(one["number"])) for one in known if str(one.get("number") or "").isdigit()}
    if isinstance(number, str) and number.isdigit() and numbers and int(number) != 1:
        beside = {int(number) - 1, int(number), int(number) + 1}
        said += [] if numbers & beside else [f"{values['account']}: {max(numbers)} is followed by {number}"]
    return said


def _imported(message: Message, context: ActivityContext, *, keep: bool) -> tuple[tuple[Line, ...], int]:
    """The lines this job imported, on whichever attempt, and how many another job had."""
    table = context.records(LINE)
    new: list[Line] = []
    repeated = 0
    for statement in message.statements:
        for line in lines.of(statement):
            row = table.get(line.id)
            if keep and row is None:
                row = table.put_once(line.id, {**to_values(line), "imported_by": context.idempotency_key})
            if row is None or row.data.get("imported_by") == context.idempotency_key:
                new.append(line)
            else:
                repeated += 1
    return tuple(new), repeated
