"""A decision table as a grid of text, the form it has in a spreadsheet or a CSV file, and back.

The layout, one table per grid::

    Decision   | Shipping fee | Hit policy | U
    kind       | input        | input      | output | annotation
    expression | Weight       | Zone       | Fee    | Reason
    type       | number       | string     | number |
    values     |              | "EU","ROW" |        |
    default    |              |            | 0      |
    1          | <= 5         | "EU"       | 4.90   | light

The rows ``values`` and ``default`` may be left out. Cells hold FEEL; an empty input cell means ``-``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from anyshore import feel
from anyshore.base.errors import Diagnostic, DmnError, FeelError
from anyshore.base.locations import Location
from anyshore.base.tables.cells import letters
from anyshore.dmn.elements import Decision
from anyshore.dmn.expressions import DecisionTable
from anyshore.dmn.namespaces import MODEL

VERSION = "1.5"
POLICY_OF = {
    "U": ("UNIQUE", None), "F": ("FIRST", None), "P": ("PRIORITY", None), "A": ("ANY", None),
    "C": ("COLLECT", None), "C+": ("COLLECT", "SUM"), "C#": ("COLLECT", "COUNT"), "C<": ("COLLECT", "MIN"),
    "C>": ("COLLECT", "MAX"), "R": ("RULE ORDER", None), "O": ("OUTPUT ORDER", None),
}  # fmt: skip
LETTER_OF = {policy: letter for letter, policy in POLICY_OF.items()}
KINDS = ("input", "output", "annotation")
Grid = list[list[str]]


@dataclass(slots=True)
class Column:
    """A column of a table grid."""

    kind: str
    expression: str
    type: str = ""
    values: str = ""
    default: str = ""


@dataclass(slots=True)
class Table:
    """A table as its grid says it."""

    decision: str
    policy: str
    columns: list[Column]
    rows: list[list[str]] = field(default_factory=list)


def to_grid(decision: Decision) -> Grid:
    """The grid of a decision whose logic is a decision table.

    Raises:
        DmnError: its logic is something else.
    """
    table = decision.expression
    if not isinstance(table, DecisionTable):
        raise DmnError(
            "dmn.no-table",
            f"The logic of {decision.name} is no decision table.",
            decision.owner.locate(decision.source),
            "Only decision tables go into a spreadsheet.",
        )
    columns = [
        Column(
            "input", c.expression.text.strip(), c.expression.type_ref or "", c.values.text.strip() if c.values else ""
        )
        for c in table.inputs
    ]
    columns += [
        Column(
            "output",
            c.name or c.label or decision.name,
            c.type_ref or (decision.variable.type_ref if decision.variable and len(table.outputs) == 1 else "") or "",
            c.values.text.strip() if c.values else "",
            c.default.text.strip() if c.default else "",
        )
        for c in table.outputs
    ]
    width = max([len(table.annotations), *(len(rule.annotations) for rule in table.rules)], default=0)
    names = [*table.annotations, *("" for _ in range(width - len(table.annotations)))]
    columns += [Column("annotation", name or "annotation") for name in names]
    head = [
        ["Decision", decision.name, "Hit policy", LETTER_OF[table.hit_policy, table.aggregation]],
        ["kind", *(c.kind for c in columns)],
        ["expression", *(c.expression for c in columns)],
        ["type", *(c.type for c in columns)],
        ["values", *(c.values for c in columns)],
        ["default", *(c.default for c in columns)],
    ]
    body = []
    for number, rule in enumerate(table.rules, 1):
        notes = [*rule.annotations, *("" for _ in range(width - len(rule.annotations)))]
        cells = [cell.text.strip() for cell in rule.inputs] + [cell.text.strip() for cell in rule.outputs]
        body.append([str(number), *cells, *notes])
    return head + body


def tables_in(grid: Grid) -> list[tuple[int, int, Grid]]:
    """The parts of a sheet that hold a table each, with the row and column they begin at, counted from 0."""
    corners = [
        (row, column)
        for row, cells in enumerate(grid)
        for column, text in enumerate(cells)
        if str(text).strip().lower() == "decision"
        and any(_cell(line, column).strip().lower() == "kind" for line in grid[row + 1 : row + 7])
    ]
    found = []
    for row, column in corners:
        below = min((r for r, c in corners if r > row and c == column), default=len(grid))
        beside = min((c for r, c in corners if c > column and row <= r < below), default=None)
        found.append((row, column, [list(line[column:beside]) for line in grid[row:below]]))
    return found


def from_grid(grid: Sequence[Sequence[str]], file: str, top: int = 0, left: int = 0) -> Table:
    """The table a grid holds; every problem of it at once.

    Args:
        grid: its cells.
        file: what to call the sheet.
        top: the row of the sheet the grid begins at, counted from 0.
        left: its column.

    Raises:
        DmnError: the grid has not the layout of a table.
    """
    problems: list[Diagnostic] = []

    def wrong(row: int, column: int, message: str, hint: str = "") -> None:
        row, column = row + top, column + left
        place = Location(file, line=row + 1, column=column + 1, cell=f"{letters(column)}{row + 1}")
        problems.append(Diagnostic("dmn.sheet", message, place, hint))

    rows = [[_plainly(str(cell)) for cell in row] for row in grid]
    head = {row[0].lower(): (index, row) for index, row in enumerate(rows[:12]) if row and row[0].lower() in _LABELS}
    name, policy = _title(head, wrong)
    columns: list[Column] = []
    if "kind" not in head or "expression" not in head:
        wrong(0, 0, "The table has no row 'kind' or no row 'expression'.", "See the layout in the documentation.")
        raise DmnError.of(problems)
    kind_row, kinds = head["kind"]
    for position in range(1, len(kinds)):
        if not kinds[position]:
            filled = next((index for index, row in enumerate(rows) if index > kind_row and _cell(row, position)), None)
            if filled is not None:
                wrong(filled, position, "This column has no kind.", f"Write one above it: {', '.join(KINDS)}")
            continue
        if kinds[position].lower() not in KINDS:
            wrong(kind_row, position, f"{kinds[position]} is no kind of column.", ", ".join(KINDS))
        texts = [_cell(head[label][1], position) if label in head else "" for label in _HEAD[1:]]
        column = Column(kinds[position].lower(), *texts)
        if not column.expression:
            wrong(head["expression"][0], position, "This column has no expression or name.")
        columns.append(column)
    first = 1 + max(index for label, (index, _) in head.items() if label in _HEAD or label == "decision")
    positions = [p for p in range(1, len(kinds)) if kinds[p]]
    table = Table(name, policy, columns)
    for index, row in enumerate(rows[first:], first):
        cells = [
            _dated(_cell(row, p)) if column.type == "date" else _cell(row, p)
            for p, column in zip(positions, columns, strict=True)
        ]
        if not any(cells):
            continue
        for position, column, text in zip(positions, columns, cells, strict=True):
            if column.kind == "output" and not text:
                wrong(index, position, f"The output {column.expression} is empty in this rule.", "Write null for none.")
        table.rows.append(cells)
    if not any(c.kind == "output" for c in columns):
        wrong(kind_row, 0, "The table has no output column.")
    if problems:
        raise DmnError.of(problems)
    return table


_LABELS = frozenset({"decision", "kind", "expression", "type", "values", "default"})
_HEAD = ("kind", "expression", "type", "values", "default")


def _title(head: dict[str, tuple[int, list[str]]], wrong: object) -> tuple[str, str]:
    assert callable(wrong)
    index, title = head.get("decision", (0, []))
    # Merged cells repeat what they hold.
    words = [word for word in title[1:] if word]
    label = next((n for n, word in enumerate(words) if word.lower() == "hit policy"), len(words))
    name = words[0] if label else ""
    if not name:
        wrong(0, 1, "The first row does not name the decision.", "Write: Decision | <name> | Hit policy | U")
    policies = [word.upper() for word in words[label:] if word.lower() != "hit policy"]
    policy = policies[0] if policies else "U"
    if policy not in POLICY_OF:
        wrong(index, title.index(words[-1]), f"{policy} is no hit policy.", ", ".join(POLICY_OF))
    return name, policy


def to_xml(tables: Sequence[Table], name: str, namespace: str) -> bytes:
    """A DMN file with one decision per table. What a table reads by a plain name and no other table decides becomes
    input data; a decision of that name becomes a required decision.
    """
    uri = MODEL[VERSION]
    namespaces: dict[Any, str] = {None: uri}  # the stubs know no default namespace
    root = etree.Element(f"{{{uri}}}definitions", nsmap=namespaces)
    root.set("id", f"_{_slug(name)}")
    root.set("name", name)
    root.set("namespace", namespace)
    decided = {table.decision: f"decision_{_slug(table.decision)}" for table in tables}
    inputs: dict[str, str] = {}
    for table in tables:
        for column in table.columns:
            if column.kind == "input":
                for base in _read(column.expression):
                    if base not in decided:
                        plain = base == column.expression
                        inputs[base] = (column.type if plain else "") or inputs.get(base, "")
    for base, type_ref in inputs.items():
        node = _child(root, "inputData", id=f"input_{_slug(base)}", name=base)
        _child(node, "variable", name=base, typeRef=type_ref)
    for table in tables:
        _decision_xml(root, table, decided, inputs)
    etree.indent(root, "  ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _decision_xml(root: etree._Element, table: Table, decided: dict[str, str], inputs: dict[str, str]) -> None:
    node = _child(root, "decision", id=decided[table.decision], name=table.decision)
    outputs = [c for c in table.columns if c.kind == "output"]
    single = outputs[0].type if len(outputs) == 1 and not table.policy.startswith(("C", "R", "O")) else ""
    _child(node, "variable", name=table.decision, typeRef=single)
    bases = dict.fromkeys(base for c in table.columns if c.kind == "input" for base in _read(c.expression))
    for base in bases:
        if base in decided:
            need = _child(node, "informationRequirement", id=f"need_{_slug(table.decision)}_{_slug(base)}")
            _child(need, "requiredDecision", href=f"#{decided[base]}")
        elif base in inputs:
            need = _child(node, "informationRequirement", id=f"need_{_slug(table.decision)}_{_slug(base)}")
            _child(need, "requiredInput", href=f"#input_{_slug(base)}")
    policy, aggregation = POLICY_OF[table.policy]
    logic = _child(
        node, "decisionTable", id=f"table_{_slug(table.decision)}", hitPolicy=policy, aggregation=aggregation or ""
    )
    for column in table.columns:
        if column.kind == "input":
            clause = _child(logic, "input")
            _text(_child(clause, "inputExpression", typeRef=column.type), column.expression)
            if column.values:
                _text(_child(clause, "inputValues"), column.values)
    for column in outputs:
        clause = _child(logic, "output", name=column.expression if len(outputs) > 1 else "", typeRef=column.type)
        if len(outputs) == 1:
            clause.set("label", column.expression)
        if column.values:
            _text(_child(clause, "outputValues"), column.values)
        if column.default:
            _text(_child(clause, "defaultOutputEntry"), column.default)
    for column in table.columns:
        if column.kind == "annotation":
            _child(logic, "annotation", name=column.expression)
    tags = {"input": "inputEntry", "output": "outputEntry", "annotation": "annotationEntry"}
    for number, row in enumerate(table.rows, 1):
        rule = _child(logic, "rule", id=f"rule_{_slug(table.decision)}_{number}")
        for kind in KINDS:
            for column, text in zip(table.columns, row, strict=True):
                if column.kind == kind:
                    _text(_child(rule, tags[kind]), text or ("-" if kind == "input" else ""))


_NAME = re.compile(r"[^\W\d][\w ]*")


def _read(expression: str) -> list[str]:
    """The names an input expression reads: itself, the first of a path, or those of a formula."""
    base = expression.split(".")[0].strip()
    if _NAME.fullmatch(base):
        return [base]
    try:
        return sorted(feel.compile(expression).free_names)
    except FeelError:
        return []  # the check tells


def _slug(name: str) -> str:
    """A name as part of an XML id; characters an id may not have are written as their number."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "_-") else f".{ord(c):x}." for c in name)


