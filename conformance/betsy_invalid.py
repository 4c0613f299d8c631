"""Models that must be refused, a folder per violated rule of the catalogue of BPMN constraints (BPMNspector, betsy).

A model counts when reading it fails and one of the problems is that of its folder's rule.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from anyshore import bpmn
from anyshore.base.errors import BpmnError
from conformance import folders
from conformance.scores import Score


def refusal(file: Path) -> str | None:
    """What is wrong with how a model is refused; None where it is for the rule of its folder."""
    codes = refused_for(file)
    if f"bpmn.{file.parent.name}" in codes:
        return None
    return f"found {', '.join(sorted(codes)) or 'nothing'}"


def refused_for(file: Path) -> set[str]:
    """The codes of all errors for which a model is refused; empty where it is accepted."""
    try:
        bpmn.read(file, strict=True)
    except BpmnError as problem:
        return {one.code for one in problem.diagnostics if one.severity == "error"}
    except Exception as error:  # a crash fails this model, not the run
        return {f"{type(error).__name__}: {error}"}
    return set()


def run(data: Path) -> Score:
    """Reads every model below ``betsy/invalid``, or below any folder with a folder per rule."""
    models = folders.files(folders.of_suite(data, "betsy/invalid"), ".bpmn")
    score = Score("betsy-invalid", 0, len(models))
    rules: dict[str, list[int]] = {}
    for file in models:
        rule = rules.setdefault(file.parent.name, [0, 0])
        rule[1] += 1
        problem = folders.told(partial(refusal, file), str)
        if problem is None:
            rule[0] += 1
            score.passed += 1
        else:
            score.failed.append(f"{file.parent.name}/{file.name}: {problem}")
    for name, (passed, total) in rules.items():
        print(f"{name}: {passed} of {total}")
    return score
