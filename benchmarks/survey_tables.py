"""A banner of 20 columns over 100,000 cases and 50 questions, with letters, means and weights: aim below 1 s."""

from __future__ import annotations

import time

import numpy as np

from anyshore.surveys.tabulation import banner, questions

CASES, COLUMNS, QUESTIONS, ANSWERS = 100_000, 20, 50, 7
SECONDS = 1.0


def main() -> None:
    """Prints how long the tables took."""
    chance = np.random.default_rng(1)
    weights = chance.uniform(0.5, 2, CASES)
    heads = []
    for number in range(4):
        codes = chance.integers(0, COLUMNS // 4, CASES)
        asked = questions.single(
            f"h{number}", f"Head {number}", codes, [f"{number}.{one}" for one in range(COLUMNS // 4)]
        )
        heads += questions.head(asked)
    rows = [
        questions.single(
            f"q{number}", f"Question {number}", chance.integers(-1, ANSWERS, CASES),
            [f"answer {one}" for one in range(ANSWERS)], scores=list(range(ANSWERS)),
        )
        for number in range(QUESTIONS)
    ]  # fmt: skip
    begun = time.perf_counter()
    made = banner.tables(rows, heads, weights)
    took = time.perf_counter() - begun
    print(f"{len(made)} tables of {len(heads) + 1} columns over {CASES:,} cases: {took:.2f} s (aim {SECONDS} s)")
    if took > SECONDS:
        raise SystemExit(f"slower than {SECONDS} s")


if __name__ == "__main__":
    main()
