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
        measures: what it measures together with others: ``cognition``, ``process`` or ``economics``. Criteria that
            measure the same are one piece of evidence, however many of them are known.
    """

    name: str
    values: tuple[str, ...]
    german: str
    measures: str

    @property
    def column(self) -> str:
        """Its column in a portfolio."""
        return self.name.replace(" ", "_")


CRITERIA = (
    Criterion("driven by", ("rules", "judgement"), "getrieben von", "cognition"),
    Criterion("process", ("predefined", "adaptive"), "Ablauf", "process"),
    Criterion("complexity", ("low", "high"), "Komplexität", "cognition"),
    Criterion("requires", ("process expertise", "knowledge expertise"), "verlangt", "cognition"),
    Criterion("driving force", ("volume", "insight"), "Triebkraft", "economics"),
    Criterion("coordination", ("low", "high"), "Abstimmung", "process"),
    Criterion("talent", ("communication", "professional"), "Können", "cognition"),
    Criterion("focus", ("low-level process", "high-level process"), "Blick auf", "cognition"),
    Criterion("arbitrage", ("cost", "knowledge"), "Gewinn", "economics"),
    Criterion(
        "price", ("per transaction", "per fte", "per milestone", "per expert hour", "per outcome"), "Preis", "economics"
    ),
)
GROUPS = ("cognition", "process", "economics")

DATA_CLASSES = ("public", "internal", "personal", "special", "secret")
"""How sensitive the data of an activity is; ``special`` are the special categories of GDPR article 9."""
DUTIES = ("none", "sovereign", "financial", "insurance", "audit", "legal", "tax", "books", "secrecy", "other")
"""Duties of law that can hold an activity: public authority, a supervised financial entity or insurer, statutory audit,
legal services, help in tax matters, keeping books of account, professional secrecy."""
SPECIFICITY = ("low", "medium", "high")
DONE_BY = ("own staff", "provider")
