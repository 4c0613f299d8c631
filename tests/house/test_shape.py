"""The shape of the code: files and functions a reader can hold, nothing that only forwards."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_LINES, LONG_LINES, LONG_FILES = 600, 500, 5
MOST_IN_A_FUNCTION, LONG_IN_A_FUNCTION, LONG_FUNCTIONS = 60, 45, 8


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def test_files_are_short_and_few_are_long() -> None:
    files = modules("src", "tests", "benchmarks", "conformance", "docs")
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert len(lengths) > 500
    assert [name for name, lines in lengths.items() if lines > MOST_LINES] == []
    assert len([name for name, lines in lengths.items() if lines > LONG_LINES]) <= LONG_FILES


def test_functions_are_short_and_few_are_long() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in modules("src")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert [name for name, lines in lengths.items() if lines > MOST_IN_A_FUNCTION] == []
    assert len([name for name, lines in lengths.items() if lines > LONG_IN_A_FUNCTION]) <= LONG_FUNCTIONS
    assert sorted(lengths.values())[len(lengths) // 2] <= 10, "the median"


def test_no_module_only_forwards() -> None:
    """A package may name what it offers; a module has something of its own."""
    own = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.If, ast.With)
    empty = []
    for path in modules("src"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        if path.name != "__init__.py" and not any(isinstance(node, own) for node in body):
            empty.append(str(path))
    assert empty == []


def test_there_is_no_python_among_the_services() -> None:
    """Law 8: packs are data."""
    services = ROOT / "src" / "anyshore" / "services"
    assert list(services.rglob("pack.yaml"))
    assert list(services.rglob("*.py")) == []


def test_every_package_stands_in_the_table_of_floors() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("| floor |")[2].partition("\n\n")[0]
    packages = {path.parent.name for path in (ROOT / "src" / "anyshore").glob("*/__init__.py")}
    assert packages
    assert {name for name in packages if not re.search(rf"`{name}(/\*)?`", table)} == set()
