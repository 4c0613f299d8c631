"""Check a read YAML document against a JSON Schema, and say where each problem stands.

The keywords of JSON Schema (draft 2020-12) that our published schemas use are understood; a schema with any other
keyword is refused, so that no rule in it goes unchecked. ``oneOf`` branches are told apart by their ``type`` or by
their ``const`` properties, so that the problems reported are those of the branch the writer meant.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from anyshore.base.errors import Diagnostic, InternalError
from anyshore.params.marked import Document, Path

Schema = Mapping[str, Any]

_SILENT = {"$schema", "$id", "$defs", "title", "description", "default", "examples"}
_CHECKED = {
    "$ref", "type", "enum", "const", "pattern", "format", "minLength", "maxLength", "minimum", "exclusiveMinimum",
    "maximum", "properties", "required", "additionalProperties", "propertyNames", "minProperties", "items", "minItems",
    "uniqueItems", "oneOf",
}  # fmt: skip
_NAMES = {
    "object": "a mapping (key: value)", "array": "a list", "string": "a text", "integer": "a whole number",
    "number": "a number", "boolean": "true or false", "null": "nothing",
}  # fmt: skip


def check(document: Document, schema: Schema) -> list[Diagnostic]:
    """All places where a document breaks a schema, in the order of the file."""
    checker = _Checker(document, schema)
    checker.value(document.data, schema, ())
    return sorted(checker.problems, key=lambda p: (p.location.line or 0, p.location.column or 0))


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or all of them when none is near and they are few."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known here: {', '.join(names)}" if 0 < len(names) <= 30 else ""


class _Checker:
    def __init__(self, document: Document, root: Schema) -> None:
        self.document = document
        self.root = root
        self.problems: list[Diagnostic] = []

    def problem(self, code: str, message: str, path: Path, hint: str = "", *, key: bool = False) -> None:
        self.problems.append(Diagnostic(code, message, self.document.at(path, key=key), hint))

    def value(self, value: object, schema: Schema, path: Path) -> None:
        if "$ref" in schema:
            schema = self.resolve(schema["$ref"])
        unknown = schema.keys() - _CHECKED - _SILENT
        if unknown:
            raise InternalError("schema.keyword", f"the schema uses the unchecked keywords {sorted(unknown)}")
        if "oneOf" in schema:
            return self.one_of(value, schema["oneOf"], path)
        types = _types(schema)
        if types and not any(_is(value, name) for name in types):
            expected = " or ".join(_NAMES[name] for name in types)
            return self.problem("yaml.type", f"expected {expected}, found {shown(value)}", path)
        if isinstance(value, date) and types and schema.get("format") != "date":
            return self.problem("yaml.type", f"expected a text, found the date {value}", path, "put it in quotes")
        if "const" in schema and value != schema["const"]:
            return self.problem("yaml.value", f"expected '{schema['const']}', found {shown(value)}", path)
        if "enum" in schema and value not in schema["enum"]:
            words = [str(word) for word in schema["enum"]]
            return self.problem("yaml.value", f"{shown(value)} is not known here", path, nearest(str(value), words))
        if isinstance(value, str):
            self.text(value, schema, path)
        elif isinstance(value, dict):
            self.mapping(value, schema, path)
        elif isinstance(value, list):
            self.sequence(value, schema, path)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            self.number(value, schema, path)
        return None

    def resolve(self, reference: str) -> Schema:
        target: Any = self.root
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        return dict(target)

    def text(self, value: str, schema: Schema, path: Path) -> None:
        if schema.get("format") == "date":
            self.problem("yaml.date", f"'{value}' is not a date", path, "write year-month-day, for example 2026-01-31")
        if len(value.strip()) < schema.get("minLength", 0):
            self.problem("yaml.empty", "the text is empty", path)
        if len(value) > schema.get("maxLength", len(value)):
            message = f"the text has {len(value):,} characters, at most {schema['maxLength']} are kept"
            self.problem("yaml.too-long", message, path, "shorten it")
        if "pattern" in schema and not re.fullmatch(_whole(schema["pattern"]), value):
            self.problem(
                "yaml.pattern", f"{shown(value)} is not written as expected", path, schema.get("description", "")
            )

    def number(self, value: int | Decimal, schema: Schema, path: Path) -> None:
        if "minimum" in schema and value < _exact(schema["minimum"]):
            self.problem("yaml.range", f"{value} is less than {schema['minimum']}", path)
        if "exclusiveMinimum" in schema and value <= _exact(schema["exclusiveMinimum"]):
            self.problem("yaml.range", f"{value} is not more than {schema['exclusiveMinimum']}", path)
        if "maximum" in schema and value > _exact(schema["maximum"]):
            self.problem("yaml.range", f"{value} is more than {schema['maximum']}", path)

    def mapping(self, value: dict[str, object], schema: Schema, path: Path) -> None:
        properties: Mapping[str, Schema] = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                self.problem("yaml.missing-key", f"the key '{name}' is missing", path, f"add '{name}:' here")
        if len(value) < schema.get("minProperties", 0):
            self.problem("yaml.empty", "at least one entry is needed", path)
        other = schema.get("additionalProperties", True)
        for name, item in value.items():
            below = (*path, name)
            if "propertyNames" in schema:
                self.key(name, schema["propertyNames"], below)
            if name in properties:
                self.value(item, properties[name], below)
            elif other is False:
                hint = nearest(name, properties)
                self.problem("yaml.unknown-key", f"the key '{name}' is not known here", below, hint, key=True)
            elif isinstance(other, Mapping):
                self.value(item, other, below)

    def key(self, name: str, schema: Schema, path: Path) -> None:
        if "$ref" in schema:
            schema = self.resolve(schema["$ref"])
        if not re.fullmatch(_whole(schema["pattern"]), name):
            hint = schema.get("description", "")
            self.problem("yaml.pattern", f"the name {shown(name)} is not written as expected", path, hint, key=True)

    def sequence(self, value: list[object], schema: Schema, path: Path) -> None:
        if len(value) < schema.get("minItems", 0):
            self.problem("yaml.empty", f"at least {schema['minItems']} of these are needed", path)
        for index, item in enumerate(value):
            if schema.get("uniqueItems") and item in value[:index]:
                self.problem("yaml.repeated", f"{shown(item)} stands here twice", (*path, index), "keep one")
            if "items" in schema:
                self.value(item, schema["items"], (*path, index))

    def one_of(self, value: object, branches: Sequence[Schema], path: Path) -> None:
        resolved = [self.resolve(branch["$ref"]) if "$ref" in branch else branch for branch in branches]
        fitting = [b for b in resolved if not _types(b) or any(_is(value, name) for name in _types(b))]
        if not fitting:
            names = " or ".join(dict.fromkeys(_NAMES[name] for branch in resolved for name in _types(branch)))
            return self.problem("yaml.type", f"expected {names}, found {shown(value)}", path)
        if len(fitting) == 1 or not isinstance(value, dict):
            return self.value(value, fitting[0], path)
        return self.tagged(value, fitting, path)

    def tagged(self, value: dict[str, object], branches: Sequence[Schema], path: Path) -> None:
        tag = next(name for name, part in branches[0]["properties"].items() if "const" in part)
        by_tag = {branch["properties"][tag]["const"]: branch for branch in branches}
        if tag not in value:
            words = ", ".join(by_tag)
            return self.problem("yaml.missing-key", f"the key '{tag}' is missing", path, f"one of: {words}")
        chosen = value[tag]
        if not isinstance(chosen, str) or chosen not in by_tag:
            hint = nearest(str(chosen), by_tag)
            return self.problem("yaml.value", f"{shown(chosen)} is not known here", (*path, tag), hint)
        return self.value(value, by_tag[chosen], path)


def _types(schema: Schema) -> tuple[str, ...]:
    found = schema.get("type", ())
    return (found,) if isinstance(found, str) else tuple(found)


def _is(value: object, name: str) -> bool:
    match name:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str | date)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case _:
            return value is None


def shown(value: object) -> str:
    """A value as a message quotes it."""
    match value:
        case None:
            return "nothing"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value[:60]}'"
        case _:
            return str(value)


def _exact(number: object) -> Decimal:
    return Decimal(str(number))


def _whole(pattern: str) -> str:
    return pattern.removeprefix("^").removesuffix("$")


def load_schema(text: str) -> Schema:
    """A schema from its JSON text, its numbers exact."""
    schema: Schema = json.loads(text, parse_float=Decimal)
    return schema
