"""Reading the parts of a form that show something: its view, columns and counterparts. All FEEL is compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyshore import feel
from anyshore.base.errors import Diagnostic, FeelError
from anyshore.forms.columns import Column
from anyshore.forms.counterparts import Counterpart, Lines, Lookup, Row
from anyshore.forms.model import Conflicts, View
from anyshore.params.marked import Document, Path

_NOTHING = feel.compile("null")
"""Stands in for an expression with a problem, which is told and stops the reading in the end."""


@dataclass(slots=True)
class Reader:
    """Reads one form's parts; what is wrong with an expression is noted with its place in the file."""

    document: Document
    problems: list[Diagnostic]

    def expression(self, text: object, path: Path, names: tuple[str, ...] = ()) -> feel.Expression:
        """A FEEL expression. A number or yes/no that YAML read as one is the constant it looks like."""
        source = {True: "true", False: "false"}[text] if isinstance(text, bool) else str(text)
        try:
            return feel.compile(source, names=names, location=self.document.at(path))
        except FeelError as error:
            self.problems += error.diagnostics
            return _NOTHING

    def known(self, text: object, path: Path, names: tuple[str, ...]) -> feel.Expression:
        """A FEEL expression that may read these names only."""
        found = self.expression(text, path, names)
        for name, place in found.unknown_names:
            message, hint = f"There is no field {name!r}.", f"The form asks for {', '.join(names)}."
            self.problems.append(Diagnostic("form.unknown-field", message, place, hint))
        return found

    def view(self, data: Mapping[str, Any], path: Path) -> View:
        """The section ``view``."""
        of, document = (self.expression(data[key], (*path, key)) for key in ("of", "document"))
        return View(data["as"], of, document)

    def conflicts(self, data: Mapping[str, Any], path: Path) -> Conflicts:
        """The section ``conflicts``."""
        parties = self.expression(data["parties"], (*path, "parties")) if "parties" in data else None
        return Conflicts(data["answer"], parties)

    def columns(self, data: Mapping[str, Any], path: Path) -> tuple[Column, ...]:
        """The section ``columns``."""
        return tuple(self._column(name, one, (*path, name)) for name, one in data.items())

    def _column(self, name: str, data: Mapping[str, Any], path: Path) -> Column:
        kind = data.get("kind", "text")
        if "currency" in data and kind != "amount":
            message = f"Column {name!r}: a {kind} has no currency."
            place = self.document.at((*path, "currency"))
            self.problems.append(Diagnostic("form.currency", message, place, "Remove it, or make it an amount."))
        currency = self.expression(data["currency"], (*path, "currency")) if "currency" in data else None
        return Column(name, data["title"], self.expression(data["of"], (*path, "of")), kind, currency)

    def counterparts(self, data: Mapping[str, Any], path: Path) -> tuple[Counterpart, ...]:
        """The section ``counterpart``."""
        return tuple(self._counterpart(name, one, (*path, name)) for name, one in data.items())

    def _counterpart(self, name: str, data: Mapping[str, Any], path: Path) -> Counterpart:
        if "lookup" not in data and "of" not in data:
            message = f"The counterpart {name!r} is found nowhere."
            hint = "Give lookup (a record of reference data), of (FEEL over the variables), or both."
            self.problems.append(Diagnostic("form.counterpart", message, self.document.at(path), hint))
        optional = {key: self.expression(data[key], (*path, key)) for key in ("of", "case") if key in data}
        return Counterpart(
            name, data["title"], data.get("none", {}),
            self._lookup(data["lookup"], (*path, "lookup")) if "lookup" in data else None,
            optional.get("of"), optional.get("case"), self._rows(data.get("rows", []), (*path, "rows")),
            self._lines(data["lines"], (*path, "lines")) if "lines" in data else None,
        )  # fmt: skip

    def _lookup(self, data: Mapping[str, Any], path: Path) -> Lookup:
        if ("key" in data) == ("where" in data):
            message = "A record is looked up by its key, or by the fields that equal something."
            self.problems.append(
                Diagnostic("form.lookup", message, self.document.at(path), "Give either key or where.")
            )
        where = {name: self.expression(one, (*path, "where", name)) for name, one in data.get("where", {}).items()}
        key = self.expression(data["key"], (*path, "key")) if "key" in data else None
        return Lookup(data["kind"], key, where)

    def _rows(self, data: list[Mapping[str, Any]], path: Path) -> tuple[Row, ...]:
        return tuple(
            Row(
                one["title"], self.expression(one["document"], (*path, number, "document")),
                self.expression(one["counterpart"], (*path, number, "counterpart")), one.get("kind", "text"),
                self.expression(one["same"], (*path, number, "same")) if "same" in one else None,
            )
            for number, one in enumerate(data)
        )  # fmt: skip

    def _lines(self, data: Mapping[str, Any], path: Path) -> Lines:
        parts = {key: self.expression(data[key], (*path, key)) for key in ("document", "counterpart", "pair", "title")}
        return Lines(**parts, rows=self._rows(data["rows"], (*path, "rows")))
