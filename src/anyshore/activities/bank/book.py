"""The open items of a client, found by reference, by account, by name and by partner, with what of each is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from anyshore.activities.bank import references
from anyshore.activities.bank.items import Evidence, Line, OpenItem
from anyshore.activities.bank.learning import Learned
from anyshore.activities.bank.names import Names
from anyshore.activities.common import money
from anyshore.base.errors import DataError
from anyshore.base.iban import iban_key


@dataclass(frozen=True, slots=True)
class Named:
    """The items that a line names, and how surely.

    Attributes:
        ids: in the order of the book.
        evidence: the kind of reference.
        sure: whether nothing in the text speaks for another item.
    """

    ids: tuple[str, ...]
    evidence: Evidence
    sure: bool


@dataclass(slots=True)
class Book:
    """Open items, and how they are found. ``open`` is what of each is left; taking from it is the matcher's part."""

    items: dict[str, OpenItem] = field(default_factory=dict)
    open: dict[str, Decimal] = field(default_factory=dict)
    by_iban: dict[str, set[str]] = field(default_factory=dict)
    _of: dict[str, dict[str, None]] = field(default_factory=dict)
    _structured: dict[str, list[str]] = field(default_factory=dict)
    _keys: dict[str, list[str]] = field(default_factory=dict)
    _words: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _names: Names = field(default_factory=lambda: Names(()))

    @classmethod
    def of(cls, items: Iterable[OpenItem]) -> Book:
        """A book of items.

        Raises:
            DataError: two of them have one id.
        """
        book = cls()
        names: dict[tuple[str, str], None] = {}
        for item in items:
            book._add(item)
            names[item.partner, item.name or item.partner] = None
        book._names = Names(names)
        return book

    def _add(self, item: OpenItem) -> None:
        if item.id in self.items:
            message = f"There are two open items {item.id!r}."
            raise DataError("bank.items", message, hint="Give every item an id of its own.")
        self.items[item.id] = item
        self.open[item.id] = item.amount
        self._of.setdefault(item.partner, {})[item.id] = None
        for iban in item.ibans:
            self.by_iban.setdefault(iban_key(iban), set()).add(item.partner)
        for text in filter(None, (item.reference, item.number)):
            if found := references.structured(text):
                _put(self._structured, found, item.id)
            for key in references.keys(text):
                _put(self._keys, key, item.id)
        for word in references.telling(f"{item.reference} {item.number}"):
            self._words.setdefault((item.partner, word), []).append(item.id)
        if item.end_to_end and (given := references.end_to_end(item.end_to_end)):
            _put(self._structured, f"E2E:{given}", item.id)

    def take(self, item: str, amount: Decimal) -> None:
        """Settles a part of an item."""
        self.open[item] = money.subtract(self.open[item], amount)
        if not self.open[item]:
            self._of[self.items[item].partner].pop(item, None)

    def comparable(self, item: str, line: Line) -> bool:
        """Whether something of an item is open in a currency of this line."""
        return bool(self.open[item]) and self.items[item].currency in (line.currency, line.foreign_currency)

    def fits(self, item: str, line: Line) -> bool:
        """Whether something of an item is open that this line could pay: same direction, same currency."""
        return self.open[item] * line.amount > 0 and self.comparable(item, line)

    def named(self, line: Line, partner: str) -> Named | None:
        """The items a line names by a reference: structured before text, all of it before a part.

        Credit notes that are named count, too, where something they can be set off against is named.
        """
        ids = tuple(item for item in dict.fromkeys(self._by_structure(line)) if self.comparable(item, line))
        if any(self.fits(item, line) for item in ids):
            return self._preferred(Named(ids, "structured reference", True), partner)
        text = " ".join(filter(None, (line.text, *line.references, line.end_to_end)))
        hits = self._by_key(text, line)
        if any(self.fits(item, line) for _, item in hits):
            ids = tuple(dict.fromkeys(item for _, item in hits))
            strong = all(len(key) >= (_DIGITS if key.isdigit() else _CHARACTERS) for key, _ in hits)
            sure = strong and not self._others(text, ids, line, partner)
            return self._preferred(Named(ids, "reference", sure), partner)
        return self._partly(text, line, partner)

    def _by_structure(self, line: Line) -> Iterator[str]:
        """By creditor references and end-to-end identifications, those in the text included."""
        if given := references.end_to_end(line.end_to_end):
            yield from self._structured.get(f"E2E:{given}", ())
        for text in line.references:
            if found := references.structured(text):
                yield from self._structured.get(found, ())
        if self._structured:
            for one in references.candidates(line.text):
                if (one.key.startswith("rf") or len(one.key) >= 26) and (found := references.structured(one.key)):
                    yield from self._structured.get(found, ())

    def _by_key(self, text: str, line: Line) -> list[tuple[str, str]]:
        """Keys in a text with the items they name; a key inside a longer one that names an item is none."""
        hits = [
            (found, item)
            for found in references.candidates(text)
            for item in self._keys.get(found.key, ())
            if self.comparable(item, line)
        ]
        spans = {found for found, _ in hits}
        return [(found.key, item) for found, item in hits if not any(found.within(other) for other in spans)]

    def _partly(self, text: str, line: Line, partner: str) -> Named | None:
        """The items of a known partner of whose references the text has the most telling words."""
        counted: dict[str, int] = {}
        for word in references.telling(text) if partner else ():
            for item in self._words.get((partner, word), ()):
                if self.fits(item, line):
                    counted[item] = counted.get(item, 0) + 1
        most = max(counted.values(), default=0)
        chosen = tuple(item for item, count in counted.items() if count == most)
        return Named(chosen, "part of reference", False) if chosen else None

    def _others(self, text: str, ids: tuple[str, ...], line: Line, partner: str) -> bool:
        """Whether words of the text belong to other open items of the same partners."""
        partners = {self.items[item].partner for item in ids} | ({partner} if partner else set())
        mine = frozenset[str]().union(*(_telling(self.items[item]) for item in ids))
        return any(
            self.fits(item, line)
            for word in references.telling(text) - mine
            for one in partners
            for item in self._words.get((one, word), ())
        )

    def _preferred(self, named: Named, partner: str) -> Named:
        """Of items of several partners those of the one who pays; items of others alone are not beyond doubt."""
        if not partner:
            owners = {self.items[item].partner for item in named.ids}
            return Named(named.ids, named.evidence, named.sure and len(owners) == 1)
        own = tuple(item for item in named.ids if self.items[item].partner == partner)
        return Named(own, named.evidence, named.sure) if own else Named(named.ids, named.evidence, False)

    def payer(self, line: Line, learned: Learned) -> tuple[str, Evidence]:
        """Who pays or is paid: as given, by account, as learned, by name; nobody where several could be meant."""
        if line.partner:
            return line.partner, "partner"
        owners = self.by_iban.get(iban_key(line.iban), set()) if line.iban else set()
        if owners:
            return (next(iter(owners)), "account") if len(owners) == 1 else ("", "")
        if known := learned.partner(line):
            return known, "learned"
        called = self._names.called(line.name)
        if len(called) == 1:
            return called[0], "name"
        found = self._names.in_text(f"{line.name} {line.text}") if not called else ()
        return (found[0], "name") if len(found) == 1 else ("", "")

    def of_partner(self, partner: str, line: Line) -> tuple[str, ...]:
        """The open items of a partner that a line could pay."""
        return tuple(item for item in self._of.get(partner, ()) if self.fits(item, line))

    def against(self, partner: str, line: Line) -> tuple[str, ...]:
        """The open items of a partner in the other direction: credit notes, that may be set off."""
        found = self._of.get(partner, ())
        return tuple(item for item in found if self.comparable(item, line) and not self.fits(item, line))


def _put(index: dict[str, list[str]], key: str, item: str) -> None:
    found = index.setdefault(key, [])
    if item not in found[-1:]:
        found.append(item)


def _telling(item: OpenItem) -> frozenset[str]:
    return references.telling(f"{item.reference} {item.number}")


_CHARACTERS = 5
"""Characters of a reference from which it names an item beyond doubt, where the text names nothing else."""
_DIGITS = 6
"""The same of a reference that is all digits: five may be a postcode."""
