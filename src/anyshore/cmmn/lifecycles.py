"""The lifecycles of CMMN 1.1, chapter 8.4, as three transition tables: state and transition → state."""

from __future__ import annotations

from collections.abc import Mapping

Lifecycle = Mapping[tuple[str, str], str]

AVAILABLE, ENABLED, DISABLED, ACTIVE = "available", "enabled", "disabled", "active"
SUSPENDED, FAILED, COMPLETED, TERMINATED = "suspended", "failed", "completed", "terminated"

BEFORE = "(before)"
"""Stands for the state a plan item had when its parent was suspended."""

ENDED = frozenset({COMPLETED, TERMINATED})
"""A node that reaches one of these is gone."""

CASE: Lifecycle = {
    (ACTIVE, "complete"): COMPLETED,
    (ACTIVE, "terminate"): TERMINATED,
    (ACTIVE, "fault"): FAILED,
    (ACTIVE, "suspend"): SUSPENDED,
    (SUSPENDED, "reactivate"): ACTIVE,
    (FAILED, "reactivate"): ACTIVE,
    (SUSPENDED, "terminate"): TERMINATED,
    (FAILED, "terminate"): TERMINATED,
}
"""The case plan (8.4.1, Table 8.1). ``resume`` is our word for reactivating a suspended case, too."""

TASK_OR_STAGE: Lifecycle = {
    (AVAILABLE, "enable"): ENABLED,
    (AVAILABLE, "start"): ACTIVE,
    (ENABLED, "disable"): DISABLED,
    (DISABLED, "reenable"): ENABLED,
    (ENABLED, "manualStart"): ACTIVE,
    (ACTIVE, "complete"): COMPLETED,
    (ACTIVE, "terminate"): TERMINATED,
    (ACTIVE, "fault"): FAILED,
    (FAILED, "reactivate"): ACTIVE,
    (ACTIVE, "suspend"): SUSPENDED,
    (SUSPENDED, "resume"): ACTIVE,
    (SUSPENDED, "parentResume"): BEFORE,
    **{(state, "parentSuspend"): SUSPENDED for state in (AVAILABLE, ENABLED, DISABLED, ACTIVE)},
    **{(state, "exit"): TERMINATED for state in (AVAILABLE, ENABLED, DISABLED, ACTIVE, SUSPENDED, FAILED)},
}
"""Tasks and stages (8.4.2, Table 8.3)."""

EVENT_OR_MILESTONE: Lifecycle = {
    (AVAILABLE, "occur"): COMPLETED,
    (AVAILABLE, "suspend"): SUSPENDED,
    (SUSPENDED, "resume"): AVAILABLE,
    (AVAILABLE, "parentSuspend"): SUSPENDED,
    (SUSPENDED, "parentResume"): BEFORE,
    **{(state, word): TERMINATED for state in (AVAILABLE, SUSPENDED) for word in ("terminate", "parentTerminate")},
    **{(state, "exit"): TERMINATED for state in (AVAILABLE, SUSPENDED)},
}
"""Event listeners and milestones (8.4.3, Table 8.5); ``exit`` for a milestone with an exit criterion."""


def allowed(lifecycle: Lifecycle, state: str) -> list[str]:
    """The transitions that are possible in a state."""
    return [transition for (before, transition) in lifecycle if before == state]
