"""Instances: what a fact is about, what nil is, and how exact a number is."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.filings.samples import context, fact, instance

from anyshore.base.errors import DataError
from anyshore.filings import accuracy, filing
from anyshore.filings.model import Dimension, Period, local, namespace

MEMBER = '<xbrldi:explicitMember dimension="g:Axis">o:Part</xbrldi:explicitMember>'
TYPED = '<xbrldi:typedMember dimension="g:Line"><o:id>7</o:id></xbrldi:typedMember>'


def read(facts: str, contexts: str | None = None) -> filing.Filing:
    return filing.read({"one.xml": instance(facts, contexts)})


def test_a_fact_has_concept_context_unit_and_value() -> None:
    (one,) = read(fact("g:Sales", " 1250.50 ", 'decimals="2" id="f1"')).facts
    assert (local(one.concept), namespace(one.concept)) == ("Sales", "http://public.example/gaap")
    assert (one.value, one.decimals, one.id, one.numeric) == (Decimal("1250.50"), 2, "f1", True)
    assert one.aspects.entity == ("http://www.sec.gov/CIK", "0000000001")
    assert one.aspects.period == Period(date(2025, 1, 1), date(2025, 12, 31))
    assert (one.aspects.period.days, str(one.aspects.period)) == (365, "2025-01-01/2025-12-31")
    assert str(one.unit) == "USD"


def test_nil_is_not_zero() -> None:
    nil, zero = read(fact("g:Sales", "", 'xsi:nil="true"') + fact("g:Cost", "0")).facts
    assert (nil.nil, nil.value) == (True, None)
    assert (zero.nil, zero.value) == (False, Decimal(0))


def test_dimensions_of_segment_and_scenario_explicit_and_typed() -> None:
    contexts = context("y", segment=f"<xbrli:segment>{TYPED}{MEMBER}</xbrli:segment>")
    contexts += context("s", scenario=f"<xbrli:scenario>{MEMBER}</xbrli:scenario>")
    first, second = read(fact("g:Sales", "1") + fact("g:Sales", "2", place="s"), contexts).facts
    axis, member = "{http://public.example/gaap}Axis", "{http://own.example/2026}Part"
    assert first.aspects.dimensions[0] == Dimension(axis, member, False, "segment")
    assert first.aspects.dimensions[1].typed
    assert ">7<" in first.aspects.dimensions[1].member
    assert second.aspects.dimensions == (Dimension(axis, member, False, "scenario"),)
    found = read(fact("g:Sales", "1"), contexts)
    assert found.find("Sales") == []
    assert len(found.find("Sales", dimensions=None)) == 1
    assert len(found.find("Sales", dimensions=reversed(first.aspects.dimensions))) == 1


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("<xbrli:instant>2025-12-31</xbrli:instant>", Period(None, date(2025, 12, 31))),
        ("<xbrli:instant>2026-01-01T00:00:00</xbrli:instant>", Period(None, date(2025, 12, 31))),
        ("<xbrli:instant>2025-12-31T24:00:00Z</xbrli:instant>", Period(None, date(2025, 12, 31))),
        ("<xbrli:startDate>2025-01-01T00:00:00</xbrli:startDate><xbrli:endDate>2026-01-01T00:00:00</xbrli:endDate>",
         Period(date(2025, 1, 1), date(2025, 12, 31))),
        ("<xbrli:forever/>", Period(None, None)),
    ],
)  # fmt: skip
def test_an_end_at_midnight_is_the_day_before(period: str, expected: Period) -> None:
    assert read(fact("g:Sales", "1"), context("y", period)).facts[0].aspects.period == expected


@pytest.mark.parametrize(
    ("written", "value", "decimals"),
    [
        ('decimals="-3"', "12345000", -3), ('decimals="INF"', "5", "INF"), ('precision="4"', "123456", -2),
        ('precision="4"', "0.00123456", 6), ('precision="0"', "12", None), ('precision="2"', "0", "INF"),
        ("", "1", None),
    ],
)  # fmt: skip
def test_precision_becomes_decimals(written: str, value: str, decimals: object) -> None:
    assert read(fact("g:Sales", value, written)).facts[0].decimals == decimals


def test_a_unit_may_divide_and_contexts_that_mean_the_same_are_equal() -> None:
    contexts = context("y") + context("again")
    found = read(
        fact("g:Eps", "1.25", unit="perShare") + fact("g:Eps", "1.3", place="again", unit="perShare"), contexts
    )
    first, second = found.facts
    assert str(first.unit) == "USD/shares"
    assert first.aspects == second.aspects
    assert found.find("Eps", unit="USD/shares", period=first.aspects.period) == [first, second]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("1000", "0"), ("1000", "0"), "complete"), (("1000", "-3"), ("1234", "0"), "consistent"),
        (("1000", "-3"), ("1600", "0"), "inconsistent"), (("1000", "0"), ("1000", "INF"), "consistent"),
    ],
)  # fmt: skip
def test_duplicates_agree_or_not(first: tuple[str, str], second: tuple[str, str], expected: str) -> None:
    facts = "".join(fact("g:Sales", value, f'decimals="{places}"') for value, places in (first, second))
    (group,) = accuracy.duplicates(read(facts).facts)
    assert group.agreement == expected
    assert group.best.value == (group.facts[0].value if first == second else Decimal(second[0]))


def test_a_value_beside_nil_contradicts_it() -> None:
    facts = fact("g:Sales", "1") + fact("g:Sales", "", 'xsi:nil="true"')
    assert accuracy.duplicates(read(facts).facts)[0].agreement == "inconsistent"


def test_facts_in_tuples_and_fractions_are_read() -> None:
    inner = fact("g:Sales", "7")
    part = '<g:Rate contextRef="y" unitRef="usd"><xbrli:numerator>1</xbrli:numerator>'
    found = read(f"<g:Group>{inner}</g:Group>{part}<xbrli:denominator>4</xbrli:denominator></g:Rate>")
    assert found.facts[0].tuples == ("{http://public.example/gaap}Group",)
    assert found.facts[1].value == Decimal("0.25")


def test_every_problem_is_told_and_the_rest_is_read() -> None:
    facts = (
        fact("g:Sales", "1") + fact("g:Sales", "abc") + fact("g:Sales", "1", place="nowhere")
        + fact("g:Sales", "1", unit="none") + fact("g:Sales", "1", 'decimals="x"')
    )  # fmt: skip
    found = read(facts, context("y") + context("odd", "<xbrli:instant>2025-13-01</xbrli:instant>"))
    assert [one.code for one in found.problems] == [
        "filing.context", "filing.number", "filing.context", "filing.unit", "filing.decimals",
    ]  # fmt: skip
    assert all(one.location.line for one in found.problems)
    assert [one.value for one in found.facts] == [Decimal(1), None, Decimal(1)]


def test_a_filing_is_a_zip_a_folder_or_a_file(tmp_path: Path) -> None:
    content = instance(fact("g:Sales", "1"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/one.xml").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("one.xml", content)
        archive.writestr("notes.txt", "no part of it")
    read = [filing.read(tmp_path / name) for name in ("folder", "folder/one.xml", "f.zip")]
    assert [len(one.facts) for one in read] == [1, 1, 1]
    assert len({one.digest for one in read}) == 1
    assert read[2].name == "f"


def test_what_is_no_filing_is_refused() -> None:
    with pytest.raises(DataError, match="no report"):
        filing.read({"a.xml": b"<a/>"})
    with pytest.raises(DataError, match="no zip"):
        filing.read(b"PK nothing")


def test_a_doctype_is_no_part_of_a_filing() -> None:
    evil = instance("").replace(b"<xbrli:xbrl", b"<!DOCTYPE x [<!ENTITY a 'b'>]><xbrli:xbrl", 1)
    found = filing.read({"one.xml": instance(fact("g:Sales", "1")), "two.xml": evil})
    assert len(found.facts) == 1
    assert filing.read({"two.xml": evil, "one.xml": instance("")}).problems[0].code == "xml.doctype"
