"""Which command an instance takes in which standing, and what it says where it does not."""

from __future__ import annotations

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.kernel import codec
from anyshore.kernel.commands import (
    Cancel,
    Command,
    Continue,
    Migrate,
    Resolve,
    Resume,
    Retry,
    Start,
    Suspend,
    Write,
)  # fmt: skip
from anyshore.kernel.state import State
from anyshore.kernel.turn import advance
from tests.kernel.toy import ToyEngine

DEFINITION = {
    "root": [],
    "start": [("spawn", "waits", 1)], "waits": [("go", "broken")], "broken": [("fail", "toy.broken")],
    "last": [("wait", "work", {"name": "form"})],
}  # fmt: skip
COMMANDS: dict[str, Command] = {
    "start": Start(at=1), "resolve": Resolve(at=1, wait=0), "retry": Retry(at=1, wait=0),
    "write": Write(at=1, variables={}),
    "migrate": Migrate(at=1, definition="test:2"), "suspend": Suspend(at=1), "resume": Resume(at=1),
    "continue": Continue(at=1), "cancel": Cancel(at=1),
}  # fmt: skip
TABLE = """
-          start    resolve    retry      write   migrate  suspend  resume  continue   cancel
new        ok       unborn     unborn     unborn  unborn   unborn   unborn  unborn     unborn
ready      started  ok         ok         ok      ok       ok       moving  ok         ok
busy       started  busy       busy       busy    busy     ok       moving  ok         ok
suspended  started  suspended  suspended  ok      ok       already  ok      suspended  ok
both       started  suspended  suspended  both    both     already  ok      suspended  ok
ended      started  ended      ended      ended   ended    ended    ended   ended      ended
"""
SAID = {
    "unborn": ("instance.not-started", "not been started", ""),
    "started": ("instance.started", "already", ""),
    "busy": ("instance.busy", "tasks left", "Let it continue"),
    "both": ("instance.busy", "tasks left", "Resume it first, and let it continue"),
    "suspended": ("instance.suspended", "is suspended", "Resume it first"),
    "already": ("instance.suspended", "already", ""),
    "moving": ("instance.not-suspended", "not suspended", ""),
    "ended": ("instance.ended", "cancelled", ""),
}
(_, *_NAMES), *_ROWS = (line.split() for line in TABLE.strip().splitlines())
CELLS = [(row[0], name, said) for row in _ROWS for name, said in zip(_NAMES, row[1:], strict=True)]


def standing(name: str) -> State:
    """An instance with an incident and a work item; ``busy``: only tasks left over."""
    state = State(definition="test:1")
    if name == "new":
        return state
    busy = name in ("busy", "both")
    advance(ToyEngine(), DEFINITION, state, Start(at=0), yield_after=1 if busy else 20_000)
    assert bool(state.pending) == busy
    for command in {"suspended": [Suspend(at=0)], "both": [Suspend(at=0)], "ended": [Cancel(at=0)]}.get(name, []):
        advance(ToyEngine(), DEFINITION, state, command)
    return state


@pytest.mark.parametrize(("name", "asked", "said"), CELLS)
def test_the_answer_is_true(name: str, asked: str, said: str) -> None:
    state = standing(name)
    command = COMMANDS[asked]
    if isinstance(command, Resolve | Retry):
        command = type(command)(at=1, wait=next(iter(state.waits), 0))
    before = codec.encode_state(state)
    if said == "ok":
        advance(ToyEngine(), DEFINITION, state, command)
        return
    with pytest.raises(CommandRejected) as refused:
        advance(ToyEngine(), DEFINITION, state, command)
    code, message, hint = SAID[said]
    assert refused.value.code == code
    assert message in refused.value.message
    assert hint in refused.value.hint if hint else not refused.value.hint
    assert codec.encode_state(state) == before


@pytest.mark.parametrize("asked", ["write", "migrate"])
def test_the_hint_for_work_that_stands_still_in_the_middle_helps(asked: str) -> None:
    state = standing("both")
    advance(ToyEngine(), DEFINITION, state, Resume(at=1))
    while state.pending:
        advance(ToyEngine(), DEFINITION, state, Continue(at=1))
    advance(ToyEngine(), DEFINITION, state, COMMANDS[asked])
