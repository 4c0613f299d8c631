"""From a parcel to the pieces of work in it, by what the service takes in. Pure: nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from anyshore import feel
from anyshore.base.errors import AnyshoreError, DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.forms import validate
from anyshore.host.intake import kinds_of_files
from anyshore.host.intake.mails import Letter
from anyshore.host.intake.parcels import ANYTHING, LARGEST, Kind, Parcel, Service, Unpacking
from anyshore.host.intake.unpacking import MAX_MEMBERS, Leaf, Refused, Unpacker, collected, digest, refused, too_large
from anyshore.host.names import shown

TABLES = (".csv", ".tsv", ".txt", ".xlsx")
"""Endings of tables whose rows are pieces of work."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work as it arrived, before its variables are computed.

    Attributes:
        kind: the kind of intake.
        name: what it is called.
        documents: name and content by digest, in order.
        says: the values of its row, form or payload, as FEEL values.
        asked: which of the three said it: ``row``, ``form``, ``payload``; empty where none did.
        letter: the mail it came with.
    """

    kind: Kind
    name: str
    documents: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    says: Mapping[str, Any] = field(default_factory=dict)
    asked: str = ""
    letter: Letter | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of its first document; empty where it has none."""
        return next(iter(self.documents), "")


class Sorter:
    """Sorts the parcels for one service.

    Args:
        service: what it takes in.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._all = tuple(service.intake.values()) or (ANYTHING,)

    def sort(self, parcel: Parcel) -> Iterator[Piece | Refused]:
        """The pieces of work in a parcel; what is no work is refused. Everything in it is one of the two."""
        name = shown(parcel.name)
        if parcel.problem is not None:
            yield Refused(name, parcel.problem)
            return
        kinds = self._meant(parcel)
        if not kinds:
            known = ", ".join(one.name for one in self._all)
            message = f"The service takes in nothing called {parcel.kind!r}."
            yield refused(name, "intake.unknown-kind", message, f"Known are: {known}.")
        elif parcel.content is None:
            yield _said(self._service, kinds, parcel, name)
        else:
            yield from _Contents(self._service, kinds, parcel).sorted()

    def _meant(self, parcel: Parcel) -> tuple[Kind, ...]:
        return self._all if parcel.kind is None else tuple(one for one in self._all if one.name == parcel.kind)


def _said(service: Service, kinds: tuple[Kind, ...], parcel: Parcel, name: str) -> Piece | Refused:
    """A parcel without a file: the answers to a form, or a payload."""
    if parcel.form is not None:
        return _answered(service, kinds, parcel.form, name)
    payload = parcel.payload or {}
    ready = [one for one in kinds if one.payload is not None] or [one for one in kinds if one.free][:1]
    if not ready and any(one.form for one in kinds):
        return _answered(service, kinds, payload, name)  # a program may answer the form as well
    if not ready:
        hint = f"It takes in {taken(kinds)}."
        return refused(name, "intake.no-payload", "The service starts with a file, not with values alone.", hint)
    tried = [(kind, _payload(kind, payload, name)) for kind in ready]
    for kind, said in tried:  # the first kind of thing that the values fit
        if not isinstance(said, Refused):
            return Piece(kind, name, says=said, asked="payload")
    return next(said for _kind, said in tried if isinstance(said, Refused))


def _answered(service: Service, kinds: tuple[Kind, ...], answers: Mapping[str, Any], name: str) -> Piece | Refused:
    kind = next((one for one in kinds if one.form in service.forms), None)
    if kind is None:
        return refused(name, "intake.no-form", "The service has no start form.", f"It takes in {taken(kinds)}.")
    values, problems = validate(service.forms[kind.form or ""], answers)
    if problems:
        return Refused(name, _joined(problems, name))
    return Piece(kind, name, says=values, asked="form")


def _payload(kind: Kind, payload: Mapping[str, Any], name: str) -> dict[str, Any] | Refused:
    """What a program says, as FEEL values."""
    if kind.payload is None and not kind.free and payload:
        message = f"Nothing is said about values with {kind.name!r}: {', '.join(map(str, payload))}."
        return refused(name, "intake.no-payload", message, "Leave them out, or describe them in the pack: payload.")
    if kind.payload is not None:
        payload, problems = kind.payload.read(payload, name)
        if problems:
            return Refused(name, _joined(problems, name))
    said = {}
    for key, value in payload.items():
        try:
            said[str(key)] = feel.from_python(value)
        except (AnyshoreError, ValueError, TypeError) as error:
            hint = "Send texts, numbers, true, false, lists or objects."
            return refused(name, "intake.value", f"{key}: {error}", hint)
    return said


@dataclass(slots=True)
class _Contents:
    """The files of one parcel."""

    service: Service
    kinds: tuple[Kind, ...]
    parcel: Parcel
    counted: int = 0

    def sorted(self) -> Iterator[Piece | Refused]:
        found = self._pieces()
        together = next((one for one in self.kinds if one.together), None)
        yield from found if together is None else _together(together, found, shown(self.parcel.name))

    def _pieces(self) -> Iterator[Piece | Refused]:
        """What was found, with what a program says beside it."""
        for piece in self._found():
            if isinstance(piece, Refused) or piece.asked or not self.parcel.payload:
                yield piece
                continue
            said = _payload(piece.kind, self.parcel.payload, piece.name)
            yield said if isinstance(said, Refused) else replace(piece, says=said, asked="payload")

    def _found(self) -> Iterator[Piece | Refused]:
        for letter, group in groupby(self._leaves(), key=_letter_of):
            if letter is None:
                for one in group:
                    yield from self._leaf(one)
            else:
                yield from self._mail(letter, list(group))

    def _leaves(self) -> Iterator[Leaf | Refused]:
        largest = max((one.largest for one in self.kinds), default=LARGEST)
        ways = Unpacking(
            zip=any(one.unpack.zip for one in self.kinds),
            gzip=any(one.unpack.gzip for one in self.kinds),
            mails=any(one.unpack.mails or one.mails for one in self.kinds),
        )
        unpacker = Unpacker(ways, lambda name, content: self._fitting(name, content) is not None, largest)
        for name, content in ((self.parcel.name, self.parcel.content or b""), *self.parcel.beside):
            yield from unpacker.open(shown(name), content)

    def _mail(self, letter: Letter, group: list[Leaf | Refused]) -> Iterator[Piece | Refused]:
        """A mail's attachments are work; where none of them is, the mail itself may be."""
        pieces = [piece for one in group for piece in self._leaf(one)]
        if any(isinstance(piece, Piece) for piece in pieces):
            yield from pieces
            return
        kind = next((one for one in self.kinds if one.mails), None)
        if kind is not None:
            inside = [one for one in group if isinstance(one, Leaf) and one.content is not letter.content]
            documents = {digest(letter.content): (letter.name, letter.content)}
            documents |= {digest(one.content): (one.name, one.content) for one in inside}
            yield Piece(kind, letter.name, documents, letter=letter)
        elif pieces:
            yield from pieces

    def _leaf(self, leaf: Leaf | Refused) -> Iterator[Piece | Refused]:
        if isinstance(leaf, Refused):
            yield leaf
            return
        if leaf.letter is not None and leaf.content is leaf.letter.content:
            if any(one.mails for one in self.kinds):
                return
            message = "The mail has no attachment."
            yield refused(leaf.name, "intake.no-attachment", message, "Ask the sender for the file.", leaf.content)
            return
        problem = self._unfit(leaf)
        if problem is not None:
            yield problem
            return
        kind = self._fitting(leaf.name, leaf.content)
        assert kind is not None
        if kind.table is not None and _is_table(leaf.name, leaf.content):
            yield from _rows(kind, leaf)
        else:
            yield from self._documents(kind, leaf)

    def _documents(self, kind: Kind, leaf: Leaf) -> Iterator[Piece | Refused]:
        inner = collected(leaf.content, kind.unpack.elements)
        if not inner:
            yield Piece(kind, leaf.name, _held(leaf.name, leaf.content), letter=leaf.letter)
        for number, content in enumerate(inner, 1):
            self.counted += 1
            if self.counted > MAX_MEMBERS:
                message = f"The collection holds more than {MAX_MEMBERS:,} documents; the first of them were received."
                yield refused(leaf.name, "intake.too-many", message, "Split it.")
                return
            name = shown(f"{leaf.name}#{number}")
            yield Piece(kind, name, _held(name, content), letter=leaf.letter)

    def _unfit(self, leaf: Leaf) -> Refused | None:
        """Why a file is not taken in."""
        if kinds_of_files.is_of_the_system(leaf.name):
            message = "A file of the operating system, which holds no document."
            return refused(leaf.name, "intake.system-file", message, "Nothing is to be done.", leaf.content)
        if not leaf.content:
            return refused(leaf.name, "intake.empty", "The file is empty.", "Ask the sender for it again.", b"")
        kind = self._fitting(leaf.name, leaf.content)
        if kind is None:
            what = _ending(leaf.name)
            message = f"Files {f'that end in {what}' if what else 'without an ending'} are not taken in."
            hint = f"Taken in are {taken(self.kinds)}."
            return refused(leaf.name, "intake.ending", message, hint, leaf.content)
        if len(leaf.content) > kind.largest:
            return too_large(leaf.name, kind.largest)
        belied = kinds_of_files.belies(leaf.name, leaf.content) if kind.endings else ""
        if belied:
            message = f"The file is called {_ending(leaf.name)}, and its bytes are not {belied}."
            return refused(leaf.name, "intake.belied", message, "Ask the sender for it again.", leaf.content)
        return None

    def _fitting(self, name: str, content: bytes) -> Kind | None:
        """The first kind that takes a file by its name, else by what its bytes tell it is."""
        lower = name.lower()
        for one in self.kinds:
            if one.table is not None and lower.endswith(TABLES) and _is_table(name, content):
                return one
            if one.files and (not one.endings or lower.endswith(one.endings)):
                return one
        told = kinds_of_files.told(content)
        for one in self.kinds:
            if told and one.files and told in one.endings:
                return one
            if told == ".xlsx" and one.table is not None:
                return one
        return None


