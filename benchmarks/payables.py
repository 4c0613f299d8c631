"""CPU of an invoice through the whole payables service, beside the build of an earlier commit in the same run.

Each build gets the same files, orders made up from them, and an installation of its own; what counts is the CPU time of
its process, database and official rules included, divided by the invoices it received. Both receive the same number.
Each build is started once before it is measured, so that its modules are compiled, as those of an installed one are.

    python -m benchmarks.payables [folder of invoices] [commit]
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("ANYSHORE_DATA", ROOT.parent / "shared" / "data")) / "einvoice"
COMMIT = "482ace0"
_COMMAND = "anyshore/cli/run.py"
_CALL = "import sys; from anyshore.cli.main import main; sys.exit(main())"


def main() -> None:
    """Prints milliseconds of CPU an invoice for both builds, and how many times faster this one is."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    commit = sys.argv[2] if len(sys.argv) > 2 else COMMIT
    if not data.is_dir():
        print(f"no data: {data} is absent")
        return
    with _built(commit) as source:
        before, received_before = _measured(source, data)
    after, received = _measured(ROOT / "src", data)
    print(f"{commit}: {before / received_before * 1000:.1f} ms of CPU an invoice, {received_before} received")
    print(f"this build: {after / received * 1000:.1f} ms of CPU an invoice, {received} received")
    print(f"{before / received_before / (after / received):.2f} times as fast")


@contextmanager
def _built(commit: str) -> Iterator[Path]:
    """The sources of a commit in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", tree, commit], cwd=ROOT, check=True)
        try:
            yield tree / "src"
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)


def _measured(source: Path, data: Path) -> tuple[float, int]:
    """Seconds of CPU of a run, and how many invoices it received."""
    with tempfile.TemporaryDirectory() as compiled, tempfile.TemporaryDirectory() as one:
        shutil.copy(next(iter(sorted(data.rglob("*.xml")))), one)
        _run(source, Path(one), compiled)
        return _run(source, data, compiled)


def _run(source: Path, data: Path, compiled: str) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as home:
        settings = {**os.environ, "PYTHONPATH": str(source), "ANYSHORE_HOME": home, "PYTHONPYCACHEPREFIX": compiled}
        settings.pop("PYTHONDONTWRITEBYTECODE", None)
        option = "--simulate-orders" if "simulate-orders" in (source / _COMMAND).read_text("utf-8") else "--simulate"
        begun = _children()
        told = subprocess.run(
            [sys.executable, "-c", _CALL, "run", "payables", "--data", data, option, "--json"],
            env=settings, cwd=home, capture_output=True, text=True, check=False,
        )  # fmt: skip
        spent = _children() - begun
    if not told.stdout.strip():
        raise RuntimeError(told.stderr[-2000:])
    return spent, int(json.loads(told.stdout[told.stdout.index("{") :])["received"])


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
