from __future__ import annotations

from pathlib import Path

import pytest
from tests.harness import lines_executed

from anyshore.base.errors import DataError
from anyshore.knowledge import documents, marked_clauses
from anyshore.knowledge.anchors import Refusal, SourceIndex, anchor

TABLE = b"""Filename,Governing Law,Governing Law-Answer,Parties,Parties- Answer
A & B.pdf,"['laws of <omitted> Delaware', ""it's so""]",Delaware,[],
C.pdf,,No,"['X']",X
"""


def test_rows_give_passages_and_answers_per_kind():
    first, second = marked_clauses.read(TABLE)
    assert first.filename == "A & B.pdf"
    assert first.answers["Governing Law"].passages == ("laws of <omitted> Delaware", "it's so")
    assert first.answers["Governing Law"].answer == "Delaware"
    assert second.answers["Governing Law"] == marked_clauses.MarkedAnswer((), "No")
    assert list(second.answers) == ["Governing Law", "Parties"]
    assert second.answers["Parties"].answer == "X"


def test_all_broken_cells_are_told_at_once():
    broken = b'Filename,Law,Term\na.pdf,not a list,"[1, 2]"\nb.pdf,[],"__import__(\'os\')"\n'
    with pytest.raises(DataError) as refused:
        marked_clauses.read(broken, file="m.csv")
    assert [(p.location.line, p.location.element) for p in refused.value.diagnostics] == [
        (2, "Law"),
        (2, "Term"),
        (3, "Term"),
    ]


@pytest.mark.parametrize("data", [b"", b"Name,Law\n", b"Filename\n", b"Filename,Law\n\x81,[]\n"])
def test_what_is_not_the_table_is_refused(data: bytes):
    with pytest.raises(DataError):
        marked_clauses.read(data)


def test_names_match_through_endings_and_forbidden_characters_but_never_by_chance():
    contracts = ["A _ B.txt", "Deal (1).txt", "Deal_1.txt", "c.TXT"]
    found = marked_clauses.match_names(["A & B.pdf", "Deal 1.pdf", "Deal_1.pdf", "C.pdf", "D.pdf"], contracts)
    assert found == {
        "A & B.pdf": "A _ B.txt", "Deal 1.pdf": None, "Deal_1.pdf": "Deal_1.txt", "C.pdf": "c.TXT", "D.pdf": None,
    }  # fmt: skip


def test_a_row_without_its_contract_is_named_and_the_others_go_on():
    rows = marked_clauses.read(TABLE)
    names = [row.filename for row in rows]
    found, without = marked_clauses.with_contracts(rows, [names[0], "Unheard.txt"])
    assert [(row.filename, name) for row, name in found] == [(names[0], names[0])]
    assert without == names[1:]


def test_answers_become_claims_with_evidence_and_lost_passages_are_told():
    [row, other] = marked_clauses.read(TABLE)
    text = b"The laws of the State of Delaware apply. The laws of Delaware."
    claims, lost = marked_clauses.findings(row, documents.read(text, "a.txt"), author="annotators", at=5)
    assert [(claim.id, claim.topic, claim.text, claim.at) for claim in claims] == [
        ("Governing Law", "Governing Law", "Governing Law: Delaware", 5)
    ]
    assert [span.quote for span in claims[0].evidence] == ["laws of […] Delaware"]
    assert [(gone.kind, gone.passage, gone.refusal.code) for gone in lost] == [
        ("Governing Law", "it's so", "quote.not-found")
    ]
    assert marked_clauses.findings(other, documents.read(b"Y Z", "c.txt"), author="x", at=0)[0] == []


@pytest.fixture(scope="module")
def marked(data_dir: Path) -> list[tuple[SourceIndex, list[str]]]:
    folder = data_dir / "legal" / "cuad"
    if not (folder / "master_clauses.csv").is_file():
        pytest.skip("no CUAD table in the data folder")
    rows = marked_clauses.read((folder / "master_clauses.csv").read_bytes())
    names = marked_clauses.match_names(
        [row.filename for row in rows], [p.name for p in (folder / "contracts").iterdir()]
    )
    assert None not in names.values()
    found = []
    for row in rows:
        path = folder / "contracts" / str(names[row.filename])
        quotes = [passage for answer in row.answers.values() for passage in answer.passages]
        found.append((SourceIndex(documents.read(path.read_bytes(), path.name)), quotes))
    return found


def test_every_marked_clause_anchors_in_its_own_contract(marked: list[tuple[SourceIndex, list[str]]]):
    lost = [
        (i.source.name, q) for i, quotes in marked for q in quotes if isinstance(anchor(i, q, in_order=False), Refusal)
    ]
    assert lost == []


def test_clauses_do_not_anchor_in_another_contract(marked: list[tuple[SourceIndex, list[str]]]):
    clauses = strays = 0
    for number, (_, quotes) in enumerate(marked):
        other = marked[(number + 1) % len(marked)][0]
        for quote in quotes:
            # Names and dates of a few words stand in many contracts; clauses do not.
            if len(quote.split()) >= 8:
                clauses += 1
                strays += isinstance(anchor(other, quote, in_order=False), list)
    assert clauses > 1000
    assert strays / clauses < 0.005


def test_a_changed_figure_or_word_is_refused(marked: list[tuple[SourceIndex, list[str]]]):
    tried = 0
    for index, quotes in marked[::3]:
        for quote in quotes:
            words = quote.split(" ")
            if len(words) < 8:
                continue
            words[len(words) // 2] = "zebra"
            assert isinstance(anchor(index, " ".join(words), in_order=False), Refusal)
            tried += 1
    assert tried > 300


def test_a_quote_costs_no_more_in_a_long_contract(marked: list[tuple[SourceIndex, list[str]]]):
    text = "\n".join(index.source.text for index, _ in marked[:6])
    quotes = [quote for _, some in marked[:18] for quote in some][:400]

    def lines(characters: int) -> int:
        index = SourceIndex(documents.read(text[:characters].encode(), "long.txt"))
        return lines_executed(lambda: [anchor(index, quote) for quote in quotes])

    assert lines(300_000) < 2 * lines(100_000)
