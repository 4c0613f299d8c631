"""``sheet:`` of a pack: what a finished piece of work is looked at as, figure by figure, and its paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.activities.families import ACTIVITIES
from anyshore.base.errors import Diagnostic, FeelError
from anyshore.feel import Expression
from anyshore.packs.expressions import Reader
from anyshore.params.shapes import nearest

SECTION = "sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a piece of work is shown as a sheet.

    Attributes:
        title: by language.
        activity: gives the sheet: ``columns``, ``sections`` and ``notes``.
        input: expressions of its input, by field.
        when: which pieces of work have one.
        paper: activity that gives it as a file in base64 with its name, for that input and a language; empty: none.
    """

    title: Mapping[str, str]
    activity: str
    input: Mapping[str, Expression]
    when: Expression
    paper: str = ""

    def of(self, variables: Mapping[str, Any]) -> dict[str, object] | None:
        """The input of a piece of work; None where it has no sheet."""
        known = dict(variables)
        try:
            if self.when.evaluate(known) is not True:
                return None
            return {name: one.evaluate(known) for name, one in self.input.items()}
        except FeelError:
            return None


def read(reader: Reader) -> Sheet | None:
    """The section of a pack; None where its work has no sheet."""
    given = reader.value((SECTION,))
    if given is None:
        return None
    return Sheet(
        given["title"], given["activity"], reader.expressions((SECTION, "input")), reader.required((SECTION, "when")),
        given.get("paper", ""),
    )  # fmt: skip


def check(reader: Reader, found: Sheet | None) -> None:
    """Activities that are not there; problems are noted in the reader."""
    for key, name in (("activity", found.activity), ("paper", found.paper)) if found is not None else ():
        if name and name not in ACTIVITIES:
            place = reader.document.at((SECTION, key))
            message = f"There is no activity {name!r}."
            reader.problems.append(Diagnostic("pack.unknown-activity", message, place, nearest(name, ACTIVITIES)))
