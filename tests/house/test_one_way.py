"""One way each: what the house does in one room is not done a second time elsewhere.

Every rule has a sentence it finds, so that a rule that has become blind fails too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "anyshore"
Finder = Callable[[ast.AST], bool]


@dataclass(frozen=True)
class Rule:
    """Something that is done in one room.

    Attributes:
        what: is done.
        rooms: files or folders below ``src/anyshore`` where it is done, and those that have a reason of their own.
        finds: whether a node of a syntax tree does it.
        second: a sentence that does it.
    """

    what: str
    rooms: tuple[str, ...]
    finds: Finder
    second: str


def imports(*modules: str) -> Finder:
    """An import of one of some modules, or of something in them."""

    def finds(node: ast.AST) -> bool:
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        return any(name == module or name.startswith(f"{module}.") for name in names for module in modules)

    return finds


def calls(name: str, argument: str = "") -> Finder:
    """A call of a function or method by its last name, where ``argument`` is named with it."""

    def finds(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return called == name and (not argument or any(one.arg == argument for one in node.keywords))

    return finds


def says(pattern: str) -> Finder:
    """A text, also part of one with values in it, that fits a pattern."""

    def finds(node: ast.AST) -> bool:
        return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.search(pattern, node.value))

    return finds


def asks_again(node: ast.AST) -> bool:
    """``visible_engagements(…).filter(…).exists()``: whether somebody may do something in one engagement."""
    if not calls("exists")(node):
        return False
    return any(calls("visible_engagements")(inside) for inside in ast.walk(node))


def takes(module: str, name: str) -> Finder:
    """An import of a name from a module."""

    def finds(node: ast.AST) -> bool:
        return isinstance(node, ast.ImportFrom) and node.module == module and any(n.name == name for n in node.names)

    return finds


# An export is a stream of the ledger, a file of the archive one of the store.
_STREAMS = ("base/files.py", "terms/exports.py", "host/archive.py")

# Mails and identities come by libraries whose connections the gate makes; the command listens, and asks its own server.
OUTGOING = (
    "host/outgoing", "host/channels/mailbox.py", "web/accounts/sessions.py", "web/site/mailing.py",
    "web/site/listening.py",
)  # fmt: skip

RULES = (
    Rule("reading and writing CSV and Excel", ("base/tables",), imports("csv", "openpyxl"), "import csv"),
    Rule("reading and writing CSV and Excel", ("base/tables",), imports("csv", "openpyxl"), "from openpyxl.x import y"),
    Rule("canonical JSON", ("base/canonical.py",), calls("dumps", "sort_keys"), "json.dumps(x, sort_keys=True)"),
    Rule("canonical JSON", ("base/canonical.py",), calls("Encoder", "order"), "msgspec.json.Encoder(order='sorted')"),
    Rule("drawing", ("base/svg.py",), says(r"<(svg|polyline|path|rect|circle|line)[ >/]"), "f'<rect x=\"{x}\"/>'"),
    Rule("refusing a file", _STREAMS, says(r"^(Cannot read the|The file cannot be read)"), "f'Cannot read the {x}.'"),
    Rule("refusing a file", _STREAMS, says(r"^\w+\.unreadable$"), "DataError('form.unreadable', '…')"),
    Rule(
        "the language of a request", ("web/core/reader.py",), takes("django.utils.translation", "get_language"),
        "from django.utils.translation import get_language, gettext",
    ),
    Rule(
        "who may do something in an engagement", ("web/core/permissions.py",), asks_again,
        "permissions.visible_engagements(by, 'work.do').filter(pk=one.pk).exists()",
    ),
    Rule(
        "opening connections", OUTGOING,
        imports("socket", "ssl", "http.client", "urllib.request", "imaplib", "smtplib", "poplib", "ftplib", "requests",
                "urllib3", "httpx", "aiohttp", "websockets", "socketserver", "xmlrpc", "paramiko"),
        "from urllib.request import urlopen",
    ),
    Rule("what a command line is made of", ("cli",), imports("typer", "click", "argparse"), "import typer"),
    Rule("plain values of dataclasses", ("base/plain.py",), takes("typing", "get_type_hints"),
         "from typing import get_type_hints"),
)  # fmt: skip
ICONS = "web/site/templates/site/icons.html"
"""The one template that draws: the icons of the house, lines and nothing computed."""


def found(rule: Rule, source: str) -> Iterator[int]:
    """The lines of a module that do what a rule speaks of."""
    yield from (getattr(node, "lineno", 0) for node in ast.walk(ast.parse(source)) if rule.finds(node))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.what)
def test_it_is_done_in_its_room_alone(rule: Rule) -> None:
    rooms = [ROOT / room for room in rule.rooms]
    second = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(ROOT.rglob("*.py"))
        if not any(room == path or room in path.parents for room in rooms)
        for line in found(rule, path.read_text(encoding="utf-8"))
    ]
    assert second == [], f"{rule.what} has its room: {rule.rooms[0]}"
    assert all(room.exists() for room in rooms)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.what)
def test_a_second_way_would_be_found(rule: Rule) -> None:
    assert list(found(rule, f"def f():\n    {rule.second}\n")) == [2]
    assert list(found(rule, "x = 1\n")) == []


def test_no_template_draws_but_the_icons() -> None:
    drawing = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("templates/**/*.html")
        if re.search(r"<(svg|polyline|path|rect|circle|line)\b", path.read_text("utf-8"))
    }
    assert drawing == {ICONS}


@pytest.mark.parametrize("room", [one for one in OUTGOING if one not in ("host/outgoing", "web/site/listening.py")])
def test_who_brings_a_library_that_connects_makes_its_connections_through_the_gate(room: str) -> None:
    source = (ROOT / room).read_text(encoding="utf-8")
    assert "gate.of_installation().connect(" in source
    opening = re.compile(
        r"create_connection|\.connect_ex\(|socket\.socket\(|imaplib\.IMAP4(_SSL)?\(|smtplib\.SMTP(_SSL)?\("
    )
    assert opening.findall(source) == []
