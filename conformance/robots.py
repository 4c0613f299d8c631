"""Decisions of robots.txt; failed tests that go beyond RFC 9309 are named as such.

python -m conformance.robots [data folder]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from anyshore.website import robots
from conformance import web_links
from conformance.scores import Score

BEYOND = "GoogleOnly_"
"""How tests are called that go beyond the standard."""


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    score = web_links.run("robots", data, {"robots", "agent", "url", "allowed"}, _check)
    score.extra["beyond_the_standard"] = [one for one in score.failed if BEYOND in one]
    return score


def _check(one: dict[str, Any]) -> str:
    found = robots.read(one["robots"].encode()).allows(one["agent"], one["url"])
    return "" if found == one["allowed"] else f"{'let in' if found else 'kept out'} at {one['url']}"


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
