"""Runs one suite found under a folder and prints its score; the last line is one JSON object."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

SUITES = {
    "dmn-tck": "dmn_tck",
    "betsy": "betsy",
    "betsy-invalid": "betsy_invalid",
    "bpmn-miwg": "bpmn_miwg",
    "cmmn-kit": "cmmn_kit",
    "en16931": "en16931",
    "xrechnung": "xrechnung",
}


def main() -> int:
    if len(sys.argv) != 3 or sys.argv[1] not in SUITES:
        print(f"usage: python -m conformance NAME DIR; NAME is one of {', '.join(SUITES)}", file=sys.stderr)
        return 2
    name, data = sys.argv[1], Path(sys.argv[2])
    if not data.is_dir():
        print(f"{data} is no folder. Give the folder that holds the suites: DATA=DIR.", file=sys.stderr)
        return 2
    score = importlib.import_module(f"conformance.{SUITES[name]}").run(data)
    score.print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
