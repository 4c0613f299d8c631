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
