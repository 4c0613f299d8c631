"""Published methods of ranking that are not the product's: each a function (matrix, weights, senses, …) → scores.

Senses are 1 (more is better) and -1. Each is written from the paper it names; where later papers print another scaling,
the scaling is an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import product
from typing import Any

import numpy as np

from anyshore.sourcing.shores import methods

Scaling = Callable[[Any, Any], Any]


def maximum(matrix: Any, senses: Any) -> Any:
    """x / max, or 1 - x / max."""
    part = matrix / matrix.max(axis=0)
    return np.where(senses > 0, part, 1 - part)


def vector(matrix: Any, senses: Any) -> Any:
    """x / length, or 1 - x / length."""
    part = methods.vector(matrix)
    return np.where(senses > 0, part, 1 - part)


def logarithmic(matrix: Any, senses: Any) -> Any:
    """Zavadskas & Turskis 2008."""
    part = np.log(matrix) / np.log(matrix).sum(axis=0)
    return np.where(senses > 0, part, (1 - part) / (len(matrix) - 1))


def nonlinear(matrix: Any, senses: Any) -> Any:
    """Peldschus: (x / max)², or (min / x)³."""
    return np.where(senses > 0, (matrix / matrix.max(axis=0)) ** 2, (matrix.min(axis=0) / matrix) ** 3)


def enhanced(matrix: Any, senses: Any) -> Any:
    """Enhanced accuracy: Zeng & Yang 2013."""
    up, down = matrix - matrix.min(axis=0), matrix.max(axis=0) - matrix
    return np.where(senses > 0, 1 - down / down.sum(axis=0), 1 - up / up.sum(axis=0))


def zavadskas_turskis(matrix: Any, senses: Any) -> Any:
    """Zavadskas & Turskis: distance from the best, relative to it."""
    best = np.where(senses > 0, matrix.max(axis=0), matrix.min(axis=0))
    return 1 - np.abs((best - matrix) / best)


SCALINGS: dict[str, Scaling] = {
    "minmax_normalization": methods.minmax, "sum_normalization": methods.share, "linear_normalization": methods.ratio,
    "max_normalization": maximum, "vector_normalization": vector, "logarithmic_normalization": logarithmic,
    "nonlinear_normalization": nonlinear, "enhanced_accuracy_normalization": enhanced,
    "zavadskas_turskis_normalization": zavadskas_turskis,
}  # fmt: skip


def _up(senses: Any) -> Any:
    return np.ones_like(senses)


def wsm(m: Any, w: Any, s: Any, normalization_function: Scaling = methods.share) -> Any:
    return methods.weighted_sum(normalization_function(m, s), w)


def wpm(m: Any, w: Any, s: Any, normalization_function: Scaling = methods.share) -> Any:
    return methods.weighted_product(normalization_function(m, s), w)


def waspas(m: Any, w: Any, s: Any, normalization_function: Scaling = methods.ratio, l: float = 0.5) -> Any:  # noqa: E741
    """Zavadskas, Turskis, Antucheviciene & Zakarevicius 2012."""
    return l * wsm(m, w, s, normalization_function) + (1 - l) * wpm(m, w, s, normalization_function)


def topsis(m: Any, w: Any, s: Any, normalization_function: Scaling = methods.minmax) -> Any:
    return methods.topsis(normalization_function(m, s), w, _up(s))


def vikor(m: Any, w: Any, s: Any, normalization_function: Scaling | None = None, v: float = 0.5) -> Any:
    if normalization_function is not None:
        m, s = normalization_function(m, s), _up(s)
    return methods.vikor(m, w, s, v).compromise


PREFERENCES = {"vshape_2": "linear"}


def promethee(m: Any, w: Any, s: Any, preference_function: str, p: Any = None, q: Any = None) -> Any:
    """p and q per criterion: numbers, or functions of the table of differences of a criterion."""
    limits = []
    for given in (q, p):
        values = [0.0] * m.shape[1] if given is None else list(given)
        tables = [(m[:, None, k] - m[None, :, k]) * s[k] for k in range(m.shape[1])]
        limits.append([one(table) if callable(one) else one for one, table in zip(values, tables, strict=True)])
    name = PREFERENCES.get(preference_function, preference_function)
    return methods.promethee_ii(m, w, s, name, *limits)


def copras(m: Any, w: Any, s: Any) -> Any:
    """Zavadskas & Kaklauskas 1996: utility degree, 1 for the best."""
    weighted = m / m.sum(axis=0) * w
    gains, costs = weighted[:, s > 0].sum(axis=1), weighted[:, s < 0].sum(axis=1)
    significance = gains + costs.sum() / (costs * (1 / costs).sum())
    return significance / significance.max()


def aras(m: Any, w: Any, s: Any, normalization_function: Scaling = methods.share, esp: Any = None) -> Any:
    """Zavadskas & Turskis 2010: utility degree against the optimal values, given or taken from the alternatives."""
    best = np.where(s > 0, m.max(axis=0), m.min(axis=0)) if esp is None else np.asarray(esp, dtype=float)
    total = (normalization_function(np.vstack([best, m]), s) * w).sum(axis=1)
    return total[1:] / total[0]


def aroman(m: Any, w: Any, s: Any, beta: float = 0.5, lam: float = 0.5) -> Any:
    """Bošković, Švadlenka, Jovčić et al. 2023."""
    weighted = (beta * methods.minmax(m, _up(s)) + (1 - beta) * methods.vector(m)) / 2 * w
    return weighted[:, s < 0].sum(axis=1) ** lam + weighted[:, s > 0].sum(axis=1) ** (1 - lam)


def cocoso(m: Any, w: Any, s: Any, normalization_function: Scaling = methods.minmax, l: float = 0.5) -> Any:  # noqa: E741
    """Yazdani, Zarate, Zavadskas & Turskis 2019."""
    scaled = normalization_function(m, s)
    return cocoso_parts(scaled, w, l)["score"]


def cocoso_parts(scaled: Any, w: Any, balance: float) -> dict[str, Any]:
    total, power = (scaled * w).sum(axis=1), (scaled**w).sum(axis=1)
    a = (total + power) / (total + power).sum()
    b = total / total.min() + power / power.min()
    c = (balance * total + (1 - balance) * power) / (balance * total.max() + (1 - balance) * power.max())
    return {"score": (a * b * c) ** (1 / 3) + (a + b + c) / 3, "k_a": a, "k_b": b, "k_c": c}


def codas(m: Any, w: Any, s: Any, normalization_function: Scaling = methods.ratio, tau: float = 0.02) -> Any:
    """Keshavarz Ghorabaee, Zavadskas, Turskis & Antucheviciene 2016."""
    far = normalization_function(m, s) * w
    far = far - far.min(axis=0)
    euclid, taxi = np.sqrt((far**2).sum(axis=1)), np.abs(far).sum(axis=1)
    e, t = np.subtract.outer(euclid, euclid), np.subtract.outer(taxi, taxi)
    return (e + (np.abs(e) >= tau) * t).sum(axis=1)


def edas(m: Any, w: Any, s: Any) -> Any:
    """Keshavarz Ghorabaee, Zavadskas, Olfat & Turskis 2015."""
    average = m.mean(axis=0)
    away = (m - average) * s / average
    gains, losses = (np.maximum(away, 0) * w).sum(axis=1), (np.maximum(-away, 0) * w).sum(axis=1)
    return (gains / gains.max() + 1 - losses / losses.max()) / 2


def ervd(m: Any, w: Any, s: Any, ref_point: Any, lambd: float = 2.25, alpha: float = 0.88) -> Any:
    """Shyur, Yin, Shih & Cheng 2015: gains and losses against a reference point."""
    gain = (m - np.asarray(ref_point, dtype=float)) / m.sum(axis=0) * s
    value = np.where(gain > 0, np.abs(gain) ** alpha, -lambd * np.abs(gain) ** alpha)
    plus = (np.abs(value - value.max(axis=0)) * w).sum(axis=1)
    minus = (np.abs(value - value.min(axis=0)) * w).sum(axis=1)
    return minus / (plus + minus)


def lmaw(m: Any, w: Any, s: Any) -> Any:
    """Pamučar, Žižović, Biswas & Božanić 2021."""
    standard = np.where(s > 0, (m + m.max(axis=0)) / m.max(axis=0), (m + m.min(axis=0)) / m)
    phi = np.log(standard) / np.log(standard.prod(axis=0))
    return (2 * phi**w / ((2 - phi) ** w + phi**w)).sum(axis=1)


def lopm(m: Any, w: Any, s: Any, property_limits: Any = None, property_types: Any = None) -> Any:
    """Limits on properties, Farag 2020: lower limits 1, upper limits -1, targets 0; less is better."""
    kinds = np.asarray(s if property_types is None else property_types)
    limits = np.where(kinds < 0, m.min(axis=0), m.max(axis=0))
    if property_limits is not None:
        limits = np.asarray(property_limits, dtype=float)
    off = np.where(kinds > 0, limits / m, np.where(kinds < 0, m / limits, np.abs(m / limits - 1)))
    return (off * w).sum(axis=1)


def mabac(m: Any, w: Any, s: Any, normalization_function: Scaling = methods.minmax) -> Any:
    """Pamučar & Ćirović 2015."""
    weighted = (normalization_function(m, s) + 1) * w
    return (weighted - weighted.prod(axis=0) ** (1 / len(m))).sum(axis=1)


def mairca(m: Any, w: Any, s: Any, normalization_function: Scaling = methods.minmax) -> Any:
    """Pamučar, Vasin & Lukovac 2014; less is better."""
    return ((1 - normalization_function(m, s)) * w / len(m)).sum(axis=1)


def marcos(m: Any, w: Any, s: Any) -> Any:
    """Stević, Pamučar, Puška & Chatterjee 2020."""
    ideal = np.where(s > 0, m.max(axis=0), m.min(axis=0))
    anti = np.where(s > 0, m.min(axis=0), m.max(axis=0))
    rows = np.vstack([m, ideal, anti])
    total = (np.where(s > 0, rows / ideal, ideal / rows) * w).sum(axis=1)
    minus, plus = total[:-2] / total[-1], total[:-2] / total[-2]
    f_plus, f_minus = minus / (plus + minus), plus / (plus + minus)
    return (plus + minus) / (1 + (1 - f_plus) / f_plus + (1 - f_minus) / f_minus)


def moora(m: Any, w: Any, s: Any) -> Any:
    """Brauers & Zavadskas 2006, the ratio system."""
    return (methods.vector(m) * w * s).sum(axis=1)


def ocra_parts(m: Any, w: Any, s: Any) -> dict[str, Any]:
    """Parkan & Wu 1997, as Işık & Adalı 2016 print it."""
    low, high = m.min(axis=0), m.max(axis=0)
    inputs = ((high - m) / low * w)[:, s < 0].sum(axis=1)
    outputs = ((m - low) / low * w)[:, s > 0].sum(axis=1)
    inputs, outputs = inputs - inputs.min(), outputs - outputs.min()
    total = inputs + outputs
    return {"performance": total - total.min(), "input_performance": inputs, "output_performance": outputs}


def ocra(m: Any, w: Any, s: Any) -> Any:
    return ocra_parts(m, w, s)["performance"]


def _ideals(m: Any, w: Any, s: Any) -> tuple[Any, Any]:
    """Distances to the best, second best … worst values, and to their average (Wang, Rangaiah & Wang 2021)."""
    weighted = methods.vector(m) * w
    ideals = np.sort(weighted, axis=0)
    ideals = np.where(s > 0, ideals[::-1], ideals)
    apart = np.sqrt(((weighted[:, None, :] - ideals[None, :, :]) ** 2).sum(axis=2))
    return apart, np.sqrt(((weighted - ideals.mean(axis=0)) ** 2).sum(axis=1))


def probid(m: Any, w: Any, s: Any) -> Any:
    apart, average = _ideals(m, w, s)
    count = len(m)
    middle = (count + 1) // 2
    near = (apart[:, :middle] / np.arange(1, middle + 1)).sum(axis=1)
    far = (apart[:, middle - 1 :] / (count - np.arange(middle, count + 1) + 1)).sum(axis=1)
    return 1 / (1 + (near / far) ** 2) + average


def sprobid(m: Any, w: Any, s: Any) -> Any:
    apart, _average = _ideals(m, w, s)
    quarter = max(len(m) // 4, 1)
    near = (apart[:, :quarter] / np.arange(1, quarter + 1)).sum(axis=1)
    far = (apart[:, -quarter:] / np.arange(quarter, 0, -1)).sum(axis=1)
    return far / near


def rafsi(m: Any, w: Any, s: Any, ideal: Any, anti_ideal: Any, n1: float = 1, n2k: float = 6) -> Any:
    """Žižović, Pamučar, Albijanić et al. 2020."""
    low, high = np.sort(np.array([anti_ideal, ideal], dtype=float), axis=0)
    mapped = (n2k - n1) / (high - low) * m + (n1 * high - n2k * low) / (high - low)
    arithmetic, harmonic = (n1 + n2k) / 2, 2 / (1 / n1 + 1 / n2k)
    return (np.where(s > 0, mapped / (2 * arithmetic), harmonic / (2 * mapped)) * w).sum(axis=1)


def ram(m: Any, w: Any, s: Any) -> Any:
    """Sotoudeh-Anvari 2023."""
    weighted = m / m.sum(axis=0) * w
    return (2 + weighted[:, s > 0].sum(axis=1)) ** (1 / (2 + weighted[:, s < 0].sum(axis=1)))


def rim(m: Any, w: Any, s: Any, bounds: Any, ref_ideal: Any = None) -> Any:
    """Cables, Lamata & Verdegay 2016: distance from an ideal interval inside the range."""
    low, high = np.asarray(bounds, dtype=float).T
    if ref_ideal is None:
        point = np.where(s > 0, high, low)
        ref_ideal = np.array([point, point]).T
    from_, to = np.asarray(ref_ideal, dtype=float).T
    off = np.minimum(np.abs(m - from_), np.abs(m - to))
    room = np.where(m < from_, np.abs(low - from_), np.abs(to - high))
    scaled = np.where((m >= from_) & (m <= to), 1.0, 1 - off / np.where(room == 0, 1.0, room)) * w
    plus, minus = np.sqrt(((scaled - w) ** 2).sum(axis=1)), np.sqrt((scaled**2).sum(axis=1))
    return minus / (plus + minus)


def spotis(m: Any, w: Any, s: Any, bounds: Any, esp: Any = None) -> Any:
    """Dezert, Tchamova, Han & Tacnet 2020; less is better."""
    low, high = np.asarray(bounds, dtype=float).T
    ideal = np.where(s > 0, high, low) if esp is None else np.asarray(esp, dtype=float)
    return (np.abs((m - ideal) / (low - high)) * w).sum(axis=1)


def balanced_spotis(m: Any, w: Any, s: Any, bounds: Any, esp: Any, alpha: float = 0.5) -> Any:
    """Shekhovtsov 2023."""
    return (1 - alpha) * spotis(m, w, s, bounds) + alpha * spotis(m, w, s, bounds, esp)


def comet(m: Any, w: Any, s: Any, cvalues: Any, expert_function: Callable[[Any], Any]) -> Any:
    """Sałabun 2015: a rule base over characteristic objects, which the expert puts in order."""
    objects = np.array(list(product(*cvalues)), dtype=float)
    judged = np.asarray(expert_function(objects), dtype=float)
    distinct, place = np.unique(judged, return_inverse=True)
    levels = (np.arange(len(distinct)) / (len(distinct) - 1))[place]
    found = []
    for row in m:
        members = [
            _membership(float(x), np.asarray(values, dtype=float)) for x, values in zip(row, cvalues, strict=True)
        ]
        found.append(float((reduce(np.multiply.outer, members).ravel() * levels).sum()))
    return np.array(found)


def _membership(x: float, values: Any) -> Any:
    """How much x belongs to each characteristic value: triangular numbers, each to its neighbours."""
    return np.array([np.interp(x, values, np.eye(len(values))[k]) for k in range(len(values))])


METHODS: dict[str, tuple[Callable[..., Any], bool]] = {
    "WSM": (wsm, False), "WPM": (wpm, False), "WASPAS": (waspas, False), "TOPSIS": (topsis, False),
    "VIKOR": (vikor, True), "PROMETHEE_II": (promethee, False), "COPRAS": (copras, False), "ARAS": (aras, False),
    "AROMAN": (aroman, False), "COCOSO": (cocoso, False), "CODAS": (codas, False), "EDAS": (edas, False),
    "ERVD": (ervd, False), "LMAW": (lmaw, False), "LoPM": (lopm, True), "MABAC": (mabac, False),
    "MAIRCA": (mairca, True), "MARCOS": (marcos, False), "MOORA": (moora, False), "OCRA": (ocra, False),
    "PROBID": (probid, False), "SPROBID": (sprobid, False), "RAFSI": (rafsi, False), "RAM": (ram, False),
    "RIM": (rim, False), "SPOTIS": (spotis, True), "BalancedSPOTIS": (balanced_spotis, True),
    "COMET": (comet, False),
}  # fmt: skip
"""By the name the examples use; whether less is better."""
