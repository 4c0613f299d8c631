"""Question banks in files: YAML in a form of our own, or GIFT; told by the ending."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from anyshore.assessment import gift
from anyshore.assessment.questions import Answer, Bank, Between, Category, Format, Near, Pair, Question, Text
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.params import marked, shapes

YAML = (".yaml", ".yml")

_NEEDED = {"choice": "answers", "short": "answers", "numerical": "answers", "matching": "pairs", "true-false": "right"}


@cache
def schema() -> shapes.Schema:
    """The published JSON Schema of our own form."""
    return shapes.load_schema(files(__package__).joinpath("bank.schema.json").read_text(encoding="utf-8"))


def read(content: bytes, file: str) -> Bank:
    """Reads a bank: YAML by its ending, anything else is GIFT.

    Raises:
        DataError: with every problem of the file, located.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        hint = "Save the file as UTF-8."
        raise DataError("questions.encoding", "The file is not UTF-8.", Location(file, line=line), hint) from None
    bank = loads(text, file=file) if file.lower().endswith(YAML) else gift.loads(text, file=file)
    _single(bank, file)
    return bank


def loads(text: str, *, file: str | None = None) -> Bank:
    """Reads a bank in YAML.

    Raises:
        DataError: with every problem of the text, located.
    """
    document, problems = marked.load(text, file)
    if document.data is not None or not problems:
        problems += shapes.check(document, schema())
    if problems:
        raise DataError.of(problems)
    data: Any = document.data
    problems = [
        Diagnostic("questions.question", f"A question of type {one['type']} needs '{needed}'.",
                   document.at(("questions", number)), f"Add {needed}: to it.")
        for number, one in enumerate(data["questions"])
        if (needed := _NEEDED.get(one["type"])) and needed not in one
    ]  # fmt: skip
    problems += [
        Diagnostic("questions.answer", "An answer is a text, a number, or a range from and to.",
                   document.at(("questions", number, "answers", place)), "Only numerical questions have numbers.")
        for number, one in enumerate(data["questions"])
        for place, answer in enumerate(one.get("answers", ()))
        if _form(answer) not in (("text", "number", "range") if one["type"] == "numerical" else ("text",))
    ]  # fmt: skip
    if problems:
        raise DataError.of(problems)
    found = [_question(one, document.at(("questions", n)).line or 0) for n, one in enumerate(data["questions"])]
    return Bank(tuple(_under(found)))


def _form(answer: Mapping[str, Any]) -> str:
    """Which of the three forms an answer has; empty: none, or more than one."""
    forms = [("text", {"text"}), ("number", {"number"}), ("range", {"from", "to"})]
    named = [name for name, keys in forms if keys <= answer.keys()]
    return named[0] if len(named) == 1 else ""


def _under(found: list[Question]) -> list[Category | Question]:
    """Questions with a category before those that change it."""
    entries: list[Category | Question] = []
    before = ""
    for one in found:
        if one.category != before:
            entries.append(Category(one.category, one.line))
            before = one.category
        entries.append(one)
    return entries


def _question(data: Mapping[str, Any], line: int) -> Question:
    form: Format = data.get("format", "moodle")

    def said(name: str) -> Text | None:
        return _text(data[name], form) if name in data else None

    return Question(
        data["type"], Text(data["text"], form), data.get("after"), data.get("title"), data.get("id"),
        tuple(data.get("tags", ())), said("feedback"), data.get("right"), said("if-true"), said("if-false"),
        tuple(_answer(one, data["type"] != "choice", form) for one in data.get("answers", ())),
        pairs=tuple(Pair(_text(one["asked"], form), one["answer"]) for one in data.get("pairs", ())),
        category=data.get("category", ""), line=line,
    )  # fmt: skip


def _text(said: str | Mapping[str, Any], form: Format) -> Text:
    return Text(said, form) if isinstance(said, str) else Text(said["text"], said.get("format", form))


def _answer(data: Mapping[str, Any], right: bool, form: Format) -> Answer:
    given: Text | Near | Between
    match _form(data):
        case "number":
            given = Near(_decimal(data["number"]), _decimal(data["tolerance"]) if "tolerance" in data else None)
        case "range":
            given = Between(_decimal(data["from"]), _decimal(data["to"]))
        case _:
            given = _text(data["text"], form)
    weight = _decimal(data["weight"]) if "weight" in data else None
    feedback = _text(data["feedback"], form) if "feedback" in data else None
    return Answer(given, bool(data.get("right", right)), weight, feedback)


def dumps(bank: Bank) -> str:
    """A bank as YAML, which reads the same."""
    questions = [_plain(one) for one in bank.questions]
    return str(yaml.dump({"questions": questions}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120))


class _Dumper(yaml.SafeDumper):
    """Writes every text but keys in quotes, so that none is read as a number, a date or a truth."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> Any:
        """Keys are words of ours."""
        node = super().represent_mapping(tag, mapping, flow_style)
        for key, _value in node.value:
            key.style = None
        return node

    def ignore_aliases(self, data: object) -> bool:
        """Our form has none."""
        return True


class _Number(str):
    """A number as it is written."""


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_Dumper.add_representer(_Number, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:float", text))


def _plain(one: Question) -> dict[str, Any]:
    form = one.stem.format
    made: dict[str, Any] = {
        "type": one.kind, "id": one.id, "title": one.title, "category": one.category or None,
        "tags": list(one.tags) or None, "format": None if form == "moodle" else form, "text": one.stem.text,
        "after": one.after, "right": one.true, "if-true": _said(one.if_true, form),
        "if-false": _said(one.if_false, form), "answers": [_plain_answer(two, form) for two in one.answers] or None,
        "pairs": [{"asked": _said(two.asked, form), "answer": two.answer} for two in one.pairs] or None,
        "feedback": _said(one.feedback, form),
    }  # fmt: skip
    return {name: value for name, value in made.items() if value is not None}


def _plain_answer(one: Answer, form: Format) -> dict[str, Any]:
    made: dict[str, Any]
    match one.given:
        case Text():
            made = {"text": _said(one.given, form)}
        case Between(low, high):
            made = {"from": _Number(f"{low:f}"), "to": _Number(f"{high:f}")}
        case Near(number, tolerance):
            made = {"number": _Number(f"{number:f}")}
            made |= {} if tolerance is None else {"tolerance": _Number(f"{tolerance:f}")}
    weight = {} if one.weight is None else {"weight": _Number(f"{one.weight:f}")}
    feedback = {} if one.feedback is None else {"feedback": _said(one.feedback, form)}
    return {**made, "right": one.right, **weight, **feedback}


def _said(one: Text | None, form: Format) -> object:
    if one is None:
        return None
    return one.text if one.format == form and one.text else {"text": one.text, "format": one.format}


def _single(bank: Bank, file: str) -> None:
    """A key stands for one question."""
    seen: dict[str, int] = {}
    problems = []
    for one in bank.questions:
        if one.id is not None and one.id in seen:
            message = f"The id {one.id!r} stands in line {seen[one.id]}, too."
            problems.append(
                Diagnostic("questions.duplicate", message, Location(file, line=one.line), "Give it another id.")
            )
        elif one.id is not None:
            seen[one.id] = one.line
    if problems:
        raise DataError.of(problems)


def _decimal(value: int | Decimal) -> Decimal:
    return Decimal(value)
