"""Choice models: known answers, what follows from them, and designs."""

from __future__ import annotations

import numpy as np
import pytest

from anyshore.base.errors import DataError
from anyshore.surveys.choice import conjoint, designs, logit, maxdiff

ATTRIBUTES = {"price": ["low", "mid", "high"], "taste": ["sweet", "sour"]}


def chosen_by(beta: dict[str, float], situations: int, seed: int) -> logit.Choices:
    """Choices of people with known utilities."""
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(situations, 3, len(beta)))
    utility = x @ np.array(list(beta.values())) + chance.gumbel(size=(situations, 3))
    picked = (utility == utility.max(axis=1, keepdims=True)).astype(float).ravel()
    columns = {name: x[:, :, number].ravel() for number, name in enumerate(beta)}
    return logit.choices(columns, np.repeat(np.arange(situations), 3), picked)


def test_two_alternatives_with_a_constant_give_the_log_odds() -> None:
    picked = np.array([1, 0] * 30 + [0, 1] * 10)
    made = logit.choices({"first": np.tile([1.0, 0], 40)}, np.repeat(range(40), 2), picked)
    model = logit.fit(made)
    assert model.coefficients[0] == pytest.approx(np.log(3))
    assert model.errors[0] == pytest.approx(np.sqrt(1 / 30 + 1 / 10))
    assert model.log_likelihood == pytest.approx(30 * np.log(0.75) + 10 * np.log(0.25))


def test_known_utilities_come_back() -> None:
    beta = {"a": 1.0, "b": -0.5}
    model = logit.fit(chosen_by(beta, 4000, 1))
    assert np.abs((model.coefficients - list(beta.values())) / model.errors).max() < 3
    people = np.repeat(range(400), 10)
    clustered = logit.fit(chosen_by(beta, 4000, 1), people)
    assert clustered.errors == pytest.approx(model.errors, rel=0.25)
    assert (clustered.errors != model.errors).all()


def test_what_has_no_maximum_is_told() -> None:
    picked = np.tile([1, 0], 20)
    with pytest.raises(DataError, match="decides every choice"):
        logit.fit(logit.choices({"first": np.tile([1.0, 0], 20)}, np.repeat(range(20), 2), picked))
    with pytest.raises(DataError, match="not exactly one"):
        logit.choices({"x": [1.0, 2]}, [1, 1], [1, 1])


def test_what_people_would_pay_has_an_interval() -> None:
    model = logit.fit(chosen_by({"price": -0.5, "extra": 1.0}, 3000, 2))
    (worth,) = conjoint.willingness_to_pay(model, "price")
    assert worth.low < 2 < worth.high
    # The delta method by small changes of both coefficients.
    price, extra = model.coefficients
    gradient = [(extra / price**2), -1 / price]
    assert worth.error == pytest.approx(np.sqrt(gradient @ model.covariance @ gradient))
    with pytest.raises(DataError, match="not defined"):
        conjoint.willingness_to_pay(model, "extra")


def test_part_worths_add_up_to_nothing_and_importance_to_one() -> None:
    design = designs.conjoint_design(ATTRIBUTES, 12, 3, seed=5)
    profiles = [profile for one in design.sets for profile in one] * 30
    columns = conjoint.coded(ATTRIBUTES, profiles)
    chance = np.random.default_rng(3)
    likes = np.array(
        [(p["price"] == "low") - 1.0 * (p["price"] == "high") + 0.5 * (p["taste"] == "sweet") for p in profiles]
    )
    utility = (likes + chance.gumbel(size=len(likes))).reshape(-1, 3)
    picked = (utility == utility.max(axis=1, keepdims=True)).ravel()
    model = logit.fit(logit.choices(columns, np.repeat(range(len(utility)), 3), picked))
    worths = conjoint.part_worths(model, ATTRIBUTES)
    assert sum(worth.utility for worth in worths if worth.attribute == "price") == pytest.approx(0)
    assert worths[2].level == "high"
    assert worths[0].utility > 0.7 > worths[2].utility
    assert sum(conjoint.importance(worths).values()) == pytest.approx(1)
    market = conjoint.simulated(model, {"ours": {"price=low": 1}, "theirs": {"price=mid": 1}})
    assert sum(share for share, _ in market.values()) == pytest.approx(1)
    assert market["ours"][0] > 0.5
    assert market["ours"][1] == pytest.approx(market["theirs"][1])


