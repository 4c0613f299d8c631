from __future__ import annotations

import decimal
import random
from decimal import Decimal
from pathlib import Path

import pytest
from conformance import payroll as suite
from hypothesis import given
from hypothesis import strategies as st
from tests import draws
from tests.payroll.charts import chart, tax

from anyshore.payroll.wagetax import WageTax, WageTaxError, read, valid_from

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Lohnsteuer2026", "2026-01-01"), ("Lohnsteuer2023AbJuliBig", "2023-07-01"),
        ("Lohnsteuer2024Dezember", "2024-12-01"), ("Lohnsteuer2015BisNovember", "2015-01-01"), ("Tax", "None"),
    ],
)  # fmt: skip
def test_the_name_of_a_chart_tells_its_first_day(name: str, day: str) -> None:
    assert str(valid_from(name)) == day


@pytest.mark.parametrize(
    ("mode", "results"),
    [
        ("ROUND_DOWN", "1 1 -1 1 -1"), ("ROUND_UP", "2 2 -2 2 -2"), ("ROUND_FLOOR", "1 1 -2 1 -2"),
        ("ROUND_CEILING", "2 2 -1 2 -1"), ("ROUND_HALF_UP", "2 1 -2 2 -2"), ("ROUND_HALF_DOWN", "1 1 -1 2 -2"),
        ("ROUND_HALF_EVEN", "2 1 -2 2 -2"),
    ],
)  # fmt: skip
def test_rounding_is_that_of_big_decimal(mode: str, results: str) -> None:
    one = tax(f"X = A.setScale(0, BigDecimal.{mode})", f"Y = A.divide(BigDecimal.ONE, 0, RoundingMode.{mode[6:]})")
    found = [one.compute({"A": Decimal(value)}) for value in ("1.5", "1.4", "-1.5", "1.51", "-1.51")]
    assert [int(each["X"]) for each in found] == [int(each) for each in results.split()]
    assert all(each["X"] == each["Y"] for each in found)


@given(AMOUNTS, AMOUNTS, AMOUNTS.filter(bool), st.sampled_from(["DOWN", "UP", "HALF_UP", "HALF_EVEN", "CEILING"]))
def test_exact_arithmetic_whatever_the_scales(a: Decimal, b: Decimal, c: Decimal, mode: str) -> None:
    one = tax(
        f"X = A.multiply(B).add(A).subtract(BigDecimal.valueOf(0.375)).divide(Z, 5, BigDecimal.ROUND_{mode})",
        "Y = A.max(B).negate().min(A.abs())", "I = 7 * A.compareTo(B) + N",
        inputs="".join(f'<INPUT name="{name}" type="BigDecimal"/>' for name in "ABZ") + '<INPUT name="N" type="int"/>',
    )  # fmt: skip
    found = one.compute({"A": a, "B": b, "Z": c, "N": 3})
    with decimal.localcontext(prec=80):
        wanted = ((a * b + a - Decimal("0.375")) / c).quantize(Decimal("0.00001"), getattr(decimal, f"ROUND_{mode}"))
    assert found["X"] == wanted
    assert found["Y"] == min(-max(a, b), abs(a))
    assert found["I"] == 7 * ((a > b) - (a < b)) + 3


def test_a_quotient_without_a_scale_is_exact_or_refused() -> None:
    one = tax("X = A.divide(BigDecimal.valueOf(12))", "Y = A.divide(BigDecimal.valueOf(-8))")
    assert one.compute({"A": 990})["X"] == Decimal("82.5")
    assert one.compute({"A": 3})["Y"] == Decimal("-0.375")
    with pytest.raises(WageTaxError) as found:
        one.compute({"A": 100})
    assert found.value.code == "wagetax.arithmetic"


def test_a_divisor_that_only_running_tells() -> None:
    one = tax("X = A.divide(B)", "Y = A.divide(B, 2, BigDecimal.ROUND_DOWN)")
    assert one.compute({"A": 1, "B": Decimal("-0.8")})["X"] == Decimal("-1.25")
    for b in (3, 0):
        with pytest.raises(WageTaxError):
            one.compute({"A": 1, "B": b})


def test_branches_methods_tables_and_what_follows_them() -> None:
    one = tax(
        "I = N - 2",
        '<IF expr="N &gt; 3 &amp;&amp; !(A.compareTo(B) == 1) || N == 2"><THEN><EXECUTE method="M"/></THEN>'
        '<ELSE><EVAL exec="X = A.setScale(1, BigDecimal.ROUND_UP)"/></ELSE></IF>',
        "Y = X.multiply(BigDecimal.valueOf(f))",
        constants='<CONSTANT name="T" type="BigDecimal[]" value="{BigDecimal.ZERO, BigDecimal.valueOf( 0.25), '
        'new BigDecimal(&quot;7&quot;)}"/>',
        methods='<METHOD name="M"><EVAL exec="X = T[I].add(T[1])"/></METHOD>',
    )  # fmt: skip
    assert one.compute({"N": 2}) == {"X": Decimal("0.25"), "Y": Decimal("0.25"), "I": 0}
    assert one.compute({"N": 4, "A": 1, "B": 1})["X"] == Decimal("7.25")
    assert one.compute({"N": 4, "A": Decimal("1.01"), "f": Decimal("0.1234567")})["Y"] == Decimal("1.1") * Decimal(
        "0.1234567"
    )
    with pytest.raises(WageTaxError, match="no element 3"):
        one.compute({"N": 5})


