"""Question banks, and what is known of their questions, as people read it and as JSON has it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from anyshore.assessment.item_analysis import Analysis, Item
from anyshore.assessment.questions import Bank
from anyshore.base.telling import Sheet


def bank_data(file: str, bank: Bank) -> dict[str, Any]:
    """What a bank holds."""
    kinds = Counter(one.kind for one in bank.questions)
    return {"file": file, "questions": sum(kinds.values()), "kinds": dict(sorted(kinds.items()))}


def of_banks(held: list[dict[str, Any]]) -> Sheet:
    """What several hold, as ``bank_data`` gives it."""
    rows = [
        (one["file"], one["questions"], ", ".join(f"{count} {kind}" for kind, count in one["kinds"].items()))
        for one in held
    ]
    return Sheet("Question banks", ("File", "Questions", "Kinds"), rows, right=(1,))


def of_analysis(found: Analysis) -> Sheet:
    """The questions with their figures, and why one is weak."""
    model = "" if found.model is None else f", Rasch with discrimination {_rounded(found.model.discrimination)}"
    title = f"{found.people} people, Cronbach's alpha {_rounded(found.alpha) or 'unknown'}{model}"
    columns = ("Question", "People", "Difficulty", "Discrimination", "Upper-lower", "Rasch", "Weak")
    return Sheet(title, columns, [_cells(one) for one in found.items], right=(1, 2, 3, 4, 5))


def _cells(one: Item) -> tuple[object, ...]:
    figures = (one.difficulty, one.discrimination, one.groups, one.rasch)
    return (one.name, one.people, *map(_rounded, figures), ", ".join(one.weak))


def _rounded(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:.3f}"


def analysis_data(found: Analysis) -> dict[str, Any]:
    """The same as plain data."""
    slope = None if found.model is None else found.model.discrimination
    items = [
        {"question": one.name, "people": one.people, "difficulty": None if one.people == 0 else one.difficulty,
         "discrimination": one.discrimination, "groups": one.groups, "rasch": one.rasch, "weak": list(one.weak)}
        for one in found.items
    ]  # fmt: skip
    return {"people": found.people, "complete": found.complete, "alpha": found.alpha, "slope": slope, "items": items}
