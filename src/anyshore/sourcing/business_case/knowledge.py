"""Knowledge arbitrage in its own units: what is gained that no money measures.

Access to expertise is counted in people who may and can do the work; time to insight in days from question to signed
answer; findings upheld as a share of those reviewed; calibration as the Brier score of stated probabilities (0 is
best); knowledge handed back in pieces the client keeps and can use without the provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from anyshore.base.errors import DataError
from anyshore.base.tables import Column, open_table


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of knowledge work.

    Attributes:
        name: in a file.
        german: likewise.
        unit: what is counted.
        more_is_better: whether more is better.
    """

    name: str
    german: str
    unit: str
    more_is_better: bool


MEASURES = (
    Measure("access to expertise", "Zugang zu Fachwissen", "experts", True),
    Measure("time to insight", "Zeit bis zur Erkenntnis", "days", False),
    Measure("findings upheld", "bestätigte Befunde", "share", True),
    Measure("calibration", "Kalibrierung", "Brier score", False),
    Measure("knowledge handed back", "zurückgegebenes Wissen", "pieces", True),
)
"""All of them."""
_BY_NAME = {one.name: one for one in MEASURES}
COLUMNS = (
    Column("measure", "code", aliases=("Maß",), required=True, codes={one.name: (one.german,) for one in MEASURES}),
    Column("baseline", "number", aliases=("bisher",), minimum=Decimal(0)),
    Column("now", "number", aliases=("jetzt",), required=True, minimum=Decimal(0)),
    Column("source", aliases=("Quelle",), required=True),
)
"""What a file of measures has."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What is gained in one measure.

    Attributes:
        measure: the measure.
        baseline: the client's own; None where it was never measured.
        now: with the provider.
        gained: how much better, above zero where it is; None without a baseline.
    """

    measure: Measure
    baseline: float | None
    now: float
    gained: float | None

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "measure": self.measure.name, "unit": self.measure.unit, "baseline": self.baseline, "now": self.now,
            "gained": self.gained,
        }  # fmt: skip


def gain(name: str, baseline: float | None, now: float) -> Gain:
    """What is gained in a measure, in its own unit.

    Raises:
        DataError: there is no such measure, or a figure is none.
    """
    if name not in _BY_NAME:
        hint = ", ".join(_BY_NAME)
        raise DataError("business.measure", f"There is no measure of knowledge {name!r}.", hint=f"There are: {hint}.")
    measure = _BY_NAME[name]
    if not isfinite(now) or (baseline is not None and not isfinite(baseline)) or now < 0:
        raise DataError("business.number", f"A figure of {name} is none.", hint="Use numbers of 0 or more.")
    gained = None if baseline is None else (now - baseline if measure.more_is_better else baseline - now)
    return Gain(measure, baseline, now, gained)


def read(source: bytes | Path, file: str | None = None) -> tuple[Gain, ...]:
    """Reads measures of knowledge work: columns measure, baseline, now, source.

    Raises:
        DataError: with every problem of the file.
    """
    table = open_table(source, COLUMNS, file)
    found = []
    for row in table:
        if row.broken:
            continue
        baseline, now = row.number("baseline"), row.number("now")
        found.append(gain(row.text("measure") or "", None if baseline is None else float(baseline), float(now or 0)))
    table.refuse_if_broken()
    return tuple(found)
