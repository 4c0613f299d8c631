"""Everything that is noted as a change has words for people; a code is for programs."""

from __future__ import annotations

import ast
from pathlib import Path

from anyshore import web
from anyshore.web.core.templatetags.show import change_words, event_name

NOTED = {"audit": 1, "security": 0}
"""By module: the place of the action among the arguments of ``record`` and ``note``."""


def noted() -> set[str]:
    found = set()
    for file in Path(web.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            module = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            place = NOTED.get(module) if node.func.attr in ("record", "note") else None
            if place is not None and len(node.args) > place:
                action = node.args[place]
                found |= {action.value} if isinstance(action, ast.Constant) else set()
    return found


def test_every_change_has_words() -> None:
    assert len(noted()) > 30
    assert {one for one in noted() if event_name(one) == one and change_words(one) == one} == set()
