"""Records of one entity are found without labels, with what each column says."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from anyshore.base.errors import DataError
from anyshore.entities.linkage import find_duplicates, link
from anyshore.entities.neighbours import exact, match_names, neighbours, weighed

FIRST = [
    "anna",
    "bruno",
    "clara",
    "dario",
    "elena",
    "fabio",
    "greta",
    "hugo",
    "ines",
    "jonas",
    "karla",
    "luca",
    "marta",
    "nino",
    "olga",
    "paolo",
    "rosa",
    "sven",
]
LAST = [
    "berger",
    "castelli",
    "dubois",
    "eriksen",
    "ferrari",
    "gruber",
    "huber",
    "iversen",
    "jansen",
    "keller",
    "lehmann",
    "moreau",
    "novak",
]
STREETS = ["oak", "elm", "birch", "river", "hill", "station", "church", "market", "castle", "garden"]


def people(number: int, seed: int) -> list[dict[str, str]]:
    rng = np.random.default_rng(seed)
    return [
        {
            "first": str(rng.choice(FIRST)), "last": str(rng.choice(LAST)),
            "street": f"{rng.choice(STREETS)} street", "code": str(rng.integers(10_000, 99_999)),
            "born": str(rng.integers(19_400_101, 19_991_231)),
        }
        for _ in range(number)
    ]  # fmt: skip


def written_again(person: dict[str, str], rng: np.random.Generator) -> dict[str, str]:
    """A person with two slips of the hand."""
    again = dict(person)
    for name in rng.choice(list(person), size=2, replace=False):
        value = again[name]
        at = int(rng.integers(0, len(value)))
        again[name] = "" if rng.random() < 0.3 else value[:at] + value[at + 1 :]
    return again


def table(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_two_sources_are_linked_one_to_one() -> None:
    rng = np.random.default_rng(7)
    left = people(400, 3)
    order = rng.permutation(400)[:300]
    right = [written_again(left[at], rng) for at in order]
    found = link(table(left), table(right))
    pairs = {(one.left, one.right) for one in found.links}
    truth = {(int(at), number) for number, at in enumerate(order)}
    assert found.one_to_one
    assert len(pairs & truth) >= 0.97 * len(truth)
    assert len(pairs & truth) >= 0.97 * len(pairs)
    strongest = found.links[0].evidence[0]
    assert strongest.weight > 0
    assert strongest.level == "the same and rare"


def test_an_entity_that_stands_there_three_times_hangs_together() -> None:
    rng = np.random.default_rng(5)
    once = people(300, 9)
    rows = [*once, *(written_again(one, rng) for one in once[:100]), *(written_again(one, rng) for one in once[:100])]
    found = find_duplicates(table(rows))
    pairs = {(one.left, one.right) for one in found.links}
    truth = {pair for at in range(100) for pair in ((at, 300 + at), (at, 400 + at), (300 + at, 400 + at))}
    assert len(pairs & truth) >= 0.95 * len(truth)
    assert len(pairs & truth) >= 0.95 * len(pairs)


def test_categories_of_two_vocabularies_are_learnt() -> None:
    left = people(300, 11)
    rng = np.random.default_rng(2)
    kinds = [int(rng.integers(0, 3)) for _ in left]
    one = table(left) | {"kind": [["private", "public", "state"][kind] for kind in kinds]}
    right = [written_again(row, rng) for row in left]
    other = table(right) | {"kind": [["GmbH", "AG", "AoeR"][kind] for kind in kinds]}
    found = link(one, other)
    said = {
        evidence.level: evidence.weight
        for each in found.links
        for evidence in each.evidence
        if evidence.column == "kind"
    }
    assert said["private and gmbh"] > 0


def test_sources_without_a_common_column_are_refused() -> None:
    with pytest.raises(DataError, match="share no columns"):
        link({"a": ["x"]}, {"b": ["y"]})


def test_the_most_alike_are_those_of_a_full_comparison() -> None:
    texts = [f"{row['first']} {row['last']} {row['street']}" for row in people(200, 1)]
    one, other = weighed([texts, texts[::-1]])
    found = neighbours(one, other, 5, 0.6)
    full = np.asarray((one @ other.T).todense())
    for place in range(200):
        mine = found.alike[found.left == place]
        assert mine.max() == pytest.approx(full[place].max(), abs=1e-5)
        assert mine.min() >= 0.6
    rows = np.arange(200)
    assert np.allclose(exact(one, other, rows, rows), full[rows, rows], atol=1e-5)


def test_lists_of_names_are_matched() -> None:
    ours = ["Nordwind Logistik AG", "Harbour and Sons Ltd", "Blue Water Shipping", "Alpine Tractors"]
    theirs = ["Alpin Tractors JSC", "Harbour & Sons Limited", "NORDWIND LOGISTIK Aktiengesellschaft"]
    assert {(one, other) for one, other, _alike in match_names(ours, theirs)} == {(0, 2), (1, 1), (3, 0)}


def test_the_real_catalogue(data_dir) -> None:
    folder = data_dir / "entities" / "dblp-acm"
    if not folder.is_dir():
        pytest.skip(f"no data: {folder} is absent")
    sides = []
    for name in ("dblp", "acm"):
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="%"))[:600]
        sides.append({column: [row[column] or "" for row in rows] for column in ("title", "authors", "venue", "year")})
    found = link(*sides)
    titles = {"".join(filter(str.isalnum, title.lower())): at for at, title in enumerate(sides[1]["title"])}
    same = {(at, titles[key]) for at, title in enumerate(sides[0]["title"])
            if (key := "".join(filter(str.isalnum, title.lower()))) in titles}  # fmt: skip
    pairs = {(one.left, one.right) for one in found.links}
    assert len(pairs & same) >= 0.95 * len(same)
