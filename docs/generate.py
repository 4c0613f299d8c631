"""Writes what the program knows best: ``python docs/generate.py``.

The published schema of case templates, whose items each family of elements describes; the pages of the command line and
of the error codes as a whole; in other pages what stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``. A
test keeps them up to date. And the tables of a new database, which may lag behind.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from typer.main import get_command

from anyshore.cli.main import app
from anyshore.cmmn.elements.table import TEMPLATES
from anyshore.feel.builtins import (
    booleans,
    contexts,
    conversion,
    lists,
    numbers,
    ranges,
    sorting,
    strings,
    temporals,
)
from anyshore.feel.signatures import P, Row
from anyshore.terms.ledger import ENTRY_TYPES

REFERENCE = Path(__file__).parent / "reference"
CASE_SCHEMA = Path(__file__).parents[1] / "src" / "anyshore" / "cmmn" / "case.schema.json"
TABLES = Path(__file__).parents[1] / "src" / "anyshore" / "web" / "site" / "ready_made.sql"
PART = re.compile(r"(<!-- generated: ([\w.-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
FAMILIES = {
    "Conversion": conversion, "Booleans": booleans, "Strings": strings, "Lists": lists, "Numbers": numbers,
    "Dates and times": temporals, "Ranges": ranges, "Sorting": sorting, "Contexts": contexts,
}  # fmt: skip
CLI_HEAD = """\
# The command line

Every step is a command of its own, and every command that prints tables prints one JSON document with `--json`. The
exit status is 0 if all went well, 1 if something was found or failed, 2 if the command itself was written wrongly.
Problems stand on standard error ([how they look](errors.md)). The database is in the folder `ANYSHORE_HOME`, `var` if
it is not set ([all settings](../how-to/operate.md)).

This page is written by `python docs/generate.py`.
"""
CLI_TAIL = """
## What to read next

- [Your first engagement](../tutorial/first-engagement.md) uses most of these commands.
- [Decision tables](../how-to/decision-tables.md), [terms files](../how-to/terms-file.md),
  [case templates](../how-to/own-case-template.md), [operating it](../how-to/operate.md).
