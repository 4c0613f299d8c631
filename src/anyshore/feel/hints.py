"""What to do about each kind of problem in FEEL, in the words of DMN 1.5, chapter 10; where a message says no more."""

from __future__ import annotations

from collections.abc import Mapping

HINTS: Mapping[str, str] = {
    "feel.syntax": "Correct the expression by the grammar of FEEL (DMN 1.5, 10.3.1.2).",
    "feel.type": "Write a type of FEEL, as number, list<string> or context<a: date>.",
    "feel.too-long": "Split the expression into several decisions or context entries.",
    "feel.too-deep": "Split the expression into several decisions or context entries.",
    "feel.unknown-name": "Use a name in scope: a required input, decision or knowledge, a parameter, a context entry.",
    "feel.unknown-type": "Use a type of FEEL or an item definition of the model.",
    "feel.operand": "Give operands of the types the operator is defined for, or convert them, as number(text) does.",
    "feel.index": "Count elements from 1, or from -1 at the end.",
    "feel.context": "Give each entry of a context a key of its own.",
    "feel.literal": "Write a literal that has a value (DMN 1.5, 10.3.2.3).",
    "feel.division-by-zero": "Test the divisor before dividing.",
    "feel.range": "Keep within 34 digits and the calendar, or calculate with smaller values.",
    "feel.no-function": "Call a function: built in or in scope. A variable stands before a function of its name.",
    "feel.arguments": "Call the function with the parameters it has, of their types (DMN 1.5, 10.3.4).",
    "feel.result": "Let the function give a value of its declared type.",
    "feel.value": "Give the function a value it is defined for (DMN 1.5, 10.3.4).",
    "feel.external": "Write the function in FEEL.",
    "feel.budget.steps": "Go over fewer elements, or split the work into several decisions.",
    "feel.budget.depth": "Use a loop instead of a function that calls itself so often.",
    "feel.budget.string": "Build a shorter string.",
    "feel.budget.regex": "Write a simpler regular expression.",
}
"""Code → hint."""
