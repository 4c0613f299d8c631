"""Processes in memory: Anyshore beside SpiffWorkflow and npm's bpmn-engine, instances per CPU-second.

The same four processes in every engine, each from its own dialect of one BPMN file; every instance's result is compared
before anything is timed. "Stored" means that the whole state is encoded after every step, as a host that must survive
being killed at any step has to. Large instances: one loop of 100,000 rounds, one activity with 100,000 parallel
instances.
"""

from __future__ import annotations

import gc
import json
import re
import shutil
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.host import processes

from anyshore import bpmn
from anyshore.kernel import codec
from anyshore.kernel.commands import Continue, Start
from anyshore.kernel.state import ROOT, State
from anyshore.kernel.turn import YIELD_AFTER, advance

LEAST = 1.0
"""CPU-seconds of one measurement; the best of three counts."""

CASES: dict[str, tuple[str, dict[str, int], dict[str, int]]] = {
    "start, two scripts, end": (processes.SCRIPTS, {"x": 1}, {"y": 2, "z": 4}),
    "exclusive gateway of three": (processes.CHOICE, {"x": 15}, {"y": 17}),
    "parallel split and join of three": (processes.PARALLEL, {"x": 1}, {"y1": 2, "y2": 3, "y3": 4}),
    "loop of ten": (processes.LOOP, {"x": 0, "limit": 10}, {"x": 10}),
}
"""Name → file, variables, what they must be in the end."""

MANY = processes.process(
    "many",
    {
        "a": processes.start(),
        "m": (
            "scriptTask", {"anyshore:result": "y"},
            '<multiInstanceLoopCharacteristics anyshore:collection="items" anyshore:item="item"/>'
            "<script>item + 1</script>",
        ),
        "e": processes.end(),
    },
    processes.chain("a", "m", "e"),
)  # fmt: skip

_SCRIPT = re.compile(r' anyshore:result="(\w+)"(.*?)<script>(.*?)</script>')
Run = Callable[[], dict[str, Any]]


def rate(run: Run, expected: dict[str, int]) -> float:
    """Instances per CPU-second."""
    found = run()
    assert {name: int(found[name]) for name in expected} == expected, found
    best = 0.0
    for _ in range(3):
        done, begun = 0, time.process_time()
        while (spent := time.process_time() - begun) < LEAST / 3:
            for _ in range(20):
                run()
            done += 20
        best = max(best, done / spent)
    return best


def ours(text: str, given: dict[str, int], *, stored: bool) -> Run:
    """One instance, in memory; its state is encoded after every step where ``stored``."""
    definition = next(iter(bpmn.read(text.encode(), file="bench.bpmn").processes.values()))
    engine = bpmn.BpmnEngine()
    variables = {name: Decimal(value) for name, value in given.items()}

    def run() -> dict[str, Any]:
        state = State("bench:1")
        advance(engine, definition, state, Start(at=0, variables=dict(variables)))
        return state.variables[ROOT]

    def step_by_step() -> tuple[State, bytes]:
        # A budget of two records ends the turn after each step of the agenda.
        state = State("bench:1")
        advance(engine, definition, state, Start(at=0, variables=dict(variables)), yield_after=2)
        kept = codec.encode_state(state)
        while state.pending:
            advance(engine, definition, state, Continue(at=0), yield_after=2)
            kept = codec.encode_state(state)
        return state, kept

    def run_stored() -> dict[str, Any]:
        return step_by_step()[0].variables[ROOT]

    # The peers do not read back what they store in what is timed; that ours can be read is looked at here.
    state, kept = step_by_step()
    assert codec.decode_state(kept) == state
    return run_stored if stored else run


def spiff(text: str, given: dict[str, int], *, stored: bool) -> Run:
    """The same in SpiffWorkflow; stored: its workflow serialised to JSON after every step."""
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    with tempfile.NamedTemporaryFile("w", suffix=".bpmn") as file:
        file.write(_SCRIPT.sub(r"\2<script>\1 = \3</script>", text))
        file.flush()
        parser.add_bpmn_file(file.name)
    spec = parser.get_spec(parser.get_process_ids()[0])
    serializer = BpmnWorkflowSerializer()

    def begin() -> Any:
        workflow = BpmnWorkflow(spec)
        next(iter(workflow.get_tasks(state=TaskState.READY))).data.update(given)
        return workflow

    def run() -> dict[str, Any]:
        workflow = begin()
        workflow.do_engine_steps()
        assert workflow.is_completed()
        return dict(workflow.last_task.data)

    def run_stored() -> dict[str, Any]:
        workflow = begin()
        while ready := workflow.get_tasks(state=TaskState.READY):
            ready[0].run()
            serializer.serialize_json(workflow)
        return dict(workflow.last_task.data)

    return run_stored if stored else run


