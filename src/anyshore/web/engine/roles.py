"""What the roles of a case keep apart, as the definition it runs on says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anyshore.cmmn.definition import Definition
from anyshore.cmmn.model import Case
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import catalogue

NOBODY = Case()
"""A case without roles: what a process has."""


def of(definition: str) -> Case:
    """The case of a definition with its roles; one without roles for a process.

    Raises:
        HostError: there is no such definition.
    """
    found = catalogue().get(definition).definition
    return found.case if isinstance(found, Definition) else NOBODY


def of_instances(numbers: Iterable[int]) -> Mapping[int, Case]:
    """The cases among instances, by number."""
    rows = Instance.objects.filter(pk__in=set(numbers), kind="case").values_list("pk", "definition")
    return {number: of(definition) for number, definition in rows}


def title(case: Case, role: str) -> str:
    """What people call a role; its id where it has no name."""
    return next((one.name for one in case.roles if one.id == role and one.name), role)
