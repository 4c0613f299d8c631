"""BPO, KPO, keep, automate first, bring back, split, pilot or ask; and a shore; each with evidence and reasons.

Gates come first (``gates``). What no gate holds is judged on evidence (``evidence``): the name alone, the client's
answers, an event log. Rules in ``rules/`` say how much each counts and what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyshore import dmn
from anyshore.base.errors import AnyshoreError, DmnError
from anyshore.base.locations import Location
from anyshore.sourcing import evidence
from anyshore.sourcing.criteria import CRITERIA
from anyshore.sourcing.evidence import Judgement, Log, Source
from anyshore.sourcing.flips import Flip, flips
from anyshore.sourcing.gates import Gate, Gates
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.prior.reading import Named, Prior, shipped_prior
from anyshore.sourcing.prior.reading import Reading as Name
from anyshore.sourcing.questions import Leaning, Question, questions
from anyshore.sourcing.shores.ranking import Ranking
from anyshore.sourcing.siting import Siting
from anyshore.sourcing.text import Text
from anyshore.sourcing.versions import versions

RULES = Path(__file__).parent / "rules"
"""The rules as shipped: ``kind.dmn``, ``gates.dmn`` and ``shore.dmn``."""
_FILES = ("kind", "gates", "shore")
KINDS = ("BPO", "KPO", "keep", "automate first", "bring back", "split", "pilot", "ask")
OUTSOURCED = ("BPO", "KPO")


@dataclass(frozen=True, slots=True)
class Reading:
    """One criterion.

    Attributes:
        criterion: its name.
        value: the word in the portfolio; None where nobody answered.
        leans: ``BPO`` or ``KPO``; None where it is not known.
        weight: how much it counts among those that measure the same.
        reason: why; None where it is not known.
        source: who says so: ``client``, ``event log``, ``name`` (which only show a lean, and count elsewhere) or empty.
    """

    criterion: str
    value: str | None
    leans: str | None
    weight: Decimal
    reason: Text | None
    source: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "criterion": self.criterion, "value": self.value, "leans": self.leans, "weight": str(self.weight),
            "reason": self.reason and self.reason.as_dict(), "source": self.source,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided for one activity.

    Attributes:
        activity: the activity.
        kind: one of ``KINDS``.
        kind_reason: why.
        judgement: how probable it is that it is judgement work, with its interval.
        sources: the pieces of evidence, each apart.
        criteria: all ten, also those nobody answered.
        name: what the name says: the tasks like it, and the words.
        log: what the event log says; None where there is none.
        gates: what the gates say, in their order.
        questions: what is worth asking.
        flips: what would change the kind.
        shore: ``onshore``, ``nearshore``, ``offshore`` or ``none allowed``; None where nothing goes out.
        shores_allowed: the shores the data class allows.
        shore_reasons: why these are allowed, and why this one was chosen.
        versions: of data and rules, and the day of the decision.
        ranking: of the client's sites; None where there are none, or nothing goes out.
    """

    activity: Activity
    kind: str
    kind_reason: Text
    judgement: Judgement
    sources: tuple[Source, ...]
    criteria: tuple[Reading, ...]
    name: Name
    log: Log | None
    gates: tuple[Gate, ...]
    questions: tuple[Question, ...]
    flips: tuple[Flip, ...]
    shore: str | None
    shores_allowed: tuple[str, ...]
    shore_reasons: tuple[Text, ...]
    versions: dict[str, str]
    ranking: Ranking | None = None

    @property
    def site(self) -> str | None:
        """The site ranked first."""
        return self.ranking.sites[0].site.name if self.ranking and self.ranking.sites else None

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for ``--json``, the REST API and the store."""
        ranking = self.ranking.as_dict() if self.ranking else {}
        return {
            "activity": self.activity.name,
            "kind": self.kind,
            "reason": self.kind_reason.as_dict(),
            "judgement": round(self.judgement.probability, 3),
            "low": round(self.judgement.low, 3),
            "high": round(self.judgement.high, 3),
            "grey": self.judgement.grey,
            "sources": [one.as_dict() for one in self.sources],
            "criteria": [one.as_dict() for one in self.criteria],
            "matched": [
                {"occupation": m.code, "title": m.occupation, "task": m.task, "similarity": m.similarity,
                 "judgement": m.judgement}
                for m in self.name.matches
            ],
            "words": list(self.name.words),
            "log": self.log and self.log.as_dict(),
            "gates": [one.as_dict() for one in self.gates],
            "questions": [one.as_dict() for one in self.questions],
            "flips": [one.as_dict() for one in self.flips],
            "shore": ranking.pop("shores", [])
            or [{"shore": one, "chosen": one == self.shore} for one in self.shores_allowed],
            "site": self.site,
            "ranking": ranking,
            "shores_allowed": list(self.shores_allowed),
            "shore_reasons": [one.as_dict() for one in self.shore_reasons],
            "versions": self.versions,
        }  # fmt: skip


class Rules:
    """The rules of sourcing, read once.

    Args:
        on: the day of the decision: which laws hold.
        folder: where the three files stand; the shipped ones where left out.
        prior: reads names; the shipped one where left out.
        siting: the client's sites, which then say the shore; without them the rules do.

    Raises:
        DmnError: a file is missing or cannot be used; with every error of all.
    """

    def __init__(
        self, on: date, folder: Path = RULES, prior: Prior | None = None, siting: Siting | None = None
    ) -> None:
        missing = [f"{name}.dmn" for name in _FILES if not (folder / f"{name}.dmn").is_file()]
        if missing:
            hint = (
                f"A folder of rules holds {', '.join(f'{name}.dmn' for name in _FILES)}; begin with those of {RULES}."
            )
            raise DmnError("sourcing.rules", f"{', '.join(missing)} is missing.", Location(str(folder)), hint)
        self._kind, gates, self._shore = (dmn.read(folder / f"{name}.dmn") for name in _FILES)
        models = (self._kind, gates, self._shore)
        # A broken expression in a rule is null when it runs, and the rule would be passed over without a word.
        problems = [d for model in models for d in dmn.check(model) if d.severity == "error"]
        if problems:
            raise DmnError.of(problems)
        self._on, self._siting = on, siting
        self._prior = prior or shipped_prior()
        self._gates = Gates(gates, on)
        self._weigh = evidence.weights(self._kind)
        self._rows = {(c.name, word): self._row(c.name, word) for c in CRITERIA for word in c.values}
        self._leanings = {c.name: self._leaning(c.name, c.values) for c in CRITERIA}
        self._kind_of = self._kind.compile("kind")
        self._versions = {"on": on.isoformat(), **versions(folder), **({"sites": siting.version} if siting else {})}
        self._shores: dict[tuple[Any, ...], tuple[str, tuple[str, ...], tuple[Text, ...]]] = {}

    def decide(self, activity: Activity, log: Log | None = None) -> Decision:
        """Decides for one activity.

        Raises:
            DataError: it names an occupation that is none.
            DmnError: the rules leave a gap: they give no kind or no shore for it.
        """
        return self._decide(activity, self._read([activity])[0], log)

    def decide_all(
        self, activities: Sequence[Activity], logs: Mapping[str, Log] | None = None,
        done: Callable[[int], None] = lambda _: None,
    ) -> list[Decision | AnyshoreError]:  # fmt: skip
        """Decides for many: names are read together. Where one cannot be decided, its error stands in its place.

        Args:
            activities: of a portfolio.
            logs: by name of the activity.
            done: told how many are decided.
        """
        try:
            names: list[Name | AnyshoreError] = [*self._read(activities)]
        except AnyshoreError:  # one names an unknown occupation; then each by itself
            names = [_or_error(lambda one=one: self._read([one])[0]) for one in activities]  # type: ignore[misc]
        found: list[Decision | AnyshoreError] = []
        for number, (activity, name) in enumerate(zip(activities, names, strict=True), 1):
            if isinstance(name, AnyshoreError):
                found.append(name)
            else:
                log = (logs or {}).get(activity.name)
                found.append(_or_error(lambda a=activity, n=name, own=log: self._decide(a, n, own)))  # type: ignore[misc]
            done(number)
        return found

    def _read(self, activities: Sequence[Activity]) -> list[Name]:
        return self._prior.read([Named(one.name, one.description, one.occupations) for one in activities])

    def _decide(self, activity: Activity, name: Name, log: Log | None) -> Decision:
        gates = self._gates.of(activity, name.place_bound)
        sources = self.sources(activity.criteria, name, log)
        judged = evidence.combined(sources, self._weigh, len(activity.criteria))
        occupation = name.matches[0].code if name.matches else ""
        asked = questions(activity, judged, gates, self._leanings, self._weigh, occupation)
        kind, reason = self.kind_of(activity, judged, gates, log, name.routine, len(asked))
        shore: str | None = None
        allowed: tuple[str, ...] = ()
        reasons: tuple[Text, ...] = ()
        ranking: Ranking | None = None
        if kind in OUTSOURCED:
            shore, allowed, reasons = self._shore_of(activity, kind)
            if self._siting is not None:
                ranking, told = self._sited(self._siting, activity, kind, allowed)
                if ranking and ranking.sites:  # they say it, and the rule's reason for another one would mislead
                    shore, reasons = ranking.sites[0].shore, reasons[:1]
                reasons = (*reasons, *told)
        changes = flips(self, activity, name, log, gates, judged, sources, kind)
        return Decision(
            activity, kind, reason, judged, tuple(sources), self._criteria(activity, name, log), name, log, gates,
            asked, changes, shore, allowed, reasons, self._versions, ranking,
        )  # fmt: skip

    def sources(self, criteria: Mapping[str, str], name: Name, log: Log | None) -> list[Source]:
        """The pieces of evidence."""
        known = [(c, *self._rows[c, word][:2]) for c, word in criteria.items()]
        found = evidence.from_name(name, self._weigh)
        found += evidence.from_criteria([(c, leans, float(weight)) for c, leans, weight in known], self._weigh)
        if log is not None:
            weight = self._weigh["log"]
            found.append(Source("event log", weight.weight * log.lean, log.detail, weight))
        return found

    def judge(self, criteria: Mapping[str, str], name: Name, log: Log | None) -> Judgement:
        """The judgement on criteria, name and log."""
        return self.combined(self.sources(criteria, name, log), len(criteria))

    def combined(self, sources: Sequence[Source], answered: int) -> Judgement:
        """The judgement on pieces of evidence, so many criteria being answered."""
        return evidence.combined(sources, self._weigh, answered)

    def gates_of(self, activity: Activity, name: Name) -> tuple[Gate, ...]:
        """What the gates say."""
        return self._gates.of(activity, name.place_bound)

    def kind_of(
        self, activity: Activity, judged: Judgement, gates: tuple[Gate, ...], log: Log | None,
        routine: float | None, asked: int,
    ) -> tuple[str, Text]:  # fmt: skip
        """What becomes of an activity, by the rules.

        Raises:
            DmnError: the rules leave a gap.
        """
        hours = activity.monthly_hours
        inputs = {
            "gate": "keep" if any(gate.result == "keep" for gate in gates) else None,
            "out": activity.done_by == "provider",
            "grey": judged.grey,
            "mixed": log is not None and log.mixed,
            "questions": Decimal(asked),
            "judgement": Decimal(str(round(judged.probability, 4))),
            "routine": None if routine is None else Decimal(str(routine)),
            "monthly hours": hours,
        }
        compiled: Any = self._kind_of(inputs)
        row = compiled if isinstance(compiled, dict) else self._result(self._kind, "kind", inputs, activity)
        holding = next((gate.reason for gate in gates if gate.result == "keep"), None)
        reason = _reason(row)
        if holding is not None and inputs["gate"] and row["kind"] in ("keep", "bring back"):
            reason = Text(f"{reason.en} {holding.en}", f"{reason.de} {holding.de}")
        return row["kind"], reason

    def _criteria(self, activity: Activity, name: Name, log: Log | None) -> tuple[Reading, ...]:
        """All ten; for those nobody answered, where name and log lean."""
        found = []
        for one in CRITERIA:
            word = activity.criteria.get(one.name)
            if word is not None:
                leans, weight, reason = self._rows[one.name, word]
                found.append(Reading(one.name, word, leans, weight, reason, "client"))
                continue
            leans, source = _leaning_of(one.name, name, log)
            found.append(Reading(one.name, None, leans, Decimal(0), None, source))
        return tuple(found)

    def _row(self, criterion: str, word: str) -> tuple[str | None, Decimal, Text]:
        inputs = {"criteria": [{"criterion": criterion, "value": word}]}
        listed: Any = self._kind.decide("readings", inputs).value
        row: Mapping[str, Any] = listed[0] if listed else {}
        if row.get("leans") is None:
            return None, Decimal(0), Text("The rules do not know this word.", "Die Regeln kennen dieses Wort nicht.")
        return row["leans"], row["weight"], _reason(row)

    def _leaning(self, name: str, words: tuple[str, ...]) -> Leaning:
        weight = max(float(self._rows[name, word][1]) for word in words)
        return Leaning(words[0], words[-1], weight)

    def _sited(
        self, siting: Siting, activity: Activity, kind: str, allowed: tuple[str, ...]
    ) -> tuple[Ranking | None, tuple[Text, ...]]:
        """The sites an activity may go to, and why in this order; a folder of rules need not say what counts most."""
        order: tuple[str, ...] = ()
        reasons: tuple[Text, ...] = ()
        if any(one.name == "counts most" for one in self._shore.decisions):
            inputs = {"kind": kind, "coordination": activity.criteria.get("coordination")}
            most = self._result(self._shore, "counts most", inputs, activity)
            order, reasons = tuple(most["criteria"]), (_reason(most),)
        ranking, told = siting.rank(activity, allowed, order, self._on)
        return ranking, (*reasons, told)

    def _shore_of(self, activity: Activity, kind: str) -> tuple[str, tuple[str, ...], tuple[Text, ...]]:
        # Where volume or handling time is not known, nothing speaks for a distant team.
        hours = activity.monthly_hours or Decimal(0)
        inputs = {
            "data class": activity.data_class,
            "client country": activity.client_country,
            "kind": kind,
            "coordination": activity.criteria.get("coordination"),
            "monthly hours": hours,
        }
        key = tuple(inputs.values())
        if key not in self._shores:
            allowed = self._result(self._shore, "allowed", inputs, activity)
            shore = self._result(self._shore, "shore", inputs, activity)
            self._shores[key] = shore["shore"], tuple(allowed["shores"]), (_reason(allowed), _reason(shore))
        return self._shores[key]

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


def _leaning_of(criterion: str, name: Name, log: Log | None) -> tuple[str | None, str]:
    """Where a criterion nobody answered leans, and by which evidence; shown, not counted again."""
    if criterion == "process" and log is not None and log.lean:
        return ("KPO" if log.lean > 0 else "BPO"), "event log"
    if criterion == "driven by" and (name.wording or name.similar):
        return ("KPO" if (name.wording or name.similar) > 0 else "BPO"), "name"
    if criterion in ("complexity", "requires", "talent") and name.matches:
        return ("KPO" if name.nearest > 0 else "BPO"), "name"
    return None, ""


def _or_error(decided: Callable[[], Any]) -> Any:
    try:
        return decided()
    except AnyshoreError as error:
        return error


def _reason(item: Mapping[str, Any]) -> Text:
    return Text(item["reason en"], item["reason de"])
