"""Which questions are worth asking: those whose answers would most likely change what becomes of an activity.

The value of a question is the probability that its answer changes the answer (rules, judgement or not settled), plus by
how much it makes being right more probable: the expected value of sample information (Raiffa & Schlaifer 1961).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.sourcing.criteria import CRITERIA, Criterion
from anyshore.sourcing.evidence import Judgement, Weight, lean_of, probability
from anyshore.sourcing.gates import Gate
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.text import Text

MOST = 6
LEAST_VALUE = 0.02
REGULATED = ("13-2011", "13-2041", "13-2053", "13-2072", "13-2082", "23-", "29-", "17-1011", "17-2051")
"""Occupations (SOC) whose work laws often reserve to admitted persons or supervised firms."""

TEXTS = {
    "driven by": Text(
        "Do rules decide each item, or does a person judge it?",
        "Entscheiden Regeln jeden Vorgang, oder urteilt ein Mensch?",
    ),
    "process": Text(
        "Can the steps be laid down beforehand, or do they grow with the case?",
        "Lassen sich die Schritte vorab festlegen, oder entstehen sie mit dem Fall?",
    ),
    "complexity": Text(
        "Is an item finished in one sitting, or does it need stages?",
        "Ist ein Vorgang in einem Zug erledigt, oder braucht er Abschnitte?",
    ),
    "requires": Text(
        "Does it take knowing the process, or knowing the subject?",
        "Braucht es Kenntnis des Ablaufs oder Kenntnis des Fachs?",
    ),
    "driving force": Text("Is it done for volume, or for insight?", "Geht es um Menge oder um Erkenntnis?"),
    "coordination": Text(
        "Does it take much talking with the client's people?", "Braucht es viel Abstimmung mit dem Auftraggeber?"
    ),
    "talent": Text(
        "Is it communication that counts, or a professional qualification?",
        "Zählt Kommunikation oder ein Berufsabschluss?",
    ),
    "focus": Text(
        "Is success measured by time and accuracy of items, or by the outcome?",
        "Misst man den Erfolg an Zeit und Genauigkeit der Vorgänge oder am Ergebnis?",
    ),
    "arbitrage": Text(
        "Is cost sought, or expertise the client does not have?",
        "Sucht man niedrigere Kosten oder Wissen, das im Haus fehlt?",
    ),
    "price": Text(
        "Would one pay per transaction or head, or per milestone, expert hour or outcome?",
        "Zahlte man je Vorgang oder Kopf, oder je Meilenstein, Fachstunde oder Ergebnis?",
    ),
    "core": Text(
        "Is it a primary activity, with which the client wins its customers?",
        "Ist sie eine Kerntätigkeit, mit der der Kunde seine Kunden gewinnt?",
    ),
    "place_bound": Text(
        "Must it be done where people, goods or machines are?",
        "Muss sie dort getan werden, wo Menschen, Waren oder Maschinen sind?",
    ),
    "duty": Text(
        "Does a law reserve it to admitted persons, or put a supervised firm under a duty?",
        "Behält ein Gesetz sie zugelassenen Personen vor, oder trifft ein beaufsichtigtes Unternehmen eine Pflicht?",
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question worth asking.

    Attributes:
        column: the column of the portfolio that takes the answer.
        text: the question.
        answers: the words it takes.
        value: what the answer is worth, see the module; 0 or more.
    """

    column: str
    text: Text
    answers: tuple[str, ...]
    value: float

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "column": self.column, "question": self.text.as_dict(), "answers": list(self.answers),
            "value": round(self.value, 3),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaning:
    """What both ends of a criterion say: its words and weight by the rules."""

    rules: str
    judgement: str
    weight: float


def questions(
    activity: Activity, now: Judgement, gates: tuple[Gate, ...], leanings: Mapping[str, Leaning],
    weigh: Mapping[str, Weight], occupation: str,
) -> tuple[Question, ...]:  # fmt: skip
    """The questions worth asking, the most valuable first, at most six.

    Args:
        activity: with what is answered already.
        now: the judgement on what is known.
        gates: what the gates say.
        leanings: both ends of every criterion.
        weigh: the weights of the rules.
        occupation: code of the occupation most like it; empty where there is none.
    """
    found = _of_gates(activity, gates, weigh, occupation)
    if not any(gate.result == "keep" for gate in gates):
        for criterion in CRITERIA:
            if criterion.name not in activity.criteria:
                value = _value(criterion, activity, now, leanings, weigh)
                found.append(Question(criterion.column, TEXTS[criterion.name], criterion.values, value))
    worth = [one for one in found if one.value >= LEAST_VALUE]
    return tuple(sorted(worth, key=lambda one: -one.value)[:MOST])


def _of_gates(
    activity: Activity, gates: tuple[Gate, ...], weigh: Mapping[str, Weight], occupation: str
) -> list[Question]:
    by_name = {gate.gate: gate for gate in gates}
    if any(gate.result == "keep" for gate in gates if gate.gate != "place"):
        return []  # settled whatever they answer
    found = []
    yes_no = ("yes", "no")
    if by_name["place"].result == "ask" or (by_name["place"].result == "keep" and activity.place_bound is None):
        found.append(Question("place_bound", TEXTS["place_bound"], yes_no, weigh["ask place"].weight))
    if by_name["place"].result != "keep":
        if by_name["core"].result == "ask":
            found.append(Question("core", TEXTS["core"], yes_no, weigh["ask core"].weight))
        if activity.duty is None:
            piece = "ask duty regulated" if occupation.startswith(REGULATED) else "ask duty"
            found.append(Question("duty", TEXTS["duty"], (), weigh[piece].weight))
    return found


def _value(
    criterion: Criterion, activity: Activity, now: Judgement, leanings: Mapping[str, Leaning],
    weigh: Mapping[str, Weight],
) -> float:  # fmt: skip
    most = weigh[criterion.measures].weight
    known = signed(criterion.measures, activity.criteria, leanings)
    step = leanings[criterion.name].weight
    before = lean_of(known) if known else 0.0
    up, down = (most * (lean_of([*known, way]) - before) for way in (step, -step))
    half = weigh["band"].weight / (1 + (len(activity.criteria) + 1) / len(CRITERIA)) ** 0.5
    sure = probability((up - down) / 2)
    p = now.probability
    yes = p * sure + (1 - p) * (1 - sure)
    value = 0.0
    for chance, shift in ((yes, up), (1 - yes, down)):
        after = Judgement(now.odds + shift, min(half, now.half))
        value += chance * (_answer(after) != _answer(now))
        value += chance * max(after.probability, 1 - after.probability)
    return max(0.0, value - max(p, 1 - p))


def signed(group: str, known: Mapping[str, str], leanings: Mapping[str, Leaning]) -> list[float]:
    """The known criteria of a group as signed weights: below 0 for rules."""
    found = []
    for criterion in CRITERIA:
        if criterion.measures == group and criterion.name in known:
            leaning = leanings[criterion.name]
            late = criterion.values.index(known[criterion.name]) * 2 >= len(criterion.values) - 0.5
            found.append(leaning.weight if late else -leaning.weight)
    return found


def _answer(judgement: Judgement) -> str:
    return "grey" if judgement.grey else ("judgement" if judgement.odds > 0 else "rules")
