"""The case file while the case runs: documents arrive, change and go; sentries hear of it (5.3, 8.3).

The content of a case file item is the variable of its name; an item of many instances is a list.
"""

from __future__ import annotations

from typing import Any

from anyshore.cmmn import moves
from anyshore.cmmn.desk import desk
from anyshore.cmmn.model import CaseFileItem
from anyshore.cmmn.records import FileChanged
from anyshore.kernel.turn import Turn


def changed(turn: Turn, item: CaseFileItem, old: Any, new: Any) -> None:
    """Tells the transitions that lead from one content to another (8.3, Table 8.2)."""
    if item.many:
        before, after = _count(old), _count(new)
        if after == before:
            transition = "update" if after and old != new else None
            _tell_times(turn, item, transition, 1)
        else:
            _tell_times(turn, item, "create" if after > before else "delete", abs(after - before))
    elif old is None and new is not None:
        tell(turn, item, "create")
    elif old is not None and new is None:
        tell(turn, item, "delete")
    elif old is not None:
        tell(turn, item, "update")


def _count(content: Any) -> int:
    if content is None:
        return 0
    return len(content) if isinstance(content, list) else 1


def _tell_times(turn: Turn, item: CaseFileItem, transition: str | None, times: int) -> None:
    if transition is not None:
        for _ in range(times):
            tell(turn, item, transition)


def tell(turn: Turn, item: CaseFileItem, transition: str) -> None:
    """Lets everyone hear a transition of a case file item, and its parent's sentries that a child came or went."""
    _tell_one(turn, item, transition)
    parent: CaseFileItem | None = turn.definition.files[item.id][1]
    if parent is not None and transition in ("create", "delete"):
        _tell_one(turn, parent, "addChild" if transition == "create" else "removeChild")


def _tell_one(turn: Turn, item: CaseFileItem, transition: str) -> None:
    turn.emit(FileChanged(item.id, transition))
    for listener in turn.definition.files_heard_by.get((item.id, transition), ()):
        for owner in list(desk(turn).of(listener.owner)):
            moves.hear(turn, turn.state.nodes[owner], listener)
