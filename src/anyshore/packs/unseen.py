"""``unseen:`` of a pack: variables nobody is shown until something holds, as for a look without a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.base.errors import FeelError
from anyshore.feel import Expression
from anyshore.packs.expressions import Reader

SECTION = "unseen"


@dataclass(frozen=True, slots=True)
class Unseen:
    """What is not shown yet.

    Attributes:
        variables: their names; documents in them are not shown either.
        until: FEEL over the variables of the work: once it is true, all of them are shown.
    """

    variables: frozenset[str]
    until: Expression

    def hidden(self, variables: Mapping[str, Any]) -> frozenset[str]:
        """The names that are not shown, as the work stands; all of them where ``until`` cannot be told."""
        try:
            return frozenset() if self.until.evaluate(dict(variables)) is True else self.variables
        except FeelError:
            return self.variables


def read(reader: Reader) -> Unseen | None:
    """What a pack does not show; None where it shows everything."""
    given = reader.value((SECTION,))
    if given is None:
        return None
    return Unseen(frozenset(given["variables"]), reader.required((SECTION, "until")))
