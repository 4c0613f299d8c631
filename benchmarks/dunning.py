"""2,000 dunning decisions: the service's own decision table beside the same rules written in Python; answers are equal.

The facts are made up the same way every time. The goal is under one second of CPU for 2,000 decisions.

Run: ``python -m benchmarks.dunning [decisions]``.
"""

from __future__ import annotations

import random
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyshore import dmn

TABLE = Path(dmn.__file__).parents[1] / "services/bpo/receivables/receivables.dmn"
DECISIONS = 2_000
Facts = dict[str, Any]


def made(count: int) -> list[Facts]:
    """Facts of invoices, the same every time."""
    draw = random.Random(5)
    return [
        {
            "disputed": draw.random() < 0.1, "promised_until": "soon" if draw.random() < 0.1 else None,
            "instalments": draw.choice(["none", "none", "kept", "broken"]), "handed_over": draw.random() < 0.05,
            "days_overdue": Decimal(draw.randrange(-20, 120)), "open": Decimal(draw.randrange(1, 90_000)) / 100,
            "level": Decimal(draw.randrange(4)), "days_since_letter": draw.choice([None, *map(Decimal, (3, 14, 30))]),
            "consumer": draw.random() < 0.3,
        }
        for _ in range(count)
    ]  # fmt: skip


def by_hand(one: Facts) -> tuple[str, Any]:
    """The same rules in Python: action and level."""
    if one["disputed"] or one["handed_over"] or one["promised_until"] is not None or one["instalments"] == "kept":
        return "hold", None
    if one["days_overdue"] < 7 or one["open"] < 5:
        return "none", None
    if one["level"] == 0:
        return "remind", 1
    if one["days_since_letter"] is None or one["days_since_letter"] < 14:
        return "none", None
    return ("hand over", None) if one["level"] >= 3 else ("remind", one["level"] + 1)


def main() -> None:
    """Prints the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DECISIONS
    facts = made(count)
    model = dmn.read(TABLE)
    begun = time.process_time()
    found = [model.decide("Dunning", {"one": one}).value for one in facts]
    seconds = time.process_time() - begun
    begun = time.process_time()
    right = [by_hand(one) for one in facts]
    peer = time.process_time() - begun
    same = sum((one["action"], one["level"]) == two for one, two in zip(found, right, strict=True))
    print(f"{count:,} decisions by the table: {seconds:.3f} CPU s, {seconds / count * 1e6:.0f} µs each")
    print(f"the same rules in Python:  {peer:.3f} CPU s; equal answers: {same:,} of {count:,}")


if __name__ == "__main__":
    main()
