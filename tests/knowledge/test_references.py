"""RIS and PubMed's format are read as databases write them; the same work is kept once, two works never become one."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from anyshore.base.errors import DataError
from anyshore.knowledge import references
from anyshore.knowledge.references import Reference

RIS = """
Provider: Somewhere

TY  - JOUR
AU  - Müller, Anna
AU  - Other, B.
TI  - Screening of abstracts by machines
  and people: a trial
PY  - 2019/03/01/
T2  - Journal of Reviews
SP  - 11
EP  - 20
DO  - https://doi.org/10.1234/AbC.5
N2  - First line of the abstract.

Second line - with a dash.
ER  - 

TY  - JOUR
A1  - Smith J
T1  - Editorial
Y1  - 2020
JO  - J Rev
SP  - 1
ER  -
"""  # noqa: W291 - databases leave the blank
NBIB = """PMID- 12345
DP  - 2019 Mar
TI  - Screening of Abstracts by Machines and People:
      A Trial.
LID - 10.1234/abc.5 [doi]
LID - S0000-1 [pii]
AB  - First line of the abstract.
FAU - Müller, Anna
AU  - Müller A
JT  - Journal of reviews
PG  - 11-20

PMID- 777
TI  - Another work on something else entirely
"""


def read(text: str, name: str = "a.ris", encoding: str = "utf-8") -> list[Reference]:
    return references.read(text.encode(encoding), name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_ris_is_read_with_what_goes_on_in_other_lines(encoding: str) -> None:
    one, other = read(RIS, encoding=encoding)
    assert one.title == "Screening of abstracts by machines and people: a trial"
    assert one.abstract == "First line of the abstract. Second line - with a dash."
    assert (one.author, one.year, one.page, one.doi, one.pmid) == ("Müller", "2019", "11", "10.1234/abc.5", "")
    assert one.place.line == 4
    assert (other.author, other.title, other.year, other.id) == ("Smith", "Editorial", "2020", "")


def test_nbib_is_read_and_its_identifiers_told_apart() -> None:
    one, other = read(NBIB, "a.nbib")
    assert one.title.endswith("A Trial.")
    assert (one.id, one.doi, one.page, one.author) == ("PMID:12345", "10.1234/abc.5", "11", "Müller")
    assert other.id == "PMID:777"


def test_the_same_work_of_two_databases_is_kept_once_with_all_that_either_knows() -> None:
    works = references.merged([*read(RIS), *read(NBIB, "a.nbib")])
    assert [len(one.others) for one in works] == [1, 0, 0]
    assert (works[0].kept.pmid, works[0].kept.doi) == ("12345", "10.1234/abc.5")
    assert works[0].kept.abstract.endswith("dash.")
    assert [row[0] for row in references.rows(works)] == ["PMID:12345", "R00002", "PMID:777"]


def work(title: str = "A long title that says which work it is", **fields: str) -> Reference:
    lines = [f"{tag}  - {value}" for tag, value in {"TI": title, **fields}.items() if value]
    return read("\n".join(["TY  - JOUR", *lines, "ER  - "]))[0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (work(), work("A Long Title, That Says: Which Work It Is."), True),
        (work(PY="2019"), work(PY="2020"), True),
        (work(PY="2019"), work(PY="2021"), False),
        (work(AU="Müller, A."), work(AU="Muller A"), True),
        (work(AU="Müller, A."), work(AU="Smith, A."), False),
        (work(DO="10.1000/a"), work(DO="10.1000/b"), False),
        (work(DO="10.1000/a"), work("Other title, the same work by its number", DO="doi:10.1000/A"), True),
        (work(DO="10.1000/a"), work(), True),
        (work("Editorial", PY="2019"), work("Editorial", PY="2019"), False),
        (work("Editorial", JO="J", SP="1"), work("Editorial", JO="J.", SP="1"), True),
        (work(""), work(""), False),
    ],
)
def test_what_is_the_same_work(one: Reference, other: Reference, same: bool) -> None:
    for pair in ((one, other), (other, one)):
        assert len(references.merged(pair)) == (1 if same else 2)


def test_no_order_of_records_makes_one_work_of_two_numbers() -> None:
    title = "A long title that says which work it is"
    records = [work(title, DO="10.1000/a"), work(title), work(title, DO="10.1000/b"), work(title), work(title)]
    for seed in range(30):
        random.Random(seed).shuffle(records)
        works = references.merged(records)
        assert len(works) == 2, seed
        assert {one.kept.doi for one in works} == {"10.1000/a", "10.1000/b"}
        assert sum(1 + len(one.others) for one in works) == 5


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("Some words", "a.ris", "bibliography.line"), ("AU  - X\nTY  - JOUR\n", "a.ris", "bibliography.line"),
        ("\n@article{a}", "a.nbib", "bibliography.line"),
    ],
)  # fmt: skip
def test_a_line_that_belongs_to_nothing_is_told_with_its_place(text: str, name: str, code: str) -> None:
    with pytest.raises(DataError) as told:
        read(text, name)
    assert told.value.code == code


def test_two_works_with_one_number_have_rows_of_their_own() -> None:
    given = [work("One", DO="10.1000/a"), work("Other", DO="10.1000/b")]
    works = references.merged([replace(one, pmid="7") for one in given])
    assert [row[0] for row in references.rows(works)] == ["PMID:7", "R00002"]
