"""The machine is solved exactly, and a review stops where its tail is long and holds nothing."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from anyshore.knowledge.queue import Document, Ranker
from anyshore.knowledge.separating import separate
from anyshore.knowledge.stopping import may_stop, stops_at

WORDS = [f"word{number}" for number in range(400)]
TOPIC = [f"topic{number}" for number in range(12)]


def documents(seed: int, total: int = 400, relevant: int = 30) -> tuple[list[Document], dict[str, bool]]:
    """Documents of which the first are of one topic, some of them hardly."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(total):
        words = [str(word) for word in rng.choice(WORDS, size=40)]
        if number < relevant:
            words += [str(word) for word in rng.choice(TOPIC, size=int(rng.integers(1, 8)))]
        made.append(Document(str(number), " ".join(words)))
    return made, {str(number): number < relevant for number in range(total)}


def test_the_plane_is_that_of_liblinear_where_it_is_let_to_end() -> None:
    rng = np.random.default_rng(4)
    points = rng.normal(size=(80, 20))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    relevant = points[:, 0] + 0.2 * rng.normal(size=80) > 0.15
    weights = np.where(relevant, 1.0, relevant.sum() / (9.8 * (~relevant).sum()))
    weights *= 80 / weights.sum()
    other = LinearSVC(C=0.11, tol=1e-10, max_iter=200_000, random_state=0).fit(points, relevant, sample_weight=weights)
    found = separate((points @ points.T).astype(np.float32), relevant, cost=0.11, ratio=9.8)
    ours = (points @ points.T + 1) @ found
    assert np.allclose(ours, other.decision_function(points), atol=1e-5)


def test_where_it_began_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(60, 8)).astype(np.float32)
    relevant = points[:, 0] > 0.3
    similar = points @ points.T
    first = separate(similar, relevant, cost=1.0, ratio=5.0)
    again = separate(similar, relevant, cost=1.0, ratio=5.0, begun=rng.random(60) < 0.5)
    assert np.allclose(first, again, atol=1e-8)


def test_a_review_goes_on_while_relevant_documents_come() -> None:
    assert not may_stop([True, False] * 30, 1000)
    assert not may_stop([True] * 10 + [False] * 200, 1000)
    assert may_stop([True] * 10 + [False] * 400, 1000)


@pytest.mark.parametrize("relevances", [[], [False] * 100])
def test_without_a_relevant_document_it_never_stops_early(relevances: list[bool]) -> None:
    assert stops_at(relevances, 100) == 100


def test_a_late_straggler_does_not_move_the_end_but_several_do() -> None:
    early = [True] * 40 + [False] * 100
    assert stops_at([*early, True], 500) - stops_at([*early, False], 500) in (0, 1)
    assert stops_at([*early, True, True, True, True], 500) > stops_at(early, 500) + 50


def test_reviews_that_stop_have_found_what_is_there_and_saved_work() -> None:
    saved, reached = [], 0
    for seed in range(20):
        made, truth = documents(seed)
        ends = Ranker(made).rehearse(truth, ["0", "399"], lambda so_far: may_stop(so_far, 400), batch=8)
        reached += sum(ends) >= 0.95 * 30
        saved.append(1 - len(ends) / len(made))
    assert reached >= 19
    assert np.mean(saved) > 0.3


def test_a_rehearsal_reads_what_the_queue_would_ask_for() -> None:
    from anyshore.knowledge.queue import Decision

    made, truth = documents(3, total=60, relevant=10)
    ranker = Ranker(made)
    decisions = [Decision("0", True, "ann", 0), Decision("59", False, "ann", 1)]
    for _step in range(20):
        (asked,) = Ranker(made).next(decisions)
        decisions.append(Decision(asked, truth[asked], "ann", len(decisions)))
    told = ranker.rehearse(truth, ["0", "59"], lambda so_far: len(so_far) == 22)
    assert told == [decision.relevant for decision in decisions]
