"""Lists of published tests of the web as JSON, each a case: shared by the suites of addresses and of robots.txt."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from conformance import folders
from conformance.scores import Score

Case = tuple[str, Callable[[], str]]


def run(name: str, data: Path, keys: set[str], check: Callable[[dict[str, Any]], str]) -> Score:
    """Checks every case of every list.

    Args:
        name: of the suite.
        data: the folder of all data, or any folder of such files.
        keys: what a case of this suite has.
        check: what is wrong with one; empty for nothing.
    """
    score = Score(name, 0, 0)
    for file in folders.files(folders.of_suite(data, "web-links"), ".json"):
        for case, run in folders.told(
            lambda file=file: list(_cases(file, keys, check)), lambda reason: [("", lambda: reason)]
        ):
            wrong = folders.told(run, lambda reason: reason)
            score.total += 1
            score.passed += not wrong
            if wrong:
                score.failed.append(f"{file.name}: {case}: {wrong}")
    return score


def _cases(file: Path, keys: set[str], check: Callable[[dict[str, Any]], str]) -> Iterator[Case]:
    listed = json.loads(file.read_text(encoding="utf-8"))
    for number, one in enumerate(listed if isinstance(listed, list) else [], start=1):
        if isinstance(one, dict) and keys <= one.keys():
            yield f"{number} {one.get('test', '')}".strip(), lambda one=one: check(one)
