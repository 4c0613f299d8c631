"""Ranking sites by SMAA and drawing a business case, beside the same by the book, one draw after another.

The peer is short and slow, so it gets fewer draws and is scaled; its figures are compared before anything is timed.
Goals: SMAA of 100,000 draws over 30 sites × 12 criteria 0.3 s with fixed scores, 1.5 s with uncertain ones; Monte Carlo
of 100,000 draws × 14 sites × 5 years 2 s. Run it as ``python -m benchmarks sourcing``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import numpy as np

from anyshore.sourcing.business_case.case import Case, Frame, made
from anyshore.sourcing.business_case.cash import drawn_flows
from anyshore.sourcing.business_case.distributions import Distribution, fixed
from anyshore.sourcing.shores.smaa import smaa

DRAWS, FEW = 100_000, 2_000
SITES, CRITERIA = 30, 12
ROUNDS = 5


def plain_smaa(low: np.ndarray, high: np.ndarray, draws: int) -> np.ndarray:
    """Rank acceptabilities, one draw after another."""
    chance = np.random.default_rng(7)
    counts = np.zeros((len(low), len(low)))
    for _draw in range(draws):
        weights = chance.dirichlet(np.ones(low.shape[1]))
        utility = chance.uniform(low, high) @ weights
        ranks = (utility[:, None] < utility[None, :]).sum(axis=1)
        counts[np.arange(len(low)), ranks] += 1
    return counts / draws


def a_case(sites: int) -> Case:
    """A case with every quantity uncertain."""
    rows: dict[tuple[str, str, str], Distribution] = {
        ("payables", "", "baseline volume"): fixed(144_000), ("payables", "", "baseline unit cost"): fixed(4.2),
        ("payables", "", "one-off cost"): Distribution("triangular", (100_000, 150_000, 240_000)),
        ("payables", "", "hours per item"): Distribution("triangular", (0.08, 0.1, 0.13)),
        ("", "", "lag months"): Distribution("triangular", (3, 6, 9)),
        ("", "", "lag loss"): Distribution("triangular", (0.2, 0.3, 0.45)),
        ("", "", "governance"): Distribution("triangular", (0.05, 0.08, 0.12)),
        ("", "", "volume growth"): Distribution("normal", (0.02, 0.03)),
        ("", "", "price inflation"): Distribution("triangular", (0.03, 0.05, 0.08)),
        ("", "", "replacement cost"): Distribution("uniform", (4_000, 8_000)),
    }  # fmt: skip
    for number in range(sites):
        rate = 10 + number
        rows["payables", f"site {number}", "rate"] = Distribution("triangular", (rate - 2, rate, rate + 3))
        rows["payables", f"site {number}", "attrition"] = Distribution("triangular", (0.1, 0.2, 0.35))
        rows["payables", f"site {number}", "currency volatility"] = fixed(0.06)
    return made(Frame(date(2027, 1, 1)), rows)


def ours(case: Case, draws: int) -> np.ndarray:
    """Net present values, draws × sites."""
    return np.concatenate([one.npv(0.08) for one in drawn_flows(case, "payables", draws, 1)])


def plain_case(case: Case, draws: int) -> np.ndarray:
    """Net present values of the first site, one draw and one year after another."""
    chance = np.random.default_rng(3)
    found = np.zeros(draws)
    site = case.sites[0]
    names = (
        "baseline volume", "baseline unit cost", "one-off cost", "hours per item", "lag months", "lag loss",
        "governance", "volume growth", "price inflation", "replacement cost", "rate",
        "attrition", "currency volatility",
    )  # fmt: skip
    for draw in range(draws):
        v = {name: float(case.of("payables", site, name).draw(chance, (1,))[0]) for name in names}
        value, fx = -v["one-off cost"], 1.0
        for year in range(5):
            fx *= np.exp(v["currency volatility"] * chance.standard_normal() - v["currency volatility"] ** 2 / 2)
            months = np.arange(year * 12, year * 12 + 12, 0.05) + 0.025
            slow = v["lag loss"] * np.maximum(0, 1 - months / v["lag months"]).mean()
            volume = v["baseline volume"] * (1 + v["volume growth"]) ** year
            fees = volume * v["hours per item"] * v["rate"] * (1 + v["price inflation"]) ** year * (1 + slow) * fx
            left = volume * v["hours per item"] / 1600 * v["attrition"] * v["replacement cost"]
            value += (volume * v["baseline unit cost"] - fees * (1 + v["governance"]) - left) / 1.08 ** (year + 1)
        found[draw] = value
    return found


def seconds(task: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """CPU and wall seconds of the fastest round."""
    best = (np.inf, np.inf)
    for _round in range(rounds):
        cpu, wall = time.process_time(), time.perf_counter()
        task()
        best = min(best, (time.process_time() - cpu, time.perf_counter() - wall))
    return best


def told(name: str, mine: tuple[float, float], peer: tuple[float, float], goal: float) -> None:
    scaled = peer[0] * DRAWS / FEW
    print(
        f"{name:<34} {mine[1]:6.2f} s ({mine[0]:.2f} CPU s), goal {goal} s; plain {scaled:7.1f} CPU s, "
        f"ratio {scaled / mine[0]:.0f}"
    )


def main() -> None:
    """Compares the figures, then times both."""
    low = np.random.default_rng(1).random((SITES, CRITERIA))
    for name, high, goal in (
        ("SMAA, fixed scores", low, 0.3),
        ("SMAA, uncertain scores", np.minimum(low + 0.2, 1), 1.5),
    ):
        found, peer = smaa(low, high, draws=DRAWS, seed=1).ranks, plain_smaa(low, high, FEW)
        off = np.abs(found - peer).max()
        assert off < 5 * np.sqrt(0.25 / FEW), off
        mine = seconds(lambda high=high: smaa(low, high, draws=DRAWS, seed=1))
        told(f"{name}, {SITES} × {CRITERIA}", mine, seconds(lambda high=high: plain_smaa(low, high, FEW), 1), goal)
    case = a_case(14)
    values, peers = ours(case, DRAWS)[:, 0], plain_case(case, FEW)
    off = abs(values.mean() - peers.mean()) / (peers.std() / np.sqrt(FEW))
    assert off < 4, off
    mine = seconds(lambda: ours(case, DRAWS))
    one_site = seconds(lambda: plain_case(case, FEW), 1)
    told("Monte Carlo, 14 sites × 5 years", mine, (one_site[0] * 14, one_site[1] * 14), 2.0)


if __name__ == "__main__":
    main()
