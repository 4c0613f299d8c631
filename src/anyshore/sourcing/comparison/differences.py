"""What tells BPO from KPO: ten lines, each with what holds on either side, in English and German."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "de"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One of the ten.

    Attributes:
        criterion: its name as in ``criteria``.
        basis: what is compared, English and German.
        bpo: what holds of rule work.
        kpo: what holds of judgement work.
    """

    criterion: str
    basis: tuple[str, str]
    bpo: tuple[str, str]
    kpo: tuple[str, str]

    def in_language(self, language: Language) -> tuple[str, str, str]:
        """Basis, BPO and KPO in a language."""
        at = 1 if language == "de" else 0
        return self.basis[at], self.bpo[at], self.kpo[at]


DIFFERENCES = (
    Difference(
        "driven by", ("Driven by", "Getrieben von"),
        ("rules decide, people see exceptions", "Regeln entscheiden, Menschen sehen Ausnahmen"),
        ("judgement: a named expert decides and writes why", "Urteil: ein benannter Experte entscheidet und begründet"),
    ),
    Difference(
        "process", ("Process", "Ablauf"),
        ("predefined, versioned", "vorgegeben, in Versionen"),
        ("a plan the expert extends while working", "ein Plan, den der Experte im Lauf erweitert"),
    ),
    Difference(
        "complexity", ("Complexity", "Komplexität"),
        ("low: done in one sitting", "niedrig: in einem Zug erledigt"),
        ("high: stages, milestones, cases in cases", "hoch: Phasen, Meilensteine, Fälle in Fällen"),
    ),
    Difference(
        "requires", ("Requires", "Verlangt"),
        ("process expertise, certified", "Prozesskenntnis, mit Zertifikat"),
        ("knowledge expertise, free of conflicts of interest", "Fachwissen, frei von Interessenkonflikten"),
    ),
    Difference(
        "driving force", ("Driving force", "Triebkraft"),
        ("volume", "Menge"),
        ("insight: findings with evidence", "Erkenntnis: belegte Befunde"),
    ),
    Difference(
        "coordination", ("Coordination", "Abstimmung"),
        ("low: take the next item", "wenig: der nächste Vorgang"),
        ("high: team, double review, client checkpoints", "viel: Team, Doppelprüfung, Termine mit dem Kunden"),
    ),
    Difference(
        "talent", ("Talent", "Können"),
        ("communication: language and channel", "Kommunikation: Sprache und Kanal"),
        ("professional qualification, signed with", "Berufsqualifikation, die unterschreibt"),
    ),
    Difference(
        "focus", ("Focus", "Blick auf"),
        ("low-level process: handling time, accuracy", "Einzelschritte: Bearbeitungszeit, Richtigkeit"),
        ("high-level process: outcome, agreement of reviewers", "Gesamtablauf: Ergebnis, Einigkeit der Prüfer"),
    ),
    Difference(
        "arbitrage", ("Arbitrage", "Gewinn"),
        ("cost against the client's own baseline", "Kosten gegen die eigenen bisher"),
        ("knowledge: access, speed, quality, handed back", "Wissen: Zugang, Tempo, Güte, Rückgabe"),
    ),
    Difference(
        "price", ("Price", "Preis"),
        ("per transaction or person, with credits", "je Vorgang oder Person, mit Gutschriften"),
        ("per milestone, expert hour or outcome", "je Meilenstein, Expertenstunde oder Ergebnis"),
    ),
)  # fmt: skip
"""The ten, in the order in which they are shown."""
