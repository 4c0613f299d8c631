"""Makes the stored state of an earlier commit: by that commit's own code, once, on both databases.

``git worktree add /tmp/earlier 482ace0``, then ``python tests/host/states/make.py /tmp/earlier 482ace0``. It runs
services there until their work waits for people, and keeps what then stands in the databases as SQL beside this file.

``python tests/host/states/make.py --since 482ace0`` does so on SQLite, with payables alone, for every commit of the
main line since that changed tables, the last one included, and keeps them in one file: what they share is stored once.
Commits whose states are in it already are not made again.
"""

from __future__ import annotations

import gzip
import io
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent.parent))

COMMAND = "import sys; sys.argv[0] = 'anyshore'; from anyshore.cli.main import main; main()"


SINCE = HERE / "since-482ace0-sqlite.tar.xz"
TABLES = ":(top,glob)src/anyshore/web/*/migrations/*.py"


BOTH = ("payables", "contract-review")


def run(tree: Path, home: Path, address: str | None, services: tuple[str, ...] = BOTH) -> None:
    """Runs the earlier code on the samples it ships."""
    settings = {**os.environ, "PYTHONPATH": str(tree / "src"), "ANYSHORE_HOME": str(home)}
    settings |= {"ANYSHORE_DATABASE": address} if address else {}
    for service in services:
        command = [sys.executable, "-c", COMMAND, "run", service]
        subprocess.run(command, env=settings, cwd=tree, check=True, stdout=subprocess.DEVNULL)


def keep(commit: str, database: str, text: str) -> None:
    """Writes one dump; the same text gives the same file."""
    (HERE / f"{commit}-{database}.sql.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def main(tree: Path, commit: str) -> None:
    """Makes both."""
    from tests.host.servers import Postgresql

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        run(tree, home, None)
        keep(commit, "sqlite", dumped(home))
    server = Postgresql(synced=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            run(tree, Path(folder), server.address)
        command = ["pg_dump", "--no-owner", "--no-privileges", "--inserts", "-h", server.folder, "-U", "anyshore"]
        done = subprocess.run([*map(str, command), "anyshore"], check=True, capture_output=True, text=True)
        keep(commit, "postgresql", done.stdout)
    finally:
        server.remove()


def dumped(home: Path) -> str:
    """The SQLite database of a home as SQL."""
    with sqlite3.connect(home / "anyshore.sqlite3") as made:
        return "\n".join(made.iterdump()) + "\n"


def names() -> list[str]:
    """The commits whose states are kept, oldest first."""
    return list(states())


@cache
def states() -> dict[str, str]:
    """The states that are kept: commit → SQL, oldest first."""
    if not SINCE.exists():
        return {}
    with tarfile.open(SINCE) as kept:
        files = {one.name.removesuffix(".sql"): kept.extractfile(one) for one in kept.getmembers()}
        return {name: file.read().decode() for name, file in files.items() if file is not None}


def since(commit: str) -> None:
    """Makes what is missing since a commit."""
    log = ["git", "log", "--first-parent", "--reverse", "--format=%h", "--abbrev=7", f"{commit}..main", "--", TABLES]
    found = dict(states())
    for one in subprocess.run(log, cwd=HERE, check=True, capture_output=True, text=True).stdout.split():
        if one not in found:
            found[one] = _state_of(one)
            print(one, len(found[one]), flush=True)
            _keep(found)


def _keep(found: dict[str, str]) -> None:
    with tarfile.open(SINCE, "w:xz", preset=9) as kept:
        for name, text in found.items():
            content = text.encode()
            member = tarfile.TarInfo(f"{name}.sql")
            member.size = len(content)
            kept.addfile(member, io.BytesIO(content))


def _state_of(commit: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        tree, home = Path(folder) / "tree", Path(folder) / "home"
        tree.mkdir()
        made = subprocess.run(["git", "archive", commit, "src"], cwd=HERE.parents[2], check=True, capture_output=True)
        with tarfile.open(fileobj=io.BytesIO(made.stdout)) as source:
            source.extractall(tree, filter="data")
        run(tree, home, None, ("payables",))
        return dumped(home)


if __name__ == "__main__":
    since(sys.argv[2]) if sys.argv[1] == "--since" else main(Path(sys.argv[1]), sys.argv[2])
