from __future__ import annotations

from pathlib import Path

import pytest
from tests.dmn.models import decision, input_data, item, literal, model

import anyshore
from anyshore import dmn
from anyshore.base.errors import Diagnostic
from anyshore.dmn import table_regions
from anyshore.dmn.grids import Column, Table, to_xml


def codes(found: list[Diagnostic]) -> list[str]:
    return [d.code for d in found]


def table(policy: str, rows: list[list[str]], *columns: Column) -> list[Diagnostic]:
    outputs = [Column("output", "out", "number")]
    return dmn.check(dmn.read(to_xml([Table("T", policy, [*columns, *outputs], rows)], "t", "urn:t"), file="t.dmn"))


AGE = Column("input", "age", "number")
VIP = Column("input", "vip", "boolean")
ZONE = Column("input", "zone", "string", '"EU", "US"')
DAY = Column("input", "day", "date")
AT = Column("input", "at", "date and time")
CLOCK = Column("input", "clock", "time")
NOON, NOON_UTC, NOON_BERLIN = (f'date and time("2026-02-01T12:00:00{zone}")' for zone in ("", "Z", "@Europe/Berlin"))


@pytest.mark.parametrize(
    ("columns", "rows", "examples"),
    [
        ([AGE], [["< 18", "1"], [">= 18", "2"]], []),
        ([AGE], [["< 18", "1"], ["> 18", "2"]], ["age = 18"]),
        ([AGE, VIP], [["< 18", "-", "1"], [">= 18", "true", "2"]], ["age = 18, vip = false"]),
        ([ZONE], [['"EU"', "1"]], ['zone = "US"']),
        ([ZONE], [['"EU"', "1"], ['not("EU")', "2"]], []),
        ([DAY], [['< date("2026-02-01")', "1"], ['> date("2026-02-01")', "2"]], ['day = @"2026-02-01"']),
        ([AT], [[f"< {NOON}", "1"], [f"> {NOON}", "2"]], ['at = @"2026-02-01T12:00:00"']),
        ([AT], [[f"< {NOON}", "1"], [NOON, "2"], [f"> {NOON}", "3"]], []),
        ([AT], [[f"< {NOON_UTC}", "1"], [f"> {NOON_BERLIN}", "2"]], []),
        ([AT], [[f"< {NOON_BERLIN}", "1"], [f"> {NOON_UTC}", "2"]], ['at = @"2026-02-01T11:00:00Z"']),
        # How a clock without a zone stands to one with a zone, no cut can say.
        ([AT], [[f"< {NOON}", "1"], [f"> {NOON_UTC}", "2"]], []),
        (
            [CLOCK],
            [['< time("12:00:00")', "1"], ['[time("12:00:00")..time("23:59:59")]', "2"]],
            ['clock = @"23:59:59.5"'],
        ),
        ([CLOCK], [['>= time("00:00:00")', "1"]], []),
        ([AGE], [["if ? > 3 then true else false", "1"]], []),
        ([AGE], [["null", "1"], ["< 18", "2"], [">= 18", "3"]], []),
        ([AGE], [["not(null)", "1"]], ["age = null"]),
        ([AGE], [["null, < 18", "1"]], ["age = 18"]),
        ([AGE, VIP], [["null", "true", "1"], ["not(null)", "-", "2"]], ["age = null, vip = false"]),
        ([Column("input", "any")], [["null", "1"]], ['any = "something else"']),
    ],
)
def test_gaps_come_with_an_example(columns: list[Column], rows: list[list[str]], examples: list[str]) -> None:
    found = [d for d in table("U", rows, *columns) if d.code == "dmn.gap"]
    assert [d.message.removeprefix("No rule matches ").rstrip(".") for d in found] == examples


def test_a_default_leaves_no_gap() -> None:
    columns = [AGE, Column("output", "out", "number", "", "0")]
    assert dmn.check(dmn.read(to_xml([Table("T", "U", columns, [["1", "1"]])], "t", "urn:t"))) == []


def test_times_are_equal_by_the_second_and_ordered_by_less() -> None:
    rows = [[f"< {NOON}", "1"], [NOON, "2"], [f"> {NOON}", "3"]]
    (found,) = [d for d in table("U", rows, AT) if d.code == "dmn.rules-overlap"]
    assert found.message == 'Rules 2 and 3 both match at = @"2026-02-01T12:00:00.5"; UNIQUE allows one.'


def test_cells_of_two_kinds_do_not_overlap() -> None:
    rows = [["> 5", "1"], ['"a"', "2"], ["<= 5", "3"], [NOON, "4"], [NOON_UTC, "5"]]
    assert "dmn.rules-overlap" not in codes(table("U", rows, Column("input", "anything")))


def test_the_calendar_ends() -> None:
    end = 'date("999999999-12-31")'
    found = table("U", [[f"> {end}", "1"], [f"<= {end}", "2"]], DAY)
    assert codes(found) == ["dmn.rule-unreachable"]


def test_overlaps_come_with_an_example() -> None:
    rows = [["[0..10]", "-", "1"], ["[10..20]", "true", "2"], ["> 20", "-", "3"], ["< 0", "-", "4"]]
    found = [d for d in table("U", rows, AGE, VIP) if d.code == "dmn.rules-overlap"]
    assert [d.message for d in found] == ["Rules 1 and 2 both match age = 10, vip = true; UNIQUE allows one."]
    assert found[0].location.cell == "rule 2"
    assert found[0].location.line is not None


def test_any_may_overlap_with_the_same_output() -> None:
    rows = [["<= 1", "1"], [">= 1", "1"]]
    assert table("A", rows, AGE) == []
    assert codes(table("A", [rows[0], [">= 1", "2"]], AGE)) == ["dmn.rules-overlap"]


