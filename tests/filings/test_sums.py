"""The filer's own sums: which bind, which hold, and what is told of the rest."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.filings.samples import arc, fact, linkbase, summed

from anyshore.filings import filing, sums
from anyshore.filings.model import local

ARCS = arc("g_Total", "g_Sales") + arc("g_Total", "g_Cost", "-1") + arc("g_Total", "o_Extra")


def check(facts: str, arcs: str = ARCS, **more: bool) -> list[sums.Sum]:
    return sums.check(filing.read(summed(facts, arcs, **more)))


def test_a_sum_holds_with_weights_and_an_own_concept() -> None:
    facts = fact("g:Total", "90") + fact("g:Sales", "100") + fact("g:Cost", "30") + fact("o:Extra", "20")
    (one,) = check(facts)
    assert (one.holds, one.computed, one.difference, one.missing) == (True, Decimal(90), Decimal(0), ())
    assert [local(child.concept) for child in one.children] == ["Sales", "Cost", "Extra"]


def test_a_linkbase_within_the_schema_counts() -> None:
    assert check(fact("g:Total", "5") + fact("g:Sales", "5"), embedded=True)[0].holds


@pytest.mark.parametrize(
    ("total", "places", "holds"), [("91", "0", True), ("92", "0", False), ("92", "-1", True), ("90.4", "INF", True)]
)
def test_values_may_be_apart_by_their_rounding(total: str, places: str, holds: bool) -> None:
    facts = fact("g:Total", total, f'decimals="{places}"') + fact("g:Sales", "100") + fact("g:Cost", "10")
    (one,) = check(facts)
    assert one.holds is holds
    assert local(one.missing[0]) == "Extra"


def test_a_sum_binds_only_about_the_same_thing_and_with_a_child() -> None:
    assert check(fact("g:Total", "5")) == []
    assert check(fact("g:Sales", "5")) == []
    assert check(fact("g:Total", "5") + fact("g:Sales", "5", unit="perShare")) == []
    assert check(fact("g:Total", "5") + fact("g:Sales", "", 'xsi:nil="true"')) == []


def test_values_that_contradict_each_other_make_no_sum() -> None:
    facts = fact("g:Total", "5") + fact("g:Sales", "5") + fact("g:Sales", "9")
    (one,) = check(facts)
    assert (one.contradicted, one.holds) == (True, False)


def test_the_most_exact_of_consistent_values_is_taken() -> None:
    facts = fact("g:Total", "1234") + fact("g:Sales", "1000", 'decimals="-3"') + fact("g:Sales", "1234")
    (one,) = check(facts)
    assert (one.holds, one.computed) == (True, Decimal(1234))


def test_a_prohibited_arc_adds_nothing_unless_a_stronger_one_stands() -> None:
    prohibited = arc("g_Total", "g_Cost", "-1", 'use="prohibited" priority="1"')
    facts = fact("g:Total", "100") + fact("g:Sales", "100") + fact("g:Cost", "30")
    arcs = arc("g_Total", "g_Sales") + arc("g_Total", "g_Cost", "-1") + prohibited
    assert check(facts, arcs)[0].holds
    (one,) = check(facts, arcs + arc("g_Total", "g_Cost", "-1", 'priority="2"'))
    assert (one.holds, one.computed) == (False, Decimal(70))


def test_a_schema_filed_under_another_name_is_still_understood() -> None:
    files = dict(summed(fact("g:Total", "5") + fact("o:Extra", "5"), ARCS))
    files["renamed.xsd"] = files.pop("own-2026.xsd")
    assert sums.check(filing.read(files))[0].holds


def test_labels_and_presentation_come_in_the_filer_s_order() -> None:
    role = "http://www.xbrl.org/2003/role/label"
    label = (
        f'<link:label xlink:type="resource" xlink:label="l" xlink:role="{role}" xml:lang="en-US">Net sales</link:label>'
        '<link:labelArc xlink:type="arc" xlink:arcrole="http://www.xbrl.org/2003/arcrole/concept-label" '
        'xlink:from="g_Sales" xlink:to="l"/>'
    )
    shown = "".join(
        f'<link:presentationArc xlink:type="arc" xlink:arcrole="http://www.xbrl.org/2003/arcrole/parent-child" '
        f'xlink:from="g_Total" xlink:to="{child}" order="{order}"/>'
        for child, order in (("g_Cost", "2"), ("g_Sales", "1.5"))
    )
    files = {**summed(fact("g:Total", "5"), ARCS), "lab.xml": linkbase("label", label),
             "pre.xml": linkbase("presentation", shown)}  # fmt: skip
    found = filing.read(files)
    assert found.label("{http://public.example/gaap}Sales") == "Net sales"
    assert found.label("{http://public.example/gaap}Cost") == "Cost"
    (arcs,) = found.presentations.values()
    assert [local(one.child) for one in arcs] == ["Sales", "Cost"]
    assert found.taxonomy.roles == {"http://own.example/role/Income": "0002 - Statement - Income"}


def test_real_filings_are_read_and_their_sums_checked(data_dir: Path) -> None:
    files = sorted((data_dir / "xbrl-filings").glob("*.zip"))
    if not files:
        pytest.skip(f"no filings below {data_dir}")
    for file in files:
        found = filing.read(file)
        checked = sums.check(found)
        assert found.problems == []
        assert len(found.facts) > 100
        assert sum(one.holds for one in checked) > 0.8 * len(checked) > 0
        assert all(one.missing or one.difference for one in checked if not one.holds)
