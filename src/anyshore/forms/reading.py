"""Reading ``forms.yaml``: all problems at once, each with line and column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from anyshore import feel
from anyshore.base.errors import Diagnostic, FormError
from anyshore.base.files import read_text
from anyshore.forms.model import Choice, Field, Form
from anyshore.forms.shown import Reader
from anyshore.params import marked, shapes


@cache
def schema() -> shapes.Schema:
    """The published JSON Schema of form files."""
    return shapes.load_schema(files(__package__).joinpath("schema.json").read_text(encoding="utf-8"))


def read(path: Path) -> dict[str, Form]:
    """Reads a file of forms.

    Raises:
        FormError: with every problem of the file, located.
    """
    return loads(read_text(path, error=FormError), file=str(path))


def loads(text: str, *, file: str | None = None) -> dict[str, Form]:
    """Reads forms from a YAML text, by id.

    Raises:
        FormError: with every problem of the text, located.
    """
    document, problems = marked.load(text, file)
    if document.data is not None or not problems:
        problems += shapes.check(document, schema())
    if problems:
        raise FormError.of(problems)
    data: Any = document.data
    forms = {name: _form(name, body, document, problems) for name, body in data["forms"].items()}
    if problems:
        raise FormError.of(problems)
    return forms


def _form(name: str, body: dict[str, Any], document: marked.Document, problems: list[Diagnostic]) -> Form:
    seen: set[str] = set()
    fields = []
    path, reader = ("forms", name), Reader(document, problems)
    asked = tuple(item["id"] for item in body["fields"])
    for number, item in enumerate(body["fields"]):
        place = document.at(("forms", name, "fields", number))
        if item["id"] in seen:
            message = f"Field {item['id']!r} stands twice."
            problems.append(Diagnostic("form.field-twice", message, place, "Give each field its own id."))
        seen.add(item["id"])
        if (item["type"] == "choice") != ("choices" in item):
            message = f"Field {item['id']!r}: choices go with type 'choice', and only with it."
            problems.append(Diagnostic("form.choices", message, place, "Add choices, or change the type."))
            continue
        unfit = [*_limits(item), *_choices(item)]
        problems += [Diagnostic(code, f"Field {item['id']!r}: {text}", place, hint) for code, text, hint in unfit]
        if unfit:
            continue
        condition, at = item.get("required"), (*path, "fields", number, "required")
        needed = reader.known(condition, at, asked) if isinstance(condition, str) else None
        fields.append(_field(item, needed))
    form = Form(
        name, body["title"], tuple(body.get("shows", ())), tuple(fields), body.get("desk", "form"),
        reader.view(body["view"], (*path, "view")) if "view" in body else None,
        reader.columns(body.get("columns", {}), (*path, "columns")),
        reader.counterparts(body.get("counterpart", {}), (*path, "counterpart")), body.get("act"),
        reader.conflicts(body["conflicts"], (*path, "conflicts")) if "conflicts" in body else None,
    )  # fmt: skip
    if form.act is not None and form.statement is None:
        message = f"Form {name!r} stands for an act, and does not ask for one text in which the person says for what."
        hint = "Give it one required field of type 'text' or 'long text'; other texts are optional."
        problems.append(Diagnostic("form.statement", message, document.at(("forms", name, "act")), hint))
    if form.conflicts is not None and not any(
        field.id == form.conflicts.answer and field.type == "yes-no" and field.required for field in form.fields
    ):
        message = f"Form {name!r}: {form.conflicts.answer!r} is no required field of type 'yes-no'."
        hint = "Name the field in which its person says that they are free of conflicts."
        problems.append(Diagnostic("form.conflicts", message, document.at((*path, "conflicts", "answer")), hint))
    return form


_LIMITS = {"number": (int, Decimal), "minutes": (int, Decimal), "date": (date,)}
"""Of which type the limits of a field are; other types have none."""


def _limits(item: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Limits that do not fit the type of their field: code, what is wrong, what to do."""
    given = [item[name] for name in ("minimum", "maximum") if item.get(name) is not None]
    fitting = _LIMITS.get(item["type"], ())
    if any(not isinstance(limit, fitting) for limit in given):
        hint = "A number has numbers as limits, a date has dates; other types have none."
        yield "form.limits", f"a {item['type']} cannot be limited by {', '.join(map(str, given))}.", hint
    elif len(given) == 2 and given[0] > given[1]:
        yield "form.limits", f"the minimum {given[0]} is above the maximum {given[1]}.", "Exchange them."
    if "max-length" in item and "text" not in item["type"]:
        yield "form.limits", f"a {item['type']} has no max-length.", "Remove it, or give minimum and maximum."
    if "suggestions" in item and "text" not in item["type"]:
        yield "form.suggestions", f"a {item['type']} takes no texts over.", "Give suggestions to a text alone."


def _choices(item: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    values = [choice["value"] for choice in item.get("choices", ())]
    for value in dict.fromkeys(value for value in values if values.count(value) > 1):
        yield "form.choices", f"the value {value!r} is offered twice.", "Give each choice its own value."


def _field(item: dict[str, Any], needed: feel.Expression | None) -> Field:
    return Field(
        id=item["id"], type=item["type"], label=item["label"], help=item.get("help", {}),
        required=item.get("required") is True, minimum=_limit(item.get("minimum")), maximum=_limit(item.get("maximum")),
        max_length=item.get("max-length", 10_000),
        choices=tuple(Choice(c["value"], c["label"]) for c in item.get("choices", ())),
        needed=needed, part=item.get("part", ""),
        suggestions=tuple(item.get("suggestions", ())),
    )  # fmt: skip


def _limit(limit: Any) -> Decimal | str | None:
    """A limit as the model holds it: a number exactly, a date as its ISO text."""
    if limit is None or isinstance(limit, str):
        return limit
    return limit.isoformat() if isinstance(limit, date) else Decimal(limit)