"""


def cli() -> str:
    """The page of the command line."""
    return CLI_HEAD + "".join(_commands(get_command(app), "anyshore")) + CLI_TAIL


def _commands(command: Any, path: str) -> Iterator[str]:
    if hasattr(command, "commands"):
        for name, one in command.commands.items():
            yield from _commands(one, f"{path} {name}")
        return
    visible = [one for one in command.params if not getattr(one, "hidden", False) and one.name != "help"]
    arguments = [one for one in visible if one.param_type_name == "argument"]
    options = [one for one in visible if one.param_type_name == "option"]
    usage = " ".join([path, *(_argument(one) for one in arguments), *(["[OPTIONS]"] if options else [])])
    yield f"\n## {path}\n\n{_sentences(command.help)}\n\n```text\n{usage}\n```\n"
    rows = [(f"`{_placeholder(one)}`", _help(one)) for one in arguments]
    rows += [(_option(one), _help(one)) for one in options]
    if rows:
        yield "\n| | |\n|---|---|\n" + "".join(f"| {name} | {text} |\n" for name, text in rows)


def _placeholder(parameter: Any) -> str:
    return str(parameter.name).upper().replace("_", "-")


def _argument(parameter: Any) -> str:
    name = _placeholder(parameter) + (" …" if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def _option(parameter: Any) -> str:
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    return f"`{names}`" if parameter.is_flag else f"`{names} {_metavar(parameter)}`"


def _metavar(parameter: Any) -> str:
    annotation = parameter.type_descriptor.annotation
    inner = next(iter(get_args(annotation)), annotation)  # a list is an option that may be given several times
    return {int: "NUMBER", float: "NUMBER", Path: "PATH"}.get(inner, "TEXT")


def _help(parameter: Any) -> str:
    text = _cell(parameter.help or "")
    default = parameter.default
    if parameter.param_type_name == "option" and isinstance(default, (int, str)) and not isinstance(default, bool):
        text += f" (default: `{default}`)"
    return text


def _sentences(text: str | None) -> str:
    paragraphs = (text or "").strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def feel_builtins() -> str:
    """All built-in functions, a table per family."""
    found = []
    for title, module in FAMILIES.items():
        found.append(f"\n### {title}\n\n| function | gives |\n|---|---|\n")
        found += [f"| `{_signature(row)}` | {_cell(str(row.result))} |\n" for row in module.ROWS]
    return "".join(found)


def _signature(row: Row) -> str:
    shown = [_parameter(one) for one in row.parameters]
    if row.many:
        shown[-1] += " …"
    return f"{row.name}({', '.join(shown)})"


def _parameter(parameter: P) -> str:
    kind = "" if parameter.kind.name == "anything" else f": {parameter.kind.name}"
    return f"{parameter.name}{'?' if parameter.optional else ''}{kind}"


def entry_types() -> str:
    """The types of ledger entries."""
    return "\n" + ", ".join(f"`{name}`" for name in ENTRY_TYPES) + "\n\n"


SIMPLE = {"text", "date", "name", "money", "percent", "country", "id", "rule", "roles"}
"""Definitions of schemas that are said where they are used."""


def schema_tables(package: str, name: str) -> str:
    """What the objects of a JSON Schema may hold: a table each, and a line for what is no object."""
    schema = json.loads(files(package).joinpath(name).read_text("utf-8"))
    found = [_table("the file", schema, schema)]
    for key, part in schema["$defs"].items():
        options = part.get("oneOf", [])
        if options and all(one.get("type") == "object" for one in options):
            found += [_table(f"{key}, `type: {one['properties']['type']['const']}`", one, schema) for one in options]
        elif part.get("properties"):
            found.append(_table(key, part, schema))
        elif key not in SIMPLE:
            said = f": {part['description']}" if "description" in part else ""
            found.append(f"\n### {key.capitalize()}\n\n{_value(part, schema).capitalize()}{said}.\n")
            nested = [_nested(part), *(_nested(one) for one in options)]
            found += [_table(f"one of {key}", one, schema) for one in nested if one]
    return "".join(found)


def _table(title: str, part: dict[str, Any], schema: dict[str, Any]) -> str:
    required = part.get("required", [])
    rows, inner = [], ""
    for name, value in part["properties"].items():
        needed = "yes" if name in required else ""
        rows.append(f"| `{name}` | {needed} | {_value(value, schema)} | {_cell(_said(value, schema))} |\n")
        nested = _nested(value)
        if nested:
            inner += _table(f"{name} of {title}", nested, schema)
    about = f"{part['description'][0].upper()}{part['description'][1:]}.\n\n" if part.get("description") else ""
    about = about.replace("..", ".")
    return (
        f"\n### {title[0].upper()}{title[1:]}\n\n{about}| key | needed | value | meaning |\n|---|---|---|---|\n"
        + "".join(rows)
        + inner
    )


def _nested(value: dict[str, Any]) -> dict[str, Any] | None:
    """The object written in place in a value, through lists and names."""
    match value:
        case {"properties": _}:
            return value
        case {"items": dict(inner)} | {"additionalProperties": dict(inner)}:
            return _nested(inner)
    return None


def _said(value: dict[str, Any], schema: dict[str, Any]) -> str:
    if "description" in value:
        return str(value["description"])
    if "$ref" in value:
        target = schema["$defs"][value["$ref"].rsplit("/", 1)[1]]
        return "" if target.get("properties") else str(target.get("description", ""))
    return ""


def _value(value: dict[str, Any], schema: dict[str, Any]) -> str:
    """What a value may be, in words."""
    match value:
        case {"$ref": ref}:
            name = ref.rsplit("/", 1)[1]
            target = schema["$defs"][name]
            shown = name not in ("percent", "id", "rule", "roles")
            return name if shown else _value(target, schema)
        case {"const": const}:
            return f"`{const}`"
        case {"enum": options}:
            return ", ".join(f"`{option}`" for option in options)
        case {"oneOf": options}:
            return " or ".join(dict.fromkeys(_value(option, schema) for option in options))
        case {"type": "array", "items": items}:
            return f"list of {_value(items, schema).removeprefix('with ')}"
        case {"type": "object", "properties": properties}:
            return f"with {', '.join(f'`{name}`' for name in properties)}"
        case {"type": "object", "additionalProperties": dict(inner)}:
            return f"by name: {_value(inner, schema)}"
        case {"type": list(types)}:
            return " or ".join(types)
        case {"type": "string", "format": "date"}:
            return "date"
        case {"type": "string"}:
            return "text"
        case {"type": "boolean"}:
            return "`true` or `false`"
        case {"type": ("number" | "integer") as kind}:
            return kind + _bounds(value)
    return ""


def _bounds(value: dict[str, Any]) -> str:
    words = {"minimum": "from {}", "exclusiveMinimum": "above {}", "maximum": "up to {}"}
    return "".join(" " + text.format(value[key]) for key, text in words.items() if key in value)


SOURCE = Path(__file__).parents[1] / "src" / "anyshore"
CODE = re.compile(r"[a-z]+(\.[A-Za-z0-9-]+)+")
TELLS = re.compile(
    r"\w*(Error|Rejected|Failed|Refusal|Diagnostic)|__init__|add|warn|error|fail|none|report|document|"
    r"_?(problem|refuse|refusal|find|finding|rejected|stop|page|warning)"
)
"""What is called to tell a problem: a class of errors, or a helper that makes one."""
CODES_HEAD = """\
# Error codes

