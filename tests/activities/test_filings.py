"""Reading a filing and valuing its company, as a case does it: on the pack's own sample, and on what it lacks."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import anyshore.services
from anyshore.activities import families
from anyshore.activities.filings import assumptions
from anyshore.activities.memory import MemoryContext
from anyshore.base.errors import DataError
from anyshore.filings import chart, filing
from anyshore.finance import dcf
from anyshore.knowledge import figure_evidence
from anyshore.knowledge.figure_evidence import Figure, Origin

SAMPLE = Path(anyshore.services.__path__[0]) / "kpo" / "investment-research" / "samples" / "lindqvist-2025.zip"


def run(content: bytes, activity: str, **more: object) -> Any:
    context = MemoryContext(documents={"d": content})
    return families.run(activity, {"document": "d", "name": "Report", **more}, context)


def changed(**cells: str) -> bytes:
    """The sample with other assumptions; an empty one is left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == assumptions.FILE:
                rows = [line.split(",", 2) for line in text.splitlines()]
                rows = [[key, cells.get(key, value), rest] for key, value, rest in rows if cells.get(key) != ""]
                text = "\n".join(",".join(row) for row in rows)
            new.writestr(name, text)
    return made.getvalue()


def figures(found: list[dict[str, Any]]) -> list[Figure]:
    return [
        Figure(one["id"], one["label"], one["value"], one["unit"], one["period"],
               Origin(one["document"], one["place"]) if one["document"] else None, one["derivation"])
        for one in found
    ]  # fmt: skip


def test_the_sample_is_read_and_its_sums_hold() -> None:
    found = run(SAMPLE.read_bytes(), "filings.read")
    assert (found["year"], found["sums"], found["held"], found["failed"], found["problems"]) == (2025, 8, 8, [], [])
    values = {one["id"]: one["value"] for one in found["figures"]}
    assert values["revenue_2025"] == Decimal("1204500000")
    assert values["cash_2024"] == Decimal("74500000")


def test_every_figure_of_a_valuation_walks_back_to_a_cell_or_a_fact() -> None:
    content = SAMPLE.read_bytes()
    read = run(content, "filings.read")
    valued = run(content, "filings.value", figures=read["figures"], year=read["year"])
    known = figures([*read["figures"], *valued["figures"]])
    document = known[0].origin
    assert document is not None
    said = {**chart.held(filing.read_bytes(content, "Report")), **assumptions.held(content, "Report")}
    held = {(document.document, place): value for place, value in said.items()}
    assert figure_evidence.check(known, held) == []
    grounds = figure_evidence.with_grounds(["per_share"], known)
    assert all(one.origin or figure_evidence.rests_on(one) for one in grounds)
    assert len([one for one in grounds if one.origin]) > 10


def test_the_derivations_say_the_same_as_the_arithmetic_of_valuation() -> None:
    content = SAMPLE.read_bytes()
    read = run(content, "filings.read")
    valued = run(content, "filings.value", figures=read["figures"], year=read["year"])
    known = {one["id"]: one["value"] for one in [*read["figures"], *valued["figures"]]}
    for one in valued["scenarios"]:
        growth = 1 + known[f"growth_{one['name']}"]
        flows = tuple(known["free_cash_flow"] * growth**year for year in range(1, 6))
        case = dcf.Case(flows, known["wacc"], known["long_growth"], known["net_debt"], known["diluted_shares_2025"])
        assert one["per_share"] == pytest.approx(dcf.value(case).per_share, rel=Decimal("1e-20"))
    assert valued["sensitivity"][1][1] == pytest.approx(valued["scenarios"][0]["per_share"], rel=Decimal("1e-20"))
    mean = sum(one["weight"] * one["per_share"] for one in valued["scenarios"])
    assert valued["per_share"] == pytest.approx(mean, rel=Decimal("1e-25"))


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"weight_low": "0.5"}, "valuation.weights"), ({"beta": ""}, "valuation.missing"),
        ({"long_growth": "0.2"}, "valuation.growth"), ({"weight_low": ""}, "valuation.missing"),
        ({"growth_low": "", "growth_base": ""}, "valuation.scenarios"), ({"beta": "much"}, "tables.number"),
    ],
)  # fmt: skip
def test_assumptions_that_make_no_value_are_told(cells: dict[str, str], code: str) -> None:
    content = changed(**cells)
    read = run(content, "filings.read")
    with pytest.raises(DataError) as caught:
        run(content, "filings.value", figures=read["figures"], year=read["year"])
    assert caught.value.code == code


def test_what_is_no_filing_is_refused() -> None:
    with pytest.raises(DataError):
        run(b"Sales were good.", "filings.read")
    with pytest.raises(DataError, match="no zip"):
        run(b"PK\x03\x04 cut", "filings.read")
