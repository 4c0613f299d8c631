"""Conditions over columns give what they give row by row."""

from __future__ import annotations

import random
import time
from datetime import date
from typing import Any

import polars as pl
import pytest
from tests import draws

from anyshore import feel
from anyshore.base.errors import FeelError
from anyshore.columnar.conditions import rows_where

NOON = 1_772_452_800_000_000
PARTS = (
    "not(active)",
    'country = "DE"', 'country in ("DE", "AT", "FR")', "spent > 100", "spent between 50 and 400", "spent = null",
    'contains(tags, "garden")', 'starts with(city, "W")', 'customer_since < date("2024-03-01")', "active",
    "visits + 1 >= 4", 'if active then spent > 10 else country = "AT"', "missing = null", "missing > 3", "visits",
    'string length(city) > 3', "spent * 0.19 > 20", 'customer_since > today() - duration("P400D")',
    'some one in split(tags, " ") satisfies one = "shed"', "spent > 99999999999", 'upper case(city) = "WURZBURG"',
)  # fmt: skip
UNPLANNED = 'some one in split(tags, " ") satisfies one = "shed"'


def contacts(rng: random.Random, rows: int) -> pl.DataFrame:
    def maybe(value: Any) -> Any:
        return None if rng.random() < 0.1 else value

    return pl.DataFrame(
        {
            "id": [f"c{number}" for number in range(rows)],
            "country": [maybe(rng.choice(["DE", "AT", "FR", "nl", ""])) for _ in range(rows)],
            "city": [maybe(rng.choice(["Würzburg", "Wien", "Linz", "Bad Orb", "WURZBURG"])) for _ in range(rows)],
            "spent": [maybe(rng.choice([0.1, 10.25, 100.0, 399.99, 1e12, 1 / 3])) for _ in range(rows)],
            "visits": [maybe(rng.randrange(8)) for _ in range(rows)],
            "active": [maybe(rng.random() < 0.5) for _ in range(rows)],
            "tags": [maybe(" ".join(rng.sample(["garden", "shed", "tools"], rng.randrange(4)))) for _ in range(rows)],
            "customer_since": [maybe(date(2020 + rng.randrange(6), 1 + rng.randrange(12), 3)) for _ in range(rows)],
        },
        schema_overrides={"spent": pl.Float64, "active": pl.Boolean},
    )


@pytest.mark.drawn
@pytest.mark.parametrize("seed", draws.seeds(30, 600))
def test_columns_give_what_rows_give(seed: int) -> None:
    rng = random.Random(seed)
    data = contacts(rng, 60)
    text = rng.choice(PARTS) if seed >= len(PARTS) else PARTS[seed]
    for _ in range(rng.randrange(3)):
        text = f"({text}) {rng.choice(['and', 'or'])} ({rng.choice(PARTS)})"
    found = rows_where(text, data, now=NOON, zone="Europe/Berlin")
    compiled = feel.compile(text)
    wanted = [
        compiled.evaluate(
            {name: feel.from_python(value) for name, value in row.items()}, now=NOON, zone="Europe/Berlin"
        )
        is True
        for row in data.iter_rows(named=True)
    ]
    assert found.holds.to_list() == wanted
    assert found.count == sum(wanted)


@pytest.mark.parametrize(
    "text", [one for one in PARTS if one != UNPLANNED and "today" not in one and "missing" not in one]
)
def test_what_segments_say_has_a_columnar_form(text: str) -> None:
    found = rows_where(text, contacts(random.Random(1), 200))
    assert found.why == ""
    assert found.by_row < 200


def test_all_rows_and_no_feel() -> None:
    data = contacts(random.Random(1), 5)
    assert rows_where(" ", data).count == 5
    with pytest.raises(FeelError):
        rows_where("country = ", data)
    assert rows_where("a b = 1", pl.DataFrame({"a b": [1, 2]})).count == 1


def test_a_hundred_thousand_rows_are_no_loop() -> None:
    data = pl.concat([contacts(random.Random(1), 1000)] * 100)
    before = time.process_time()
    found = rows_where('country in ("DE", "AT") and spent > 100 and contains(tags, "garden")', data)
    assert found.by_row < data.height / 3
    assert time.process_time() - before < 20
    assert 0 < found.count < data.height
