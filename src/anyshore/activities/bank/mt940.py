"""Reading MT940 and MT942: statements of SWIFT, as banks write them.

A file is cut at each ``:20:``, so that it holds as many statements as it says. What cannot be read is refused with its
line; nothing is left out. Source: SWIFT Standards, category 9, MT 940 and MT 942; Deutsche Kreditwirtschaft, DFÜ
agreement, annex 3, chapter 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from anyshore.activities.bank import mt940_details, mt940_fields
from anyshore.activities.bank.model import Balance, Entry, Message, Statement, Total
from anyshore.base.errors import DataError
from anyshore.base.locations import Location

_TAG = re.compile(r":(20|21|25P?|28C?|60[FM]|61|62[FM]|64|65|86|13D?|34F|90[CD]|NS):")
_CLOCK_CUT = re.compile(r"(?:\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4})T\d\d$")
_TEXTS = frozenset({"86", "NS"})
"""Fields of text, whose lines may begin like anything."""
_MINUTES = frozenset({"13", "20", "21", "25", "28"})
_OTHER_TAG = re.compile(r":\d\d[A-Z]?:")
_END = re.compile(r"-(?:\}.*|[A-Z]*)?[\s\x00-\x1f]*")
_BALANCES = {"60F": "OPBD", "60M": "ITBD", "62F": "CLBD", "62M": "ITBD", "64": "CLAV", "65": "FWAV"}
_ONCE = frozenset({"21", "25", "28", "60", "62"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its tag, its lines, and the line of the file it begins in."""

    tag: str
    lines: tuple[str, ...]
    line: int

    @property
    def text(self) -> str:
        """Its lines as one text."""
        return "\n".join(self.lines)


def read(content: bytes, file: str = "<bytes>") -> Message:
    """Reads a file of statements.

    Args:
        content: UTF-8, or Windows-1252 where it is none; amounts and dates are ASCII in any case.
        file: the name to show in messages.

    Raises:
        DataError: with the line at which it cannot be read.
    """
    fields = _fields(_decoded(content).replace("\r\n", "\n").replace("\r", "\n").split("\n"), file)
    groups = list(_groups(fields, file))
    if not groups:
        raise refusal(file, 1, "bank.mt940.nothing", "There is no statement in it: no line begins with ':20:'.")
    statements = tuple(_statement(group, file) for group in groups)
    interim = any(field.tag in ("34F", "90C", "90D") for field in fields)
    return Message("mt942" if interim else "mt940", statements)


def refusal(file: str, line: int, code: str, message: str, hint: str = "") -> DataError:
    """Why a file is not read, with its line."""
    return DataError(code, message, Location(file, line=line), hint or "Ask the bank for the file as it sent it.")


def is_mt940(content: bytes) -> bool:
    """Whether a file is one of these statements, from how it begins."""
    return re.search(rb"(?m)^\s*:(20|25|28C?|60[FM]|61|86):", content[:4096]) is not None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _fields(lines: Sequence[str], file: str) -> list[Field]:
    """The fields of a file, the envelope around the statements left out."""
    found: list[Field] = []
    outside = True
    for number, line in enumerate(lines, start=1):
        tag = _TAG.match(line)
        if tag and not (found and not outside and _goes_on(found[-1], tag[1])):
            if outside and found and tag[1] != "20":
                message = f"Field :{tag[1]}: stands behind the end of a statement."
                raise refusal(file, number, "bank.mt940.outside", message)
            found.append(Field(tag[1], (line[tag.end() :],), number))
            outside = False
        elif found and _END.fullmatch(line):
            outside = True
        elif not outside:
            if _OTHER_TAG.match(line) and found[-1].tag not in _TEXTS:
                raise refusal(file, number, "bank.mt940.field", f"{line[:6]!r} begins no field of MT940 or MT942.")
            found[-1] = replace(found[-1], lines=(*found[-1].lines, line))
    return found


def _goes_on(field: Field, tag: str) -> bool:
    """Whether a line goes on with this field though it looks like a tag: a time of day that the bank wrapped."""
    return field.tag in _TEXTS and tag in _MINUTES and _CLOCK_CUT.search(field.lines[-1]) is not None


