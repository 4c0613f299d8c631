"""What a decision answers: its value, what was wrong on the way, and, when asked, why."""

from __future__ import annotations

from dataclasses import dataclass, field

from anyshore import feel
from anyshore.base.errors import Diagnostic, FeelError, plain
from anyshore.feel.run import describe

_MOST_SHOWN = 2_000


def shown(value: object) -> str:
    """A value as a FEEL literal to read in a message or an explanation; of one too long to read, its kind and size."""
    try:
        return feel.format(value, _MOST_SHOWN)
    except FeelError:
        return describe(value)


@dataclass(slots=True)
class FiredRule:
    """A rule that matched.

    Attributes:
        number: counted from 1.
        id: its id in the file.
        outputs: its output values.
        annotations: what the modeller wrote beside it.
    """

    number: int
    id: str | None
    outputs: tuple[object, ...]
    annotations: tuple[str, ...]


@dataclass(slots=True)
class TableTrace:
    """How a decision table came to its value: the inputs it saw, the rules that matched."""

    name: str
    hit_policy: str
    inputs: list[tuple[str, object]]
    rules: list[FiredRule] = field(default_factory=list)
    value: object = None


@dataclass(slots=True)
class Explanation:
    """How an element came to its value.

    Attributes:
        element: its name.
        kind: ``decision``, ``knowledge`` or ``service``.
        inputs: the input data it read, or the arguments it was called with.
        tables: the decision tables it evaluated.
        because: the decisions, knowledge and services behind it, each explained.
    """

    element: str
    kind: str
    inputs: dict[str, object] = field(default_factory=dict)
    tables: list[TableTrace] = field(default_factory=list)
    because: list[Explanation] = field(default_factory=list)
    value: object = None

    def as_dict(self) -> dict[str, object]:
        """The explanation as plain data; values as FEEL literals, those over 2,000 characters by kind and size."""
        return {
            "element": self.element,
            "kind": self.kind,
            "value": shown(self.value),
            "inputs": {name: shown(value) for name, value in self.inputs.items()},
            "tables": [
                {
                    "name": table.name,
                    "hit_policy": table.hit_policy,
                    "inputs": {name: shown(value) for name, value in table.inputs},
                    "rules": [
                        {
                            "number": rule.number,
                            "id": rule.id,
                            "outputs": [shown(value) for value in rule.outputs],
                            "annotations": list(rule.annotations),
                        }
                        for rule in table.rules
                    ],
                    "value": shown(table.value),
                }
                for table in self.tables
            ],
            "because": [part.as_dict() for part in self.because],
        }

    def text(self, indent: int = 0) -> str:
        """The explanation as lines to read, the result first and what it rests on below it."""
        pad = "  " * indent
        lines = [f"{pad}{self.element} = {shown(self.value)}"]
        if self.inputs:
            word = "called with" if self.kind != "decision" else "given"
            lines.append(f"{pad}  {word} " + ", ".join(f"{n} = {shown(v)}" for n, v in self.inputs.items()))
        for table in self.tables:
            seen = ", ".join(f"{name} = {shown(value)}" for name, value in table.inputs)
            lines.append(f"{pad}  table {table.name} ({table.hit_policy}) saw {seen or 'no inputs'}")
            if not table.rules:
                lines.append(f"{pad}    no rule matched")
            for rule in table.rules:
                notes = " – " + "; ".join(filter(None, rule.annotations)) if any(rule.annotations) else ""
                outputs = ", ".join(shown(value) for value in rule.outputs)
                lines.append(f"{pad}    rule {rule.number} matched: {outputs}{notes}")
        lines += [part.text(indent + 1) for part in self.because]
        return "\n".join(lines)


@dataclass(slots=True)
class Result:
    """The answer of a decision.

    Attributes:
        value: a FEEL value; ``None`` is FEEL's null.
        diagnostics: why something became null, each with its place.
        explanation: only where it was asked for.
    """

    value: object
    diagnostics: list[Diagnostic] = field(default_factory=list)
    explanation: Explanation | None = None

    def as_dict(self) -> dict[str, object]:
        """The answer as plain data; the value as Python has it."""
        explained = {"explanation": self.explanation.as_dict()} if self.explanation else {}
        return {"value": feel.to_python(self.value), "diagnostics": plain(self.diagnostics), **explained}

    def text(self, name: str) -> str:
        """The answer of the decision of that name as lines to read: the explanation where it was asked for."""
        return self.explanation.text() if self.explanation else f"{name} = {feel.format(self.value)}"
