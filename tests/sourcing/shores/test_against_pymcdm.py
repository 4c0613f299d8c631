"""The methods beside pymcdm, which is installed with the benchmarks: the same problem, the same preferences."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from anyshore.sourcing.shores import methods


def test_drawn_problems_come_out_as_they_do_there() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pytest.importorskip("pymcdm.methods", reason="pymcdm is not installed: uv sync --group bench")
    chance = np.random.default_rng(17)
    for _problem in range(20):
        matrix, weights = chance.uniform(1, 100, (6, 4)), chance.dirichlet(np.ones(4))
        senses = chance.choice([-1.0, 1.0], 4)
        up = np.ones(4)
        share, unit = methods.share(matrix, senses), methods.minmax(matrix, senses)
        p = np.ptp(matrix, axis=0)
        pairs = {
            "WSM": (theirs.WSM(), methods.weighted_sum(share, weights)),
            "WPM": (theirs.WPM(), methods.weighted_product(share, weights)),
            "TOPSIS": (theirs.TOPSIS(), methods.topsis(unit, weights, up)),
            "VIKOR": (theirs.VIKOR(), methods.vikor(matrix, weights, senses).compromise),
            "PROMETHEE usual": (theirs.PROMETHEE_II("usual"), methods.promethee_ii(matrix, weights, senses)),
            "PROMETHEE vshape": (
                theirs.PROMETHEE_II("vshape", p=p),
                methods.promethee_ii(matrix, weights, senses, "vshape", threshold=p),
            ),
        }  # fmt: skip
        for name, (method, ours) in pairs.items():
            assert ours == pytest.approx(method(matrix, weights, senses), abs=1e-12), name
