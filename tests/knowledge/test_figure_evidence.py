"""Figures rest on sources or on other figures, and what a change reaches is exactly what rests on it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from anyshore.base.errors import DataError
from anyshore.knowledge import claims, deliverable_html, deliverable_pdf, deliverables, figure_evidence
from anyshore.knowledge.claims import Claim
from anyshore.knowledge.deliverables import Deliverable, Paragraph, Section
from anyshore.knowledge.figure_evidence import Figure, Origin

SALES = Figure("sales", "Sales", Decimal("60312000"), "USD", "2025", Origin("d1", "fact Sales, c1", "60,312", "10-K"))
BEFORE = Figure("before", "Sales before", Decimal(58000000), "USD", "2024", Origin("d1", "fact Sales, c0", "58,000"))
GROWTH = Figure("growth", "Growth", Decimal("0.0399"), "pure", "2025", derivation="sales / before - 1", places=4)
ALL = (SALES, BEFORE, GROWTH)
HELD = {one.origin.key: one.value for one in ALL if one.origin}


def codes(figures: Sequence[Figure]) -> list[str]:
    return [one.code for one in figure_evidence.check(figures, HELD)]


def test_figures_that_rest_on_their_sources_are_without_fault() -> None:
    assert codes(ALL) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (replace(SALES, origin=None), "figure.no-source"), (replace(SALES, value=Decimal(1)), "figure.differs"),
        (replace(SALES, derivation="before"), "figure.two-sources"),
        (replace(SALES, origin=Origin("d1", "elsewhere")), "figure.not-there"),
        (replace(GROWTH, value=Decimal("0.05")), "figure.derivation"),
        (replace(GROWTH, derivation="sales / nothing - 1"), "derivation.unknown"),
        (replace(GROWTH, derivation="sales /"), "derivation.syntax"),
        (replace(GROWTH, derivation="sales / (before - before)"), "derivation.undefined"),
        (replace(GROWTH, derivation="growth + 0"), "figure.circular"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_figure_is_told(changed: Figure, code: str) -> None:
    figures = [changed if one.id == changed.id else one for one in ALL]
    assert code in codes(figures)


def test_two_figures_of_one_name_and_rings_are_told() -> None:
    assert "figure.duplicate" in codes([*ALL, SALES])
    ring = [Figure("a", "A", Decimal(1), derivation="b"), Figure("b", "B", Decimal(1), derivation="a")]
    assert codes(ring) == ["figure.circular"]


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("Sales grew by 4.0 % to $60.3 million in 2025.", []), ("Sales were 60,312,000.", []),
        ("They fell by 5 %.", ["5"]),
        ("Sales were 60.4 million.", ["60.4"]),
    ],
)  # fmt: skip
def test_a_number_in_a_sentence_is_one_of_its_figures(text: str, loose: list[str]) -> None:
    assert [str(one.value) for one in figure_evidence.unbound(text, ALL)] == loose


def made(text: str = "Sales grew by 4.0 %.", figures: tuple[str, ...] = ("growth",)) -> tuple[Deliverable, list[Claim]]:
    claim = Claim("c1", text, "An Analyst", 0.9, figures=figures)
    document = Deliverable("Note", "Client", "R1", "1", 0, (Section("View", (Paragraph(claims=("c1",)),)),))
    return document, [claim]


def test_a_deliverable_lists_every_figure_with_its_source() -> None:
    document, found = made()
    composed = deliverables.compose(document, found, {}, figures=ALL, held=HELD)
    assert [one.id for one in composed.figures] == ["growth", "sales", "before"]
    page = deliverable_html.render(composed)
    assert "10-K, fact Sales, c1: 60,312" in page
    assert "= sales / before - 1" in page
    pdf = deliverable_pdf.render(composed)
    assert pdf == deliverable_pdf.render(composed)
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "names", "figures", "code"),
    [
        ("Sales grew by 4.0 %.", ("growth",), (replace(SALES, origin=None), BEFORE, GROWTH), "figure.no-source"),
        ("Sales grew by 7 %.", ("growth",), ALL, "figure.unbound"), ("Sales grew.", ("nothing",),
        ALL, "figure.unknown"),
        ("Sales grew by 4.0 %.", (), ALL, "claim.unsupported"),
    ],
)  # fmt: skip
def test_a_figure_without_a_source_fails_the_build(
    text: str, names: tuple[str, ...], figures: tuple[Figure, ...], code: str
) -> None:
    document, found = made(text, names)
    with pytest.raises(DataError) as caught:
        deliverables.compose(document, found, {}, figures=figures, held=HELD)
    assert code in [one.code for one in caught.value.diagnostics]


def test_a_changed_source_makes_the_deliverable_stale_and_another_hash_signs_other_figures() -> None:
    document, found = made()
    with pytest.raises(DataError, match=r"deliverable\.stale"):
        deliverables.compose(document, found, {}, figures=ALL, held=HELD, changed={"d1"})
    other = [SALES, replace(BEFORE, period="2023"), GROWTH]
    assert deliverables.content_hash(document, found, ALL) != deliverables.content_hash(document, found, other)
    assert deliverables.content_hash(document, found) == deliverables.content_hash(document, found, ())


def test_differing_origins_are_found() -> None:
    after = {**HELD, ("d1", "fact Sales, c0"): Decimal(1)}
    assert figure_evidence.differing(HELD, after) == {("d1", "fact Sales, c0")}
    assert set(figure_evidence.stale(ALL, places=figure_evidence.differing(HELD, after))) == {"before", "growth"}


@pytest.mark.drawn
def test_random_changes_make_exactly_the_dependent_claims_stale() -> None:
    """200 changes to origins of a case of many layers; what must be stale is found by walking up from every claim."""
    chance = random.Random(20261130)
    for _round in range(200):
        sourced = [Figure(f"s{n}", "", Decimal(n), origin=Origin(f"d{n % 7}", f"p{n}")) for n in range(30)]
        figures = list(sourced)
        for n in range(60):
            below = chance.sample(figures, chance.randint(1, 3))
            figures.append(Figure(f"f{n}", "", Decimal(0), derivation=" + ".join(one.id for one in below)))
        said = []
        for n in range(40):
            on = tuple(one.id for one in chance.sample(said, min(len(said), chance.randint(0, 2))))
            figured = tuple(one.id for one in chance.sample(figures, chance.randint(0, 2)))
            said.append(Claim(f"c{n}", "x", "a", 1, rests_on=on, figures=figured))
        changed = chance.choice(sourced)
        assert changed.origin is not None
        places = {changed.origin.key}
        below_of = {one.id: figure_evidence.rests_on(one) for one in figures}
        claims_of = {one.id: one for one in said}

        def reaches(figure: str, target: str = changed.id, below: dict[str, tuple[str, ...]] = below_of) -> bool:
            return figure == target or any(reaches(one, target, below) for one in below[figure])

        def falls(claim: Claim, known: dict[str, Claim] = claims_of) -> bool:
            return any(reaches(one) for one in claim.figures) or any(falls(known[one], known) for one in claim.rests_on)

        found = claims.stale(said, (), figure_evidence.stale(figures, places=places))
        assert [one.claim for one in found] == [one.id for one in said if falls(one)]
        assert all(one.documents == (changed.origin.document,) for one in found)
