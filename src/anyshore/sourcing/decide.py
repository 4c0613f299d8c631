"""BPO, KPO, keep or not enough evidence, and a shore, each with reasons. The rules are the DMN files in ``rules/``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyshore import dmn
from anyshore.base.errors import Diagnostic, DmnError
from anyshore.base.locations import Location
from anyshore.sourcing.portfolio import Activity, Portfolio

RULES = Path(__file__).parent / "rules"
"""The rules as shipped: ``kind.dmn`` and ``shore.dmn``."""

OUTSOURCED = ("BPO", "KPO")


@dataclass(frozen=True, slots=True)
class Text:
    """A reason in both languages."""

    en: str
    de: str

    def say(self, lang: str) -> str:
        """The reason in a language."""
        return self.de if lang == "de" else self.en


@dataclass(frozen=True, slots=True)
class Reading:
    """What one known criterion says.

    Attributes:
        criterion: its name.
        value: the word in the portfolio.
        leans: ``BPO`` or ``KPO``; None where the rules do not know the word.
        weight: how much it counts.
        reason: why.
    """

    criterion: str
    value: str
    leans: str | None
    weight: Decimal
    reason: Text


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided for one activity.

    Attributes:
        activity: the activity.
        kind: ``BPO``, ``KPO``, ``keep`` or ``not enough evidence``.
        kind_reason: why.
        readings: criterion by criterion, the known ones.
        judgement_share: weight of the criteria that lean to KPO, 0 to 1.
        shore: ``onshore``, ``nearshore``, ``offshore`` or ``none allowed``; None where nothing goes out.
        shores_allowed: the shores the data class allows.
        shore_reasons: why these are allowed, and why this one was chosen.
    """

    activity: Activity
    kind: str
    kind_reason: Text
    readings: tuple[Reading, ...]
    judgement_share: Decimal
    shore: str | None
    shores_allowed: tuple[str, ...]
    shore_reasons: tuple[Text, ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for ``--json``, the REST API and the store."""
        return {
            "activity": self.activity.name,
            "kind": self.kind,
            "reason": _text(self.kind_reason),
            "judgement_share": str(self.judgement_share),
            "criteria": [
                {"criterion": r.criterion, "value": r.value, "leans": r.leans, "weight": str(r.weight),
                 "reason": _text(r.reason)}
                for r in self.readings
            ],
            "shore": self.shore,
            "shores_allowed": list(self.shores_allowed),
            "shore_reasons": [_text(reason) for reason in self.shore_reasons],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Kind:
    kind: str
    reason: Text
    readings: tuple[Reading, ...]
    share: Decimal


class Rules:
    """The rules of sourcing, read once.

    Args:
        folder: where ``kind.dmn`` and ``shore.dmn`` stand; the shipped ones where left out.

    Raises:
        DmnError: a file is missing or cannot be used; with every error of both.
    """

    def __init__(self, folder: Path = RULES) -> None:
        self._kind = dmn.read(folder / "kind.dmn")
        self._shore = dmn.read(folder / "shore.dmn")
        # A broken expression in a rule is null when it runs, and the rule would be passed over without a word.
        problems = [d for model in (self._kind, self._shore) for d in dmn.check(model) if d.severity == "error"]
        if problems:
            raise DmnError.of(problems)
        self._known: dict[tuple[Any, ...], _Kind] = {}

    def decide(self, activity: Activity) -> Decision:
        """Decides for one activity.

        Raises:
            DmnError: the rules leave a gap: they give no kind or no shore for it.
        """
        found = self._kind_of(activity)
        shore: str | None = None
        allowed: list[str] = []
        reasons: list[Text] = []
        if found.kind in OUTSOURCED:
            shore, allowed, reasons = self._shore_of(activity, found.kind)
        return Decision(
            activity, found.kind, found.reason, found.readings, found.share, shore, tuple(allowed), tuple(reasons)
        )

    def decide_all(
        self, portfolio: Portfolio, file: str, progress: Callable[[int], None] | None = None
    ) -> tuple[list[Decision], list[Diagnostic]]:
        """Decides for every activity of a file that can be used.

        Args:
            portfolio: what was read of it.
            file: its name, for messages.
            progress: called with the number of activities that are done.

        Returns:
            The decisions, and the problems of the file and of activities for which the rules leave a gap.
        """
        decisions: list[Decision] = []
        problems = list(portfolio.problems)
        for number, activity in enumerate(portfolio.activities, 1):
            try:
                decisions.append(self.decide(activity))
            except DmnError as error:
                place = Location(file, error.location.element, activity.line)
                problems.append(Diagnostic(error.code, error.message, place, error.hint))
            if progress is not None:
                progress(number)
        return decisions, problems

    def _kind_of(self, activity: Activity) -> _Kind:
        """What the criteria say; of many activities, most say what another said before."""
        key = (activity.core, *activity.criteria.items())
        if key not in self._known:
            criteria = [{"criterion": name, "value": value} for name, value in activity.criteria.items()]
            inputs = {"core": activity.core, "criteria": criteria}
            kind = self._result(self._kind, "kind", inputs, activity)
            listed: Any = self._kind.decide("readings", inputs).value
            share: Any = self._kind.decide("judgement share", inputs).value
            readings = tuple(_reading(item) for item in listed)
            self._known[key] = _Kind(kind["kind"], _reason(kind), readings, round(share, 2))
        return self._known[key]

    def _shore_of(self, activity: Activity, kind: str) -> tuple[str, list[str], list[Text]]:
        # Where volume or handling time is not known, nothing speaks for a distant team.
        hours = activity.monthly_hours
        inputs = {
            "data class": activity.data_class,
            "client country": activity.client_country,
            "kind": kind,
            "coordination": activity.criteria.get("coordination"),
            "monthly hours": Decimal(0) if hours is None else hours,
        }
        allowed = self._result(self._shore, "allowed", inputs, activity)
        shore = self._result(self._shore, "shore", inputs, activity)
        return shore["shore"], allowed["shores"], [_reason(allowed), _reason(shore)]

    @staticmethod
    def _result(model: dmn.Model, name: str, inputs: Mapping[str, Any], activity: Activity) -> dict[str, Any]:
        result = model.decide(name, inputs)
        if not isinstance(result.value, dict):
            causes = "; ".join(d.message for d in result.diagnostics) or "no rule fits"
            raise DmnError(
                "sourcing.gap",
                f"The rules give no {name!r} for activity {activity.name!r}: {causes}.",
                Location(element=name),
                "Add the missing rule to the table.",
            )
        return result.value


def _reading(item: Mapping[str, Any]) -> Reading:
    if item.get("leans") is None:
        unknown = Text("The rules do not know this word.", "Die Regeln kennen dieses Wort nicht.")
        return Reading(item["criterion"], item["value"], None, Decimal(0), unknown)
    return Reading(item["criterion"], item["value"], item["leans"], item["weight"], _reason(item))


def _reason(item: Mapping[str, Any]) -> Text:
    return Text(item["reason en"], item["reason de"])


def _text(text: Text) -> dict[str, str]:
    return {"en": text.en, "de": text.de}
