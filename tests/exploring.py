"""``make explore``: the tests that draw, on new cases for as long as it is given, and how to repeat what they find.

Run: ``python -m tests.exploring [--seconds 600] [--seed N]``. Each round draws from a seed of its own, in another
order, so that a short time reaches other tests each time. What is found belongs into its test as an example
(``@example``, or a row), and then is mended.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import draws

ROOT = Path(__file__).resolve().parent.parent
DRAWING = "hypothesis or drawn"
UNTIL = float(os.environ.get("ANYSHORE_UNTIL", "inf"))
"""Seconds since 1970 from when on no further test begins."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Another order in each round: that of files, and in a file that of tests."""
    chance = random.Random(draws.SEED)
    files = {item.path: chance.random() for item in items}
    items.sort(key=lambda item: (files[item.path], chance.random()))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Passes over what would begin after the time."""
    if time.time() > UNTIL:
        pytest.skip("the time to explore is up")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how each find is drawn again."""
    for report in terminalreporter.stats.get("failed", []):
        terminalreporter.write_line(f"To repeat: {command(report.nodeid, draws.SEED)}")


def command(test: str, seed: int) -> str:
    """What draws the cases of a test from a seed again."""
    return f"ANYSHORE_DRAWS=explore ANYSHORE_SEED={seed} .venv/bin/pytest '{test}' --hypothesis-seed={seed}"


def explore(seconds: float, seed: int, *which: str) -> int:
    """Runs rounds until the time is up; the number of rounds that found something.

    Args:
        seconds: how long to begin tests.
        seed: that of the first round; the next ones follow.
        which: tests, files or folders; all that draw where none is given.
    """
    until = time.time() + seconds
    found = rounds = 0
    while time.time() < until:
        print(f"Round {rounds + 1}, seed {seed + rounds}: {until - time.time():.0f} seconds left.", flush=True)
        number = str(seed + rounds)
        environment = os.environ | {"ANYSHORE_DRAWS": "explore", "ANYSHORE_SEED": number, "ANYSHORE_UNTIL": str(until)}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.exploring", "-m", DRAWING, "-n", "auto", "--dist",
             "loadfile", "--no-loadscope-reorder", f"--hypothesis-seed={number}", *which],
            cwd=ROOT, env=environment, check=False,
        )  # fmt: skip
        if done.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            raise SystemExit(done.returncode)
        found += done.returncode == pytest.ExitCode.TESTS_FAILED
        rounds += 1
    print(f"{rounds} rounds, seeds {seed} to {seed + rounds - 1}: {found} found something.")
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Runs the tests that draw cases, on new cases.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("which", nargs="*")
    given = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    return int(explore(given.seconds, seed, *given.which) > 0)


if __name__ == "__main__":
    sys.exit(main())
