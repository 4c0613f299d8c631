"""Examples that are a row of steps: scalers and inverters, then one method that gives ranks and figures by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from anyshore.sourcing.shores import methods
from conformance import mcda_methods as published


@dataclass(frozen=True)
class Problem:
    """Alternatives by criteria, weights, and senses of 1 and -1."""

    matrix: Any
    weights: Any
    senses: Any


Found = tuple[list[Any], dict[str, Any]]
"""Ranks (or membership of the kernel), and figures by name."""


def _scaled(problem: Problem, target: str, of: Callable[[Any], Any]) -> Problem:
    """A scaler on the matrix (by criterion), on the weights, or on both."""
    weights = of(problem.weights[:, None])[:, 0] if target in ("weights", "both") else problem.weights
    return replace(
        problem, matrix=of(problem.matrix) if target in ("matrix", "both") else problem.matrix, weights=weights
    )


def sum_scaler(p: Problem, target: str) -> Problem:
    return _scaled(p, target, lambda x: x / x.sum(axis=0))


def vector_scaler(p: Problem, target: str) -> Problem:
    return _scaled(p, target, methods.vector)


def minmax_scaler(p: Problem, target: str, **_more: Any) -> Problem:
    return _scaled(p, target, lambda x: methods.minmax(x, np.ones(x.shape[1])))


def maxabs_scaler(p: Problem, target: str) -> Problem:
    return _scaled(p, target, lambda x: x / np.abs(x).max(axis=0))


def standard_scaler(p: Problem, target: str, **_more: Any) -> Problem:
    return _scaled(p, target, lambda x: (x - x.mean(axis=0)) / x.std(axis=0))


def cenit(p: Problem) -> Problem:
    """Distance from the worst towards the best (Diakoulaki, Mavrotas & Papayannakis 1995)."""
    return Problem(methods.minmax(p.matrix, p.senses), p.weights, np.ones_like(p.senses))


def invert(p: Problem) -> Problem:
    turned = np.where(p.senses > 0, p.matrix, 1 / np.where(p.senses > 0, 1.0, p.matrix))
    return Problem(turned, p.weights, np.ones_like(p.senses))


def negate(p: Problem) -> Problem:
    return Problem(p.matrix * p.senses, p.weights, np.ones_like(p.senses))


def minmax_invert(p: Problem) -> Problem:
    turned = np.where(p.senses > 0, p.matrix, p.matrix.max(axis=0) + p.matrix.min(axis=0) - p.matrix)
    return Problem(turned, p.weights, np.ones_like(p.senses))


def benefit_cost(p: Problem) -> Problem:
    return Problem(methods.ratio(p.matrix, p.senses), p.weights, np.ones_like(p.senses))


def push_negatives(p: Problem, target: str) -> Problem:
    return _scaled(p, target, lambda x: x - np.minimum(x.min(axis=0), 0))


def add_to_zero(p: Problem, target: str, value: float = 1.0) -> Problem:
    return _scaled(p, target, lambda x: x + value * (x == 0).any(axis=0))


def equal_weights(p: Problem, base_value: float = 1.0) -> Problem:
    return replace(p, weights=np.full(p.matrix.shape[1], base_value / p.matrix.shape[1]))


def _deviation(p: Problem) -> Any:
    return p.matrix.std(axis=0, ddof=1)


def std_weights(p: Problem) -> Problem:
    return replace(p, weights=_deviation(p) / _deviation(p).sum())


def entropy_weights(p: Problem) -> Problem:
    part = p.matrix / p.matrix.sum(axis=0)
    entropy = -(part * np.log(np.where(part > 0, part, 1))).sum(axis=0) / np.log(len(part))
    return replace(p, weights=(1 - entropy) / (1 - entropy).sum())


def _oriented(p: Problem) -> Problem:
    """For methods that take maximised, dimensionless criteria: minimised ones inverted, all as shares of their sum.

    Steps that were named come first; an example that names none (Kracka, Brauers & Zavadskas 2010) is scaled so.
    """
    return p if (p.senses > 0).all() else sum_scaler(invert(p), "both")


def _of_scores(scores: Any, name: str = "score", **more: Any) -> Found:
    return methods.ranks(scores), {name: scores, **more}


def wsm(p: Problem) -> Found:
    ready = _oriented(p)
    return _of_scores(ready.matrix @ ready.weights)


def wpm(p: Problem) -> Found:
    ready = _oriented(p)
    return _of_scores((np.log10(ready.matrix) * ready.weights).sum(axis=1))


def waspas(p: Problem, lambda_value: float = 0.5) -> Found:
    ready = _oriented(p)
    total, product = ready.matrix @ ready.weights, (np.log10(ready.matrix) * ready.weights).sum(axis=1)
    scores = lambda_value * total + (1 - lambda_value) * 10**product
    return _of_scores(scores, wsm_scores=total, log10_wpm_scores=product)


METRICS: dict[str, Callable[[Any], Any]] = {
    "euclidean": lambda d: np.sqrt((d**2).sum(axis=1)), "cityblock": lambda d: np.abs(d).sum(axis=1),
    "chebyshev": lambda d: np.abs(d).max(axis=1), "sqeuclidean": lambda d: (d**2).sum(axis=1),
}  # fmt: skip


def topsis(p: Problem, metric: str = "euclidean") -> Found:
    weighted = p.matrix * p.weights
    ideal = np.where(p.senses > 0, weighted.max(axis=0), weighted.min(axis=0))
    anti = np.where(p.senses > 0, weighted.min(axis=0), weighted.max(axis=0))
    if metric == "euclidean":
        similarity = methods.topsis(p.matrix, p.weights, p.senses)
    else:
        near, far = METRICS[metric](weighted - ideal), METRICS[metric](weighted - anti)
        similarity = far / (near + far)
    return _of_scores(similarity, "similarity", ideal=ideal, anti_ideal=anti)


def vikor(p: Problem, v: float = 0.5, use_compromise_set: bool = True) -> Found:
    found = methods.vikor(p.matrix, p.weights, p.senses, v)
    order, chosen = methods.ranks(found.compromise, less_is_better=True), found.accepted()
    if use_compromise_set:
        last = max(order[one] for one in chosen)
        order = [1 if one <= last else one - last + 1 for one in order]
    figures = {"q_k": found.compromise, "s_k": found.utility, "r_k": found.regret, "compromise_set": sorted(chosen)}
    return order, figures


def ratio_moora(p: Problem) -> Found:
    return _of_scores((p.matrix * p.weights * p.senses).sum(axis=1))


def reference_moora(p: Problem) -> Found:
    point = np.where(p.senses > 0, p.matrix.max(axis=0), p.matrix.min(axis=0))
    scores = np.abs(p.weights * (p.matrix - point)).max(axis=1)
    return methods.ranks(scores, less_is_better=True), {"score": scores, "reference_point": point}


def multiplicative(p: Problem) -> Found:
    """Brauers & Zavadskas 2012, as logarithms."""
    return _of_scores((np.log(p.matrix * p.weights) * p.senses).sum(axis=1))


def multimoora(p: Problem) -> Found:
    """Brauers & Zavadskas 2010: the three, put together by how often one dominates another in rank."""
    parts = [ratio_moora(p), reference_moora(p), multiplicative(p)]
    table = np.array([ranks for ranks, _figures in parts]).T
    score = np.zeros(len(table))
    for one, other in combinations(range(len(table)), 2):
        better, worse = (table[one] < table[other]).sum(), (table[one] > table[other]).sum()
        if better + worse == table.shape[1]:
            score[one if better > worse else other] += 1
    figures = {
        "rank_matrix": table, "score": score, "ratio_score": parts[0][1]["score"], "fmf_score": parts[2][1]["score"],
        "refpoint_score": parts[1][1]["score"], "reference_point": parts[1][1]["reference_point"],
    }  # fmt: skip
    return methods.ranks(score), figures


def aras(p: Problem) -> Found:
    """The first row is the ideal; minimised criteria are inverted, scaling is a step before."""
    score = (p.matrix * p.weights).sum(axis=1)
    utility = score[1:] / score[0]
    return methods.ranks(utility), {"score": score[1:], "utility": utility, "ideal_score": score[0]}


def copras(p: Problem) -> Found:
    weighted = p.matrix * p.weights
    gains, costs = weighted[:, p.senses > 0].sum(axis=1), weighted[:, p.senses < 0].sum(axis=1)
    significance = gains + costs.sum() / (costs * (1 / costs).sum())
    return _of_scores(significance / significance.max() * 100)


def cocoso(p: Problem, lambda_value: float = 0.5) -> Found:
    found = published.cocoso_parts(p.matrix, p.weights, lambda_value)
    return methods.ranks(found["score"]), found


def codas(p: Problem, tau: float = 0.02) -> Found:
    return _of_scores(published.codas(p.matrix, p.weights, p.senses, lambda m, _s: m, tau))


def edas(p: Problem) -> Found:
    return _of_scores(published.edas(p.matrix, p.weights, p.senses))


def ervd(p: Problem, reference_points: Any, lambd: float = 2.25, alpha: float = 0.88) -> Found:
    gain = (p.matrix - np.asarray(reference_points, dtype=float)) * p.senses
    value = np.where(gain > 0, np.abs(gain) ** alpha, -lambd * np.abs(gain) ** alpha)
    plus = (np.abs(value - value.max(axis=0)) * p.weights).sum(axis=1)
    minus = (np.abs(value - value.min(axis=0)) * p.weights).sum(axis=1)
    return _of_scores(minus / (plus + minus), "similarity", s_plus=plus, s_minus=minus)


def mabac(p: Problem) -> Found:
    weighted = (p.matrix + 1) * p.weights
    border = weighted.prod(axis=0) ** (1 / len(weighted))
    return _of_scores((weighted - border).sum(axis=1), border_approximation_area=border)


def mairca(p: Problem) -> Found:
    scores = published.mairca(p.matrix, p.weights, p.senses)
    return methods.ranks(scores, less_is_better=True), {"score": scores}


def marcos(p: Problem) -> Found:
    scores = published.marcos(p.matrix, p.weights, p.senses)
    return _of_scores(scores, utility_scores=scores)


def ocra(p: Problem) -> Found:
    found = published.ocra_parts(p.matrix, p.weights, p.senses)
    return methods.ranks(found["performance"]), found


def probid(p: Problem) -> Found:
    return _of_scores(published.probid(p.matrix, p.weights, p.senses))


def simplified_probid(p: Problem) -> Found:
    return _of_scores(published.sprobid(p.matrix, p.weights, p.senses))


def ram(p: Problem) -> Found:
    return _of_scores(published.ram(p.matrix, p.weights, p.senses))


def rim(p: Problem, ranges: Any = None, ref_ideals: Any = None) -> Found:
    bounds = np.array([p.matrix.min(axis=0), p.matrix.max(axis=0)]).T if ranges is None else ranges
    return _of_scores(published.rim(p.matrix, p.weights, p.senses, bounds, ref_ideals))


def spotis(p: Problem, bounds: Any = None, isp: Any = None) -> Found:
    limits = np.array([p.matrix.min(axis=0), p.matrix.max(axis=0)]).T if bounds is None else bounds
    scores = published.spotis(p.matrix, p.weights, p.senses, limits, isp)
    return methods.ranks(scores, less_is_better=True), {"score": scores, "bounds": limits}


def simus(p: Problem, rank_by: int = 1, b: Any = None, **_solver: Any) -> Found:
    """Munier 2011: a linear program per criterion, whose solutions are shared out and compared in pairs."""
    from scipy.optimize import linprog

    columns = p.matrix.T
    limits = np.where(p.senses > 0, columns.max(axis=1), columns.min(axis=1))
    if b is not None:
        limits = np.array([auto if own is None else own for own, auto in zip(b, limits, strict=True)], dtype=float)
    stages = []
    for aim in range(len(columns)):
        others = [row for row in range(len(columns)) if row != aim]
        signs = p.senses[others]  # at most its limit where it is maximised, at least its limit where it is minimised
        solved = linprog(-p.senses[aim] * columns[aim], columns[others] * signs[:, None], limits[others] * signs)
        shares = np.zeros(columns.shape[1]) if solved.x is None else solved.x
        stages.append(shares / shares.sum() if shares.sum() else shares)
    table = np.array(stages)
    first = table.sum(axis=0) * (table > 1e-12).sum(axis=0) / len(table)
    dominance = sum(np.maximum(np.subtract.outer(row, row), 0) for row in table)
    second = dominance.sum(axis=1) - dominance.sum(axis=0)
    scores = first if rank_by == 1 else second
    return methods.ranks(scores), {"method_1_score": first, "method_2_score": second, "rank_by": rank_by}


def _outranking(p: Problem) -> tuple[Any, Any]:
    """Concordance and discordance (Roy 1968; discordance over the largest range of all criteria)."""
    ahead = (p.matrix[:, None, :] - p.matrix[None, :, :]) * p.senses
    agree = ((ahead >= 0) * p.weights).sum(axis=2)
    against = np.maximum(-ahead, 0).max(axis=2) / np.ptp(p.matrix, axis=0).max()
    np.fill_diagonal(agree, np.nan)
    np.fill_diagonal(against, np.nan)
    return agree, against


def electre1(p: Problem, p_: float = 0.65, q: float = 0.35) -> Found:
    agree, against = _outranking(p)
    outrank = (agree >= p_) & (against <= q)
    figures = {"outrank": outrank, "matrix_concordance": agree, "matrix_discordance": against}
    return [bool(one) for one in ~outrank.any(axis=0)], figures


def electre2(
    p: Problem, p0: float = 0.65, p1: float = 0.5, p2: float = 0.35, q0: float = 0.65, q1: float = 0.35
) -> Found:  # fmt: skip
    """Roy & Bertier 1973, as Gomes, Araya & Carignano 2004 print it."""
    agree, against = _outranking(p)
    more = agree > agree.T
    strong = more & (((agree >= p0) & (against <= q0)) | ((agree >= p1) & (against <= q1)))
    weak = more & (agree >= p2) & (against <= q0) & ~strong
    direct, inverse = _kernels(strong, weak), _kernels(strong.T, weak.T)
    inverse = inverse.max() + 1 - inverse
    score = (direct + inverse) / 2
    figures = {"score": score, "ranking_direct": direct, "ranking_inverted": inverse}
    return methods.ranks(score, less_is_better=True), figures


def _kernels(strong: Any, weak: Any) -> Any:
    """Ranks by taking away, again and again, what nothing left outranks."""
    found, left, rank = np.zeros(len(strong), dtype=int), np.arange(len(strong)), 1
    while len(left):
        inside = ~strong[np.ix_(left, left)].any(axis=0) & ~weak[np.ix_(left, left)].any(axis=0)
        if not inside.any():
            inside[:] = True
        found[left[inside]] = rank
        left, rank = left[~inside], rank + 1
    return found


TRANSFORMS: dict[str, Callable[..., Problem]] = {
    "SumScaler": sum_scaler, "VectorScaler": vector_scaler, "MinMaxScaler": minmax_scaler, "CenitDistance": cenit,
    "MaxAbsScaler": maxabs_scaler, "StandarScaler": standard_scaler, "StandardScaler": standard_scaler,
    "CenitDistanceMatrixScaler": cenit, "InvertMinimize": invert, "NegateMinimize": negate,
    "MinMaxInverter": minmax_invert, "BenefitCostInverter": benefit_cost, "PushNegatives": push_negatives,
    "AddValueToZero": add_to_zero, "EqualWeighter": equal_weights, "StdWeighter": std_weights,
    "EntropyWeighter": entropy_weights,
}  # fmt: skip
DECIDERS: dict[str, Callable[..., Found]] = {
    "WeightedSumModel": wsm, "WeightedProductModel": wpm, "WASPASModel": waspas, "WASPAS": waspas, "TOPSIS": topsis,
    "VIKOR": vikor, "RatioMOORA": ratio_moora, "ReferencePointMOORA": reference_moora, "MultiMOORA": multimoora,
    "FullMultiplicativeForm": multiplicative, "ARAS": aras, "COPRAS": copras, "CoCoSo": cocoso, "CODAS": codas,
    "EDAS": edas, "ERVD": ervd, "MABAC": mabac, "MAIRCA": mairca, "MARCOS": marcos, "OCRA": ocra, "PROBID": probid,
    "SimplifiedPROBID": simplified_probid, "RAM": ram, "RIM": rim, "SPOTIS": spotis, "SIMUS": simus,
    "ELECTRE1": electre1, "ELECTRE2": electre2,
}  # fmt: skip