def test_rules_that_never_decide() -> None:
    rows = [["< 10", "1"], [">= 5", "2"], ["7", "3"], ["[9..3]", "4"]]
    found = [d for d in table("F", rows, AGE) if d.code == "dmn.rule-unreachable"]
    assert "rule 1 does" in found[0].message
    assert [d.location.cell for d in found] == ["rule 3", "rule 4"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (decision(literal("nothing + 1")), "dmn.unknown-name"),
        (decision(literal("1 +")), "feel.syntax"),
        (decision(literal("1"), type_ref="strange"), "dmn.unknown-type"),
        (decision(literal('"a"'), type_ref="number"), "dmn.type-error"),
        (input_data("a", "string") + decision(literal("a - 1"), inputs=("a",)), "dmn.type-error"),
        (input_data("a", "string") + decision(literal("a > 1"), inputs=("a",)), "dmn.type-error"),
        (input_data("a") + decision(literal("1")), "dmn.unused-input"),
        (input_data("a") + decision(literal("1"), inputs=("a",)), "dmn.unread-input"),
        (decision(literal("1"), knows="gone"), "dmn.reference"),
        (decision(""), "dmn.no-logic"),
        (
            '<decision id="a" name="a"><informationRequirement><requiredDecision href="#b"/></informationRequirement>'
            + literal("b") + '</decision><decision id="b" name="b"><informationRequirement>'
            '<requiredDecision href="#a"/></informationRequirement>' + literal("a") + "</decision>",
            "dmn.cycle",
        ),
    ],
)  # fmt: skip
def test_problems_of_a_model(body: str, code: str) -> None:
    found = dmn.check(model(body))
    assert code in codes(found)
    assert all(d.location.file == "m.dmn" and d.location.line for d in found)


def test_a_sound_model_has_no_findings() -> None:
    types = item("tAge", "number", "[0..130]")
    body = types + input_data("age", "tAge") + decision(literal("age + 1"), type_ref="number", inputs=("age",))
    assert dmn.check(model(body)) == []


def test_cells_and_outputs_of_another_type() -> None:
    assert "dmn.cell-type" in codes(table("U", [['"x"', "1"], ["-", "2"]], AGE))
    assert "dmn.output-type" in codes(table("U", [["-", '"x"']], AGE))


def test_a_rule_of_lower_priority_never_decides() -> None:
    columns = [AGE, Column("output", "risk", "string", '"high", "low"')]
    rows = [["> 10", '"high"'], ["> 20", '"low"'], ["<= 20", '"low"']]
    found = dmn.check(dmn.read(to_xml([Table("T", "P", columns, rows)], "t", "urn:t")))
    assert [(d.code, d.location.cell) for d in found] == [("dmn.rule-unreachable", "rule 2")]
    assert "wherever it matches, rule 1 does" in found[0].message


def test_columns_that_test_the_same_are_taken_together() -> None:
    rows = [[">= 5", "< 10", "1"], ["< 5", "-", "2"], ["-", ">= 10", "3"]]
    assert table("U", rows, AGE, AGE) == []
    assert codes(table("U", [*rows, ["> 8", "< 7", "4"]], AGE, AGE)) == ["dmn.rule-unreachable"]


def test_allowed_values_count_where_a_path_reads_them() -> None:
    types = item("tStatus", "string", '"new","closed"')
    types += '<itemDefinition name="tOrder"><itemComponent name="status"><typeRef>tStatus</typeRef></itemComponent>'
    types += "</itemDefinition>"
    logic = (
        '<decisionTable><input><inputExpression><text>order.status</text></inputExpression></input><output name="D"/>'
    )
    for word in ("new", "closed", "close"):
        cells = f'<inputEntry><text>"{word}"</text></inputEntry><outputEntry><text>1</text></outputEntry>'
        logic += f"<rule>{cells}</rule>"
    body = types + input_data("order", "tOrder") + decision(logic + "</decisionTable>", inputs=("order",))
    found = dmn.check(model(body))
    assert [(d.code, d.location.cell) for d in found] == [("dmn.rule-unreachable", "rule 3")]
    assert "order.status" in found[0].message


def test_the_name_that_was_meant_is_told() -> None:
    found = table("U", [["-", "agee"]], AGE)
    assert found[0].hint == 'Did you mean age? A text stands in double quotes: "agee".'
    assert dmn.check(model(decision(literal("1"), type_ref="nmber")))[0].hint == "Did you mean number?"


def test_a_search_that_is_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"[{n}..{n + 30}]", "true" if n % 2 else "false", f"[{n}..{n + 9}]", str(n)] for n in range(60)]
    columns = (AGE, VIP, Column("input", "size", "number"))
    assert "dmn.check-partly" not in codes(table("F", rows, *columns))
    monkeypatch.setattr(table_regions, "BUDGET", 50)
    found = [d for d in table("F", rows, *columns) if d.code == "dmn.check-partly"]
    assert found
    assert {d.severity for d in found} == {"info"}


def test_large_tables_are_checked_quickly() -> None:
    rows = [[f"[{n * 10}..{n * 10 + 10})", "-", str(n)] for n in range(600)]
    rows += [["< 0", "-", "1"], [">= 6000", "-", "2"]]
    assert table("U", rows, AGE, VIP) == []


SHIPPED = sorted(Path(anyshore.__file__).parent.rglob("*.dmn"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_model_is_without_fault(file: Path) -> None:
    assert dmn.check(dmn.read(file)) == []


def test_there_are_shipped_models() -> None:
    assert len(SHIPPED) >= 4
