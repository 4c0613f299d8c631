"""Where personal data may go without more, by the law of who sends it, on a day.

The table holds decisions with their days and sources; a law that is not in it says nothing, neither yes nor no.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from anyshore.sourcing.shores.places import table


@dataclass(frozen=True, slots=True)
class Basis:
    """On what personal data may go to a country.

    Attributes:
        free: True where nothing more is needed, False where safeguards are (GDPR Art. 46), None where no law is known.
        scope: what it is limited to; empty where it is not.
        source: the law or decision.
    """

    free: bool | None
    scope: str
    source: str

    @property
    def score(self) -> tuple[float, float]:
        """Lowest and highest worth, 0 to 1: a limited decision may or may not hold for the provider at hand."""
        if self.free is None or (self.free and self.scope):
            return 0.0, 1.0
        return (1.0, 1.0) if self.free else (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Decision:
    first: date
    last: date
    scope: str
    source: str


def basis(sender: str, receiver: str, day: date) -> Basis:
    """What lets personal data go from one country to another on a day.

    Args:
        sender: country of the client, ISO 3166-1 alpha-2.
        receiver: country of the site.
        day: on which it goes.
    """
    if sender == receiver:
        return Basis(True, "", "the same country")
    decisions = _decisions()
    exporter = "EEA" if ("EEA", sender) in decisions and _is_member(sender) else sender
    if not any(known == exporter for known, _country in decisions):
        return Basis(None, "", f"no table of transfers from {sender}")
    for one in decisions.get((exporter, receiver), ()):
        if one.first <= day <= one.last:
            return Basis(True, one.scope, one.source)
    return Basis(False, "", "no adequacy decision: safeguards as in Art. 46 GDPR are needed")


@cache
def _decisions() -> dict[tuple[str, str], list[_Decision]]:
    found: dict[tuple[str, str], list[_Decision]] = {}
    for row in table("transfers.csv"):
        last = date.fromisoformat(row["until"]) if row["until"] else date.max
        one = _Decision(date.fromisoformat(row["from"]), last, row["scope"], row["source"])
        found.setdefault((row["exporter"], row["country"]), []).append(one)
    return found


def _is_member(country: str) -> bool:
    """Whether a country applies the GDPR itself, rather than being found adequate."""
    return any("2016/679" in one.source or "154/2018" in one.source for one in _decisions()[("EEA", country)])
