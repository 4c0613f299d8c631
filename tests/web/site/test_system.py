"""A database that cannot be used is told in words, whatever is wrong with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("kind", ["a file", "no database", "no such host"])
def test_a_database_that_cannot_be_used(tmp_path: Path, kind: str) -> None:
    environment = os.environ | {"ANYSHORE_HOME": str(tmp_path)}
    if kind == "a file":
        environment["ANYSHORE_HOME"] = __file__
    elif kind == "no database":
        (tmp_path / "anyshore.sqlite3").write_bytes(b"this is not SQLite" * 500)
    else:
        environment["ANYSHORE_DATABASE"] = "postgresql://nobody@127.0.0.1:1/nothing"
    command = [sys.executable, "-c", "from anyshore.cli.main import main; main()", "scorecard", "mill"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "[store.unusable]" in done.stderr
    assert "Traceback" not in done.stderr
