"""The property tests and random walks of the project's own tests in full: ten times the cases of ``make test``.

A case of this suite is a test; what it draws is the same every time (``tests/draws.py``), so one that failed fails
again when it is run alone: ``ANYSHORE_DRAWS=full PYTHONHASHSEED=0 .venv/bin/pytest -n 0 FILE::TEST``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from lxml import etree

from conformance.scores import Score

ROOT = Path(__file__).resolve().parents[1]
DRAWING = "hypothesis or drawn"
"""The marks of tests that draw: that of the library, and ours of tests that go through seeds."""


FULL = {"ANYSHORE_DRAWS": "full", "PYTHONHASHSEED": "0"}
REPEAT = " ".join([*(f"{name}={value}" for name, value in FULL.items()), ".venv/bin/pytest", "-n", "0"])


def run(data: Path) -> Score:
    """Runs them on all cores.

    Args:
        data: the folder of real files, for the tests that start from one.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told.xml")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", DRAWING, "-n", "auto", "--dist", "loadfile",
             "--no-loadscope-reorder", "-o", "junit_family=xunit1", f"--junitxml={told}"],
            cwd=ROOT, env={**os.environ, **FULL, "ANYSHORE_DATA": str(data)}, check=False,
        )  # fmt: skip
        if not told.exists():
            return Score("properties", 0, 1, [f"pytest ended with {done.returncode} before it had run a test"])
        score = counted(etree.parse(told).getroot())
        if done.returncode not in (0, 1):  # interrupted, or a fault of its own: what it told is not all
            score.total += 1
            score.failed.append(f"pytest ended with {done.returncode} before it had run every test")
        return score


def counted(told: etree._Element) -> Score:
    """The score in what pytest tells as XML (xunit1, which names files); of what failed, why and how to repeat it."""
    score = Score("properties", 0, 0)
    for case in told.iter("testcase"):
        if case.find("skipped") is not None:
            score.extra["skipped"] = score.extra.get("skipped", 0) + 1
            continue
        score.total += 1
        wrong = [one for one in case if one.tag in ("failure", "error")]
        if not wrong:
            score.passed += 1
            continue
        why = (wrong[0].get("message") or "no message").strip().splitlines()[0]
        score.failed.append(f"{_test(case)}: {why} (again: {REPEAT} '{_test(case)}')")
    return score


def _test(case: etree._Element) -> str:
    """FILE::TEST as pytest takes it; between them the class, where the test stands in one."""
    file, module = case.get("file") or "", case.get("classname") or ""
    inside = module.removeprefix(file.removesuffix(".py").replace("/", ".")).strip(".")
    return "::".join(part for part in (file, *inside.split("."), case.get("name") or "") if part)
