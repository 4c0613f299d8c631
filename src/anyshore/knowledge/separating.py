"""A linear machine that separates relevant from irrelevant documents, solved exactly over their similarities.

The support vector machine with squared hinge loss and a regularised offset, as LIBLINEAR has it (Fan et al. 2008, JMLR
9:1871-1874), by Newton steps over the documents that violate the margin (Chapelle 2007, Neural Computation
19:1155-1178): few documents are decided and their words are many, so a system of equations over documents is small,
and its solution is the optimum itself, where a descent with random order only comes near it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS = 50


def separate(
    similarity: NDArray[np.float32],
    relevant: NDArray[np.bool_],
    *,
    cost: float,
    ratio: float,
    begun: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """The weight of each decided document; a document's score is the sum of weights times (similarity + 1).

    Args:
        similarity: inner products of the decided documents, of shape (n, n).
        relevant: their decisions; both kinds occur.
        cost: C of the machine.
        ratio: how much all relevant decisions together weigh against all irrelevant ones, as ASReview balances them.
        begun: documents to begin with, those of the solution before; it changes the time taken only.
    """
    sides = np.where(relevant, 1.0, -1.0)
    positive = int(relevant.sum())
    weights = np.where(relevant, 1.0, positive / (ratio * (len(sides) - positive)))
    costs = cost * weights * (len(sides) / weights.sum())
    kernel = similarity.astype(np.float64) + 1.0
    active = np.ones(len(sides), dtype=bool) if begun is None else begun.copy()
    found = np.zeros(len(sides))
    for _step in range(_MOST_STEPS):
        places = np.flatnonzero(active)
        system = kernel[np.ix_(places, places)]
        system[np.diag_indices(len(places))] += 1 / (2 * costs[places])
        found = np.zeros(len(sides))
        found[places] = np.linalg.solve(system, sides[places])
        violating = sides * (kernel[:, places] @ found[places]) < 1
        if (violating == active).all():
            break
        active = violating
    return found