Every code a message can carry, with what it says; `…` stands for what differs. How a problem is built, and what the
first word of its code means: [errors](errors.md). The rules of BPMN, `bpmn.EXT…`, are told with the rule's own text.

This page is written by `python docs/generate.py` from the source.
"""
CODES_TAIL = """
## What to read next

- [Errors](errors.md): how a problem is built.
- [Operating it](../how-to/operate.md): what to do about an incident.
"""


def codes() -> dict[str, list[str]]:
    """Every code in the source, with the messages it goes with."""
    found: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for call, names in _calls(ast.parse(path.read_text(encoding="utf-8")), {}):
            if TELLS.fullmatch(ast.unparse(call.func).rpartition(".")[2]):
                for code, message in _told(call, names):
                    messages = found.setdefault(code, [])
                    if message and message not in messages:
                        messages.append(message)
    return dict(sorted(found.items()))


def _calls(tree: ast.AST, names: dict[str, str]) -> Iterator[tuple[ast.Call, dict[str, str]]]:
    """All calls in order, each with the texts that have a name at that point."""
    for node in ast.iter_child_nodes(tree):
        inner = {} if isinstance(node, ast.FunctionDef) else names
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names[node.targets[0].id] = _literal(node.value) or ""
        if isinstance(node, ast.Call):
            yield node, names
        yield from _calls(node, inner)


def _told(call: ast.Call, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    arguments = [*call.args, *(word.value for word in call.keywords if word.arg == "code")]
    for place, argument in enumerate(arguments):
        code = _literal(argument)
        if code is not None and CODE.fullmatch(code.replace("…", "X")):
            message = arguments[place + 1] if place + 1 < len(call.args) else None
            named = names.get(message.id, "") if isinstance(message, ast.Name) else ""
            yield code, named or (_literal(message) or "" if message is not None else "")


def _literal(value: ast.expr) -> str | None:
    """A text of the source, with ``…`` for what is put in."""
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_literal(part) or "…" for part in parts)
        case ast.Call(func=ast.Name(id="_" | "gettext"), args=[text, *_]):  # a message that is translated
            return _literal(text)
    return None


def error_codes() -> str:
    """The page of all codes, a table for each first word."""
    found, word = [CODES_HEAD], ""
    for code, messages in codes().items():
        if code.partition(".")[0] != word:
            word = code.partition(".")[0]
            found.append(f"\n## {word}\n\n| code | says |\n|---|---|\n")
        says = " · ".join(_cell(message).replace("<", "&lt;").replace("*", "\\*") for message in messages)
        found.append(f"| `{code}` | {says} |\n")
    return "".join(found) + CODES_TAIL


PARTS = {
    "feel-builtins": feel_builtins,
    "entry-types": entry_types,
    "terms-schema": lambda: schema_tables("anyshore.terms", "schema.json"),
    "case-schema": lambda: schema_tables("anyshore.cmmn", "case.schema.json"),
    "pack-schema": lambda: schema_tables("anyshore.packs", "schema.json"),
    "forms-schema": lambda: schema_tables("anyshore.forms", "schema.json"),
}


def case_schema() -> str:
    """The schema of case templates, with what each family of elements says of its own items."""
    schema = json.loads(CASE_SCHEMA.read_text(encoding="utf-8"))
    schema["$defs"]["item"]["oneOf"] = [family.template.shape() for family in TEMPLATES.values() if family.template]
    return json.dumps(schema, indent=1, ensure_ascii=False)


def pages() -> dict[Path, str]:
    """Every page with a generated part, as it should be."""
    found = {
        CASE_SCHEMA: case_schema(), REFERENCE / "cli.md": cli(), REFERENCE / "error-codes.md": error_codes(),
    }  # fmt: skip
    for path in sorted(REFERENCE.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        new = PART.sub(lambda part: part[1] + PARTS[part[2]]() + part[3], text)
        if PART.search(text):
            found[path] = new
    return found


MIGRATED = """
from anyshore.web.site import system
system.set_up()
from django.core.management import call_command
from django.db import connection
from anyshore.web.site import ready_made
call_command("migrate", verbosity=0, interactive=False)
print(ready_made.written(connection.connection), end="")
"""
"""Goes through every change of the tables in a database of its own, and writes down what they left."""


def ready_made() -> str:
    """The tables of a new database."""
    with tempfile.TemporaryDirectory() as home:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANYSHORE_")}
        settings = {**kept, "ANYSHORE_HOME": home}
        command = [sys.executable, "-c", MIGRATED]
        done = subprocess.run(command, env=settings, check=True, capture_output=True, text=True)  # noqa: S603  # above
    return done.stdout


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    TABLES.write_text(ready_made(), encoding="utf-8")
