from __future__ import annotations

import pytest

from anyshore.base.errors import InternalError
from anyshore.params import marked, shapes

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "rate": {"type": "number", "minimum": 0, "maximum": 100},
        "size": {"type": "integer", "exclusiveMinimum": 0},
        "on": {"type": "boolean"},
        "day": {"type": "string", "format": "date"},
        "shore": {"enum": ["onshore", "nearshore"]},
        "tags": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"$ref": "#/$defs/tag"}},
        "price": {
            "oneOf": [
                {"type": "object", "required": ["a"], "additionalProperties": False,
                 "properties": {"per": {"const": "instance"}, "a": {"type": "integer"}}},
                {"type": "object", "required": ["b"], "additionalProperties": False,
                 "properties": {"per": {"const": "hour"}, "b": {"type": "integer"}}},
            ]
        },
        "where": {"oneOf": [{"type": "string"}, {"type": "object", "minProperties": 1}]},
        "by": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "additionalProperties": {"type": "integer"}},
    },
    "$defs": {"tag": {"type": "string", "pattern": "^[a-z]+$", "description": "small letters"}},
}  # fmt: skip

GOOD = """
name: x
rate: 12.5
size: 3
on: true
day: 2026-01-31
shore: onshore
tags: [a, b]
price: {per: hour, b: 2}
where: here
by: {a: 1}
"""

BAD = [
    ("rate: 1", "yaml.missing-key", "name", 1),
    ("name: ''", "yaml.empty", "name", 1),
    ("name: 2026-01-01", "yaml.type", "name", 1),
    ("name: x\nrat: 1", "yaml.unknown-key", "rat", 2),
    ("name: x\nrate: -0.01", "yaml.range", "rate", 2),
    ("name: x\nrate: 100.01", "yaml.range", "rate", 2),
    ("name: x\nrate: '1'", "yaml.type", "rate", 2),
    ("name: x\nrate: true", "yaml.type", "rate", 2),
    ("name: x\nsize: 1.5", "yaml.type", "size", 2),
    ("name: x\nsize: 0", "yaml.range", "size", 2),
    ("name: x\non: yes", "yaml.type", "on", 2),
    ("name: x\nday: 2026-02-30", "yaml.date", "day", 2),
    ("name: x\nshore: offshor", "yaml.value", "shore", 2),
    ("name: x\ntags: []", "yaml.empty", "tags", 2),
    ("name: x\ntags: [a, a]", "yaml.repeated", "tags[1]", 2),
    ("name: x\ntags:\n- a\n- A", "yaml.pattern", "tags[1]", 4),
    ("name: x\nprice: {b: 1}", "yaml.missing-key", "price", 2),
    ("name: x\nprice: {per: hours, b: 1}", "yaml.value", "price.per", 2),
    ("name: x\nprice: {per: hour, a: 1, b: 1}", "yaml.unknown-key", "price.a", 2),
    ("name: x\nprice: 7", "yaml.type", "price", 2),
    ("name: x\nwhere: {}", "yaml.empty", "where", 2),
    ("name: x\nwhere: [1]", "yaml.type", "where", 2),
    ("name: x\nby: {A: 1}", "yaml.pattern", "by.A", 2),
    ("- name", "yaml.type", None, 1),
]


def problems_of(text: str):
    document, syntax = marked.load(text, "f.yaml")
    assert not syntax
    return shapes.check(document, SCHEMA)


def test_good() -> None:
    assert problems_of(GOOD) == []


@pytest.mark.parametrize(("text", "code", "element", "line"), BAD)
def test_bad(text: str, code: str, element: str | None, line: int) -> None:
    found = problems_of(text)
    wanted = element if code != "yaml.missing-key" or element == "price" else None
    assert [(p.code, p.location.element, p.location.line) for p in found] == [(code, wanted, line)]


def test_did_you_mean() -> None:
    (found,) = problems_of("name: x\nrat: 1")
    assert found.hint == "did you mean 'rate'?"
    assert found.location.column == 1


def test_all_problems_in_the_order_of_the_file() -> None:
    found = problems_of("shore: x\nsize: 0\nrate: 200")
    assert [p.location.line for p in found] == [1, 1, 2, 3]


def test_a_schema_with_an_unchecked_keyword_is_our_fault() -> None:
    document, _ = marked.load("a")
    with pytest.raises(InternalError, match="maxItems"):
        shapes.check(document, {"type": "string", "maxItems": 3})
