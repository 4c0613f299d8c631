"""Results of a plan as a text: a line per figure, which a finding can quote, and the same bytes from every run.

The text names its data by their digest, the plan with its seed, and the version of the method; not the machine, whose
versions stand in the record of the run: what changes no figure of six digits is no difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from anyshore.analysis import dataset, plans, steps
from anyshore.analysis.plans import Plan
from anyshore.base import canonical, files

METHOD = "anyshore.analysis 1"
"""Grows with every change that gives another text of the same data and plan."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave.

    Attributes:
        text: canonical.
        tests: tried in all steps.
        significant: of them, by Holm's p-value.
        doubtful: assumptions that do not hold, or that could not be tested.
        rows: of the data.
    """

    text: str
    tests: int
    significant: int
    doubtful: int
    rows: int

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return sha256(self.text.encode())

    @property
    def summary(self) -> dict[str, Any]:
        """Everything but the text."""
        return {
            "digest": self.digest, "rows": self.rows, "tests": self.tests, "significant": self.significant,
            "doubtful": self.doubtful,
        }  # fmt: skip


def sha256(content: bytes) -> str:
    """The digest of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def run(plan: bytes, data: bytes, *, plan_name: str = "plan.yaml", data_name: str = "data.csv") -> Result:
    """Computes a plan.

    Args:
        plan: YAML.
        data: CSV.
        plan_name: for messages.
        data_name: for messages.

    Raises:
        DataError: one of them cannot be read, or a step cannot be computed.
    """
    read = plans.read(files.read_text(plan, name=plan_name), plan_name)
    table = dataset.read(files.read_text(data, name=data_name), data_name)
    done = [steps.compute(one, table, read) for one in read.steps]
    corrected = holm([test.p for one in done for test in one.tests])
    level = float(read.alpha)
    lines = [
        f"Plan: {canonical.encode(read.data()).decode()}", f"Data: SHA-256 {sha256(data)} | rows {table.rows}",
        f"Method: {METHOD}", f"Tests tried: {len(corrected)} | Holm's correction over all of them",
    ]  # fmt: skip
    left = iter(corrected)
    for step, one in zip(read.steps, done, strict=True):
        lines += ["", f"Step {step.id}: {step.do} | rows left out {one.left_out}"]
        lines += [f"{step.id} | {name} | {of} | {value}" for name, of, value in one.figures]
        lines += [_tested(step.id, test, next(left), read) for test in one.tests]
        lines += [f"{step.id} | assumption | {_assumed(*said)}" for said in one.assumptions]
    return Result(
        "\n".join(lines) + "\n", len(corrected), sum(p < level for p in corrected),
        sum(not holds for one in done for _, _, holds in one.assumptions), table.rows,
    )  # fmt: skip


def holm(given: Sequence[float]) -> list[float]:
    """P-values of several tests, corrected for their number. Source: Holm (1979), a step-down Bonferroni."""
    found = [0.0] * len(given)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(given)), key=given.__getitem__)):
        highest = max(highest, min(1.0, given[place] * (len(given) - rank)))
        found[place] = highest
    return found


def difference(first: str, second: str) -> str:
    """The first line in which two texts differ, with both; empty where none does."""
    for place, (one, other) in enumerate(
        zip_longest(first.splitlines(keepends=True), second.splitlines(keepends=True)), 1
    ):
        if one != other:
            return f"line {place}: {_end(one)} / {_end(other)}"
    return ""


def _end(line: str | None) -> str:
    return "(ends)" if line is None else repr(line)


def _tested(step: str, test: steps.Test, corrected: float, plan: Plan) -> str:
    verdict = "significant" if corrected < plan.alpha else "not significant"
    return (
        f"{step} | test | {test.row} | {test.statistic} | p {steps.probability(test.p)} | "
        f"Holm {steps.probability(corrected)} | {verdict}"
    )


def _assumed(what: str, p: float | None, holds: bool) -> str:
    return f"{what}{'' if p is None else f' | p {steps.probability(p)}'} | {'holds' if holds else 'in doubt'}"
