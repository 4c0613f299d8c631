"""The table of element families: a new one is a file beside this and a row here."""

from __future__ import annotations

from anyshore.cmmn.definition import Family
from anyshore.cmmn.elements import calls, listeners, milestones, stages, tasks

FAMILIES: tuple[Family, ...] = (
    stages.STAGE,
    stages.PLAN_FRAGMENT,
    tasks.HUMAN_TASK,
    tasks.TASK,
    calls.PROCESS_TASK,
    calls.CASE_TASK,
    calls.DECISION_TASK,
    milestones.MILESTONE,
    listeners.TIMER_EVENT,
    listeners.USER_EVENT,
    listeners.EVENT,
)

DEFINITIONS: dict[str, type] = {family.tag: family.definition for family in FAMILIES}
BY_CLASS: dict[type, Family] = {family.definition: family for family in FAMILIES}
TAGS: dict[type, str] = {family.definition: family.tag for family in FAMILIES}
TEMPLATES: dict[str, Family] = {family.template.word: family for family in FAMILIES if family.template is not None}
"""The families a case template can say, by the word of their items."""


def usual_event(kind: str) -> str:
    """What is waited for where a template names no event: of a document, its creation."""
    template = TEMPLATES[kind].template if kind in TEMPLATES else None
    return "create" if template is None else template.ends


def word_of(definition: object) -> str:
    """The word of a definition in a template; ``task`` where it has none of its own."""
    family = BY_CLASS.get(type(definition))
    return family.template.word if family is not None and family.template is not None else "task"
