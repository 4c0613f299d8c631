from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.knowledge import elusion
from anyshore.knowledge.queue import Decision, Document, Ranker, recall_curve, words, work_saved

APPLES, PEARS = "red apple cider orchard", "green pear juice tree"
DOCUMENTS = [Document(f"a{n}", f"{APPLES} {n}") for n in range(5)] + [
    Document(f"p{n}", f"{PEARS} {n}") for n in range(5)
]


def decided(*pairs: tuple[str, bool]) -> list[Decision]:
    return [Decision(id, relevant, "ann", at) for at, (id, relevant) in enumerate(pairs)]


def test_documents_like_the_relevant_ones_come_first():
    ranked = Ranker(DOCUMENTS).rank(decided(("a0", True), ("p0", False)))
    assert {each.document for each in ranked[:4]} == {"a1", "a2", "a3", "a4"}
    assert [each.score for each in ranked] == sorted((each.score for each in ranked), reverse=True)  # type: ignore[type-var]
    assert len(ranked) == 8


def test_before_both_kinds_are_known_the_seed_decides():
    first = [each.document for each in Ranker(DOCUMENTS, seed=1).rank(decided(("a0", True)))]
    assert first == [each.document for each in Ranker(DOCUMENTS, seed=1).rank(decided(("a0", True)))]
    assert first != [each.document for each in Ranker(DOCUMENTS, seed=2).rank(decided(("a0", True)))]
    assert set(first) == {d.id for d in DOCUMENTS} - {"a0"}


def test_families_stay_together_at_their_likeliest_member():
    family = [Document("mail", f"{APPLES} mail", "m1"), Document("invoice", f"{PEARS} attached", "m1")]
    ranker = Ranker([*DOCUMENTS, *family])
    decisions = decided(("a0", True), ("p0", False), *((f"a{n}", True) for n in range(1, 5)))
    assert ranker.next(decisions) == ("mail", "invoice")
    assert ranker.next([*decisions, *decided(("mail", True))]) == ("invoice",)


def test_a_family_named_like_a_document_is_not_its_family():
    ranker = Ranker([Document("x", APPLES), Document("y", APPLES, "x"), Document("z", APPLES, "x")])
    assert {len(ranker.next(decided())), len(ranker.next(decided(("x", True), ("y", False))))} <= {1, 2}
    assert ranker.next(decided(("y", True), ("z", False))) == ("x",)


def test_the_last_decision_on_a_document_counts_and_their_order_does_not():
    ranker = Ranker(DOCUMENTS)
    changed = ranker.rank(decided(("a0", False), ("p0", False), ("a0", True)))
    assert changed == ranker.rank(decided(("p0", False), ("a0", True)))


def test_everything_decided_leaves_nothing():
    ranker = Ranker(DOCUMENTS[:2])
    assert ranker.next(decided(("a0", True), ("a1", False))) == ()


def test_what_cannot_be_reviewed_is_refused():
    with pytest.raises(DataError, match="used twice"):
        Ranker([*DOCUMENTS, DOCUMENTS[0]])
    with pytest.raises(DataError, match="holds a word"):
        Ranker([Document("x", " ... ")])
    with pytest.raises(DataError, match="no document 'q'"):
        Ranker(DOCUMENTS).rank(decided(("q", True)))


def test_work_saved_over_sampling():
    order = [True, False, True, True] + [False] * 16
    assert recall_curve(order)[:4] == [1, 1, 2, 3]
    assert work_saved(order, 100, relevant=3) == pytest.approx(0.96 - 0.05)
    with pytest.raises(DataError, match="ends before"):
        work_saved(order, 100, relevant=50)


@pytest.mark.parametrize(
    ("successes", "trials", "interval"),
    [(0, 20, (0.0, 0.1684)), (81, 263, (0.2527, 0.3676)), (15, 148, (0.0578, 0.1617)), (20, 20, (0.8316, 1.0))],
)
def test_clopper_pearson_as_published(successes: int, trials: int, interval: tuple[float, float]):
    # Newcombe (1998, Stat. Med. 17:857), table I, method 5; the last by symmetry.
    assert elusion.clopper_pearson(successes, trials) == pytest.approx(interval, abs=5e-5)


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (3, 2), (-1, 5)])
def test_what_is_no_sample_is_refused(successes: int, trials: int):
    with pytest.raises(DataError):
        elusion.clopper_pearson(successes, trials)


