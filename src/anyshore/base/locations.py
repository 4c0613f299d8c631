"""Where in a user's file something stands."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file a person wrote.

    Attributes:
        file: name or path as the user gave it.
        element: id or name of the element (a BPMN task, a DMN decision, a YAML key path).
        line: line, counted from 1.
        column: column, counted from 1.
        cell: cell of a table, for example ``rule 3, input "Amount"``.
    """

    file: str | None = None
    element: str | None = None
    line: int | None = None
    column: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}" if place else f"line {self.line}"
            if self.column is not None:
                place += f":{self.column}" if self.file else f", column {self.column}"
        parts = [place] if place else []
        if self.element:
            parts.append(self.element)
        if self.cell:
            parts.append(self.cell)
        return ", ".join(parts) or "unknown place"

    def within(self, outer: Location) -> Location:
        """This place, with what it leaves open taken from the place around it."""
        return replace(
            self,
            file=self.file or outer.file,
            element=self.element or outer.element,
            line=self.line if self.line is not None else outer.line,
            column=self.column if self.line is not None else outer.column,
            cell=self.cell or outer.cell,
        )
