"""What is settled before evidence counts: duty of law, transfer of data, strategic core, place; in this order.

Every answer is a row of ``rules/gates.dmn``, with the act it rests on and since when that holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from anyshore import dmn
from anyshore.base.errors import DmnError
from anyshore.base.locations import Location
from anyshore.base.temporal import Date
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.text import Text

GATES = ("duty", "transfer", "core", "place")
RESULTS = ("keep", "condition", "ask", "open")


@dataclass(frozen=True, slots=True)
class Gate:
    """What one gate says.

    Attributes:
        gate: ``duty``, ``transfer``, ``core`` or ``place``.
        result: ``keep`` (it stays in the house), ``condition`` (it may go out under one), ``ask`` or ``open``.
        reason: why.
        act: the law or work it rests on; empty where the client's word decides.
        since: the day from which that holds, ISO 8601; empty where it has none.
        countries: to which data may go without more, with the act each; only of ``transfer``.
    """

    gate: str
    result: str
    reason: Text
    act: str
    since: str
    countries: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "gate": self.gate, "result": self.result, "reason": self.reason.as_dict(), "act": self.act,
            "since": self.since, "countries": [{"country": c, "act": act} for c, act in self.countries],
        }  # fmt: skip


class Gates:
    """The gates as rules.

    Args:
        model: of ``gates.dmn``.
        on: the day of the decision.
    """

    def __init__(self, model: dmn.Model, on: date) -> None:
        self._model = model
        self._on = Date(on.year, on.month, on.day)
        listed: Any = self._model.decide("adequate", {"on": self._on}).value or []
        self._adequate = tuple((row["country"], _with_scope(row)) for row in listed)
        self._known: dict[tuple[Any, ...], Gate] = {}

    def of(self, activity: Activity, place_score: float | None) -> tuple[Gate, ...]:
        """All four gates of an activity, in order.

        Args:
            activity: the activity.
            place_score: how place-bound tasks like it are, 0 to 1; None where none is like it.

        Raises:
            DmnError: the rules leave a gap.
        """
        score = None if place_score is None else Decimal(str(place_score))
        inputs: dict[str, dict[str, Any]] = {
            "duty": {"duty": activity.duty, "client country": activity.client_country, "on": self._on},
            "transfer": {
                "data class": activity.data_class, "client country": activity.client_country, "on": self._on,
            },
            "core": {"core": activity.core, "asset specificity": activity.asset_specificity},
            "place": {"place bound": activity.place_bound, "place score": score},
        }  # fmt: skip
        return tuple(self._gate(name, inputs[name], activity) for name in GATES)

    def _gate(self, name: str, inputs: dict[str, Any], activity: Activity) -> Gate:
        key = (name, *inputs.values())
        if key not in self._known:
            row = self._model.decide(f"{name} gate", inputs).value
            if not isinstance(row, dict) or row.get("result") not in RESULTS:
                raise DmnError(
                    "sourcing.gap",
                    f"The rules of gate {name!r} give no result for activity {activity.name!r}.",
                    Location(element=f"{name} gate"),
                    "Add the missing rule to the table.",
                )
            reason = Text(row["reason en"], row["reason de"])
            listed = name == "transfer" and "GDPR" in (row["act"] or "")
            countries = self._adequate if listed else ()
            self._known[key] = Gate(name, row["result"], reason, row["act"] or "", row["since"] or "", countries)
        return self._known[key]


def _with_scope(row: dict[str, Any]) -> str:
    return f"{row['act']}: {row['scope']}" if row["scope"] else str(row["act"])
