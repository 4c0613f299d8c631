"""What is assumed of a process that is simulated."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from anyshore.base.errors import DataError
from anyshore.runtime import assumptions
from anyshore.runtime.assumptions import HOUR, Spread


def scenario(folder: Path, text: str) -> Path:
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense: 1", "unknown"), ("branches: {a: 2}", "chance"), ("branches: 5", "shape"), ("- a", "yaml.shape"),
        ("resources: {a: 0}", "number"), ("durations: {a: soon}", "duration"), ("default: -PT1H", "duration"),
        ("default: {distribution: odd}", "distribution"), ("default: {average: PT1H}", "unknown"),
        ("default: {distribution: lognormal}", "duration"), ("branches: {a: 1, a: 1}", "yaml.duplicate-key"),
        ("errors: {a: {X: yes}}", "chance"),
    ],
)  # fmt: skip
def test_wrong_scenarios(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(DataError) as caught:
        assumptions.read(scenario(tmp_path, text))
    assert caught.value.code in (code, f"scenario.{code}")
    assert caught.value.location.line
    assert caught.value.location.file


@pytest.mark.parametrize(
    "spread",
    [
        Spread("fixed", HOUR), Spread("exponential", HOUR), Spread("uniform", 0, HOUR // 2, 3 * HOUR // 2),
        Spread("normal", HOUR, deviation=HOUR // 10), Spread("triangular", HOUR, HOUR // 2, 3 * HOUR // 2),
        Spread("lognormal", HOUR, deviation=HOUR // 2), Spread("exponential", 0),
    ],
    ids=lambda spread: spread.distribution,
)  # fmt: skip
def test_distributions_have_the_mean_they_say(spread: Spread) -> None:
    chance = random.Random(1)
    drawn = [spread.draw(chance) for _ in range(4000)]
    assert min(drawn) >= 0
    assert sum(drawn) / len(drawn) == pytest.approx(HOUR if spread.mean or spread.most else 0, rel=0.05)
