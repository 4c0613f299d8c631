"""What files say, to look at: decisions as tables, cases as boards. Processes have their own diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from anyshore import bpmn, cmmn, dmn
from anyshore.base.errors import DefinitionError
from anyshore.cmmn.definition import Definition, Item
from anyshore.dmn import expressions as boxed
from anyshore.packs import uploads
from anyshore.runtime.catalogue import case_model

MOST_RULES = 500
"""Rules of a table that are shown."""


@dataclass(slots=True)
class Box:
    """A boxed expression: one text, named parts, or a grid.

    Attributes:
        kind: ``text``, ``parts`` or ``grid``.
        text: the FEEL text; of a grid its hit policy.
        head: the columns of a grid; ``output`` columns come after ``inputs``.
        inputs: how many columns of a decision table are inputs.
        rows: the cells of a grid.
        parts: names and boxes.
        more: rows that are not shown.
    """

    kind: str
    text: str = ""
    head: tuple[str, ...] = ()
    inputs: int = 0
    rows: list[tuple[str, ...]] = field(default_factory=list)
    parts: list[tuple[str, Box]] = field(default_factory=list)
    more: int = 0


def box(expression: boxed.Expression | None) -> Box:
    """An expression as it is drawn."""
    match expression:
        case None:
            return Box("text", "–")
        case boxed.LiteralExpression(text=text):
            return Box("text", text)
        case boxed.DecisionTable():
            return _table(expression)
        case boxed.Relation(columns=columns, rows=rows):
            cells = [tuple(_text(cell) for cell in row) for row in rows[:MOST_RULES]]
            return Box("grid", "", tuple(one.name for one in columns), 0, cells, more=max(len(rows) - MOST_RULES, 0))
        case _:
            return Box("parts", parts=[(name, box(part)) for name, part in _parts(expression)])


def _parts(expression: boxed.Expression) -> list[tuple[str, boxed.Expression | None]]:
    match expression:
        case boxed.Context(entries=entries):
            return [(one.variable.name if one.variable else _("result"), one.value) for one in entries]
        case boxed.Invocation(called=called, bindings=bindings):
            return [(_("calls"), called), *((one.parameter, one.value) for one in bindings)]
        case boxed.FunctionDefinition(parameters=parameters, body=body):
            return [(f"({', '.join(one.name for one in parameters)})", body)]
        case boxed.ListExpression(items=items):
            return [(str(number), one) for number, one in enumerate(items, 1)]
        case boxed.Conditional(condition=condition, then=then, otherwise=otherwise):
            return [("if", condition), ("then", then), ("else", otherwise)]
        case boxed.Filter(collection=collection, match=match):
            return [("", collection), ("[ ]", match)]
        case boxed.Iterator(kind=kind, variable=variable, collection=collection, body=body):
            return [(f"{kind} {variable} in", collection), ("return" if kind == "for" else "satisfies", body)]
        case _:
            return []


def _table(table: boxed.DecisionTable) -> Box:
    inputs = tuple(one.label or one.expression.text for one in table.inputs)
    outputs = tuple(one.label or one.name or _("result") for one in table.outputs)
    rows = [
        (*(cell.text or "-" for cell in rule.inputs), *(cell.text for cell in rule.outputs), *rule.annotations)
        for rule in table.rules[:MOST_RULES]
    ]
    policy = f"{table.hit_policy} {table.aggregation or ''}".strip()
    head = (*inputs, *outputs, *table.annotations)
    return Box("grid", policy, head, len(inputs), rows, more=max(len(table.rules) - MOST_RULES, 0))


def _text(expression: boxed.Expression) -> str:
    return expression.text if isinstance(expression, boxed.LiteralExpression) else "…"


@dataclass(slots=True)
class Ticket:
    """A plan item: its name, what it is, what marks it, when it may begin and when it ends early."""

    name: str
    kind: str
    marks: list[str]
    begins: list[str]
    ends: list[str]


def board(definition: Definition) -> list[tuple[str, list[Ticket]]]:
    """The plan of a case: a column per stage, as the page of a live case has them."""
    heard: dict[tuple[str, bool], list[str]] = {}
    for (source, transition), listeners in definition.heard_by.items():
        for one in listeners:
            event = f"{_name(definition, source)}: {transition}"
            heard.setdefault((one.owner, one.entry), []).append(event)
    root = definition.items[definition.root]
    columns: list[tuple[str, list[Ticket]]] = []
    _column(definition, root, heard, columns)
    return [column for column in columns if column[1]]


def _column(definition: Definition, stage: Item, heard: Mapping[Any, list[str]], columns: list[Any]) -> None:
    tickets: list[Ticket] = []
    columns.append((stage.name, tickets))
    offered = [offer.item for offer in definition.offers.get(stage.stage or "", ())]
    for element in dict.fromkeys([*definition.children.get(stage.stage or "", ()), *offered]):
        item = definition.items[element]
        tickets.append(_ticket(item, heard))
        if item.stage is not None:
            _column(definition, item, heard, columns)


def _ticket(item: Item, heard: Mapping[tuple[str, bool], list[str]]) -> Ticket:
    marks = [
        word
        for holds, word in (
            (item.discretionary, _("may be planned")), (item.required, _("required")),
            (item.repetition, _("repeats")), (item.manual, _("started by hand")),
        )
        if holds
    ]  # fmt: skip
    return Ticket(item.name, item.family.tag, marks, heard.get((item.id, True), []), heard.get((item.id, False), []))


def _name(definition: Definition, element: str) -> str:
    item = definition.items.get(element)
    return item.name if item is not None else element


def of(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """A picture of every file that can be read: ``process``, ``decisions`` or ``case`` with what there is to show."""
    found: list[dict[str, Any]] = []
    for name in sorted(files):
        try:
            found += _pictures(name, files)
        except DefinitionError:
            continue  # its problems are told beside
    return found


def _pictures(name: str, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    if name.endswith(".bpmn"):
        bpmn.Document.open(files[name], file=name)
        return [{"kind": "process", "file": name, "elements": _elements(name, files[name])}]
    if name.endswith(".dmn"):
        model = uploads.decisions(name, files)
        decisions, inputs = ([one.name for one in of] for of in (model.decisions, model.inputs))
        picture = {"kind": "decisions", "file": name, "title": model.name, "boxes": _decisions(model)}
        return [picture | {"decisions": decisions, "inputs": inputs}]
    if name.endswith((".cmmn", "case.yaml")):
        cases = case_model(name, files[name])
        return [
            {"kind": "case", "file": name, "title": case.name or case.id, "columns": board(cmmn.link(cases, case.id))}
            for case in cases.cases
        ]
    return []


def _elements(name: str, content: bytes) -> list[tuple[str, str]]:
    """Names and kinds of what the processes of a file hold, in the order of the file; none where it is refused."""
    try:
        processes = bpmn.read(content, file=name).processes.values()
    except DefinitionError:
        return []
    return [(one.name or one.id, one.kind) for process in processes for one in process.elements.values()]


def _decisions(model: dmn.Model) -> list[tuple[str, Box]]:
    named = [(one.name, box(one.expression)) for one in model.decisions]
    known = [one for one in model.definitions.by_id.values() if hasattr(one, "logic")]
    return named + [(one.name, box(one.logic)) for one in known]


def starts(files: Mapping[str, bytes]) -> list[str]:
    """What work could begin with: the executable processes and the cases in the files, as packs name them."""
    found = []
    for name in sorted(files):
        try:
            if name.endswith(".bpmn"):
                found += [f"process:{one}" for one in bpmn.read(files[name], file=name).processes]
            elif name.endswith((".cmmn", "case.yaml")):
                found += [f"case:{one.id}" for one in case_model(name, files[name]).cases if one.id]
        except DefinitionError:
            continue
    return found
