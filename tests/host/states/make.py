"""Makes the stored state of an earlier commit: by that commit's own code, once, on both databases.

``git worktree add /tmp/earlier 482ace0``, then ``python tests/host/states/make.py /tmp/earlier 482ace0``. It runs
services there until their work waits for people, and keeps what then stands in the databases as SQL beside this file.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent.parent))

COMMAND = "import sys; sys.argv[0] = 'anyshore'; from anyshore.cli.main import main; main()"


def run(tree: Path, home: Path, address: str | None) -> None:
    """Runs the earlier code on the samples it ships."""
    settings = {**os.environ, "PYTHONPATH": str(tree / "src"), "ANYSHORE_HOME": str(home)}
    settings |= {"ANYSHORE_DATABASE": address} if address else {}
    for arguments in (["run", "payables"], ["run", "contract-review"]):
        subprocess.run([sys.executable, "-c", COMMAND, *arguments], env=settings, cwd=tree, check=True)


def keep(commit: str, database: str, text: str) -> None:
    """Writes one dump; the same text gives the same file."""
    (HERE / f"{commit}-{database}.sql.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def main(tree: Path, commit: str) -> None:
    """Makes both."""
    from tests.host.servers import Postgresql

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        run(tree, home, None)
        with sqlite3.connect(home / "anyshore.sqlite3") as made:
            keep(commit, "sqlite", "\n".join(made.iterdump()) + "\n")
    server = Postgresql(synced=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            run(tree, Path(folder), server.address)
        command = ["pg_dump", "--no-owner", "--no-privileges", "--inserts", "-h", server.folder, "-U", "anyshore"]
        done = subprocess.run([*map(str, command), "anyshore"], check=True, capture_output=True, text=True)
        keep(commit, "postgresql", done.stdout)
    finally:
        server.remove()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
