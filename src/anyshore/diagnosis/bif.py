"""Reading networks in the Bayesian Interchange Format (BIF 0.15), as troubleshooters are passed on in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.diagnosis.network import MOST_CELLS, Network, Variable, checked

_TOKEN = re.compile(
    r"(?P<skip>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>\"[^\"\n]*\")|(?P<mark>[{}()\[\],;|])|(?P<word>[^\s{}()\[\],;|\"]+)",
    re.DOTALL,
)
MOST_BYTES = 20_000_000


def read(source: bytes | Path, file: str = "") -> Network:
    """Reads a network.

    Args:
        source: a path, or the content.
        file: its name, for messages; the path's where left out.

    Raises:
        DataError: it is none, or its tables do not fit; with file, line and what to do.
    """
    name = file or (str(source) if isinstance(source, Path) else "network.bif")
    content = files.read(source) if isinstance(source, Path) else source
    if len(content) > MOST_BYTES:
        raise DataError("diagnosis.size", f"More than {MOST_BYTES:,} bytes.", Location(name), "Split the network.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            "diagnosis.encoding", f"It is no UTF-8: {error.reason}.", Location(name), "Save it so."
        ) from error
    return _Reader(list(_tokens(text, name)), name).network()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int


def _tokens(text: str, file: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            hint = "Close the quotation."
            raise DataError("diagnosis.syntax", f"{text[at]!r} begins nothing.", Location(file, line=line), hint)
        if found.lastgroup != "skip":
            yield _Token(found[0].strip('"') if found.lastgroup == "text" else found[0], line)
        line += found[0].count("\n")
        at = found.end()


@dataclass(slots=True)
class _Given:
    """A block of probabilities: whose, given what, and its rows by the states of the parents."""

    name: str
    parents: tuple[str, ...]
    line: int
    table: list[float] | None = None
    default: list[float] | None = None
    rows: dict[tuple[str, ...], list[float]] = field(default_factory=dict)


class _Reader:
    def __init__(self, tokens: list[_Token], file: str) -> None:
        self._tokens, self._file, self._at = tokens, file, 0

    def network(self) -> Network:
        states: dict[str, tuple[str, ...]] = {}
        given: list[_Given] = []
        while self._at < len(self._tokens):
            word = self._next("network, variable or probability")
            if word.text == "network":
                while self._peek() not in ("{", ""):
                    self._at += 1
                self._block()
            elif word.text == "variable":
                name = self._next("the name of a variable")
                if name.text in states:
                    raise self._wrong(name, f"{name.text} stands there twice.", "Keep one.", "twice")
                states[name.text] = self._states()
            elif word.text == "probability":
                given.append(self._probability(word.line))
            else:
                raise self._wrong(word, f"{word.text!r} is no block.", "There are network, variable and probability.")
        return checked([self._variable(one, states) for one in given], self._file)

    def _states(self) -> tuple[str, ...]:
        self._expect("{")
        found: tuple[str, ...] = ()
        while self._peek() != "}":
            word = self._next("type or property")
            if word.text != "type":
                self._statement()
                continue
            self._expect("discrete")
            self._expect("[")
            number = self._next("a number of states")
            self._expect("]")
            self._expect("{")
            names = self._list("}")
            found = tuple(one.text for one in names)
            self._expect(";")
            if number.text != str(len(found)) or len(set(found)) < len(found):
                message = f"{number.text} states are said, {len(set(found))} are named."
                raise self._wrong(number, message, "Name each state once.")
        end = self._next("}")
        if not found:
            raise self._wrong(end, "A variable has no states.", "Write: type discrete [ 2 ] { yes, no };")
        return found

    def _probability(self, line: int) -> _Given:
        self._expect("(")
        name = self._next("the name of a variable").text
        parents: tuple[str, ...] = ()
        if self._peek() == "|":
            self._at += 1
            parents = tuple(one.text for one in self._list(")"))
        else:
            self._expect(")")
        given = _Given(name, parents, line)
        self._expect("{")
        while self._peek() != "}":
            word = self._next("a row")
            if word.text == "table":
                given.table = self._numbers()
            elif word.text == "default":
                given.default = self._numbers()
            elif word.text == "(":
                key = tuple(one.text for one in self._list(")"))
                if key in given.rows:
                    raise self._wrong(word, f"The row ({', '.join(key)}) stands there twice.", "Keep one.", "twice")
                given.rows[key] = self._numbers()
            else:
                self._statement()
        self._at += 1
        return given

    def _variable(self, given: _Given, states: dict[str, tuple[str, ...]]) -> Variable:
        place = _Token(given.name, given.line)
        for name in (given.name, *given.parents):
            if name not in states:
                raise self._wrong(place, f"{name!r} is no variable of the file.", "Add its block.", "variable")
        own, above = states[given.name], [states[name] for name in given.parents]
        shape = (*map(len, above), len(own))
        cells = math.prod(shape)
        if cells > MOST_CELLS:
            message = f"The table of {given.name} has {cells:,} cells."
            raise self._wrong(place, message, "Give it fewer parents.", "table")
        return Variable(given.name, own, given.parents, self._table(given, above, shape, place))

    def _table(
        self, given: _Given, above: list[tuple[str, ...]], shape: tuple[int, ...], place: _Token
    ) -> NDArray[np.float64]:
        if given.table is not None:
            if len(given.table) != math.prod(shape):
                message = f"The table of {given.name} has {len(given.table)} cells instead of {math.prod(shape)}."
                raise self._wrong(place, message, "Give a cell for each state.", "table")
            return np.array(given.table).reshape(shape)
        rows = []
        for key in product(*above):
            row = given.rows.pop(key, given.default)
            if row is None or len(row) != shape[-1]:
                message = f"{given.name} has no row of {shape[-1]} for ({', '.join(key)})."
                raise self._wrong(place, message, "Add it, or a default.", "table")
            rows.append(row)
        if given.rows:
            message = f"{given.name} has a row for ({', '.join(next(iter(given.rows)))}), which cannot be."
            raise self._wrong(place, message, "Use the states of its parents, in their order.", "table")
        return np.array(rows).reshape(shape)

    def _numbers(self) -> list[float]:
        found = []
        for one in self._list(";"):
            try:
                found.append(float(one.text))
            except ValueError:
                raise self._wrong(one, f"{one.text!r} is no probability.", "Write a number from 0 to 1.") from None
        return found

    def _list(self, end: str) -> list[_Token]:
        """Words up to a mark, with or without commas between."""
        found = []
        while (word := self._next(end)).text != end:
            if word.text in "{}()[];|":
                raise self._wrong(word, f"{word.text!r} stands where {end!r} should.", "Close the list.")
            if word.text != ",":
                found.append(word)
        return found

    def _statement(self) -> None:
        """A property, which says nothing here."""
        while self._next(";").text != ";":
            continue

    def _block(self) -> None:
        self._expect("{")
        while self._next("}").text != "}":
            continue

    def _peek(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _next(self, wanted: str) -> _Token:
        if self._at >= len(self._tokens):
            line = self._tokens[-1].line if self._tokens else 1
            raise self._wrong(_Token("", line), f"The file ends where {wanted} should stand.", "Take the whole file.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, text: str) -> None:
        found = self._next(text)
        if found.text != text:
            raise self._wrong(found, f"{found.text!r} stands where {text!r} should.", f"Put {text!r} before it.")

    def _wrong(self, at: _Token, message: str, hint: str, code: str = "syntax") -> DataError:
        return DataError(f"diagnosis.{code}", message, Location(self._file, line=at.line), hint)
