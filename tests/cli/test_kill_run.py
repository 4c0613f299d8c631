"""Killing a run at any moment loses nothing and decides nothing twice; its figures are those of a run in peace."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests import draws

from anyshore.packs import reading
from anyshore.terms import exports

pytestmark = [pytest.mark.long, pytest.mark.drawn]

KILLS = draws.examples(10, 30)
LONGEST = 2.0
"""Seconds a run lives at most before it is killed: it begins, and rarely ends."""


RUNNER = """
import json, os, signal, sys
from pathlib import Path
from anyshore.web.site import system

system.start()
from django.db import connections
from anyshore.web.site import runs, services

folder = Path(sys.argv[1])
services.ready("payables")
connections.close_all()
for line in sys.stdin:  # each line asks for one more run, in a process of its own that may be killed
    child = os.fork()
    if child == 0:
        ready = services.ready("payables")
        done = runs.run(ready, runs.source(ready, [folder], None, None))
        (folder.parent / "figures.json").write_text(json.dumps(runs.as_dict(ready, done), default=str))
        os._exit(0 if done.outcome.sound else 3)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(status, flush=True)
"""


def test_a_run_killed_at_random_moments_decides_every_invoice_once(
    tmp_path: Path, installed: Callable[[Path], Path]
) -> None:
    folder = _many_invoices(tmp_path / "in")
    home = installed(tmp_path / "home")
    environment = os.environ | {"ANYSHORE_HOME": str(home)}
    chance = random.Random(20260101 + draws.SEED)
    killed = rounds = 0
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment,
    ) as runner:  # fmt: skip
        assert runner.stdin is not None
        assert runner.stdout is not None
        while True:
            runner.stdin.write("run\n")
            runner.stdin.flush()
            process = int(runner.stdout.readline())
            rounds += 1
            if killed < KILLS:
                time.sleep(chance.uniform(0.0, LONGEST))
                _kill(process)
            status = int(runner.stdout.readline())
            killed += os.WIFSIGNALED(status)
            if os.WIFEXITED(status):
                assert os.WEXITSTATUS(status) == 0
                if killed >= KILLS:
                    break
                for number, path in enumerate(sorted(folder.glob("*.xml"))):
                    _write_another(folder / f"again-{rounds}" / path.name, path, 1000 * rounds + number)
        runner.stdin.close()
    assert killed >= KILLS
    _check(home, folder)


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _many_invoices(folder: Path) -> Path:
    """Samples of one syntax, so that one stylesheet is compiled per run, several times over."""
    samples = reading.named("payables").folder / "samples"
    shutil.copytree(samples, folder, ignore=shutil.ignore_patterns("*.md", "*.pdf", "*-cii.xml"))
    for copy in range(20):
        for name in ("01-matching-ubl.xml", "06-wrong-total-ubl.xml", "08-not-xml.xml", "14-changed-account-ubl.xml"):
            _write_another(folder / f"{copy}-{name}", samples / name, copy)
    return folder


def _write_another(path: Path, sample: Path, number: int) -> None:
    """A document of the same meaning and other content: the same content would be the same piece of work."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(sample.read_bytes() + f"<!-- {number} -->".encode())


def _check(home: Path, folder: Path) -> None:
    received = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in (".xml", ".pdf")}
    (database,) = home.glob("*.sqlite3")
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT reference, status, id FROM engine_instance WHERE service = 'payables'"
        ).fetchall()
        waits = connection.execute("SELECT instance, kind FROM engine_wait").fetchall()
        lines = [row[0] for row in connection.execute("SELECT line FROM engine_ledgerentry ORDER BY sequence")]
        postings = connection.execute("SELECT key FROM engine_reference WHERE kind = 'posting'").fetchall()
        inbox = connection.execute("SELECT count(*) FROM engine_inbox").fetchone()[0]
    assert Counter(reference for reference, _, _ in rows) == Counter(received), "every file is one instance"
    assert inbox == 0
    figures = json.loads((folder.parent / "figures.json").read_text())
    assert (figures["received"], figures["cases"]) == (len(received), len(received))
    assert sum(figures["outcomes"].values()) == sum(status == "ended" for _, status, _ in rows)
    assert sum(figures["waiting"].values()) == sum(status != "ended" for _, status, _ in rows)
    assert {kind for _, kind in waits} == {"work"}, "nothing is due, nothing failed"
    entries = [json.loads(line) for line in lines]
    completed = Counter(e["instance"] for e in entries if e["type"] == "instance.completed")
    waiting = Counter(str(instance) for instance, _ in waits)
    assert completed + waiting == Counter(str(number) for _, _, number in rows), "each decided or waiting, once"
    assert {str(number) for _, status, number in rows if status == "ended"} == set(completed)
    booked = {
        e["instance"] for e in entries if e["type"] == "instance.completed" and e["data"]["outcome"] == "invoice booked"
    }
    assert Counter(key.partition(":")[0] for (key,) in postings) == Counter(booked), "booked once each"
    export = folder.parent / "ledger.jsonl"
    from anyshore.terms.ledger import Entry

    with export.open("wb") as stream:
        exports.write_export((Entry(**entry) for entry in entries), stream, engagement=entries[0]["engagement"])
    assert not exports.verify_export(export).findings
