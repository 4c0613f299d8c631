"""Where an expression comes from, for messages: its text and its place in the user's file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from anyshore.base.locations import Location


@dataclass(frozen=True, slots=True)
class Origin:
    """A text and where it stands.

    Attributes:
        text: the expression.
        location: of the text's first character; with a line, places inside are counted on from it.
    """

    text: str
    location: Location

    def locate(self, offset: int) -> Location:
        """The place of a character; line and column are within the text if the file's are not known."""
        before = self.text[:offset]
        line = before.count("\n")
        column = offset - (before.rfind("\n") + 1) + 1
        outer = self.location
        if outer.line is not None:
            if line == 0:
                column += (outer.column or 1) - 1
            line += outer.line - 1
        return replace(outer, line=line + 1, column=column)


# A place in an expression: what a compiled operation carries along for its messages.
Place = tuple[Origin, int]
