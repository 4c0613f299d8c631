"""The activities that compute a plan, compare what another person's run gave, and tell where the result comes from."""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.analysis import provenance, results
from anyshore.base import files


@dataclass(frozen=True, slots=True)
class ComputeInput:
    """What is computed.

    Attributes:
        data: name of the document that holds the table, CSV.
        plan: of the one that holds the plan, YAML.
        results: of the one that holds the results the analyst delivered.
    """

    data: str
    plan: str
    results: str


@dataclass(frozen=True, slots=True)
class ComputeOutcome:
    """What was found.

    Attributes:
        rows: of the table.
        tests: tried.
        significant: of them, after Holm's correction.
        doubtful: assumptions that do not hold or could not be tested.
        digest: SHA-256 of the results computed here.
        same: whether the results that were delivered are these, byte for byte.
        difference: the first line in which they are not; empty where they are.
    """

    rows: int
    tests: int
    significant: int
    doubtful: int
    digest: str
    same: bool
    difference: str


def compute(data: ComputeInput, context: ActivityContext) -> ComputeOutcome:
    """Computes a plan, and compares with the results delivered."""
    found = results.run(context.read_document(data.plan), context.read_document(data.data))
    delivered = context.read_document(data.results)
    same = delivered == found.text.encode()
    difference = "" if same else results.difference(files.read_text(delivered, name="results"), found.text)
    return ComputeOutcome(
        found.rows, found.tests, found.significant, found.doubtful, found.digest, same,
        difference or ("" if same else "only a byte order mark differs"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RerunInput:
    """Two runs.

    Attributes:
        results: name of the document that holds the results the analyst delivered.
        again: the text another person's run gave, in a place of their own.
    """

    results: str
    again: str


@dataclass(frozen=True, slots=True)
class RerunOutcome:
    """How they compare.

    Attributes:
        same: whether the second is the first, byte for byte; line ends are those of the form it came through.
        digest: SHA-256 of the second.
        difference: the first line in which they differ; empty where none does.
    """

    same: bool
    digest: str
    difference: str


def rerun(data: RerunInput, context: ActivityContext) -> RerunOutcome:
    """Compares another person's run with the results."""
    first = files.read_text(context.read_document(data.results), name="results")
    # A form of a browser sends CR LF and may drop the last line break.
    second = data.again.replace("\r\n", "\n").rstrip("\n") + "\n"
    difference = results.difference(first, second)
    return RerunOutcome(not difference, results.sha256(second.encode()), difference)


@dataclass(frozen=True, slots=True)
class SealInput:
    """What is fixed before data are looked at."""

    question: str
    decision: str


@dataclass(frozen=True, slots=True)
class SealOutcome:
    """The digest that fixes it."""

    digest: str


def seal(data: SealInput, context: ActivityContext) -> SealOutcome:
    """Fixes question and decision by their digest."""
    return SealOutcome(provenance.sealed(data.question, data.decision))


@dataclass(frozen=True, slots=True)
class RecordInput:
    """The chain.

    Attributes:
        data: name of the document that holds the table.
        contract: of the one that holds the contract.
        plan: of the one that holds the plan.
        results: of the one that holds the results.
        question: as it stands now.
        decision: as it stands now.
        seal: the digest that fixed both.
        again: digest of the other person's run.
        findings: how many.
    """

    data: str
    contract: str
    plan: str
    results: str
    question: str
    decision: str
    seal: str
    again: str
    findings: int


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """Where the result comes from.

    Attributes:
        kept: whether question and decision are those that were fixed.
        text: PROV-JSON.
    """

    kept: bool
    text: str


def record(data: RecordInput, context: ActivityContext) -> RecordOutcome:
    """Tells the chain from the question to the findings, and whether the question is still the one that was fixed."""
    names = {"data": data.data, "contract": data.contract, "plan": data.plan, "results": data.results}
    digests = {name: results.sha256(context.read_document(document)) for name, document in names.items()}
    text = provenance.record(digests, seal=data.seal, again=data.again, findings=data.findings)
    return RecordOutcome(provenance.sealed(data.question, data.decision) == data.seal, text)
