"""Names of companies: 100,000 against 100,000, each other's most alike by trigrams, legal forms left aside.

The names are drawn by a seed, half of the second list with a letter lost. Run: ``python benchmarks/names.py [number]``.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from anyshore.entities.neighbours import match_names

SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fe",
    "ga",
    "go",
    "ka",
    "ke",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "no",
    "pa",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "vi",
    "vo",
    "zan",
    "ber",
    "ler",
    "ton",
    "mar",
    "ken",
    "dor",
    "fil",
    "gor",
    "hol",
]
TRADES = [
    "international",
    "services",
    "systems",
    "trading",
    "holding",
    "energy",
    "capital",
    "partners",
    "logistics",
    "bank",
    "foods",
    "steel",
    "marine",
]
FORMS = ["GmbH", "Ltd", "LLC", "Inc.", "AG", "S.A.", "Sp. z o.o.", "BV", "PLC"]


def names(number: int, rng: np.random.Generator) -> list[str]:
    """Names of one or two own words, some words of a trade, and a legal form."""
    words = ["".join(rng.choice(SYLLABLES, size=rng.integers(2, 5))).capitalize() for _ in range(30_000)]
    own = rng.integers(0, len(words), size=(number, 2))
    trade, form, both = (
        rng.integers(0, len(TRADES), number),
        rng.integers(0, len(FORMS), number),
        rng.random(number) < 0.5,
    )
    return [
        f"{words[a]}{f' {words[b]}' if two else ''} {TRADES[t]} {FORMS[f]}"
        for (a, b), t, f, two in zip(own, trade, form, both, strict=True)
    ]


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rng = np.random.default_rng(1)
    left = names(number, rng)
    order = rng.permutation(number)
    lost = rng.random(number) < 0.5
    right = [left[at][:2] + left[at][3:] if slip else left[at] for at, slip in zip(order, lost, strict=True)]
    began, used = time.perf_counter(), time.process_time()
    found = match_names(left, right)
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    own = sum(int(order[other]) == one for one, other, _alike in found)
    print(
        f"{number:,} x {number:,} names: {seconds:.1f} s, {processor:.1f} s on the processor; "
        f"{len(found):,} pairs, {own:,} right"
    )


if __name__ == "__main__":
    main()
