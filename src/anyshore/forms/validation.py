"""From what a person typed to the values a process holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.base.temporal import Date
from anyshore.forms.columns import value
from anyshore.forms.model import Field, Form

MAX_DIGITS = 34
"""Digits of a FEEL number (IEEE 754 decimal128)."""

_YES_NO = {"true": True, "on": True, "yes": True, "ja": True, "false": False, "off": False, "no": False, "nein": False}


def validate(form: Form, answers: Mapping[str, object]) -> tuple[dict[str, object], list[Diagnostic]]:
    """Checks the answers to a form.

    Args:
        form: the form.
        answers: by field id: texts as a browser sends them, or values as a program sends them.

    Returns:
        The variables (FEEL values; None for what was left out), and one problem per answer that does not fit. A problem
        names its field as the location's element.
    """
    values: dict[str, object] = {}
    problems: list[Diagnostic] = []
    known = {field.id: field for field in form.fields}
    for name in answers:
        if name not in known:
            hint = f"The form asks for {', '.join(known) or 'nothing'}."
            problems.append(
                Diagnostic("form.unknown-field", f"The form has no field {name!r}.", Location(element=name), hint)
            )
    missing = []
    for name, field in known.items():
        answer = answers.get(name)
        if answer is None or (isinstance(answer, str) and not answer.strip()):
            values[name] = None
            missing.append(field)
            continue
        try:
            values[name] = _READERS[field.type](field, answer if isinstance(answer, _SINGLE) else _SEVERAL)
        except _Unfit as unfit:
            problems.append(Diagnostic(unfit.code, unfit.message, Location(element=name)))
    needed = {field.id for field in missing if is_needed(field, values)}
    problems += [Diagnostic("form.required", "An answer is needed.", Location(element=name)) for name in needed]
    order = list(known)
    return values, sorted(
        problems, key=lambda one: order.index(name) if (name := one.location.element) in known else -1
    )


def is_needed(field: Field, values: Mapping[str, object]) -> bool:
    """Whether a field must be answered beside these answers; an answer that is missing or does not fit is null."""
    if field.needed is None:
        return field.required
    return value(field.needed, dict.fromkeys(field.needed.free_names) | dict(values)) is True


def needed(form: Form, answers: Mapping[str, object]) -> frozenset[str]:
    """The fields that must be answered beside the answers given so far, whether they are or not."""
    values, _problems = validate(
        form, {name: one for name, one in answers.items() if name in {f.id for f in form.fields}}
    )
    return frozenset(field.id for field in form.fields if is_needed(field, values))


class _Unfit(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = f"form.{code}"
        self.message = message


_SINGLE = (str, int, float, Decimal, date, Date)
_SEVERAL = object()
"""Stands for lists and the like, which no field takes: written out, one may have no end."""


def _text(field: Field, answer: object) -> str:
    if not isinstance(answer, str):
        raise _Unfit("type", "A text is needed.")
    text = answer.strip()
    if not _can_be_kept(text):
        raise _Unfit("text", "The text holds characters that cannot be stored.")
    if len(text) > field.max_length:
        raise _Unfit("too-long", f"At most {field.max_length:,} characters fit; these are {len(text):,}.")
    return text


def _can_be_kept(text: str) -> bool:
    """Whether databases and the ledger take a text: no zero character, no half of a character."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _number(field: Field, answer: object) -> Decimal:
    try:
        number = Decimal(answer.strip() if isinstance(answer, str) else str(answer))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(answer, bool) or not number.is_finite():
        raise _Unfit("number", "A number is needed, with a decimal point: 12.5")
    if max(len(number.as_tuple().digits), abs(number.adjusted()) + 1) > MAX_DIGITS:
        raise _Unfit("number", f"At most {MAX_DIGITS} digits fit.")
    if field.minimum is not None and number < Decimal(field.minimum):
        raise _Unfit("too-small", f"At least {field.minimum} is needed.")
    if field.maximum is not None and number > Decimal(field.maximum):
        raise _Unfit("too-great", f"At most {field.maximum} is allowed.")
    return number


_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)")
"""Hours and minutes."""


def _minutes(field: Field, answer: object) -> Decimal:
    """A time worked: minutes, or hours and minutes as a clock shows them (``1:30`` are 90)."""
    written = _CLOCK.fullmatch(answer.strip()) if isinstance(answer, str) else None
    if written is not None:
        answer = 60 * int(written[1]) + int(written[2])
    try:
        return _number(field, answer)
    except _Unfit as unfit:
        if unfit.code != "form.number":
            raise
        raise _Unfit("minutes", "Minutes are needed, or hours and minutes: 90 or 1:30") from unfit


def _yes_no(field: Field, answer: object) -> bool:
    found = answer if isinstance(answer, bool) else _YES_NO.get(str(answer).strip().lower())
    if found is None:
        raise _Unfit("yes-no", "Yes or no is needed.")
    return found


def _date(field: Field, answer: object) -> Date:
    try:
        found = answer if isinstance(answer, Date) else Date.parse(str(answer).strip())
        early = field.minimum is not None and found < Date.parse(str(field.minimum))
        late = field.maximum is not None and found > Date.parse(str(field.maximum))
    except ValueError as problem:
        raise _Unfit("date", "A date is needed: 2026-12-31") from problem
    if early:
        raise _Unfit("too-early", f"Not before {field.minimum}.")
    if late:
        raise _Unfit("too-late", f"Not after {field.maximum}.")
    return found


def _choice(field: Field, answer: object) -> str:
    offered = [choice.value for choice in field.choices]
    if answer not in offered:
        raise _Unfit("choice", f"One of {', '.join(offered)} is needed.")
    return str(answer)


_READERS = {
    "text": _text, "long text": _text, "number": _number, "minutes": _minutes, "yes-no": _yes_no, "date": _date,
    "choice": _choice,
}  # fmt: skip
