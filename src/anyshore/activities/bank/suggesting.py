"""The activities ``bank.match`` and ``bank.choose``: what lines are for, by rule or as a person says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from anyshore.activities.activity import ActivityContext
from anyshore.activities.bank import open_items, references
from anyshore.activities.bank.amounts import Rules
from anyshore.activities.bank.book import Book, Named
from anyshore.activities.bank.items import Line, Match, OpenItem
from anyshore.activities.bank.matching import decided, match_all


@dataclass(frozen=True, slots=True)
class MatchInput:
    """What to match, and how.

    Attributes:
        lines: of a statement.
        rules: what may be done with a difference.
    """

    lines: tuple[Line, ...]
    rules: Rules = Rules()


@dataclass(frozen=True, slots=True)
class Suggested:
    """A line and what is suggested for it.

    Attributes:
        line: the line.
        match: what it is for.
        items: the open items it would settle, or that would do equally well.
        reopens: key of the match that a returned payment takes back.
        sure: whether that match is the only one it can be.
    """

    line: Line
    match: Match
    items: tuple[OpenItem, ...] = ()
    reopens: str | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class MatchOutcome:
    """What is suggested for each line.

    Attributes:
        found: in the order of the lines.
        automatic: how many may be booked without a person.
    """

    found: tuple[Suggested, ...]
    automatic: int


def match_lines(data: MatchInput, context: ActivityContext) -> MatchOutcome:
    """Matches the lines of a statement with what is open; nothing is booked."""
    book = Book.of(open_items.left(context))
    matches = match_all(data.lines, book, data.rules, open_items.learned(context))
    found = []
    for line, match in zip(data.lines, matches, strict=True):
        names = [one.item for one in match.allocations] or list(match.candidates)
        reopens, sure = _reopened(line, context) if line.returned else (None, False)
        found.append(Suggested(line, match, tuple(book.items[name] for name in names), reopens, sure))
    return MatchOutcome(tuple(found), sum(one.match.automatic for one in found))


def _reopened(line: Line, context: ActivityContext) -> tuple[str | None, bool]:
    """The booked match that a returned payment takes back: the same amount, by identification or else by account."""
    given = references.end_to_end(line.end_to_end)
    by_name, by_account = [], []
    for row in open_items.active(context):
        if row.data.get("amount") != -line.amount or row.data.get("currency") != line.currency:
            continue
        if given and given == references.end_to_end(str(row.data.get("end_to_end") or "")):
            by_name.append(row.key)
        elif line.iban and line.iban == row.data.get("iban"):
            by_account.append(row.key)
    found = by_name or by_account
    return (found[0], bool(by_name)) if len(found) == 1 else (None, False)


@dataclass(frozen=True, slots=True)
class ChooseInput:
    """What a person says a line is for.

    Attributes:
        line: the line.
        items: ids or numbers of open items, parted by commas or blanks.
        rules: what may be done with a difference.
    """

    line: Line
    items: str
    rules: Rules = Rules()


@dataclass(frozen=True, slots=True)
class ChooseOutcome:
    """What comes of it.

    Attributes:
        match: how the line settles the items, oldest first; its outcome is ``none`` where they do not fit.
        unknown: names that no open item has.
    """

    match: Match
    unknown: tuple[str, ...]


def choose(data: ChooseInput, context: ActivityContext) -> ChooseOutcome:
    """Matches a line with the open items that a person names; a payment of a part is one."""
    book = Book.of(open_items.left(context))
    names = data.items.replace(",", " ").replace(";", " ").split()
    by_name = _by_name(book)
    unknown = tuple(name for name in names if name not in by_name)
    ids = tuple(dict.fromkeys(by_name[name] for name in names if name in by_name))
    if unknown or not any(book.fits(item, data.line) for item in ids):
        return ChooseOutcome(Match(data.line.id, "none", rest=data.line.amount, reason="not an open item"), unknown)
    chosen = Book.of([book.items[item] for item in ids])
    rules = replace(data.rules, amount_must_fit=False)
    named = Named(tuple(item for item in ids if chosen.comparable(item, data.line)), "reference", sure=False)
    found = decided(data.line, chosen, rules, named, chosen.items[ids[0]].partner)
    return ChooseOutcome(replace(found, evidence="person", reason="as a person chose", automatic=False), ())


def _by_name(book: Book) -> Mapping[str, str]:
    """Ids by id and, where only one item has it, by number."""
    numbers: dict[str, list[str]] = {}
    for item in book.items.values():
        numbers.setdefault(item.number, []).append(item.id)
    unique = {number: ids[0] for number, ids in numbers.items() if number and len(ids) == 1}
    return {**unique, **{name: name for name in book.items}}
