"""The client's own sites in a decision: what goes out ranks the sites it may go to, and the first says which shore."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from anyshore.base.errors import DataError
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.shores import places
from anyshore.sourcing.shores.ranking import DRAWS, Needs, Ranking, rank_shores
from anyshore.sourcing.shores.sites import RateCard, Sites
from anyshore.sourcing.text import Text

_DIGITS = 16
PERSONAL = ("personal", "special")
"""Classes of data about people: they go only where the law lets them without more, or as the gates say."""


@dataclass(slots=True)
class Siting:
    """Sites that could do the work.

    Attributes:
        sites: of the client's list.
        card: the client's rates; without one cost tells nothing apart.
        closed: days on which offices are closed, by country.
        draws: of SMAA.
        seed: likewise.
    """

    sites: Sites
    card: RateCard | None = None
    closed: Mapping[str, frozenset[date]] = field(default_factory=dict)
    draws: int = DRAWS
    seed: int = 0
    _found: dict[tuple[str, Needs], Ranking] = field(default_factory=dict)

    def rank(
        self, activity: Activity, allowed: tuple[str, ...], order: tuple[str, ...], day: date
    ) -> tuple[Ranking | None, Text]:
        """The sites an activity may go to, the most often best first, and what comes of it.

        Args:
            activity: that goes out.
            allowed: the shores its data may go to.
            order: criteria that count most, the first the most; those nothing is known of are passed over.
            day: on which rates and transfers of data count.
        """
        needs = Needs(
            activity.languages, self._role(activity), activity.data_class in PERSONAL, allowed, order, strict=False
        )
        try:
            found = self._ranked(activity.client_country, needs, day)
        except DataError as error:  # nothing tells where the client is: the decision stands without sites
            return None, Text(f"Sites are not ranked: {error.message}", f"Standorte ohne Rang: {error.message}")
        return found, _reason(found)

    @property
    def version(self) -> str:
        """Digest of sites and rates (SHA-256, the first 16 digits)."""
        return hashlib.sha256(repr((self.sites, self.card, self.draws, self.seed)).encode()).hexdigest()[:_DIGITS]

    def _ranked(self, country: str, needs: Needs, day: date) -> Ranking:
        key = (country, needs)
        if key not in self._found:
            self._found[key] = rank_shores(
                places.place(country), self.sites.sites, needs, day, card=self.card if needs.role else None,
                own=self.sites.own, closed=self.closed, draws=self.draws, seed=self.seed,
            )  # fmt: skip
        return self._found[key]

    def _role(self, activity: Activity) -> str:
        """The role whose rate counts: the activity's own, or the only one of the card."""
        roles = {one.role for one in self.card.rates} if self.card else set()
        return activity.role or (next(iter(roles)) if len(roles) == 1 else "")


def _reason(found: Ranking) -> Text:
    if not found.sites:
        out = ", ".join(one.site for one in found.left_out)
        return Text(f"None of the sites may do it: {out}.", f"Keiner der Standorte kommt in Frage: {out}.")
    first = found.sites[0]
    share, number = f"{first.first * 100:.0f}", len(found.sites)
    english = f"Of {number} sites {first.site.name} comes first in {share} % of all weights."
    german = f"Von {number} Standorten ist {first.site.name} bei {share} % aller Gewichte der erste."
    if number == 1:
        english, german = (f"{said} {first.site.name}." for said in ("The only site is", "Der einzige Standort ist"))
    others = sorted({site for site in found.methods.values() if site != first.site.name})
    if others:
        english += f" Methods with one set of weights say {', '.join(others)} too: it hangs on the method."
        german += f" Verfahren mit festen Gewichten nennen auch {', '.join(others)}: Es hängt am Verfahren."
    if "cost" not in found.criteria:
        english += " Cost does not count: there is no rate for it."
        german += " Kosten zählen nicht: Es gibt keinen Satz dafür."
    return Text(english, german)


def countries(sites: Sites, activities: Iterable[Activity]) -> set[str]:
    """Those whose holidays count: of the sites and of the clients."""
    return {one.place.country for one in sites.sites} | {one.client_country for one in activities}