def _child(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    node = etree.SubElement(parent, f"{{{MODEL[VERSION]}}}{tag}")
    for name, value in attributes.items():
        if value:
            node.set(name, value)
    return node


def _text(parent: etree._Element, text: str) -> None:
    _child(parent, "text").text = text


_WRITTEN = str.maketrans({"\u00a0": " ", "\u2264": "<=", "\u2265": ">=", "\u2260": "!="})
_TYPED_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e", '"'))
_DAY = re.compile(r"(?<![\w\"@-])(?<!\d\.)(?:(\d{4})-(\d\d)-(\d\d)|(\d\d?)\.(\d\d?)\.(\d{4}))(?![\w\"-])")


def _plainly(text: str) -> str:
    """A cell with what word processors put in written as FEEL writes it."""
    if '"' not in text:
        text = text.translate(_TYPED_QUOTES).translate(_WRITTEN)
    return "-" if text.strip() in ("\u2013", "\u2014") else text.strip()


def _dated(text: str) -> str:
    """A cell of a column of dates, with days that stand there as people write them (2026-07-01, 1.7.2026) as FEEL's."""

    def literal(day: re.Match[str]) -> str:
        year, month, date = (day[1], day[2], day[3]) if day[1] else (day[6], day[5].zfill(2), day[4].zfill(2))
        return f'date("{year}-{month}-{date}")'

    return text if '"' in text else _DAY.sub(literal, text)


def _cell(row: Sequence[str], position: int) -> str:
    return row[position] if position < len(row) else ""
