"""Sourcing: the shipped rules on typical activities, and the honesty of the answers."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.sourcing.criteria import CRITERIA, DATA_CLASSES, DONE_BY, DUTIES, SPECIFICITY
from anyshore.sourcing.decide import KINDS, Rules
from anyshore.sourcing.portfolio import Activity

ON = date(2026, 11, 30)
RULES = Rules(ON)
BPO_WORDS = {c.name: c.values[0] for c in CRITERIA}
KPO_WORDS = {c.name: c.values[-1] for c in CRITERIA}
LEGACY_NAME = "Xqz"  # like no task, without a cue


def activity(**changes: object) -> Activity:
    fields: dict[str, object] = {"name": LEGACY_NAME, "client_country": "DE", "data_class": "internal"}
    return Activity(**(fields | changes))  # type: ignore[arg-type]


class Log:
    """What a log says, as told."""

    detail = "told"

    def __init__(self, lean: float, *, mixed: bool = False) -> None:
        self.lean, self.mixed = lean, mixed

    def as_dict(self) -> dict[str, object]:
        return {"lean": self.lean}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"criteria": BPO_WORDS}, "BPO"),
        ({"criteria": KPO_WORDS}, "KPO"),
        ({"criteria": BPO_WORDS, "core": True}, "keep"),
        ({"criteria": BPO_WORDS, "core": True, "done_by": "provider"}, "bring back"),
        ({"criteria": BPO_WORDS, "core": False}, "BPO"),
        ({"criteria": BPO_WORDS, "asset_specificity": "high"}, "keep"),
        ({"criteria": BPO_WORDS, "place_bound": True}, "keep"),
        ({"criteria": BPO_WORDS, "duty": "sovereign"}, "keep"),
        ({"criteria": BPO_WORDS, "data_class": "secret"}, "keep"),
        ({}, "ask"),
        ({"criteria": {"driven by": "rules", "process": "adaptive", "arbitrage": "knowledge"}}, "ask"),
        ({"name": "Post supplier invoices"}, "BPO"),
        ({"name": "Kontoauszüge verbuchen"}, "BPO"),
        ({"name": "Assess the risk of an acquisition and advise the board"}, "KPO"),
        ({"name": "Risiken einer Übernahme beurteilen und Empfehlung ableiten"}, "KPO"),
        ({"name": "Repair roofs"}, "keep"),
    ],
)
def test_kind(changes: dict[str, object], kind: str) -> None:
    decision = RULES.decide(activity(**changes))
    assert decision.kind == kind
    assert decision.kind_reason.en
    assert decision.kind_reason.de
    assert (decision.shore is None) == (kind not in ("BPO", "KPO"))


def test_much_routine_rule_work_is_automated_first() -> None:
    name = "Enter data from paper forms into the system"
    found = RULES.decide(activity(name=name, volume_per_month=Decimal(6000), handling_minutes=Decimal(3)))
    assert (found.kind, found.name.routine is not None and found.name.routine >= 0.75) == ("automate first", True)
    little = RULES.decide(activity(name=name, volume_per_month=Decimal(60), handling_minutes=Decimal(3)))
    assert little.kind == "BPO"
    assert "automate first" in [flip.kind for flip in little.flips]


def test_a_log_moves_the_judgement_and_a_mixed_one_splits() -> None:
    rules, judgement = (RULES.decide(activity(), Log(lean)) for lean in (-1.0, 1.0))
    assert (rules.kind, judgement.kind) == ("BPO", "KPO")
    assert [source.source for source in rules.sources] == ["event log"]
    assert RULES.decide(activity(), Log(0.1, mixed=True)).kind == "split"


def test_what_no_question_would_settle_is_tried_on_a_small_part() -> None:
    words = {c.name: c.values[0] if n % 2 else c.values[-1] for n, c in enumerate(CRITERIA)}
    found = RULES.decide(activity(criteria=words, core=False, duty="none", place_bound=False))
    assert (found.judgement.grey, found.kind, found.questions) == (True, "pilot", ())


@pytest.mark.parametrize(
    ("changes", "shore"),
    [
        ({"data_class": "special"}, "onshore"),
        ({"data_class": "personal"}, "nearshore"),
        ({"data_class": "personal", "criteria": BPO_WORDS | {"coordination": "high"}}, "onshore"),
        ({"data_class": "public", "volume_per_month": Decimal(10_000), "handling_minutes": Decimal(2)}, "offshore"),
        ({"data_class": "public", "volume_per_month": Decimal(10), "handling_minutes": Decimal(2)}, "nearshore"),
        ({"data_class": "public"}, "nearshore"),
    ],
)
def test_shore_of_rule_work(changes: dict[str, object], shore: str) -> None:
    decision = RULES.decide(activity(**({"criteria": BPO_WORDS} | changes)))
    assert decision.shore == shore
    assert len(decision.shore_reasons) == 2


def test_every_criterion_is_shown_with_its_source() -> None:
    decision = RULES.decide(activity(criteria=BPO_WORDS))
    assert [r.criterion for r in decision.criteria] == [c.name for c in CRITERIA]
    assert all(r.leans == "BPO" and r.weight > 0 and r.reason and r.source == "client" for r in decision.criteria)
    unasked = RULES.decide(activity(name="Assess credit risk"))
    assert {r.source for r in unasked.criteria} == {"name", ""}
    assert all(r.weight == 0 and r.value is None for r in unasked.criteria)


def test_every_word_of_every_criterion_is_known_to_the_rules() -> None:
    for criterion in CRITERIA:
        for word in criterion.values:
            reading = next(
                r for r in RULES.decide(activity(criteria={criterion.name: word})).criteria if r.value == word
            )
            assert reading.leans in ("BPO", "KPO"), (criterion.name, word)


def test_what_measures_one_thing_is_one_piece_of_evidence() -> None:
    cognition = [c for c in CRITERIA if c.measures == "cognition"]
    odds = []
    for n in range(1, len(cognition) + 1):
        (piece,) = RULES.decide(activity(criteria={c.name: c.values[-1] for c in cognition[:n]})).sources
        odds.append(piece.odds)
    assert odds == sorted(odds)
    assert odds[-1] < 2 * odds[0]


def test_questions_are_few_and_the_most_valuable_first() -> None:
    found = RULES.decide(activity(name="Prepare the monthly report"))
    values = [question.value for question in found.questions]
    assert 0 < len(values) <= 6
    assert values == sorted(values, reverse=True)
    answered = RULES.decide(activity(name="Prepare the monthly report", criteria=BPO_WORDS))
    assert not {q.column for q in answered.questions} & {c.column for c in CRITERIA}


def test_a_flip_flips() -> None:
    found = RULES.decide(activity(criteria=BPO_WORDS))
    assert ("core: yes", "keep") in [(flip.change.en, flip.kind) for flip in found.flips]
    assert all(flip.kind != found.kind for flip in found.flips)


def test_chosen_occupations_stand_in_for_matched_ones() -> None:
    one = activity(name="Handle the quarterly package", occupations=("13-2051.00",))
    found = RULES.decide(one)
    assert {match.code for match in found.name.matches} == {"13-2051.00"}
    clerk = RULES.decide(activity(name="Handle the quarterly package", occupations=("43-9021.00",)))
    assert clerk.judgement.probability < found.judgement.probability
    with pytest.raises(DataError, match="no occupation"):
        RULES.decide(activity(occupations=("00-0000.00",)))


def test_one_that_cannot_be_decided_does_not_stop_the_others() -> None:
    found = RULES.decide_all([activity(name="A", occupations=("x",)), activity(name="Post invoices")])
    assert isinstance(found[0], DataError)
    assert found[1].kind == "BPO"  # type: ignore[union-attr]


def test_the_same_again_gives_the_same_bytes() -> None:
    asked = [activity(name=name) for name in ("Post invoices", "Verträge prüfen", "Assess risks", LEGACY_NAME)]
    together = [json.dumps(d.as_dict()) for d in Rules(ON).decide_all(asked)]  # type: ignore[union-attr]
    alone = [json.dumps(Rules(ON).decide(one).as_dict()) for one in reversed(asked)]
    assert together == alone[::-1]


def test_the_plain_data_has_what_is_agreed() -> None:
    shown = RULES.decide(activity(name="Assess credit risk")).as_dict()
    assert {
        "activity", "kind", "judgement", "low", "high", "grey", "sources", "matched", "gates", "shore", "flips",
    } <= shown.keys()  # fmt: skip
    assert 0 <= shown["low"] <= shown["judgement"] <= shown["high"] <= 1
    assert {"on", "occupations", "words", "rules"} == shown["versions"].keys()


@given(
    st.fixed_dictionaries({}, optional={c.name: st.sampled_from(c.values) for c in CRITERIA}),
    st.sampled_from(DATA_CLASSES),
    st.sampled_from(["DE", "US", "IN", "CH", "GB", "BR"]),
    st.sampled_from([None, True, False]),
    st.none() | st.decimals(0, 100_000, places=1),
    st.sampled_from([None, *DUTIES]),
    st.sampled_from([None, *SPECIFICITY]),
    st.sampled_from([None, *DONE_BY]),
    st.text(max_size=40),
)
def test_the_rules_leave_no_gap(
    criteria: dict[str, str], data_class: str, country: str, core: bool | None, volume: Decimal | None,
    duty: str | None, specificity: str | None, done_by: str | None, name: str,
) -> None:  # fmt: skip
    found = RULES.decide(
        activity(
            name=name, criteria=criteria, data_class=data_class, client_country=country, core=core, duty=duty,
            volume_per_month=volume, handling_minutes=Decimal(10), asset_specificity=specificity, done_by=done_by,
            place_bound=core,
        )
    )  # fmt: skip
    assert found.kind in KINDS
    assert found.shore in (None, "onshore", "nearshore", "offshore", "none allowed")
    if found.shore not in (None, "none allowed"):
        assert found.shore in found.shores_allowed
