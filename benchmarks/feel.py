"""How fast FEEL is: cold (read, compile, evaluate) over the kit's single expressions, and hot.

Run it as ``python benchmarks/feel.py [folder of the DMN compatibility kit]``. Beside it, where installed, zen-engine
evaluates the same texts; it refuses many of them as it is no full FEEL, which makes it look faster, not slower.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from lxml import etree

from anyshore import feel
from anyshore.base.errors import FeelError

ROOT = Path(__file__).resolve().parent.parent
HOT = ('amount > 10 and country = "DE"', {"amount": Decimal(20), "country": "DE"})


def expressions(kit: Path) -> list[str]:
    """The texts of all literal expressions of the kit's models."""
    texts = []
    for model in sorted(kit.glob("compliance-level-*/*/*.dmn")):
        found = etree.parse(model).iterfind(".//{*}decision/{*}literalExpression/{*}text")
        texts += [(one.text or "").strip() for one in found]
    return texts


def seconds(task: Callable[[], object], rounds: int = 3) -> float:
    """CPU seconds of the fastest of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        task()
        best = min(best, time.process_time() - started)
    return best


def each(texts: list[str], use: Callable[[str], object], error: type[BaseException]) -> Callable[[], None]:
    """A task that uses all texts and passes over what is refused."""

    def task() -> None:
        for text in texts:
            with suppress(error):
                use(text)

    return task


def main() -> None:
    data = Path(os.environ.get("ANYSHORE_DATA", ROOT.parent / "shared" / "data"))
    texts = expressions(Path(sys.argv[1]) if len(sys.argv) > 1 else data / "dmn-tck")
    cold = seconds(each(texts, lambda text: feel.compile(text).evaluate({}, now=0), FeelError))
    print(f"cold: {len(texts) / cold:,.0f} expressions/s over {len(texts):,} of the kit")
    expression, variables = feel.compile(HOT[0]), HOT[1]
    hot = seconds(lambda: [expression.evaluate(variables) for _ in range(200_000)]) / 200_000
    print(f"hot: {hot * 1e6:.2f} µs for {HOT[0]}")
    try:
        import zen
    except ImportError:
        return
    other = seconds(each(texts, lambda text: zen.evaluate_expression(text, {}), Exception))
    print(f"zen-engine, cold: {len(texts) / other:,.0f} expressions/s")


if __name__ == "__main__":
    main()
