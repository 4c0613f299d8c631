"""The activity ``clauses.read-marks``: what lawyers marked in a contract, as answers, quotations and findings.

The marks are reference data, a record per contract (CUAD's ``master_clauses.csv``). They stand in for reviewers in a
run without people, and nowhere else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from anyshore.activities.activity import ActivityContext, Values
from anyshore.activities.common.quoting import Finding, quoted
from anyshore.knowledge import documents, marked_clauses
from anyshore.knowledge.anchors import Refusal, SourceIndex, anchor
from anyshore.knowledge.documents import Source
from anyshore.knowledge.marked_clauses import MarkedAnswer, MarkedContract

KIND = "marked-contract"


@dataclass(frozen=True, slots=True)
class MarksInput:
    """The contract whose marks are asked for.

    Attributes:
        document: name of the document in the host.
        name: what the contract is called.
        overlooked: of so many marked clauses one is overlooked in ``seen``, chosen by a digest of its name; None for
            none.
    """

    document: str
    name: str
    overlooked: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What was marked for one kind of clause.

    Attributes:
        words: the lawyers' answer.
        quotes: the marked passages that stand in the contract.
    """

    words: str
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A marked passage that does not stand in the contract, and why."""

    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class MarksOutcome:
    """What is known of a contract.

    Attributes:
        known: whether lawyers marked it.
        kinds: how many kinds of clause they looked for.
        answers: by kind of clause.
        seen: those of the answers that are not overlooked.
        findings: one per kind of clause that is there.
        refused: passages that do not stand in the contract.
    """

    known: bool
    kinds: int = 0
    answers: dict[str, Marked] = field(default_factory=dict)
    seen: dict[str, Marked] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    refused: tuple[Lost, ...] = ()


def read_marks(data: MarksInput, context: ActivityContext) -> MarksOutcome:
    """Looks the contract up, and places every marked passage in its text."""
    record = context.records(KIND).get(marked_clauses.letters(data.name))
    if record is None:
        return MarksOutcome(known=False)
    contract = _contract(record.data)
    source = documents.read(context.read_document(data.document), data.name)
    claims, lost = marked_clauses.findings(contract, source, author="", at=context.now)
    answers = _standing(contract, source)
    return MarksOutcome(
        known=True,
        kinds=len(contract.answers),
        answers=answers,
        seen={kind: one for kind, one in answers.items() if not _overlooks(data, kind)},
        findings=tuple(
            Finding(claim.id, claim.text, claim.topic, tuple(map(quoted, claim.evidence)))
            for claim in claims
        ),
        refused=tuple(Lost(one.kind, one.refusal.message) for one in lost),
    )  # fmt: skip


def _standing(contract: MarkedContract, source: Source) -> dict[str, Marked]:
    """The answers, with the passages that stand in the contract."""
    index = SourceIndex(source)
    return {
        kind: Marked(
            one.answer,
            tuple(text for text in one.passages if not isinstance(anchor(index, text, in_order=False), Refusal)),
        )
        for kind, one in contract.answers.items()
    }


def _overlooks(data: MarksInput, kind: str) -> bool:
    if not data.overlooked:
        return False
    return hashlib.sha256(f"{data.name}/{kind}".encode()).digest()[0] % data.overlooked == 0


def _contract(values: Values) -> MarkedContract:
    answers = values["answers"]
    assert isinstance(answers, dict)
    found = {kind: MarkedAnswer(tuple(one["passages"]), one["answer"]) for kind, one in answers.items()}
    return MarkedContract(str(values["filename"]), found)


def read(content: bytes, file: str) -> list[tuple[str, Values]]:
    """The records of a table of marks, each under the letters of its contract's name.

    A name that the letters do not tell from another is no contract's: both are left out.

    Raises:
        DataError: with every problem of the table.
    """
    rows = marked_clauses.read(content, file=file)
    keys = [marked_clauses.letters(row.filename) for row in rows]
    once = {key for key in keys if keys.count(key) == 1}
    return [
        (key, {
            "filename": row.filename,
            "answers": {
                kind: {"passages": list(one.passages), "answer": one.answer} for kind, one in row.answers.items()
            },
        })
        for key, row in zip(keys, rows, strict=True)
        if key in once
    ]  # fmt: skip
