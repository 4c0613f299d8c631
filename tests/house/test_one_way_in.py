"""What arrives becomes work in one place: ``host.intake``."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "anyshore"
ROOMS = ("cli", "web", "packs", "host")
MAY = {
    "host/driver.py": "the host itself, whose start is for programs that embed it",
    "host/starting.py": "new instances",
    "host/intake/receiving.py": "the way in",
    "host/starters.py": "what begins by itself: nothing arrives there",
}


def _names(path: Path) -> set[str]:
    """What a module uses of the ways to start an instance."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom | ast.Import):
            found |= {alias.name.rpartition(".")[2] for alias in node.names} & {"NewWork", "starting"}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of_host = _is_host(node.func.value)
            found |= {node.func.attr} & ({"start_all", "start"} if of_host else {"start_all"})
    return found


def _is_host(value: ast.expr) -> bool:
    """``host.start``, ``runtime.start``, ``self.host.start``, ``host().start``."""
    inner = value.func if isinstance(value, ast.Call) else value
    name = inner.attr if isinstance(inner, ast.Attribute) else inner.id if isinstance(inner, ast.Name) else ""
    return name.lstrip("_") in ("host", "runtime")


def test_nothing_starts_work_beside_the_intake() -> None:
    modules = [path for room in ROOMS for path in sorted((SOURCE / room).rglob("*.py"))]
    assert len(modules) > 200
    using = {path.relative_to(SOURCE).as_posix(): names for path in modules if (names := _names(path))}
    assert set(using) - set(MAY) == set(), "hand it over: host.intake.receiving.receive"
    assert set(MAY) - {"host/starting.py"} <= set(using)


def test_the_search_finds_a_second_way(tmp_path: Path) -> None:
    for text in ("host().start('x')", "self.host.start('x')", "runtime.start_all([])", "from a.driver import NewWork"):
        path = tmp_path / "second.py"
        path.write_text(text, encoding="utf-8")
        assert _names(path), text
