"""``anyshore ops``: what an operator sees and does, from the command line to the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.commands import Commands
from tests.host.fixtures import FILES, line
from tests.host.processes import end, process, user

NIGHTLY = process(
    "nightly",
    {
        "s": ("startEvent", {}, "<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>"),
        "c": ("startEvent", {}, '<conditionalEventDefinition><condition xsi:type="tFormalExpression">stock &lt; 10'
                                "</condition></conditionalEventDefinition>"),
        "b": user(),
        "z": end(),
    },
    "s -> b\nc -> b\nb -> z",
)  # fmt: skip

pytestmark = pytest.mark.long

SETUP = """
from decimal import Decimal
from anyshore.host.driver import NewWork

host.deploy("test", {name: text.encode() for name, text in given["old"].items()})
host.start_all([NewWork("process:checks", {"x": Decimal(7)}, engagement="acme", reference=f"R{n}") for n in range(3)])
host.start_all([NewWork("process:work") for _ in range(2)])
host.start("process:scripts", {"x": Decimal(1)}, engagement="acme", service="s", reference="done")
host.work()
host.deploy("test", {name: text.encode() for name, text in given["new"].items()})
"""


@pytest.fixture(scope="module")
def prompt(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Iterator[Commands]:
    prompt = Commands(installed(tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("printed"))
    old = {f"{name}.bpmn": FILES[name] for name in ("checks", "work", "scripts", "heard", "alarmed")} | {
        "nightly.bpmn": NIGHTLY
    }
    prompt.execute(SETUP, {"old": old, "new": old | {"work.bpmn": line("work", renamed=user())}})
    yield prompt
    prompt.close()


@pytest.fixture
def ops(prompt: Commands) -> Callable[..., Any]:
    return prompt.run


def test_an_operator_works_through_what_happened(ops: Callable[..., Any], tmp_path: Path) -> None:
    assert [row["status"] for row in ops("ops", "instances")].count("ended") == 1
    listed = ops("ops", "incidents", "list", "--engagement", "acme", "--code", "bpmn.no-flow")
    assert [row["reference"] for row in listed] == ["R0", "R1", "R2"]
    first = listed[0]["instance"]
    assert ops("ops", "incidents", "retry", "--instance", first)["done"] == 1
    assert len(ops("ops", "incidents", "list")) == 3, "nothing was repaired"
    assert "NAME=VALUE" in ops("ops", "incidents", "repair", "--set", "x", status=1)
    repaired = ops("ops", "incidents", "repair", "--set", "x = 20", "--instance", first, "--by", "ann")
    assert (repaired["done"], repaired["refused"]) == (1, 0)
    assert ops("ops", "incidents", "cancel", "--reason", "withdrawn")["done"] == 2
    assert ops("ops", "incidents", "list") == []

    blind = ops("ops", "migrate", "plan", "process:work@1")
    assert (blind["gone"], blind["added"]) == (["b", "c"], ["renamed"])
    assert (blind["instances"], blind["migrated"], blind["refused"][0]["count"]) == (2, 0, 2)
    dry = ops("ops", "migrate", "run", "process:work@1", "--map", "b=renamed", "--dry-run")
    assert (dry["migrated"], dry["dry_run"]) == (2, True)
    assert ops("ops", "migrate", "run", "process:work@1", "--map", "b=renamed")["migrated"] == 2
    assert ops("ops", "migrate", "run", "process:work@1")["instances"] == 0

    moved = ops("ops", "archive", "--to", tmp_path / "archive", "--days", 0)
    assert moved["instances"] == 4
    export = tmp_path / "acme.jsonl"
    ops("ledger", "export", "acme", "--out", export)
    found = ops("ops", "verify-archive", *moved["files"], "--ledger", export)
    assert found == {"instances": 4, "proven": 4, "findings": []}
    text = export.read_text(encoding="utf-8")
    export.write_text(text.replace("withdrawn", "Withdrawn"), encoding="utf-8")
    assert "ledger.changed-entry" in ops("ops", "verify-archive", *moved["files"], "--ledger", export, status=1)


def test_an_unknown_version_is_told(ops: Callable[..., Any]) -> None:
    assert "definition.unknown" in ops("ops", "migrate", "plan", "process:absent@1", status=1)


def test_what_begins_by_itself_is_opened_told_held_and_closed(ops: Callable[..., Any]) -> None:
    opened = ("ops", "starters", "open", "nightly", "--engagement", "acme", "--service", "books", "--set", "stock = 50")
    number = ops(*opened)["instance"]
    assert ops(*opened)["instance"] == number
    (row,) = ops("ops", "starters", "list", "--engagement", "acme")
    assert (row["instance"], row["status"], row["conditions"]) == (number, "active", {"c": "stock < 10"})
    assert list(row["timers"]) == ["s"]
    assert ops("ops", "starters", "report", "stock = 5", "--engagement", "acme") == {"told": 1}
    assert ops("ops", "starters", "report", "stock = 5", "--engagement", "other") == {"told": 0}
    assert "Write NAME=VALUE" in ops("ops", "starters", "report", "stock", "--engagement", "acme", status=1)
    assert ops("ops", "starters", "hold", "--instance", number)["done"] == 1
    assert ops("ops", "starters", "list")[0]["status"] == "suspended"
    assert ops("ops", "starters", "resume", "--instance", number)["done"] == 1
    assert ops("ops", "starters", "close", "--instance", number, "--reason", "enough")["done"] == 1
    assert ops("ops", "starters", "list") == []
    wrong = ("ops", "starters", "open", "work", "--engagement", "acme", "--service", "books")
    assert "no start event with a timer" in ops(*wrong, status=1)


def test_a_message_is_kept_until_somebody_waits_and_a_signal_is_not(prompt: Commands, ops: Callable[..., Any]) -> None:
    sent = ("ops", "send", "order", "--engagement", "acme", "--key", "7", "--set", "amount = 5")
    assert ops(*sent) == {"heard": 0}
    assert ops("ops", "send", "alarm", "--signal", "--engagement", "acme") == {"heard": 0}
    code = "host.start('process:heard', {'number': '7'}, engagement='acme', reference='h'); "
    prompt.execute(code + "host.start('process:alarmed', engagement='acme'); host.work()")
    listed = {row["definition"]: row["status"] for row in ops("ops", "instances", "--engagement", "acme")}
    assert (listed["process:heard@2"], listed["process:alarmed@2"]) == ("ended", "active")
    assert ops("ops", "send", "alarm", "--signal", "--engagement", "acme") == {"heard": 1}
