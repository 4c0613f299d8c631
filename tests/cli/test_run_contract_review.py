"""A played run signs every memo by its task, and the month bills as many memos as were signed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = "from anyshore.cli.main import main; main()"


def anyshore(home: Path, *words: str) -> Any:
    """What the command prints with ``--json``, in a process of its own with a home of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words, "--json"], env=os.environ | {"ANYSHORE_HOME": str(home)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_as_many_memos_are_billed_as_were_signed(tmp_path: Path) -> None:
    run = ("run", "contract-review", "--play", "--out", str(tmp_path / "memos"))
    first = anyshore(tmp_path, *run)
    assert (first["cases"], sum(first["outcomes"].values())) == (1, 1)
    anyshore(tmp_path, *run)  # nothing is signed, or billed, again
    [memo] = (tmp_path / "memos").glob("*.html")
    told = memo.read_text(encoding="utf-8")
    assert "Draft, not signed" not in told
    assert told.count("Every finding rests on the words quoted.") == 1
    invoice = anyshore(tmp_path, "invoice", "contract-review")
    billed = {line["name"]: line["quantity"] for line in invoice["lines"]}
    assert float(billed["Memo signed"]) == 1
