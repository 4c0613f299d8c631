"""Laws 3 and 4 in the shape of the code: only records change a state; the kernel owns nouns, the engines own verbs."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from anyshore import bpmn, cmmn
from anyshore.kernel.records import KERNEL_RECORDS, Record

SOURCE = Path(__file__).parents[2] / "src" / "anyshore"
FOREIGN = re.compile(
    r"bpmn|cmmn|process(es)?|gateway|token|sequence.?flow|boundary|compensat\w*|pool|lane|multi.?instance|"
    r"plan.?item|sentr(y|ies)|milestone|stage|case.?file|discretionary|criterion",
    re.IGNORECASE,
)
"""Words that belong to BPMN or CMMN alone. Documentation may name them to explain; code may not."""


def identifiers_and_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Names and texts of a module, without its comments and docstrings."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    told = {
        statement.value.lineno
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        for statement in node.body
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        named = token.type == tokenize.NAME
        if named or (token.type == tokenize.STRING and token.start[0] not in told):
            yield token.start[0], token.string


@pytest.mark.parametrize("path", sorted((SOURCE / "kernel").glob("*.py")), ids=lambda path: path.stem)
def test_the_kernel_knows_no_word_of_bpmn_or_cmmn(path: Path) -> None:
    words = [
        f"{path.name}:{line}: {text}"
        for line, text in identifiers_and_texts(path)
        if any(FOREIGN.fullmatch(word) for word in re.findall(r"[A-Za-z]+", text.replace("_", " ")))
    ]
    assert not words


@pytest.mark.parametrize("engine", [bpmn.BpmnEngine(), cmmn.CaseEngine()], ids=["bpmn", "cmmn"])
def test_every_kind_of_record_has_a_name_of_its_own_and_carries_its_type(engine: object) -> None:
    kinds: tuple[type[Record], ...] = (*KERNEL_RECORDS, *engine.records)  # type: ignore[attr-defined]
    assert len({kind.__struct_config__.tag for kind in kinds}) == len(kinds)


STATE_PARTS = frozenset(
    {"nodes", "variables", "waits", "pending", "private", "children", "owned", "next_id", "outcome", "suspended"}
)
CHANGING = frozenset({"append", "clear", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"})
APPLIERS = frozenset({"kernel/records.py", "kernel/state.py", "bpmn/records.py", "cmmn/records.py"})
"""The only modules that may change a state: records, and the indexes that are derived after reading."""


def state_changes(path: Path) -> Iterator[str]:
    """Statements that write into a part of a state reached by an attribute."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets: list[ast.expr] = []
        match node:
            case ast.Assign():
                targets = node.targets
            case ast.AugAssign() | ast.AnnAssign():
                targets = [node.target]
            case ast.Delete():
                targets = node.targets
            case ast.Call(func=ast.Attribute(value=receiver, attr=name)) if name in CHANGING:
                if _reaches_state(receiver):
                    yield f"{path.parent.name}/{path.name}:{node.lineno}: {ast.unparse(node)}"
        for target in targets:
            inside = isinstance(target, ast.Subscript) and _reaches_state(target.value)
            field = isinstance(target, ast.Attribute) and target.attr in STATE_PARTS and _is_state(target.value)
            if inside or field:
                yield f"{path.parent.name}/{path.name}:{node.lineno}: {ast.unparse(node)}"


def _reaches_state(value: ast.expr) -> bool:
    """Whether an expression leads through ``state`` or a node's private slot."""
    return any(
        (isinstance(part, ast.Attribute) and part.attr in ("state", "private"))
        or (isinstance(part, ast.Name) and part.id == "state")
        for part in ast.walk(value)
    )


def _is_state(value: ast.expr) -> bool:
    return ast.unparse(value) in ("state", "turn.state")


@pytest.mark.parametrize("package", ["kernel", "bpmn", "cmmn"])
def test_only_records_change_a_state(package: str) -> None:
    found = [
        change
        for path in sorted((SOURCE / package).rglob("*.py"))
        if path.relative_to(SOURCE).as_posix() not in APPLIERS
        for change in state_changes(path)
    ]
    assert not found


def test_a_write_past_emit_is_found(tmp_path: Path) -> None:
    path = tmp_path / "careless.py"
    for statement in (
        "turn.state.variables[1]['x'] = 2", "turn.state.nodes.pop(3)", "node.private['x'] = 1", "state.outcome = 'x'",
        "del turn.state.waits[1]", "turn.state.nodes[1].private.setdefault('a', []).append(2)",
    ):  # fmt: skip
        path.write_text(statement, encoding="utf-8")
        assert len(list(state_changes(path))) >= 1, statement
