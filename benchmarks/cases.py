"""Cases: what a step costs by the size of the plan, and what cases that wait cost.

    python -m benchmarks.cases

Prints a table and, as the last line, one JSON object. Times are CPU times, the best of several runs, in milliseconds;
``kept`` is a step with reading the case from its stored form before it and writing it after it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from anyshore import cmmn
from anyshore.kernel import codec
from anyshore.kernel.commands import Command, Resolve, Start, Write
from anyshore.kernel.state import State
from anyshore.kernel.turn import advance

ENGINE = cmmn.CaseEngine()
SIZES = (50, 125, 250, 500, 1_000, 2_000, 5_000)
MOST = 5.0
"""Milliseconds of CPU a step of a case of 5,000 plan items may cost, read and stored again."""


def tasks_and_milestones(count: int) -> str:
    """Half tasks in a chain, half milestones that wait for a task and a variable of their own."""
    lines = ["case: x", "items:", "  t0: {type: human}"]
    lines += [f"  t{i}: {{type: human, after: t{i - 1}}}" for i in range(1, count // 2)]
    lines += [f"  m{i}: {{type: milestone, enter: [{{on: t{i}, if: v{i} = 1}}]}}" for i in range(count // 2)]
    return "\n".join(lines)


def chain(count: int) -> str:
    """Milestones that follow one another within one turn."""
    lines = ["case: x", "items:", "  m0: {type: milestone, enter: [{if: go}]}"]
    return "\n".join([*lines, *(f"  m{i}: {{type: milestone, after: m{i - 1}}}" for i in range(1, count))])


def best(prepare: Callable[[], tuple[Any, ...]], run: Callable[..., object], rounds: int = 7) -> float:
    """The shortest CPU time of a run in milliseconds; preparing is not counted."""
    times = []
    for _ in range(rounds):
        arguments = prepare()
        begin = time.process_time()
        run(*arguments)
        times.append(time.process_time() - begin)
    return min(times) * 1_000


def do(definition: cmmn.Definition, state: State, command: Command) -> None:
    advance(ENGINE, definition, state, command)


def started(definition: cmmn.Definition) -> State:
    state = State("bench")
    do(definition, state, Start(at=0))
    return state


def sizes() -> list[dict[str, float]]:
    """A row for each size: starting, one step, a variable, a whole chain, storing and reading."""
    rows = []
    for count in SIZES:
        definition = cmmn.link(cmmn.native.loads(tasks_and_milestones(count)))
        long = cmmn.link(cmmn.native.loads(chain(count)))
        stored = codec.encode_state(started(definition))
        waiting = codec.encode_state(started(long))

        def opened(stored: bytes = stored, definition: cmmn.Definition = definition) -> tuple[Any, ...]:
            state = codec.decode_state(stored)
            wait = next(w.id for w in state.waits.values() if w.kind == "work")
            return definition, state, Resolve(at=1, wait=wait)

        def kept(opened: Callable[[], tuple[Any, ...]] = opened) -> None:
            definition, state, command = opened()
            do(definition, state, command)
            codec.encode_state(state)

        def other(stored: bytes = stored, definition: cmmn.Definition = definition) -> tuple[Any, ...]:
            return definition, codec.decode_state(stored), Write(at=1, variables={"v3": True})

        def whole(waiting: bytes = waiting, long: cmmn.Definition = long) -> tuple[Any, ...]:
            return long, codec.decode_state(waiting), Write(at=1, variables={"go": True})

        rows.append(
            {
                "items": count,
                "start": best(lambda d=definition: (d,), started),  # type: ignore[misc]
                "step": best(opened, do),
                "kept": best(tuple, kept),
                "variable": best(other, do),
                "chain": best(whole, do),
                "decode": best(lambda s=stored: (s,), codec.decode_state),  # type: ignore[misc]
                "bytes": len(stored),
            }
        )
    return rows


def waiting_cases(count: int = 1_000) -> dict[str, float]:
    """Cases that wait hold rows and nothing else; a step of one of them costs what it costs alone."""
    definition = cmmn.link(cmmn.native.loads(tasks_and_milestones(40)))
    stored = [codec.encode_state(started(definition)) for _ in range(count)]
    alone = codec.decode_state(stored[0])
    wait = next(iter(alone.waits))
    one = best(lambda: (definition, codec.decode_state(stored[0]), Resolve(at=1, wait=wait)), do)
    among = best(lambda: (definition, codec.decode_state(stored[count // 2]), Resolve(at=1, wait=wait)), do)
    return {"cases": count, "bytes per case": len(stored[0]), "step alone": one, "step among them": among}


def main() -> None:
    rows = sizes()
    print(" ".join(f"{name:>10}" for name in rows[0]))
    for row in rows:
        print(
            " ".join(
                f"{value:>10.0f}" if value > 500 or name == "items" else f"{value:>10.3f}"
                for name, value in row.items()
            )
        )
    print(f"a step of {rows[-1]['items']:,} items, kept: {rows[-1]['kept']:.1f} ms; goal {MOST:.0f} ms: "
          f"{'reached' if rows[-1]['kept'] <= MOST else 'missed'}")  # fmt: skip
    found = waiting_cases()
    print(", ".join(f"{name}: {value:g}" for name, value in found.items()))
    print(json.dumps({"benchmark": "cases", "sizes": rows, "waiting": found}))


if __name__ == "__main__":
    main()
