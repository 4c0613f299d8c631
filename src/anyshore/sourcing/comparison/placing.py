"""Activities as they are drawn: where each stands on the ten differences, on the map, and in the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from anyshore.base.errors import DataError

SHORES = ("onshore", "nearshore", "offshore")
OUTSOURCED = ("BPO", "KPO")
Unit = Literal["hours", "items"]
"""Of what an activity is worth: hours of work, or items, a month."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An activity with what was decided for it.

    Attributes:
        name: what the client calls it.
        kind: ``BPO``, ``KPO``, ``keep`` or another word of the decision.
        shore: one of ``SHORES``; empty where it does not go out, or none is chosen.
        judgement: 0 (rule work) to 1 (judgement work); None where it is not known.
        value: what it is worth, in the unit of the drawing; None where it is not known.
        leans: by criterion ``BPO`` or ``KPO``; criteria that are not known are absent.
        link: address of its page; empty where there is none.
        reason: why this kind, in the language of the drawing.
        settled: whether a person took the decision.
        low: the least the judgement may be; None where it has no interval.
        high: the most.
        flips: what would change the decision, in words.
    """

    name: str
    kind: str
    shore: str = ""
    judgement: float | None = None
    value: float | None = None
    leans: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    reason: str = ""
    settled: bool = False
    low: float | None = None
    high: float | None = None
    flips: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "activity": self.name, "kind": self.kind, "shore": self.shore or None, "judgement": self.judgement,
            "hours": self.value, "leans": dict(self.leans),
        }  # fmt: skip

    @property
    def goes_out(self) -> bool:
        """Whether it is to be outsourced."""
        return self.kind in OUTSOURCED


def placed(
    decision: Mapping[str, Any], language: str, *, value: float | None = None, link: str = "",
    settled: tuple[str, str, str] | None = None,
) -> Placed:  # fmt: skip
    """An activity by the plain data of its decision.

    Args:
        decision: as ``Decision.as_dict`` gives it.
        language: of the reason.
        value: what it is worth.
        link: address of its page.
        settled: kind, shore and reason a person settled on, instead of those of the rules.

    Raises:
        DataError: it is no decision.
    """
    try:
        share = decision.get("judgement", decision.get("judgement_share"))
        kind, shore, reason = str(decision["kind"]), _shore(decision.get("shore")), decision.get("reason") or {}
        told = str(reason.get(language, reason.get("en", "")))
        if settled is not None:
            kind, shore = settled[:2]
            told = settled[2] or told
        leans = {
            one["criterion"]: one["leans"] for one in decision.get("criteria", ()) if one.get("leans") in OUTSOURCED
        }
        return Placed(
            str(decision["activity"]), kind, shore if shore in SHORES else "", _number(share), value, leans, link, told,
            settled is not None, _number(decision.get("low")), _number(decision.get("high")),
            tuple(_flip(one, language) for one in decision.get("flips", ())),
        )  # fmt: skip
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        message = f"This is no decision of an activity: {type(problem).__name__} {problem}."
        raise DataError("comparison.decision", message, hint="Use what anyshore decide --json prints.") from problem


def _shore(given: Any) -> str:
    """The chosen shore: by itself, or the chosen or else the first of a list of them."""
    if not isinstance(given, list):
        return given or ""
    if any("chosen" in one for one in given):
        return next((str(one["shore"]) for one in given if one.get("chosen")), "")
    return str(given[0]["shore"]) if given else ""


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _flip(one: Any, language: str) -> str:
    """What would change a decision, in words: a text in both languages, or a mapping that holds one."""
    if not isinstance(one, Mapping):
        return str(one)
    for name in (language, "en"):
        if isinstance(one.get(name), str):
            return str(one[name])
    inner = next((value for value in one.values() if isinstance(value, Mapping)), None)
    return _flip(inner, language) if inner else ", ".join(f"{key}: {value}" for key, value in one.items())
