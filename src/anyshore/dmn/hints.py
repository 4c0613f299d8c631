"""What to do about each kind of problem of a model, in the words of DMN 1.5; where a message itself says no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from anyshore.base.errors import Diagnostic

HINTS: Mapping[str, str] = {
    "dmn.aggregation": "Aggregate with SUM, COUNT, MIN or MAX, under the hit policy COLLECT (8.2.8).",
    "dmn.aggregation-range": "Keep the outputs within FEEL's 34 digits.",
    "dmn.aggregation-type": "Give outputs that can be added or compared: numbers, or values of one ordered type.",
    "dmn.binding": "Give the binding a parameter with the name of a parameter of what is invoked.",
    "dmn.context": "Give the entry a variable, or make it the last one, which is the result (10.2.1.4).",
    "dmn.cycle": "Cut one requirement: a decision requirements graph has no circle (6.2.1).",
    "dmn.depth": "Let functions call each other less deep, or use a loop.",
    "dmn.duplicate-id": "Give each element an id of its own.",
    "dmn.duplicate-name": "Give each element of the graph a name of its own (6.3.2).",
    "dmn.duplicate-type": "Give each item definition a name of its own.",
    "dmn.function-kind": "Write FEEL, Java or PMML.",
    "dmn.hit-policy": "Write UNIQUE, FIRST, PRIORITY, ANY, COLLECT, RULE ORDER or OUTPUT ORDER (8.2.8).",
    "dmn.incomplete": "Give the boxed expression all its parts (10.2.1).",
    "dmn.input-expression": "Give the input an inputExpression with a text.",
    "dmn.input-missing": "Give a value of that name; null is one.",
    "dmn.input-value": "Give a value FEEL has, of those the column or the type allows.",
    "dmn.iterator": "Give the loop an iteratorVariable.",
    "dmn.java": "Model it in FEEL; only a few methods of java.lang are known.",
    "dmn.no-boolean": "Give true or false.",
    "dmn.no-function": "Invoke a business knowledge model, a decision service or a function.",
    "dmn.no-list": "Give a list, in brackets.",
    "dmn.no-logic": "Give the decision logic, or a value where it is decided.",
    "dmn.not-any": "Let the matching rules of an ANY table have equal outputs (8.2.8).",
    "dmn.not-unique": "Let at most one rule of a UNIQUE table match, or choose another hit policy (8.2.8).",
    "dmn.output-name": "Name each output of a table that has several (8.3.2).",
    "dmn.outputs": "Give the table an output.",
    "dmn.parameter": "Bind each parameter of what is invoked, by its name.",
    "dmn.reference": "Refer to the id of an element of the kind that is wanted, in this file or an imported one.",
    "dmn.relation": "Give each row a cell per column (10.2.1.6).",
    "dmn.rule-width": "Give each rule an entry per input and output of the table (8.3.3).",
    "dmn.type": "Give a value of the type, or mend the type.",
    "dmn.type-error": "Give operands and results of the types that are wanted.",
    "dmn.unknown": "Ask for a decision, a decision service or a business knowledge model of the file.",
    "dmn.version": "Export the model as DMN 1.2 or later.",
}
"""Code → hint."""


def hinted(problem: Diagnostic) -> Diagnostic:
    """A problem with the hint of its kind, where it has none of its own."""
    return problem if problem.hint else replace(problem, hint=HINTS.get(problem.code, ""))


def all_hinted(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Problems, each once and each with a hint."""
    return list(dict.fromkeys(hinted(one) for one in problems))
