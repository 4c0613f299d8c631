"""Sourcing: the shipped rules on typical activities, and the honesty of the answers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.sourcing.criteria import CRITERIA, DATA_CLASSES
from anyshore.sourcing.decide import Rules
from anyshore.sourcing.portfolio import Activity

RULES = Rules()
BPO_WORDS = {c.name: c.values[0] for c in CRITERIA}
KPO_WORDS = {c.name: c.values[-1] for c in CRITERIA}


def activity(**changes: object) -> Activity:
    fields: dict[str, object] = {"name": "A", "client_country": "DE", "data_class": "internal"}
    return Activity(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"criteria": BPO_WORDS}, "BPO"),
        ({"criteria": KPO_WORDS}, "KPO"),
        ({"criteria": BPO_WORDS, "core": True}, "keep"),
        ({"criteria": BPO_WORDS, "core": False}, "BPO"),
        ({}, "not enough evidence"),
        ({"criteria": {"driven by": "rules", "process": "predefined"}}, "not enough evidence"),
        ({"criteria": {"driven by": "rules", "process": "adaptive", "arbitrage": "knowledge"}}, "not enough evidence"),
    ],
)
def test_kind(changes: dict[str, object], kind: str) -> None:
    decision = RULES.decide(activity(**changes))
    assert decision.kind == kind
    assert decision.kind_reason.en
    assert decision.kind_reason.de
    assert (decision.shore is None) == (kind in ("keep", "not enough evidence"))


@pytest.mark.parametrize(
    ("changes", "shore"),
    [
        ({"data_class": "secret"}, "none allowed"),
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


def test_every_known_criterion_is_explained() -> None:
    decision = RULES.decide(activity(criteria=BPO_WORDS))
    assert [r.criterion for r in decision.readings] == [c.name for c in CRITERIA]
    assert all(r.leans == "BPO" and r.weight > 0 and r.reason.en and r.reason.de for r in decision.readings)
    assert decision.judgement_share == 0


def test_every_word_of_every_criterion_is_known_to_the_rules() -> None:
    for criterion in CRITERIA:
        for word in criterion.values:
            (reading,) = RULES.decide(activity(criteria={criterion.name: word})).readings
            assert reading.leans in ("BPO", "KPO"), (criterion.name, word)


@given(
    st.fixed_dictionaries({}, optional={c.name: st.sampled_from(c.values) for c in CRITERIA}),
    st.sampled_from(DATA_CLASSES),
    st.sampled_from(["DE", "US", "IN", "CH"]),
    st.sampled_from([None, True, False]),
    st.none() | st.decimals(0, 100_000, places=1),
)
def test_the_rules_leave_no_gap(
    criteria: dict[str, str], data_class: str, country: str, core: bool | None, volume: Decimal | None
) -> None:
    found = RULES.decide(
        activity(
            criteria=criteria, data_class=data_class, client_country=country, core=core, volume_per_month=volume,
            handling_minutes=Decimal(10),
        )
    )  # fmt: skip
    assert found.kind in ("BPO", "KPO", "keep", "not enough evidence")
    assert found.shore in (None, "onshore", "nearshore", "offshore", "none allowed")
    if found.shore not in (None, "none allowed"):
        assert found.shore in found.shores_allowed
