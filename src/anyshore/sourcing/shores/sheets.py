"""A ranking of sites as a table and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator

from anyshore.base.telling import Part, Reasons, Sheet
from anyshore.sourcing.shores.ranking import Ranking


def of_ranking(found: Ranking, title: str = "Sites") -> Iterator[Part]:
    """The sites, then by what they were ranked and which were left out."""
    rows = [
        (one.site.name, one.shore, f"{one.km:,.0f}", f"{one.shared.hours:.1f}", _interval(one.rate),
         {True: "free", False: "safeguards", None: "?"}[one.transfer.free], f"{one.first:.1%}",
         "–" if one.confidence is None else f"{one.confidence:.0%}", f"{one.expected_rank:.1f}",
         " ".join(str(place) for place in (one.ranks or {}).values()))
        for one in found.sites
    ]  # fmt: skip
    names = ("Site", "Shore", "km", "Shared h", "Rate", "Data", "First", "Sure", "Mean rank", "By method")
    yield Sheet(title, names, rows, right=(2, 3, 4, 6, 7, 8))
    lines = [f"Criteria: {', '.join(found.criteria)}. Draws {found.draws:,}, seed {found.seed}."]
    if found.methods:
        chosen = ", ".join(f"{name}: {site}" for name, site in found.methods.items())
        lines.append(f"First by {chosen}." + ("" if found.agree else " They disagree: the answer hangs on the method."))
    if "cost" not in found.criteria:
        lines.append("Cost does not count: there is no rate card with rates of that role.")
    lines += [f"Left out: {one.site} ({one.source})." for one in found.left_out]
    yield Reasons(lines, whole=True)


def _interval(rate: tuple[float, float] | None) -> str:
    if rate is None:
        return "?"
    return f"{rate[0]:.2f}" if rate[0] == rate[1] else f"{rate[0]:.2f}–{rate[1]:.2f}"
