"""Whatever is wrong with a process or a case model, a hint says what to do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import anyshore
from anyshore.bpmn.rules import RULES

SOURCE = Path(anyshore.__file__).parent


def without_hint() -> Iterator[str]:
    """Every place that reports a problem in code of the two packages, and gives no hint."""
    for file in sorted(path for package in ("bpmn", "cmmn") for path in (SOURCE / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _reports(node) and not _hints(node):
                yield f"{file.relative_to(SOURCE)}:{node.lineno}"


def _reports(call: ast.Call) -> bool:
    code = next((one for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)), None)
    named = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    known = named in ("add", "warn", "_problem", "Diagnostic", "BpmnError", "CmmnError")
    return known and code is not None and code.value.partition(".")[0] in ("bpmn", "cmmn", "case")


def _hints(call: ast.Call) -> bool:
    at = next(index for index, one in enumerate(call.args) if isinstance(one, ast.Constant))
    behind = [
        one for one in call.args[at + 2 :] if not isinstance(one, ast.Name) or one.id.isupper() or one.id == "hint"
    ]
    return any(keyword.arg == "hint" for keyword in call.keywords) or len(behind) > 0


def test_every_problem_has_a_hint() -> None:
    assert list(without_hint()) == []


def test_every_rule_says_itself_and_its_section() -> None:
    assert all(rule.text and rule.section for rule in RULES)