def test_an_else_after_its_if_belongs_to_it() -> None:
    one = tax('<IF expr="N == 1"><THEN><EVAL exec="X = A"/></THEN></IF><ELSE><EVAL exec="X = B"/></ELSE>')
    assert [one.compute({"N": n, "A": 1, "B": 2})["X"] for n in (1, 2)] == [1, 2]


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("X = A +", "cannot be read"), ("X = Q", "no variable Q"), ("X = A.setScale(N)", "scale that is no number"),
        ("X = A.divide(B, BigDecimal.ROUND_UP)", "2 arguments"), ("X = A.sqrt()", "sqrt"), ("X = N", "another type"),
        ("X = BigDecimal.valueOf(N + 2.5)", "binary floats"), ("X = new BigDecimal(0.1)", "binary float"),
        ("<EXECUTE method='NONE'/>", "no method"), ("<LOOP/>", "LOOP"), ("<IF expr='N + 1'/>", "no condition"),
        ("X = A.divide(BigDecimal.ZERO)", "zero"), ("X = A.setScale(99, BigDecimal.ROUND_UP)", "decimal places"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_told_with_its_line(statement: str, word: str) -> None:
    with pytest.raises(WageTaxError, match=word) as found:
        tax("I = N", statement).compute({"N": 1})
    assert found.value.diagnostics[0].location.line


def test_a_method_that_calls_itself_is_refused() -> None:
    with pytest.raises(WageTaxError) as found:
        tax('<EXECUTE method="M"/>', methods='<METHOD name="M"><EXECUTE method="M"/></METHOD>').compute({})
    assert found.value.code == "wagetax.depth"


@pytest.mark.parametrize("value", [1.5, True, "1", Decimal("NaN"), None])
def test_only_exact_numbers_go_in(value: object) -> None:
    with pytest.raises(WageTaxError) as found:
        tax("X = A").compute({"A": value})  # type: ignore[dict-item]
    assert found.value.code == "wagetax.input"


def test_inputs_and_outputs_that_do_not_exist_are_named() -> None:
    for inputs, outputs in (({"NONE": 1}, None), ({}, ["NONE"]), ({"N": Decimal("1.5")}, None)):
        with pytest.raises(WageTaxError):
            tax("X = A").compute(inputs, outputs)


def test_every_assignment_can_be_shown() -> None:
    steps = tax("Z = A.add(B)", "X = Z.setScale(0, BigDecimal.ROUND_UP)").explain({"A": Decimal("1.25"), "B": 1})
    assert [(one.name, one.value, one.text) for one in steps] == [
        ("Z", Decimal("2.25"), "Z = A.add(B)"),
        ("X", Decimal("3"), "X = Z.setScale(0, BigDecimal.ROUND_UP)"),
    ]


@given(st.binary(max_size=60), st.text(max_size=30))
def test_whatever_is_read_is_read_or_refused(content: bytes, text: str) -> None:
    for each in (content, chart("X = A").replace(b'A"/>', text.encode("utf-8", "ignore") + b'"/>')):
        try:
            WageTax(read(each, "drawn.xml")).compute({})
        except WageTaxError:
            continue


CHARTS = ["2023", "2023AbJuli", "2024", "2024Dezember", "2025", "2026"]


@pytest.mark.drawn
@pytest.mark.parametrize("name", CHARTS)
def test_published_charts_give_what_the_code_of_lstgen_gives(name: str, data_dir: Path) -> None:
    content = (data_dir / "payroll" / f"Lohnsteuer{name}.xml").read_bytes()
    count = draws.examples(60)
    assert suite.differential(WageTax(read(content, name)), content, count) == count


def test_the_suite_passes(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "DRAWN", 1)
    score = suite.run(data_dir)
    assert score.failed == []
    assert score.passed == score.total >= 3000
    assert score.extra == {"charts": 6, "differential": 6, "differential_equal": 6}


def test_columns_give_what_rows_give(data_dir: Path) -> None:
    numpy = pytest.importorskip("numpy")
    from anyshore.payroll.wagetax import compute_columns

    places = {"f": 3, "KVZ": 2, "ZKF": 1}
    for name in CHARTS[::3]:
        one = WageTax(read((data_dir / "payroll" / f"Lohnsteuer{name}.xml").read_bytes(), name))
        source = random.Random(name)
        rows = [suite.drawn_inputs(one.chart, source) for _ in range(150)]
        for row, large in zip(rows, (10**9, 10**11, 10**12, 10**16, 5), strict=False):
            row["RE4"] = large
        columns = {
            each: (
                numpy.array([int(Decimal(row[each]).scaleb(places.get(each, 0))) for row in rows]),
                places.get(each, 0),
            )
            for each in rows[0]
        }
        found = compute_columns(one, columns, tuple(one.chart.outputs))
        for number, row in enumerate(rows):
            wanted = one.compute(row)
            assert {
                each: Decimal(int(array[number])).scaleb(-scale) for each, (array, scale) in found.items()
            } == wanted


def test_columns_are_checked() -> None:
    numpy = pytest.importorskip("numpy")
    from anyshore.payroll.wagetax import compute_columns

    one = tax("X = A.divide(BigDecimal.valueOf(3))")
    whole = numpy.array([3, 6])
    assert compute_columns(one, {"A": whole, "N": 1}, ["X"])["X"][0].tolist() == [1, 2]
    for inputs in ({"A": whole.astype(float)}, {"A": 3}, {"A": whole, "B": whole[:1]}, {"Q": whole}, {"N": (whole, 1)}):
        with pytest.raises(WageTaxError) as found:
            compute_columns(one, inputs, ["X"])
        assert found.value.code == "wagetax.input"
    with pytest.raises(WageTaxError, match="cannot be computed"):
        compute_columns(one, {"A": numpy.array([3, 4])}, ["X"])
