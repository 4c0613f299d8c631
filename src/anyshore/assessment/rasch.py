"""The Rasch model by marginal maximum likelihood, with one discrimination common to all items.

P(right | θ) = 1 / (1 + exp(-a (θ - b))), θ standard normal over people (Thissen 1982, "Marginal maximum likelihood
estimation for the one-parameter logistic model", Psychometrika 47). What a person was not asked says nothing of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NODES = 61
"""Points of the Gauss-Hermite quadrature over ability."""


@dataclass(frozen=True, slots=True)
class Rasch:
    """What the model says of a test.

    Attributes:
        difficulties: of each item, on the scale of ability; None where everybody, or nobody, was right.
        discrimination: common to all.
        converged: whether the search ended at a maximum.
    """

    difficulties: tuple[float | None, ...]
    discrimination: float
    converged: bool


def fit(answers: Sequence[Sequence[bool | None]], counts: Sequence[int]) -> Rasch | None:
    """Fits the model.

    Args:
        answers: per pattern, whether each item was answered rightly; None: it was not asked.
        counts: how many people answered so.

    Returns:
        None where fewer than two items tell people apart.
    """
    import numpy as np
    from scipy.optimize import minimize

    items = len(answers[0]) if answers else 0
    telling = [item for item in range(items) if {row[item] for row in answers} >= {True, False}]
    if len(telling) < 2:
        return None
    right = np.array([[row[item] is True for item in telling] for row in answers], dtype=float)
    asked = np.array([[row[item] is not None for item in telling] for row in answers], dtype=float)
    people = np.array(counts, dtype=float)
    logits = _start(right, asked, people)
    found = minimize(_loss, np.append(logits, 1.0), (right, asked, people, _nodes()), method="BFGS", jac=True,
                     options={"gtol": 1e-6, "maxiter": 500})  # fmt: skip
    slope = abs(float(found.x[-1]))  # which way ability is counted is ours to say: upwards
    if abs(slope) < 1e-6:
        return None  # people do not differ in what the test asks
    made = dict(zip(telling, (found.x[:-1] / slope).tolist(), strict=True))
    sharp = float(np.abs(found.jac).max()) < 1e-3
    return Rasch(tuple(made.get(item) for item in range(items)), slope, bool(found.success or sharp))


def _start(right: Any, asked: Any, people: Any) -> Any:
    import numpy as np

    share = np.clip((people @ right) / (people @ asked), 0.01, 0.99)
    return np.log((1 - share) / share)


def _nodes() -> tuple[Any, Any]:
    """Abilities and their weights under the standard normal distribution."""
    import numpy as np

    places, weights = np.polynomial.hermite.hermgauss(NODES)
    return np.sqrt(2) * places, weights / np.sqrt(np.pi)


def _loss(at: Any, right: Any, asked: Any, people: Any, nodes: tuple[Any, Any]) -> tuple[float, Any]:
    """Minus the mean log-likelihood, and its gradient by intercepts and slope."""
    import numpy as np

    abilities, weights = nodes
    logits = at[-1] * abilities[:, None] - at[:-1][None, :]
    chance = 1 / (1 + np.exp(-np.clip(logits, -35, 35)))
    log_right, log_wrong = np.log(chance), np.log1p(-chance)
    log_pattern = right @ log_right.T + (asked - right) @ log_wrong.T + np.log(weights)
    top = log_pattern.max(axis=1, keepdims=True)
    each = np.exp(log_pattern - top)
    total = each.sum(axis=1, keepdims=True)
    posterior = each / total * people[:, None]
    log_likelihood = float(people @ (np.log(total) + top)[:, 0])
    gap = posterior.T @ right - (posterior.T @ asked) * chance
    gradient = np.append(-gap.sum(axis=0), (gap * abilities[:, None]).sum())
    return -log_likelihood / people.sum(), -gradient / people.sum()
