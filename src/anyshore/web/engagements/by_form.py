"""Terms by a form: what the published schema lets terms say, as fields, and what was entered as terms again.

The form is a view of the text, as the YAML is: it is made from the text and the schema, so nothing that terms can say
is missing in it, and both views can be changed in turn. What is entered is judged where terms always are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from anyshore.params import marked
from anyshore.params.marked import Path
from anyshore.params.shapes import Schema
from anyshore.terms import reading
from anyshore.web.core.numbers import DIGITS
from anyshore.web.engagements.labels import label
from anyshore.web.engagements.yaml_text import written

Kind = Literal["text", "number", "date", "choice", "many", "list", "where"]
MOST = 2_000
"""Fields a form may have; terms with more are changed as text."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value that can be entered.

    Attributes:
        path: where it stands in the terms.
        label: its name for people.
        kind: how it is entered.
        value: as it is entered.
        choices: of a choice.
        required: whether terms need it.
    """

    path: Path
    label: str
    kind: Kind
    value: str
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(slots=True)
class Group:
    """Values that belong together.

    Attributes:
        path: where they stand.
        title: their name for people.
        parts: fields and groups in it.
        key: the name under which it stands, where that can be chosen.
        removable: whether terms may do without it.
        adds: what can be added to it: the path, the variant, its name.
    """

    path: Path
    title: str
    parts: list[Field | Group] = field(default_factory=list)
    key: str | None = None
    removable: bool = False
    adds: list[tuple[Path, str, str]] = field(default_factory=list)


def form_of(text: str) -> Group | None:
    """The form of terms; None where the text is not a mapping, or too long for a form."""
    document, _problems = marked.load(text)
    if not isinstance(document.data, dict):
        return None
    made = _group(document.data, reading.schema(), (), "")
    return made if sum(1 for _ in fields(made)) <= MOST else None


def fields(group: Group) -> Iterator[Field]:
    """All fields of a form."""
    for part in group.parts:
        if isinstance(part, Field):
            yield part
        else:
            yield from fields(part)


def changed(text: str, given: Mapping[str, Sequence[str]], do: str = "") -> str:
    """The text of terms with what was entered, and with a part added or removed.

    Args:
        text: as the form was made from.
        given: ``f:PATH`` → what was entered, ``k:PATH`` → another name; a path's steps with ``/`` between.
        do: ``add:PATH:VARIANT``, ``remove:PATH`` or nothing.
    """
    document, _problems = marked.load(text)
    made = form_of(text)
    if made is None or not isinstance(document.data, dict):
        return text
    data = document.data
    whole = any(name.startswith("f:") for name in given)  # boxes without a tick are not sent
    for one in fields(made):
        entered = given.get(f"f:{joined(one.path)}")
        if entered is not None or (one.kind == "many" and whole):
            _put(data, one, list(entered or ()))
    for group in sorted(_keyed(made), key=lambda one: -len(one.path)):
        name = (given.get(f"k:{joined(group.path)}") or [""])[0].strip()
        if name and name != group.path[-1]:
            _rename(_at(data, group.path[:-1]), str(group.path[-1]), name)
    _do(data, do)
    head = "".join(f"{line}\n" for line in _remarks(text))
    return head + written(data)


def joined(path: Path) -> str:
    """A path as one text."""
    return "/".join(map(str, path))


def _remarks(text: str) -> Iterator[str]:
    """The remarks a text begins with; the others stand only in the YAML."""
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        yield line


def _resolved(schema: Schema) -> Schema:
    name = schema.get("$ref")
    found: Schema = reading.schema()["$defs"][name.rpartition("/")[2]] if name else schema
    return found


def _branch(value: object, schema: Schema) -> Schema:
    """The shape a value has, of those it may have: they are told apart by what is fixed in them."""
    for one in map(_resolved, schema["oneOf"]):
        fixed = {name: part["const"] for name, part in one.get("properties", {}).items() if "const" in part}
        if isinstance(value, dict) and fixed and all(value.get(name) == told for name, told in fixed.items()):
            return one
    return _resolved(schema["oneOf"][0])


def _group(value: object, schema: Schema, path: Path, title: str) -> Group:
    shape = _resolved(schema)
    if "oneOf" in shape:
        shape = _branch(value, shape)
    made = Group(path, title)
    if isinstance(value, list):
        for place, one in enumerate(value):
            inner = _group(one, shape["items"], (*path, place), _title_of(one, title, place))
            inner.removable = True
            made.parts.append(inner)
        made.adds += [(path, variant, name) for variant, name in _variants(shape["items"], title)]
    elif isinstance(value, dict) and "properties" in shape:
        _properties(made, value, shape, path)
    elif isinstance(value, dict):
        for key, one in value.items():
            inner = _group(one, shape["additionalProperties"], (*path, key), _title_of(one, title, key))
            inner.removable, inner.key = True, str(key)
            made.parts.append(inner)
        made.adds += [(path, variant, name) for variant, name in _variants(shape["additionalProperties"], title)]
    return made


def _properties(made: Group, value: Mapping[str, Any], shape: Schema, path: Path) -> None:
    required = shape.get("required", ())
    for name, part in shape["properties"].items():
        below = (*path, name)
        kind, choices = _kind(name, part)
        if kind is not None:
            told = _told(value.get(name), kind)
            made.parts.append(Field(below, label(name), kind, told, choices, name in required))
            if _is_entry(part):
                made.parts.append(_where_of(value.get(name), below))
        elif "const" in part:
            continue
        elif name in value:
            inner = _group(value[name], part, below, label(name))
            inner.removable = name not in required
            made.parts.append(inner)
        else:
            made.adds.append((below, "", label(name)))


def _title_of(value: object, title: str, place: object) -> str:
    named = value.get("name") if isinstance(value, dict) else None
    return str(named or (f"{title} {place + 1}" if isinstance(place, int) else place))


def _variants(schema: Schema, title: str) -> list[tuple[str, str]]:
    """What can be added where something has this shape: a variant and its name."""
    shape = _resolved(schema)
    if "oneOf" not in shape:
        return [("", title)]
    fixed = [
        next((str(part["const"]) for part in one.get("properties", {}).values() if "const" in part), "")
        for one in map(_resolved, shape["oneOf"])
    ]
    return [(one, label(f"new {one}")) for one in fixed if one]


def _is_entry(schema: Schema) -> bool:
    return str(schema.get("$ref", "")).endswith("/entry")


def _kind(name: str, schema: Schema) -> tuple[Kind | None, tuple[str, ...]]:
    """How a value of a shape is entered; None where it has parts of its own."""
    if str(schema.get("$ref", "")).endswith("/where"):
        return "where", ()
    shape = _resolved(schema)
    if _is_entry(schema):
        return "choice", tuple(shape["oneOf"][0]["enum"])
    if "enum" in shape:
        return "choice", tuple(map(str, shape["enum"]))
    match shape.get("type"):
        case "integer" | "number":
            return "number", ()
        case "string":
            return ("date", ()) if shape.get("format") == "date" else ("text", ())
        case "array":
            items = _resolved(shape["items"])
            if "enum" in items:
                return "many", tuple(items["enum"])
            return ("list", ()) if items.get("type") == "string" else (None, ())
    return None, ()


def _where_of(value: object, path: Path) -> Field:
    """What facts an entry has to hold, beside the entry itself."""
    facts = value.get("where") if isinstance(value, dict) else None
    return Field((*path, "where"), label("where"), "where", _told(facts, "where"))


def _told(value: object, kind: Kind) -> str:
    """A value as it is entered."""
    if value is None:
        return ""
    if kind in ("many", "list"):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if kind == "where":
        facts = value.items() if isinstance(value, dict) else ()
        return ", ".join(f"{name} = {' | '.join(map(_word, told if isinstance(told, list) else [told]))}"
                         for name, told in facts)  # fmt: skip
    return str(value.get("entry", "")) if isinstance(value, dict) else _word(value)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _put(data: dict[str, Any], one: Field, entered: list[str]) -> None:
    """Writes what was entered where it belongs; an empty field says nothing."""
    if one.kind == "where" and _put_facts(data, one, entered):
        return
    holder = _at(data, one.path[:-1])
    if not isinstance(holder, dict):
        return
    name = str(one.path[-1])
    value = _read(one, entered)
    if value in ("", None, [], {}) and not (one.required and one.kind in ("text", "list", "many")):
        holder.pop(name, None)
    elif isinstance(holder.get(name), dict) and "entry" in holder[name]:
        holder[name]["entry"] = value
    else:
        holder[name] = value


def _put_facts(data: dict[str, Any], one: Field, entered: list[str]) -> bool:
    """Writes the facts of an entry, which stands as a word where it has none; whether it is one."""
    if len(one.path) < 2:
        return False
    above, name = _at(data, one.path[:-2]), str(one.path[-2])
    told = above.get(name) if isinstance(above, dict) else None
    entry = told if isinstance(told, str) else told.get("entry") if isinstance(told, dict) else None
    if entry is None or not isinstance(above, dict):
        return False
    facts = _read(one, entered)
    above[name] = {"entry": entry, "where": facts} if facts else entry
    return True


def _read(one: Field, entered: list[str]) -> object:
    text = entered[-1].strip() if entered else ""
    match one.kind:
        case "many":
            return [choice for choice in one.choices if choice in entered]
        case "list":
            return [part.strip() for part in text.split(",") if part.strip()]
        case "where":
            return _facts(text)
        case "number":
            return _number(text)
        case "date":
            return marked.scalar(text) if text else ""
    return text


def _number(text: str) -> object:
    """A number with a point or, as many write it, a comma; what is none stays as it is, and is refused later."""
    plain = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    found = marked.scalar(plain) if len(plain) <= DIGITS else text
    return found if isinstance(found, int | Decimal) and not isinstance(found, bool) else text


def _facts(text: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for part in text.split(","):
        name, _is, told = part.partition("=")
        values = [marked.scalar(one.strip()) for one in told.split("|") if one.strip()]
        plain = [f"{one:%Y-%m-%d}" if isinstance(one, date) else one for one in values]
        if name.strip():
            found[name.strip()] = plain[0] if len(plain) == 1 else plain
    return found


def _at(data: Any, path: Path) -> Any:
    for step in path:
        if isinstance(data, dict):
            data = data.get(str(step))
        elif isinstance(data, list) and str(step).isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def _keyed(group: Group) -> Iterator[Group]:
    for part in group.parts:
        if isinstance(part, Group):
            if part.key is not None:
                yield part
            yield from _keyed(part)


def _rename(holder: Any, before: str, after: str) -> None:
    if isinstance(holder, dict) and before in holder and after not in holder:
        renamed = {after if name == before else name: value for name, value in holder.items()}
        holder.clear()
        holder.update(renamed)


def _do(data: dict[str, Any], do: str) -> None:
    what, _colon, rest = do.partition(":")
    place, _colon, variant = rest.partition(":")
    path: Path = tuple(place.split("/")) if place else ()
    holder = _at(data, path[:-1])
    if what == "remove" and path:
        if isinstance(holder, dict):
            holder.pop(str(path[-1]), None)
        elif isinstance(holder, list) and str(path[-1]).isdecimal() and int(path[-1]) < len(holder):
            del holder[int(path[-1])]
    elif what == "add" and path:
        _add(data, path, variant)


def _add(data: dict[str, Any], path: Path, variant: str) -> None:
    """Adds a part as empty as its shape allows."""
    shape, found = _shape_at(data, path), _at(data, path)
    if shape is None:
        return
    if isinstance(found, list):
        found.append(_empty(shape["items"], variant))
    elif isinstance(found, dict) and isinstance(shape.get("additionalProperties"), dict):
        name = next(one for number in range(1, MOST) if (one := f"new-{number}") not in found)
        found[name] = _empty(shape["additionalProperties"], variant)
    elif found is None:
        holder = _at(data, path[:-1])
        if isinstance(holder, dict):
            holder[str(path[-1])] = _empty(shape, variant)


def _shape_at(data: Any, path: Path) -> Schema | None:
    shape: Schema = reading.schema()
    for step in path:
        if "oneOf" in shape:
            shape = _branch(data, shape)
        if isinstance(data, list):
            below = shape.get("items")
        else:
            below = shape.get("properties", {}).get(step) or shape.get("additionalProperties")
        if not isinstance(below, dict):
            return None
        shape, data = _resolved(below), _at(data, (step,))
    return shape


def _empty(schema: Schema, variant: str = "") -> Any:
    """The least that has a shape; what only people can say stays empty, and is asked for when it is looked at."""
    shape = _resolved(schema)
    if "oneOf" in shape:
        branches = [_resolved(one) for one in shape["oneOf"]]
        named = [one for one in branches
                 if any(part.get("const") == variant for part in one.get("properties", {}).values())]  # fmt: skip
        return _empty((named or branches)[0])
    if "const" in shape or "enum" in shape:
        return shape["const"] if "const" in shape else shape["enum"][0]
    match shape.get("type"):
        case "object":
            made = {name: _empty(shape["properties"][name]) for name in shape.get("required", ())}
            inside = shape.get("additionalProperties")
            return made or ({"new-1": _empty(inside)} if isinstance(inside, dict) and "minProperties" in shape else {})
        case "array":
            return [_empty(shape["items"]) for _ in range(int(shape.get("minItems", 1)))]
        case "integer" | "number":
            return 1
    return ""