NODE = """
const {Engine} = require('bpmn-engine');
const {EventEmitter} = require('events');
const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
async function once(source, given, stored) {
  const listener = new EventEmitter();
  const engine = new Engine({name: 'bench', source, variables: {...given}});
  if (stored) for (const event of ['activity.end']) listener.on(event, async () => {
    JSON.stringify(await engine.getState());
  });
  const end = engine.waitFor('end');
  const execution = await engine.execute({listener});
  if (execution.state !== 'idle' && execution.state !== 'stopped') await end;
  return execution.environment.output;
}
(async () => {
  const found = {};
  for (const [name, [source, given, expected]] of Object.entries(cases)) {
    for (const stored of [false, true]) {
      const result = await once(source, given, stored);
      for (const [key, value] of Object.entries(expected)) if (result[key] !== value)
        throw new Error(name + ': ' + key + ' is ' + result[key]);
      let done = 0, begun = process.cpuUsage(), spent = 0;
      while (spent < 1.0) {
        for (let n = 0; n < 5; n++) await once(source, given, stored);
        done += 5;
        const used = process.cpuUsage(begun);
        spent = (used.user + used.system) / 1e6;
      }
      found[name + (stored ? ' stored' : '')] = done / spent;
    }
  }
  console.log(JSON.stringify(found));
})().catch(problem => { console.error(problem); process.exit(1); });
"""


def bpmn_engine(folder: Path) -> dict[str, float]:
    """npm's bpmn-engine, installed for this run into a temporary folder; empty where that cannot be."""
    npm = shutil.which("npm")
    if npm is None:
        return {}
    installed = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--silent", "bpmn-engine"], cwd=folder, capture_output=True,
        check=False, timeout=180,
    )  # fmt: skip
    if installed.returncode:
        return {}
    (folder / "bench.js").write_text(NODE)
    cases = {name: (_javascript(text), given, expected) for name, (text, given, expected) in CASES.items()}
    done = subprocess.run(
        ["node", "bench.js"], cwd=folder, input=json.dumps(cases), capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    if done.returncode:
        print(f"bpmn-engine failed: {done.stderr.strip().splitlines()[-1:]}")
        return {}
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _javascript(text: str) -> str:
    variables = "environment.variables."

    def named(expression: str) -> str:
        return re.sub(r"\b([a-z]\w*)\b", rf"{variables}\1", expression.replace("&lt;", "<")).replace("<", "&lt;")

    def script(match: re.Match[str]) -> str:
        name, between, expression = match.groups()
        both = f"environment.output.{name} = {variables}{name} = "
        return f' scriptFormat="javascript"{between}<script>{both}{named(expression)}; next();</script>'

    def condition(match: re.Match[str]) -> str:
        return (
            '<conditionExpression xsi:type="tFormalExpression" language="javascript">'
            f"next(null, {named(match[1])})</conditionExpression>"
        )

    text = _SCRIPT.sub(script, text)
    return re.sub(r"<conditionExpression>(.*?)</conditionExpression>", condition, text)


def large() -> None:
    """One instance with many rounds or many children: time per round, and memory while it runs."""
    engine = bpmn.BpmnEngine()
    loop = next(iter(bpmn.read(processes.LOOP.encode(), file="l.bpmn").processes.values()))
    many = next(iter(bpmn.read(MANY.encode(), file="m.bpmn").processes.values()))
    for name, definition, sizes, given in (
        ("loop", loop, (10_000, 100_000), lambda n: {"x": Decimal(0), "limit": Decimal(n)}),
        ("parallel children", many, (10_000, 100_000), lambda n: {"items": [Decimal(i) for i in range(n)]}),
    ):
        each = []
        for size in sizes:
            state, variables = State("bench:1"), given(size)
            gc.collect()
            begun = time.process_time()
            records = len(advance(engine, definition, state, Start(at=0, variables=variables)))
            while state.pending:
                records += len(advance(engine, definition, state, Continue(at=0)))
            each.append((time.process_time() - begun) / size * 1e6)
            assert state.outcome == "completed"
            if name == "loop":
                assert state.variables[ROOT]["x"] == size
        state, variables = State("bench:1"), given(sizes[1])
        tracemalloc.start()
        advance(engine, definition, state, Start(at=0, variables=variables))
        while state.pending:
            advance(engine, definition, state, Continue(at=0))
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        growth = each[1] / each[0]
        print(
            f"{name:<18} {sizes[0]:,}: {each[0]:5.1f} µs per round   {sizes[1]:,}: {each[1]:5.1f} µs"
            f" ({growth:.2f} times; linear: {'yes' if growth < 1.3 else 'no'})   peak {peak:,.0f} MB"
            f" (turns end after {YIELD_AFTER:,} records)"
        )


def main() -> None:
    """Measures everything."""
    with tempfile.TemporaryDirectory() as folder:
        peer = bpmn_engine(Path(folder))
    if peer:
        print("bpmn-engine reads the file again for every instance, as its interface has it")
    else:
        print("bpmn-engine is not beside us: npm could not install it, or it failed")
    print(f"{'instances per CPU-second':<42} {'Anyshore':>9} {'Spiff':>8} {'times':>7} {'goal':>5} {'bpmn-engine':>12}")
    for stored, goal in ((False, 10), (True, 45)):
        for name, (text, given, expected) in CASES.items():
            own = rate(ours(text, given, stored=stored), expected)
            other = rate(spiff(text, given, stored=stored), expected)
            label = f"{name}{', stored' if stored else ''}"
            node = peer.get(f"{name}{' stored' if stored else ''}")
            reached = "reached" if own >= goal * other else "missed"
            print(
                f"{label:<42} {own:9,.0f} {other:8,.0f} {own / other:7.1f} {goal:5} "
                f"{f'{node:,.0f}' if node else '-':>12}  {reached}"
            )
    large()


if __name__ == "__main__":
    main()
