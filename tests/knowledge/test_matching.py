from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.knowledge.matching import Expert, Need, Qualification, assign, fit
from anyshore.knowledge.walls import Wall

NY = Qualification("bar:NY", "registrar", until=1000)
ANN = Expert("ann", (NY,), {"en": "native", "de": "B1"}, "onshore", 10, {"law": (19, 20)})
BOB = Expert("bob", (NY, Qualification("cfa")), {"en": "C1", "de": "C1"}, "nearshore", 10, {"law": (5, 10)})


@pytest.mark.parametrize(
    ("need", "at", "reasons"),
    [
        (Need("c"), 1, ()),
        (Need("c", qualifications=("bar:NY",)), 1, ()),
        (Need("c", qualifications=("bar:NY",)), 1000, ("no verified qualification bar:NY",)),
        (Need("c", qualifications=("cfa",)), 1, ("no verified qualification cfa",)),
        (Need("c", languages={"de": "C1", "fr": "A1"}), 1, ("fr not spoken, A1 needed",)),
        (Need("c", languages={"de": "C2"}), 1, ("de C1, C2 needed",)),
        (Need("c", shores=("onshore", "offshore")), 1, ("works nearshore, allowed onshore, offshore",)),
        (Need("c", hours=11), 1, ("10 hours free, 11 needed",)),
    ],
)
def test_what_must_hold_excludes_with_its_reason(need: Need, at: int, reasons: tuple[str, ...]):
    assert fit(BOB, need, [], at).excluded == reasons


def test_a_wall_comes_before_everything_and_tells_nothing_of_the_case():
    wall = Wall("secret", "bob", "declared", "shares", 0, "x")
    need = Need("secret", hours=99, qualifications=("cfa",), languages={"fr": "C2"})
    assert fit(BOB, need, [wall], 1).excluded == ("screened",)
    [assigned] = assign([ANN, BOB], [Need("secret")], [wall], 1)
    assert assigned.experts == ("ann",)
    assert "bob: screened" in assigned.why


def test_the_better_record_wins_but_one_lucky_case_does_not():
    lucky = Expert("lucky", free_hours=10, record={"law": (1, 1)})
    [assigned] = assign([BOB, lucky, ANN], [Need("c", topic="law")], [], 1)
    assert assigned.experts == ("ann",)
    assert [f.expert for f in assigned.fits] == ["ann", "lucky", "bob"]


def test_preferred_qualifications_and_languages_raise_the_fit():
    plain, liked = fit(ANN, Need("c"), [], 1), fit(ANN, Need("c", preferred=("bar:NY",)), [], 1)
    assert liked.score > plain.score
    assert liked.parts["preferred"] == 1


def test_the_day_is_best_as_a_whole_not_case_by_case():
    # Ann is best for both, but only she can do the second.
    one_case = [
        Expert("ann", (NY,), free_hours=1, record={"law": (9, 9)}),
        Expert("bob", (), free_hours=1, record={"law": (1, 9)}),
    ]
    first, second = assign(one_case, [Need("a", topic="law"), Need("b", qualifications=("bar:NY",))], [], 1)
    assert (first.experts, second.experts) == (("bob",), ("ann",))
    assert any("ann fits better" in line for line in first.why)


def test_a_team_is_complete_or_not_at_all():
    [assigned] = assign([ANN], [Need("double", people=2)], [], 1)
    assert assigned.experts == ()
    assert assigned.why == ("open: 1 of 2 people possible",)
    [assigned] = assign([ANN, BOB], [Need("double", people=2)], [], 1)
    assert set(assigned.experts) == {"ann", "bob"}


def test_priority_decides_who_stays_open():
    low, high = assign([ANN], [Need("low", hours=6), Need("high", hours=6, priority=2)], [], 1)
    assert (low.experts, high.experts) == ((), ("ann",))
    assert low.why == ("open: the possible people's hours serve other cases",)


def test_nobody_and_nothing_is_fine():
    assert assign([], [], [], 1) == []
    assert assign([], [Need("c")], [], 1)[0].experts == ()
    assert assign([ANN], [], [], 1) == []


def value(cases: list[Need], experts: list[Expert], chosen: list[tuple[str, ...]]) -> float | None:
    """The objective of an assignment, or None where it breaks the hours."""
    for expert in experts:
        if sum(n.hours for n, who in zip(cases, chosen, strict=True) if expert.id in who) > expert.free_hours:
            return None
    places = sum(n.people for n in cases) + 1
    by_id = {expert.id: expert for expert in experts}
    total = 0.0
    for n, who in zip(cases, chosen, strict=True):
        fits = [fit(by_id[e], n, [], 1) for e in who]
        if any(f.excluded for f in fits):
            return None
        total += sum(f.score for f in fits) + (n.priority * places if who else 0)
    return total


@settings(max_examples=examples(25))
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 5)), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(1, 2)), min_size=1, max_size=3),
)
def test_no_assignment_is_better(people: list[tuple[int, int]], work: list[tuple[int, int, int]]):
    # Records of 10 with an average of one half keep the smoothing out of the comparison.
    experts = [
        Expert(str(n), free_hours=hours, record={"t": (k, 10), "u": (10 - k, 10)})
        for n, (hours, k) in enumerate(people)
    ]
    needs = [Need(str(n), hours=h, people=p, priority=w, topic="t") for n, (h, p, w) in enumerate(work)]
    options = []
    for need in needs:
        teams = itertools.combinations([expert.id for expert in experts], need.people)
        options.append([(), *teams])
    best = max(v for c in itertools.product(*options) if (v := value(needs, experts, list(c))) is not None)
    found = value(needs, experts, [a.experts for a in assign(experts, needs, [], 1)])
    assert found is not None
    assert found == pytest.approx(best)