def _together(kind: Kind, found: Iterable[Piece | Refused], name: str) -> Iterator[Piece | Refused]:
    """One piece of work of all documents of a parcel; what is of another kind stays by itself."""
    documents: dict[str, tuple[str, bytes]] = {}
    first: Piece | None = None
    for piece in found:
        if isinstance(piece, Refused) or piece.kind is not kind or piece.asked in ("row", "form"):
            yield piece
        else:
            first = first or piece
            documents |= piece.documents
    if first is not None:
        yield Piece(kind, first.name if len(documents) == 1 else name, documents, first.says, first.asked, first.letter)


def _rows(kind: Kind, leaf: Leaf) -> Iterator[Piece | Refused]:
    """The rows of a table, each by its line."""
    assert kind.table is not None
    try:
        rows, problems = kind.table.rows(leaf.content, leaf.name)
    except DataError as error:
        yield Refused(leaf.name, _joined(error.diagnostics, leaf.name), digest(leaf.content))
        return
    wrong: dict[int, list[Diagnostic]] = {}
    for problem in problems:
        wrong.setdefault(problem.location.line or 0, []).append(problem)
    answers: list[tuple[int, Piece | Refused]] = [
        (line, Refused(shown(f"{leaf.name}:{line}"), _joined(some, leaf.name))) for line, some in wrong.items()
    ]
    for line, values in rows:
        if line not in wrong:
            answers.append(
                (line, Piece(kind, shown(f"{leaf.name}:{line}"), says=values, asked="row", letter=leaf.letter))
            )
    if not answers:
        hint = "Write one row per piece of work."
        yield refused(leaf.name, "intake.empty", "The table has no rows.", hint, leaf.content)
    yield from (answer for _, answer in sorted(answers, key=lambda one: one[0]))


