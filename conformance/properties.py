"""The property tests and random walks of the project's own tests in full: ten times the cases of ``make test``.

A case of this suite is a test; what it draws is the same every time (``tests/draws.py``).
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


def run(data: Path) -> Score:
    """Runs them on all cores.

    Args:
        data: the folder of real files, for the tests that start from one.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told.xml")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", DRAWING, "-n", "auto", "--dist", "loadfile",
             "--no-loadscope-reorder", f"--junitxml={told}"],
            cwd=ROOT, env={**os.environ, "ANYSHORE_DRAWS": "full", "ANYSHORE_DATA": str(data)}, check=False,
        )  # fmt: skip
        if not told.exists():
            return Score("properties", 0, 1, [f"pytest ended with {done.returncode} before it had run a test"])
        return counted(etree.parse(told).getroot())


def counted(told: etree._Element) -> Score:
    """The score in what pytest tells as XML."""
    score = Score("properties", 0, 0)
    for case in told.iter("testcase"):
        if case.find("skipped") is not None:
            score.extra["skipped"] = score.extra.get("skipped", 0) + 1
            continue
        score.total += 1
        if case.find("failure") is None and case.find("error") is None:
            score.passed += 1
        else:
            score.failed.append(f"{case.get('classname')}::{case.get('name')}")
    return score
