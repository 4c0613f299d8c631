"""Handing work over, as every test does it."""

from __future__ import annotations

from typing import Any

from anyshore.web.core.models import Person
from anyshore.web.intake import actions as intake


def begin(by: Person, key: str, service: str, reference: str = "", **given: Any) -> int:
    """Hands something over to a service; the piece of work it is."""
    answers = intake.request(by, key, service, reference=reference, **given)
    refusal = intake.refusal(answers)
    if refusal is not None:
        raise refusal
    return next(one.instance for one in answers if one.instance is not None)
