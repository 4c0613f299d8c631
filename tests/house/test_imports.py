"""What a module needs is said at its top; an import further down has a reason a reader can see.

Reasons are: a library of an extra, which takes long to load and need not be installed; a command, which pays for what
it needs and not for what the other commands need; an app of Django, whose tables are there only once it is ready; else
a word beside the import.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src" / "anyshore"
OURS = sys.stdlib_module_names | {"anyshore", "lxml", "msgspec", "regex", "rich", "typer", "yaml"}
"""What is always there: the standard library, this one, and the dependencies that are in no extra."""
Import = ast.Import | ast.ImportFrom


def hidden(source: str) -> list[Import]:
    """The imports inside functions, each once."""
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    found = [one for node in functions for one in ast.walk(node) if isinstance(one, (ast.Import, ast.ImportFrom))]
    return sorted({one.lineno: one for one in found}.values(), key=lambda one: one.lineno)


def module(one: Import) -> str:
    return (one.module or "") if isinstance(one, ast.ImportFrom) else one.names[0].name


def without_reason(source: str, *, command: bool = False) -> list[str]:
    """The imports inside functions for which nothing speaks; a word beside one speaks for those right below it, too."""
    lines = source.splitlines()
    spoken: set[int] = set()
    found = []
    for one in hidden(source):
        name = module(one)
        own = command and name.startswith("anyshore.") and not name.startswith("anyshore.cli")
        said = any("#" in lines[at - 1] for at in range(one.lineno, (one.end_lineno or one.lineno) + 1))
        said = said or lines[one.lineno - 2].lstrip().startswith("#") or one.lineno - 1 in spoken
        guarded = lines[one.lineno - 2].strip() == "try:"  # there are systems without it
        if said:
            spoken |= set(range(one.lineno, (one.end_lineno or one.lineno) + 1))
        if not (said or own or guarded or name.partition(".")[0] not in OURS):
            found.append(lines[one.lineno - 1].strip())
    return found


def test_an_import_stands_at_the_top_or_has_a_reason() -> None:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if path.name == "apps.py":
            continue
        if lines := without_reason(source, command="cli" in path.relative_to(ROOT).parts):
            found[str(path.relative_to(ROOT))] = lines
    assert found == {}


def test_it_finds_what_it_is_there_for() -> None:
    body = "def f():\n    import json\n"
    assert without_reason(body) == ["import json"]
    assert without_reason(body.replace("json", "json  # a cycle otherwise")) == []
    assert without_reason("def f():\n    import duckdb\n") == []
    assert without_reason("def f():\n    from lxml import etree\n") == ["from lxml import etree"]
    inside = "def f():\n    from anyshore.web.site import runs\n"
    assert without_reason(inside, command=True) == []
    assert without_reason(inside) == ["from anyshore.web.site import runs"]