def test_the_validation_report():
    found = elusion.validate(2000, 500, 95, 300, 0)
    assert found.elusion == 0
    assert found.elusion_high == pytest.approx(0.01222, abs=1e-5)
    assert found.missed_high == pytest.approx(0.01222 * 1200, abs=0.02)
    assert found.recall == 1
    assert found.recall_low == pytest.approx(95 / (95 + 14.66), abs=1e-3)
    assert not found.met
    assert elusion.validate(2000, 500, 95, 300, 0, target=0.85).met


def test_reading_everything_is_full_recall():
    found = elusion.validate(100, 100, 7, 0, 0)
    assert (found.recall, found.recall_low, found.met) == (1, 1, True)
    assert elusion.validate(100, 60, 7, 40, 1).recall_low == 1


@pytest.mark.parametrize(
    "counts", [(100, 50, 60, 10, 0), (100, 50, 5, 60, 0), (100, 50, 5, 10, 11), (100, 50, 5, 0, 0)]
)
def test_contradicting_counts_are_refused(counts: tuple[int, int, int, int, int]):
    with pytest.raises(DataError):
        elusion.validate(*counts)


@given(st.integers(1, 5000), st.integers(1, 500), st.sampled_from([0.7, 0.8, 0.9, 0.95]))
def test_the_sample_size_is_just_enough(unread: int, found: int, target: float):
    size = elusion.sample_size(unread, found, target=target)
    assert elusion.validate(unread + found, found, found, size, 0, target=target).met
    if size > 1:
        assert not elusion.validate(unread + found, found, found, size - 1, 0, target=target).met


def test_samples_are_drawn_by_seed_and_only_from_the_unread():
    unread = [f"d{n}" for n in range(100)]
    drawn = elusion.draw(unread, 10, 5)
    assert drawn == elusion.draw(unread[::-1], 10, 5)
    assert drawn != elusion.draw(unread, 10, 6)
    assert len(set(drawn)) == 10
    assert elusion.draw(unread[:3], 10, 5) == unread[:3]


def test_screening_decisions_are_ranked_well(data_dir: Path):
    with (data_dir / "review" / "nudging_2019.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    truth = {row["record_id"]: row["label_included"] == "1" for row in rows}
    ranker = Ranker([Document(row["record_id"], f"{row['title']} {row['abstract']}") for row in rows])
    first = (
        next(id for id, relevant in truth.items() if relevant),
        next(id for id, relevant in truth.items() if not relevant),
    )
    decisions = [Decision(id, truth[id], "ann", 0) for id in first]
    for _ in range(198):
        [document] = ranker.next(decisions)
        decisions.append(Decision(document, truth[document], "ann", 0))
    # At random 200 of 2,019 documents hold ten of the 101.
    assert sum(decision.relevant for decision in decisions) >= 55


def test_a_word_of_one_letter_counts_alone_and_makes_no_pair():
    assert words("Vitamin C and E in trials") == [
        "vitamin", "c", "and", "e", "in", "trials", "vitamin and", "and in", "in trials",
    ]  # fmt: skip
    assert words("…") == []


def test_documents_without_a_word_come_last():
    documents = [Document(f"r{n}", f"liability for damages {n}") for n in range(3)]
    documents += [Document(f"i{n}", f"lunch menu of day {n} with soup") for n in range(6)]
    documents += [Document(f"e{n}", " — ") for n in range(4)]
    decisions = [Decision("r0", True, "x", 0), Decision("i0", False, "x", 1)]
    ranked = Ranker(documents).rank(decisions)
    assert [each.document for each in ranked[:2]] == ["r1", "r2"]
    assert {each.document for each in ranked[-4:]} == {"e0", "e1", "e2", "e3"}
    assert {each.score for each in ranked[-4:]} == {None}
    assert {each.document for each in Ranker(documents).rank([])[-4:]} == {"e0", "e1", "e2", "e3"}