def taken(kinds: Iterable[Kind]) -> str:
    """What kinds of intake take, in words."""
    words: dict[str, None] = {}
    for one in kinds:
        if one.files:
            words |= dict.fromkeys(one.endings or ("any files",))
        if one.table is not None:
            words |= dict.fromkeys((".csv", ".xlsx"))
        words |= {ending: None for ending, on in ((".zip", one.unpack.zip), (".gz", one.unpack.gzip)) if on}
        if one.unpack.mails or one.mails:
            words[".eml"] = None
        if one.form:
            words["its start form"] = None
        if one.payload is not None:
            words["the values its pack describes"] = None
    return ", ".join(words) or "nothing"


def _held(name: str, content: bytes) -> dict[str, tuple[str, bytes]]:
    return {digest(content): (name, content)}


def _letter_of(one: Leaf | Refused) -> Letter | None:
    return one.letter if isinstance(one, Leaf) else None


def _is_table(name: str, content: bytes) -> bool:
    """Whether something is no other kind of file that merely has the name of a table."""
    return kinds_of_files.told(content) == (".xlsx" if name.lower().endswith(".xlsx") else "")


def _ending(name: str) -> str:
    last = name.rsplit("/", 1)[-1]
    return f".{last.rsplit('.', 1)[-1]}" if "." in last.lstrip(".") else ""


def _joined(problems: Iterable[Diagnostic], name: str) -> Diagnostic:
    """All problems of one thing as one reason."""
    found = list(problems)
    if len(found) == 1:
        return found[0]
    parts = [f"{one.location.element or one.location.cell or ''}: {one.message}".removeprefix(": ") for one in found]
    hints = dict.fromkeys(one.hint for one in found if one.hint)
    return Diagnostic(found[0].code, " ".join(parts), Location(name, line=found[0].location.line), " ".join(hints))
