from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.knowledge import documents
from anyshore.knowledge.anchors import holds
from anyshore.knowledge.clauses import Labelled, label, train
from anyshore.knowledge.passages import passages

LAW = "This Agreement shall be governed by the laws of the State of {}, without regard to conflicts of law."
CAP = "In no event shall the aggregate liability of {} exceed the fees paid in the preceding twelve months."
NOISE = [
    "The Supplier shall deliver the Products to the {} warehouse within ten days of each order.",
    "Invoices are payable by {} within thirty days after receipt of the goods delivered.",
    "Each party shall keep the books of {} in good order and available for inspection.",
]
PLACES = ["Delaware", "New York", "Ohio", "Texas", "Nevada", "Utah"]


def contract(place: str) -> documents.Source:
    lines = [NOISE[0], LAW, NOISE[1], CAP, NOISE[2]]
    return documents.read("\n\n".join(line.format(place) for line in lines).encode(), f"{place}.txt")


def marked(place: str) -> Labelled:
    return label(
        contract(place), {"law": [LAW.format(place)], "cap": [CAP.format(place)], "none": ["not in there at all"]}
    )


def test_passages_are_sentences_and_paragraphs_with_their_offsets():
    text = (
        '1. Fees. The Customer pays Acme Inc. and its affiliates a fee of USD 1.5 million (the "Fee"). '
        "It is due at once.\n\n2. Term. This Agreement lasts for a term of five years and ends; it may be renewed."
    )
    found = [piece.text for piece in passages(text)]
    assert found == [
        '1. Fees. The Customer pays Acme Inc. and its affiliates a fee of USD 1.5 million (the "Fee").',
        "It is due at once.\n\n2. Term. This Agreement lasts for a term of five years and ends; it may be renewed.",
    ]


@given(st.text(alphabet="aB. \n1;(", max_size=400))
def test_passages_hold_every_word_once(text: str):
    found = passages(text)
    assert "".join("".join(piece.text.split()) for piece in found) == "".join(text.split())
    assert all(text[piece.start : piece.end] == piece.text for piece in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_endless_text_is_cut():
    assert max(len(piece.text) for piece in passages("word " * 5000)) <= 1500
    assert max(len(piece.text) for piece in passages("x" * 5000)) <= 1500


def test_marked_clauses_label_their_passages():
    labelled = marked("Ohio")
    assert [sorted(kinds) for kinds in labelled.kinds] == [[], ["law"], [], ["cap"], []]


def test_suggestions_point_into_the_contract_and_the_right_one_is_first():
    model = train([marked(place) for place in PLACES])
    source = contract("Kansas")
    found = model.suggest(source, top=2)
    assert list(found) == ["cap", "law"]
    assert found["law"][0].span.quote == LAW.format("Kansas")
    assert found["cap"][0].span.quote == CAP.format("Kansas")
    assert [suggestion.likely for suggestion in found["law"]] == [True, False]
    assert all(holds(source, suggestion.span) for kind in found.values() for suggestion in kind)


def test_training_is_the_same_every_time():
    first, second = (train([marked(place) for place in PLACES]) for _ in range(2))
    texts = marked("Kansas").texts
    assert (first.scores(texts) == second.scores(texts)).all()
    assert (first.thresholds == second.thresholds).all()


def test_a_description_stands_in_where_examples_are_few():
    few = [marked("Ohio"), marked("Texas")]
    described = train(few, descriptions={"law": "The contract names the law of a state that governs it."})
    scores = described.scores(
        ["The governing law is that of Kansas, which names the state.", "Prices include freight."]
    )
    assert scores[0, 1] > scores[1, 1]


def test_empty_contracts_do_not_disturb():
    model = train([marked("Ohio"), Labelled("empty", (), ()), marked("Texas"), marked("Utah")])
    assert model.scores([]).shape == (0, 2)
    assert model.suggest(documents.read(b"-", "x.txt"))["law"][0].span.quote == "-"


@pytest.mark.parametrize("contracts", [[], [marked("Ohio")], [Labelled("a", ("x y",), (frozenset(),))] * 3])
def test_too_little_to_learn_from_is_refused(contracts: list[Labelled]):
    with pytest.raises(DataError):
        train(contracts)


def test_evidence_is_among_the_first_five_spans(data_dir: Path):
    path = data_dir / "legal" / "contractnli" / "dev.json"
    if not path.is_file():
        pytest.skip("no ContractNLI development set in the data folder")
    data = json.loads(path.read_text())
    contracts = []
    for document in data["documents"]:
        kinds: list[set[str]] = [set() for _ in document["spans"]]
        for kind, annotation in document["annotation_sets"][0]["annotations"].items():
            for number in annotation["spans"]:
                kinds[number].add(kind)
        texts = tuple(document["text"][a:b] for a, b in document["spans"])
        contracts.append(Labelled(document["file_name"], texts, tuple(frozenset(each) for each in kinds)))
    model = train(contracts[12:40], descriptions={kind: entry["hypothesis"] for kind, entry in data["labels"].items()})
    shares = []
    for contract in contracts[:12]:
        order = np.argsort(-model.scores(contract.texts), axis=0)[:5]
        for column, kind in enumerate(model.kinds):
            evidence = {n for n, kinds in enumerate(contract.kinds) if kind in kinds}
            if evidence:
                shares.append(len(evidence & set(order[:, column].tolist())) / len(evidence))
    assert np.mean(shares) > 0.8
