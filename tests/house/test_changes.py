"""What the web writes to an instance is computed from what the instance holds while nobody else can write to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import anyshore.web

WEB = Path(anyshore.web.__file__).parent
WRITERS = {"Write", "Resolve"}
"""Commands that carry values into an instance."""


def built_too_early(tree: ast.Module) -> Iterator[int]:
    """Lines that build such a command outside a function in a function: only those are handed to ``change``."""

    def within(node: ast.AST, depth: int) -> Iterator[int]:
        for child in ast.iter_child_nodes(node):
            called = child.func if isinstance(child, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in WRITERS and depth < 2:
                yield called.lineno
            deeper = isinstance(child, ast.FunctionDef | ast.Lambda)
            yield from within(child, depth + deeper)

    return within(tree, 0)


def test_values_are_written_within_a_change_only() -> None:
    found = [
        f"{file.relative_to(WEB)}:{line}"
        for file in sorted(WEB.rglob("*.py"))
        for line in built_too_early(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_a_command_that_is_built_too_early_is_found() -> None:
    early = ast.parse("def sign(row):\n    known = read(row)\n    host().execute(1, Write(at=1, variables=known))\n")
    held = ast.parse("def sign(row):\n    def build(held):\n        return Write(at=1)\n    change(row, build)\n")
    assert list(built_too_early(early)) == [3]
    assert list(built_too_early(held)) == []