def test_held_out_choices_are_hit_more_often_than_by_a_guess() -> None:
    made = chosen_by({"a": 2.0, "b": -1.0}, 1000, 4)
    held = np.arange(1000) % 4 == 0
    fared = conjoint.held_out(made, held)
    assert fared.situations == 250
    assert fared.hits > 2 * fared.chance * 0.9
    assert fared.log_likelihood > fared.chance_log_likelihood


def test_a_design_is_the_same_for_a_seed_and_near_the_ideal() -> None:
    design = designs.conjoint_design(ATTRIBUTES, 9, 3, seed=1)
    assert design == designs.conjoint_design(ATTRIBUTES, 9, 3, seed=1)
    assert 0.8 < design.d_efficiency <= 1 + 1e-9
    assert design.d_error == pytest.approx(designs.d_error(ATTRIBUTES, design.sets))
    assert all(len({profile["price"] for profile in one}) == 3 for one in design.sets)
    with pytest.raises(DataError, match="cannot tell"):
        designs.conjoint_design(ATTRIBUTES, 1, 2, seed=1)


def best_worst(utilities: dict[str, float], sets: int, seed: int) -> list[maxdiff.Task]:
    chance = np.random.default_rng(seed)
    shown = designs.maxdiff_design(list(utilities), sets, 4, seed=seed)
    found = []
    for number, items in enumerate(shown):
        felt = {item: utilities[item] + chance.gumbel() for item in items}
        best = max(felt, key=felt.__getitem__)
        rest = {item: -utilities[item] + chance.gumbel() for item in items if item != best}
        found.append(maxdiff.Task(items, best, max(rest, key=rest.__getitem__), number // 10))
    return found


def test_maxdiff_designs_show_items_and_places_evenly() -> None:
    items = [f"item {number}" for number in range(9)]
    shown = designs.maxdiff_design(items, 18, 4, seed=2)
    often = [sum(item in one for one in shown) for item in items]
    assert set(often) == {8}
    assert all(len(set(one)) == 4 for one in shown)
    pairs = [sum(a in one and b in one for one in shown) for a in items for b in items if a < b]
    assert max(pairs) - min(pairs) <= 2


def test_best_and_worst_bring_the_order_of_items_back_and_anchors_a_line() -> None:
    utilities = {"a": 1.5, "b": 0.5, "c": 0.0, "d": -0.7, "e": -1.3}
    sets = best_worst(utilities, 900, 6)
    model = maxdiff.utilities(sets, "c")
    found = dict(zip(model.names, model.coefficients, strict=True)) | {"c": 0.0}
    assert sorted(found, key=found.__getitem__) == ["e", "d", "c", "b", "a"]
    counts = maxdiff.counted(sets)
    assert sum(count.best for count in counts) == sum(count.worst for count in counts) == 900
    assert sum(maxdiff.shares(model, "c").values()) == pytest.approx(1)
    chance = np.random.default_rng(1)
    anchors: list[maxdiff.Anchor] = [
        (person, item, bool(utility + 1 + chance.logistic() > 0))
        for person in range(90) for item, utility in utilities.items()
    ]  # fmt: skip
    anchored = maxdiff.utilities(sets, anchors=anchors, by_respondent=True)
    line = dict(zip(anchored.names, anchored.coefficients, strict=True))
    assert set(line) == set(utilities)
    assert line["c"] == pytest.approx(1, abs=0.3)
    assert line["a"] - line["e"] == pytest.approx(found["a"] - found["e"], abs=0.5)


def test_sets_without_one_best_and_one_worst_are_left_out_by_name() -> None:
    rows = [(1, 1, "a", 1), (1, 1, "b", -1), (1, 1, "c", 0), (2, 1, "a", 1), (2, 1, "b", 1), (2, 1, "c", -1)]
    sets, left_out = maxdiff.tasks(rows)
    assert [(one.best, one.worst) for one in sets] == [("a", "b")]
    assert left_out == [(2, 1)]
