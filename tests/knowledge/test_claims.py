from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.knowledge import documents
from anyshore.knowledge.anchors import Span, anchor
from anyshore.knowledge.claims import Claim, accept, check, reanchor, stale

OLD = documents.read(b"The fee is 100 euros. The term is two years. Delaware law governs.", "old.txt")
NEW = documents.read(
    b"Preamble. The fee is 100 euros. The term is three years. Delaware law governs. Two. Two.", "new.txt"
)


def quoted(quote: str, source: documents.Source = OLD) -> tuple[Span, ...]:
    found = anchor(source, quote)
    assert isinstance(found, list)
    return tuple(found)


def claim(id: str, quote: str = "", rests_on: tuple[str, ...] = (), **other: object) -> Claim:
    evidence = quoted(quote) if quote else ()
    made = Claim(id, f"claim {id}", "Dr. Meyer", 0.9, evidence, rests_on)
    return dataclasses.replace(made, **other)  # type: ignore[arg-type]


CLAIMS = [
    claim("fee", "The fee is 100 euros"),
    claim("term", "two years"),
    claim("cost", rests_on=("fee", "term")),
    claim("advice", rests_on=("cost",)),
    claim("law", "Delaware law"),
]


def test_good_claims_have_no_problems():
    assert check(CLAIMS, {OLD.hash: OLD}) == []


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (claim("x"), "claim.unsupported"),
        (claim("x", "two years", text=" "), "claim.empty"),
        (claim("x", "two years", author=""), "claim.no-author"),
        (claim("x", "two years", confidence=1.2), "claim.confidence"),
        (claim("x", "two years", confidence=float("nan")), "claim.confidence"),
        (claim("x", rests_on=("nobody",)), "claim.unknown"),
        (claim("x", rests_on=("x",)), "claim.circular"),
        (claim("fee", "two years"), "claim.duplicate"),
        (claim("x", evidence=quoted("Preamble", NEW)), "claim.no-source"),
        (claim("x", evidence=(dataclasses.replace(quoted("two years")[0], quote="ten years"),)), "claim.evidence"),
        (claim("x", evidence=(dataclasses.replace(quoted("two years")[0], page=2),)), "claim.evidence"),
    ],
)
def test_every_fault_is_told_with_its_claim(broken: Claim, code: str):
    [problem] = check([*CLAIMS, broken], {OLD.hash: OLD})
    assert (problem.code, problem.location.element) == (code, broken.id)
    assert problem.hint


def test_longer_circles_are_found_once():
    ring = [claim("a", rests_on=("b",)), claim("b", rests_on=("c",)), claim("c", rests_on=("a",))]
    problems = check(ring, {})
    assert [problem.code for problem in problems] == ["claim.circular"]
    assert "a → b → c → a" in problems[0].message


def test_a_changed_source_makes_stale_what_rests_on_it_and_says_through_what():
    found = {gone.claim: gone for gone in stale(CLAIMS, {OLD.hash})}
    assert found["fee"].through == ()
    assert found["cost"].through == ("fee",)
    assert found["advice"].through == ("cost", "fee")
    assert found["advice"].documents == (OLD.hash,)


def test_claims_on_other_sources_stay():
    other = claim("other", evidence=quoted("Preamble", NEW))
    assert [gone.claim for gone in stale([*CLAIMS, other], {NEW.hash})] == ["other"]
    assert stale(CLAIMS, set()) == []


def test_both_changed_sources_are_named_in_a_diamond():
    both = [*CLAIMS, claim("pre", evidence=quoted("Preamble", NEW)), claim("top", rests_on=("advice", "pre"))]
    [top] = [gone for gone in stale(both, {OLD.hash, NEW.hash}) if gone.claim == "top"]
    assert top.documents == tuple(sorted((OLD.hash, NEW.hash)))
    assert top.through == ("pre",)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25), st.sets(st.integers(0, 9)))
def test_stale_is_exactly_what_reaches_a_changed_source(edges: list[tuple[int, int]], roots: set[int]):
    evidence = quoted("two years")
    rests = {n: tuple(str(b) for a, b in edges if a == n) for n in range(10)}
    claims = [Claim(str(n), "x", "y", 0.5, evidence if n in roots else (), rests[n]) for n in range(10)]
    expected = set(roots)
    while more := {a for a, b in edges if b in expected and a not in expected}:
        expected |= more
    assert {int(gone.claim) for gone in stale(claims, {OLD.hash})} == expected


def test_reanchoring_is_proposed_where_the_quote_still_stands():
    proposals = {proposal.claim: proposal for proposal in reanchor(CLAIMS, OLD.hash, NEW)}
    assert [span.quote for span in proposals["fee"].places] == ["The fee is 100 euros"]
    assert proposals["fee"].places[0].start == 10
    assert proposals["term"].places == ()
    assert proposals["term"].refusal is not None


def test_only_unambiguous_proposals_are_accepted():
    proposals = reanchor(CLAIMS, OLD.hash, NEW)
    renewed = [accept(each, proposals) for each in CLAIMS]
    assert renewed[0].evidence[0].document == NEW.hash
    assert renewed[1] == CLAIMS[1]
    assert [gone.claim for gone in stale(renewed, {OLD.hash})] == ["term", "cost", "advice"]


def test_an_ambiguous_quote_is_left_to_its_author():
    twice = documents.read(b"two years, two years", "twice.txt")
    [proposal] = reanchor([claim("term", "two years")], OLD.hash, twice)
    assert len(proposal.places) == 2
    assert accept(CLAIMS[1], [proposal]) == CLAIMS[1]
