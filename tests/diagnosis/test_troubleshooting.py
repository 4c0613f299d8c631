"""What to mend and what to look at next."""

from __future__ import annotations

import numpy as np
import pytest

from anyshore.base.errors import DataError
from anyshore.diagnosis.network import Network, Variable, checked
from anyshore.diagnosis.troubleshooting import questions, suspects

NORMAL = {"paper": "there", "cable": "fast"}


@pytest.fixture(scope="module")
def printer() -> Network:
    """No paper is the usual reason; a light tells of paper, and nothing of the cable."""
    return checked(
        [
            Variable("paper", ("there", "none"), (), np.array([0.8, 0.2])),
            Variable("cable", ("fast", "loose", "torn"), (), np.array([0.9, 0.08, 0.02])),
            Variable("light", ("off", "on"), ("paper",), np.array([[0.99, 0.01], [0.05, 0.95]])),
            Variable("prints", ("yes", "no"), ("paper", "cable"), np.array(
                [[[0.99, 0.01], [0.1, 0.9], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]]
            )),
        ]
    )  # fmt: skip


def test_the_likely_cause_comes_first_and_cost_changes_that(printer: Network) -> None:
    seen = {"prints": "no"}
    plain = suspects(printer, seen, NORMAL)
    assert [one.cause for one in plain] == ["paper", "cable"]
    assert plain[1].state == "loose"
    assert plain[0].probability == pytest.approx(0.2 / (0.2 + 0.8 * (0.9 * 0.01 + 0.08 * 0.9 + 0.02)))
    dear = suspects(printer, seen, NORMAL, {"paper": 10.0})
    assert [one.cause for one in dear] == ["cable", "paper"]


def test_what_was_seen_moves_the_suspicion(printer: Network) -> None:
    found = suspects(printer, {"prints": "no", "light": "off"}, NORMAL)
    assert found[0].cause == "cable"


def test_the_telling_question_comes_first_and_is_asked_once(printer: Network) -> None:
    asked = questions(printer, {"prints": "no"}, NORMAL, ["light", "prints", "nothing"])
    assert [one.variable for one in asked] == ["light"]
    assert asked[0].bits > 0.3
    assert questions(printer, {"prints": "no", "light": "on"}, NORMAL, ["light"]) == []


def test_a_question_never_makes_it_worse_on_average(printer: Network) -> None:
    for evidence in ({}, {"prints": "yes"}, {"light": "on"}):
        assert all(one.bits >= 0 for one in questions(printer, evidence, NORMAL, printer.observables))


@pytest.mark.parametrize("cost", [0.0, -1.0, float("nan")])
def test_what_costs_nothing_is_refused(printer: Network, cost: float) -> None:
    with pytest.raises(DataError, match="cost"):
        suspects(printer, {}, NORMAL, {"paper": cost})
