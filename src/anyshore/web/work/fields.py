"""Forms of services as fields on a page, and what a browser sends back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from anyshore import feel
from anyshore.base.errors import AnyshoreError, Diagnostic, FeelError
from anyshore.forms import Form, needed
from anyshore.web.core import reader
from anyshore.web.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as a page shows it.

    Attributes:
        required: whether it needs an answer beside the others as they stand.
        depends: whether that depends on the others.
        suggestions: texts that are taken over with one press.
    """

    id: str
    type: str
    label: str
    help: str
    required: bool
    value: str
    error: str
    minimum: str = ""
    maximum: str = ""
    max_length: int = 10_000
    choices: list[tuple[str, str]] = field(default_factory=list)
    depends: bool = False
    suggestions: list[str] = field(default_factory=list)


def fields(form: Form | None, values: Mapping[str, Any], errors: Mapping[str, str]) -> list[Shown]:
    """The questions in the reader's language, with what was entered and what is wrong with it."""
    if form is None:
        return []
    language = reader.language()
    required = needed(form, values)
    return [
        Shown(
            one.id, one.type, form.text(one.label, language), form.text(one.help, language), one.id in required,
            str(values.get(one.id) or ""), errors.get(one.id, ""),
            "" if one.minimum is None else str(one.minimum), "" if one.maximum is None else str(one.maximum),
            one.max_length, [(choice.value, form.text(choice.label, language)) for choice in one.choices],
            one.needed is not None, [form.text(text, language) for text in one.suggestions],
        )
        for one in form.fields
    ]  # fmt: skip


def timed(form: Form | None) -> str:
    """The field of a form that takes the time worked: the page measures it. Empty: the form has none."""
    return next((one.id for one in form.fields if one.type == "minutes"), "") if form is not None else ""


def answers(form: Form | None, data: QueryDict) -> dict[str, str]:
    """The answers to a form's questions; what else the browser sent is not for the form.

    A browser ends lines with two characters (HTML, form submission) but counts them as one: a text has as many as its
    field allows, and is the same whether it came by page or by program.
    """
    return {} if form is None else {one.id: data.get(one.id, "").replace("\r\n", "\n") for one in form.fields}


def repair(data: QueryDict) -> dict[str, Any]:
    """Repaired variables: pairs of a name and a FEEL literal.

    Raises:
        Invalid: a value is no FEEL expression.
    """
    found: dict[str, Any] = {}
    for name, text in zip(data.getlist("name"), data.getlist("value"), strict=False):
        if name.strip():
            try:
                found[name.strip()] = feel.compile(text).evaluate({})
            except FeelError as error:
                raise Invalid({name: _("“%s” is no FEEL value.") % text}) from error
    return found


_WRITTEN = re.compile(
    r'[-+]?\d+(\.\d+)?|true|false|null|".*"|\[.*\]|\{.*\}|(date|time|date and time|duration)\(.*\)', re.DOTALL
)
"""What is meant as a FEEL value."""


def said(data: QueryDict) -> dict[str, Any]:
    """Variables as people write them: a name and a number, a day (2026-12-31), true or false, anything else is text.

    Who knows FEEL may write its lists, contexts and texts in quotation marks.

    Raises:
        Invalid: something begins as a FEEL value and is none.
    """
    found: dict[str, Any] = {}
    for name, text in zip(data.getlist("name"), data.getlist("value"), strict=False):
        if name.strip() and text.strip():
            found[name.strip()] = _said(text.strip())
    return found


def _said(text: str) -> Any:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        text = f'date("{text}")'
    if not _WRITTEN.fullmatch(text):
        return text
    try:
        expression = feel.compile(text)
        value = expression.evaluate({}) if not expression.free_names else None
    except FeelError as error:
        raise Invalid({"value": _("“%s” is no FEEL value.") % text}) from error
    if value is None and text != "null":
        raise Invalid({"value": _("“%s” is no FEEL value.") % text})
    return value


def from_python(name: str, value: Any) -> Any:
    """A value from JSON or a form as a FEEL value.

    Raises:
        Invalid: it has no FEEL form.
    """
    try:
        return feel.from_python(value)
    except (AnyshoreError, ValueError, TypeError) as error:
        raise Invalid({name: str(error)}) from error


def problem_text(form: Form, problem: Diagnostic) -> str:
    """What is wrong with an answer, in the reader's language."""
    one = next((field for field in form.fields if field.id == problem.location.element), None)
    minimum, maximum, longest = (one.minimum, one.maximum, one.max_length) if one else ("", "", 0)
    texts = {
        "form.minutes": _("Minutes are needed, or hours and minutes: 90 or 1:30"),
        "form.required": _("An answer is needed."),
        "form.number": _("A number is needed, with a decimal point: 12.5"),
        "form.too-small": _("At least %s is needed.") % minimum,
        "form.too-great": _("At most %s is allowed.") % maximum,
        "form.too-long": _("At most %s characters fit.") % longest, "form.yes-no": _("Yes or no is needed."),
        "form.date": _("A date is needed: 2026-12-31"), "form.too-early": _("Not before %s.") % minimum,
        "form.too-late": _("Not after %s.") % maximum, "form.choice": _("Choose one of the answers."),
    }  # fmt: skip
    return texts.get(problem.code, problem.message)
