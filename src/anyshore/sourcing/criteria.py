"""The ten criteria that tell rule work (BPO) from judgement work (KPO), and the words a portfolio may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion.

    Attributes:
        name: as in the rules and, with underscores, as a column of the portfolio.
        values: the words the rules know, rule work first.
        german: its name in German.
    """

    name: str
    values: tuple[str, ...]
    german: str

    @property
    def column(self) -> str:
        """Its column in a portfolio."""
        return self.name.replace(" ", "_")


CRITERIA = (
    Criterion("driven by", ("rules", "judgement"), "getrieben von"),
    Criterion("process", ("predefined", "adaptive"), "Ablauf"),
    Criterion("complexity", ("low", "high"), "Komplexität"),
    Criterion("requires", ("process expertise", "knowledge expertise"), "verlangt"),
    Criterion("driving force", ("volume", "insight"), "Triebkraft"),
    Criterion("coordination", ("low", "high"), "Abstimmung"),
    Criterion("talent", ("communication", "professional"), "Können"),
    Criterion("focus", ("low-level process", "high-level process"), "Blick auf"),
    Criterion("arbitrage", ("cost", "knowledge"), "Gewinn"),
    Criterion("price", ("per transaction", "per fte", "per milestone", "per expert hour", "per outcome"), "Preis"),
)

DATA_CLASSES = ("public", "internal", "personal", "special", "secret")
"""How sensitive the data of an activity is; ``special`` are the special categories of GDPR article 9."""
