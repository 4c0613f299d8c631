from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import CommandRejected
from anyshore.knowledge.walls import (
    Access,
    Interest,
    Wall,
    allowed,
    blocked_cases,
    find,
    lift,
    party_key,
    report,
    screened,
    visible,
)

WALL = Wall("merger", "ann", "declared", "sister works for the other side", 100, "bob")
PARENTS = {"merger/tax": "merger", "merger/tax/memo": "merger/tax"}


@pytest.mark.parametrize(
    ("person", "case", "at", "out"),
    [
        ("ann", "merger", 99, False),
        ("ann", "merger", 100, True),
        ("ann", "merger/tax", 150, True),
        ("ann", "merger/tax/memo", 150, True),
        ("ann", "other", 150, False),
        ("bob", "merger", 150, False),
    ],
)
def test_a_wall_stands_around_a_case_and_its_parts(person: str, case: str, at: int, out: bool):
    assert (screened([WALL], person, case, at, parents=PARENTS) is not None) == out


def test_a_wall_around_a_part_leaves_the_whole_open():
    part = Wall("merger/tax", "ann", "declared", "x", 0, "bob")
    assert screened([part], "ann", "merger", 5, parents=PARENTS) is None
    assert screened([part], "ann", "merger/tax/memo", 5, parents=PARENTS) is part


def test_lists_of_anything_are_filtered_by_their_case():
    rows = [("doc 1", "merger"), ("doc 2", "other"), ("doc 3", "merger/tax")]
    assert visible([WALL], "ann", rows, lambda row: row[1], 150, parents=PARENTS) == [("doc 2", "other")]
    assert visible([WALL], "bob", rows, lambda row: row[1], 150, parents=PARENTS) == rows
    assert allowed([WALL], ["ann", "bob"], "merger", 150) == ["bob"]
    assert blocked_cases([WALL], "ann", 150) == {"merger"}
    assert blocked_cases([WALL], "ann", 50) == frozenset()


def test_lifting_gives_an_end_and_needs_a_reason():
    lifted = lift(WALL, 200, "the sister left")
    assert (lifted.until, lifted.lifted_reason) == (200, "the sister left")
    assert screened([lifted], "ann", "merger", 199) is lifted
    assert screened([lifted], "ann", "merger", 200) is None
    for again in (lambda: lift(lifted, 300, "x"), lambda: lift(WALL, 50, "x"), lambda: lift(WALL, 200, " ")):
        with pytest.raises(CommandRejected):
            again()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACME Corp.", "Acme Corporation"),
        ("Müller G.m.b.H. & Co. KG", "MULLER"),
        ("The Foo Group, Inc.", "foo"),
        ("Société Générale S.A.", "Societe Generale"),
    ],
)
def test_party_names_are_compared_without_legal_forms(one: str, other: str):
    assert party_key(one) == party_key(other)


def test_names_of_legal_forms_only_stay_themselves():
    assert party_key("The Limited") == "the limited"
    assert party_key("Acme") != party_key("Apex")


def test_conflicts_are_found_from_interests():
    interests = [
        Interest("ann", "Acme Corp.", "former employer"),
        Interest("ann", "ACME Corporation", "former employer"),
        Interest("bob", "Acme", "shares", until=100),
        Interest("cid", "Apex", "shares"),
    ]
    found = find("merger", ["ACME, Inc.", "Zed Ltd"], interests, 100)
    assert {(wall.person, wall.kind, wall.since) for wall in found} == {("ann", "found", 100)}
    assert "Acme Corp." in found[0].reason
    assert find("merger", [""], interests, 100) == []


def test_the_report_proves_that_no_access_happened_or_shows_it():
    accesses = [
        Access(50, "ann", "merger", "read"),
        Access(120, "ann", "merger", "open", denied=True),
        Access(150, "bob", "merger", "read"),
        Access(160, "ann", "other", "read"),
    ]
    [screening] = report([WALL], accesses, parents=PARENTS)
    assert screening.clean
    assert [access.at for access in screening.before] == [50]
    assert [access.at for access in screening.refused] == [120]
    [broken] = report([WALL], [*accesses, Access(130, "ann", "merger/tax/memo", "download")], parents=PARENTS)
    assert not broken.clean
    assert [access.action for access in broken.breaches] == ["download"]


def test_accesses_after_lifting_are_no_breach():
    [screening] = report([lift(WALL, 200, "x")], [Access(200, "ann", "merger", "read")])
    assert screening.clean


def test_a_circle_of_cases_ends():
    assert screened([WALL], "ann", "a", 150, parents={"a": "b", "b": "a"}) is None


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 20), st.integers(1, 9)), max_size=8
    )
)
def test_what_is_visible_and_what_is_a_breach_are_opposites(raw: list[tuple[str, str, int, int]]):
    walls = [Wall(case, person, "declared", "r", since, "z", since + length) for person, case, since, length in raw]
    for person in "abc":
        for case in "xyz":
            seen = bool(visible(walls, person, [case], str, 10))
            breached = any(not s.clean for s in report(walls, [Access(10, person, case, "read")]))
            assert seen != breached
