"""The score of a conformance suite and how it is printed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Score:
    """How many cases of a suite pass.

    Attributes:
        suite: short name.
        failed: names of the failed cases.
        extra: further counts for the last line.
    """

    suite: str
    passed: int
    total: int
    failed: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def print(self) -> None:
        """Prints the failed cases, one per line, and as the last line the score as JSON."""
        for name in self.failed:
            print(f"failed {name}")
        print(json.dumps({"suite": self.suite, "passed": self.passed, "total": self.total, **self.extra}))