def _groups(fields: Sequence[Field], file: str) -> Iterator[list[Field]]:
    group: list[Field] = []
    for field in fields:
        if field.tag == "20":
            if group:
                yield group
            group = []
        elif not group:
            message = f"Field :{field.tag}: stands before the first ':20:', so it belongs to no statement."
            raise refusal(file, field.line, "bank.mt940.before", message)
        group.append(field)
    if group:
        yield group


@dataclass(slots=True)
class _Group:
    """What was read of one statement so far."""

    fields: dict[str, Field]
    balances: list[Balance]
    entries: list[tuple[Entry, list[str]]]
    notes: list[str]
    information: list[str]
    totals: list[Total]
    closed: bool = False


def _statement(group: Sequence[Field], file: str) -> Statement:
    read = _Group({}, [], [], [], [], [])
    for field in group:
        _take(read, field, file)
    first = read.fields["20"]
    if "25" not in read.fields:
        raise refusal(file, first.line, "bank.mt940.account", "The statement names no account: field :25: is missing.")
    number, page = _number(read.fields.get("28"))
    return Statement(
        _kind(group), first.text.strip(), mt940_fields.account(read.fields["25"].text),
        entries=tuple(_with_details(entry, texts) for entry, texts in read.entries), balances=tuple(read.balances),
        totals=tuple(read.totals), number=number, page=page, last_page=not any(one.tag == "62M" for one in group),
        information="\n".join(read.information) or None, notes=tuple(read.notes), line=first.line,
    )  # fmt: skip


def _kind(group: Sequence[Field]) -> Literal["statement", "report"]:
    return "report" if any(field.tag in ("34F", "90C", "90D", "13D", "13") for field in group) else "statement"


def _take(read: _Group, field: Field, file: str) -> None:
    name = field.tag[:2]
    if name in _ONCE and name in read.fields:
        raise refusal(file, field.line, "bank.mt940.twice", f"Field :{field.tag}: stands twice in one statement.")
    if name in _ONCE or name == "20" or (name == "34" and name not in read.fields):
        read.fields[name] = field
    if field.tag in _BALANCES:
        currency = read.balances[0].money.currency if read.balances else None
        money, at = mt940_fields.balance(field.text, currency, file, field.line)
        read.balances.append(Balance(_BALANCES[field.tag], money, at, field.line))
        read.closed = read.closed or name == "62"
    elif field.tag == "61":
        if read.closed:
            raise refusal(file, field.line, "bank.mt940.after", "An entry stands behind the closing balance.")
        entry, notes = mt940_fields.entry(field.text, _currency(read, file, field.line), file, field.line)
        read.entries.append((entry, []))
        read.notes += notes
    elif field.tag in ("90C", "90D"):
        read.totals.append(mt940_fields.total(field.tag[2], field.text, file, field.line))
    elif field.tag in _TEXTS:
        (read.entries[-1][1] if read.entries and not read.closed else read.information).append(field.text)


def _currency(read: _Group, file: str, line: int) -> str:
    """The currency of the account: of its opening balance, of a floor limit (MT942), or behind its number."""
    if read.balances:
        return read.balances[0].money.currency
    floor = read.fields.get("34")
    found = re.match(r"[A-Z]{3}", floor.text) if floor else None
    if not found and "25" in read.fields:
        found = re.search(r"(?<=\d)[A-Z]{3}$", read.fields["25"].text.strip())
    if not found:
        raise refusal(file, line, "bank.mt940.currency", "Nothing before this entry says the currency of the account.")
    return found[0]


def _number(field: Field | None) -> tuple[str | None, str | None]:
    """Number of the statement and of its page; zero is what banks write that do not number."""
    if field is None:
        return None, None
    number, _, page = field.text.strip().partition("/")
    return (number.strip().lstrip("0") or None), (page.strip().lstrip("0") or None)


def _with_details(entry: Entry, texts: Sequence[str]) -> Entry:
    """An entry with what its fields :86: say; the references of field :61: stay where they say nothing else."""
    if not texts:
        return entry
    detail = mt940_details.read("\n".join(texts), credit=entry.direction == "credit")
    references = {**entry.details[0].references, **detail.references}
    detail = replace(detail, references=references, has_references=bool(references))
    return replace(entry, details=(detail,), code=detail.code or entry.code)
