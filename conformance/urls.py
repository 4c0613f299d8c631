"""Resolution of addresses as browsers do it: the same ``href``, or the same failure.

python -m conformance.urls [data folder]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from anyshore.base.errors import DataError
from anyshore.website.links import resolved
from conformance import web_links
from conformance.scores import Score


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    return web_links.run("urls", data, {"input"}, _check)


def _check(one: dict[str, Any]) -> str:
    try:
        found = resolved(one["input"], one.get("base"))
    except DataError:
        return "" if one.get("failure") else "refused"
    if one.get("failure"):
        return f"{found} instead of a failure"
    return "" if found == one["href"] else f"{found} instead of {one['href']}"


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
