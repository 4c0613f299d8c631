"""A kernel gives what Polars gives for the same plan, in every row."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from anyshore import feel
from anyshore.columnar import kernels, plan
from anyshore.columnar.dialects.polars import expression
from anyshore.columnar.kernels import kernel
from anyshore.columnar.plan import NotCompiled, Plan
from anyshore.columnar.routes import translated

FRAME = pl.DataFrame(
    {
        "small": pl.Series([0, 1, -7, None, 2_000_000_000, 3], dtype=pl.Int32),
        "price": pl.Series([Decimal("4.90"), None, Decimal("-0.01"), Decimal("9999.99"), Decimal(0), Decimal(1)],
                           dtype=pl.Decimal(12, 2)),
        "wide": pl.Series([Decimal(1), Decimal(2), None, Decimal(4), Decimal(5), Decimal(6)], dtype=pl.Decimal(38, 0)),
        "zone": ["EU", None, "US", "", "EU", "12"],
        "other": ["EU", None, "EU", "US", None, "12"],
        "code": pl.Series(["a", "b", None, "a", "b", "b"], dtype=pl.Enum(["b", "a"])),
        "named": pl.Series(["x", "y", None, "x", "z", "y"], dtype=pl.Categorical),
        "open": [True, None, False, True, False, None],
        "due": pl.Series([0, 100, None, -400, 19_000, 1], dtype=pl.Int32).cast(pl.Date),
    }
)  # fmt: skip
EXPRESSIONS = [
    "small * 3 + price", "round half up(price / 7, 2)", "modulo(small, -4)", "modulo(7, 4) * small",
    "small * 864000000", "wide + 1", "if open then small else wide", "zone = other", 'zone in ("EU", "12", null)',
    "zone != null and open", "not(open) or small > 1", 'upper case(zone) = "EU"', 'starts with(other, "E")',
    'code = "a"', 'named = "y"', 'if code = "b" then zone else "none"', "string length(zone) + small",
    "due + duration(\"P1M\")", '(@"2024-03-01" + (@"2024-03-01" - date("2023-12-31"))).weekday', "due.year + small",
    "small in [0..3]", "price between small and wide", "count([small, price, 1][item > 0])", "open = null", "2 > 1",
    'zone + "x" = other + "x"', "if small > 0 then 4.90 else 20", "small = 1 or small = null", "max(small, price)",
]  # fmt: skip


def plan_of(text: str) -> tuple[Plan, Plan]:
    source = feel.compile(text, names=FRAME.columns)
    value, doubt = translated(source, dict(FRAME.schema), {}, 10**15)
    return value.plan, doubt


def computed(frame: pl.DataFrame, *plans: Plan) -> list[list[object]]:
    """The values of plans over a frame, by a kernel."""
    made = kernel(plans, frame)
    found: list[list[object]] = [[] for _ in plans]
    for rows, values in made.chunks():
        height = rows.stop - rows.start
        for at, one in enumerate(values):
            null = np.broadcast_to(False if one.null is None else one.null, height)
            items = np.broadcast_to(one.of, height).tolist()
            text = plans[at].kind == "text"
            found[at] += [
                None if gone else made.texts[item] if text else item for item, gone in zip(items, null, strict=True)
            ]
    return found


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_a_kernel_gives_what_polars_gives(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "CHUNK", 4)
    plans = plan_of(text)
    wanted = FRAME.select(
        pl.int_range(FRAME.height).alias("row"), *(expression(one).alias(str(at)) for at, one in enumerate(plans))
    )
    assert computed(FRAME, *plans) == [wanted["0"].to_list(), wanted["1"].to_list()]


def test_a_computed_constant_keeps_its_value() -> None:
    ((found, *_),) = computed(FRAME, plan_of('(@"2024-03-01" + (@"2024-03-01" - date("2023-12-31"))).weekday')[0])
    assert found == 3


@pytest.mark.parametrize(
    ("op", "wanted"),
    [(plan.both, [True, None, None, False, False, False, None, None, False]),
     (plan.either, [True, True, True, True, None, False, True, None, None])],
)  # fmt: skip
def test_truths_of_three_values(op: object, wanted: list[object]) -> None:
    pairs = [(True, True), (True, None), (None, True), (True, False), (False, None), (False, False), (None, True),
             (None, None), (None, False)]  # fmt: skip
    frame = pl.DataFrame(pairs, schema={"a": pl.Boolean, "b": pl.Boolean}, orient="row")
    fields = [plan.field(name, "truth", "truth") for name in "ab"]
    assert computed(frame, op(*fields)) == [wanted]  # type: ignore[operator]


def test_numbers_past_64_bits_are_no_kernel() -> None:
    frame = pl.DataFrame({"n": pl.Series([10**20], dtype=pl.Decimal(38, 0))})
    value, _ = translated(feel.compile("n", names=["n"]), dict(frame.schema), {}, 10**33)
    with pytest.raises(NotCompiled, match="64 bits"):
        kernel([value.plan], frame)


def test_numbers_past_the_cap_are_told_whatever_their_width() -> None:
    values = [Decimal(10**20), Decimal(-(10**37)), Decimal(5), None]
    frame = pl.DataFrame({"n": pl.Series(values, dtype=pl.Decimal(38, 0))})
    value, doubt = translated(feel.compile("n + 1", names=["n"]), dict(frame.schema), {}, 10**15)
    assert computed(frame, value.plan, doubt) == [[None, None, 6, None], [True, True, False, False]]


def test_what_polars_would_have_to_write_out_is_bounded() -> None:
    value = plan.field("small", "whole", "whole", 1 << 31)
    for _ in range(30):
        value = plan.choose(plan.below(plan.whole(5), value), plan.add(value, plan.whole(1)), value)
    assert len(computed(FRAME, value)[0]) == FRAME.height
    with pytest.raises(NotCompiled, match="operations when written out"):
        kernel([Plan("date part", (value,), "whole", 12, "month")], FRAME)


def test_equal_plans_are_computed_once() -> None:
    plans = [plan_of(text)[0] for text in ("small + 1", "small + 1", "(small + 1) * 2")]
    assert len(kernel(plans, FRAME)._steps) == len(kernel(plans[2:], FRAME)._steps)
