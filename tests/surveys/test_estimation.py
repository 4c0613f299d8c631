"""Statistics of samples: by hand, by replicates, and by R where the real files are."""

from __future__ import annotations

import numpy as np
import pytest

from anyshore.base.errors import DataError
from anyshore.surveys.estimation import calibration, crosstabs, estimates, quantiles, regression, replicates
from anyshore.surveys.estimation.designs import Design, drawn

CHANCE = np.random.default_rng(7)
STRATA = np.repeat([0, 1, 2, 3], 12)
CLUSTERS = np.tile(np.repeat([1, 2, 3, 4], 3), 4)
Y = CHANCE.normal(10, 3, 48)
X = CHANCE.normal(5, 1, 48)


def sample(**more: object) -> Design:
    return drawn(48, weights=np.full(48, 20.0), strata=[STRATA], clusters=[CLUSTERS], nested=True, **more)  # type: ignore[arg-type]


def test_a_simple_sample_has_the_textbook_error() -> None:
    y = np.array([1.0, 2, 3, 4, 10])
    found = estimates.mean(drawn(5, populations=[np.full(5, 50)]), {"y": y})
    assert found.values[0] == 4
    assert found.errors[0] == pytest.approx(np.sqrt(y.var(ddof=1) / 5 * (1 - 5 / 50)))
    assert found.effects is not None
    assert found.effects[0] == pytest.approx(1)
    assert estimates.total(drawn(5, populations=[np.full(5, 50)]), {"y": y}).values[0] == 200


def test_linearised_and_jackknife_errors_of_a_total_are_equal() -> None:
    design = sample()
    linear = estimates.total(design, {"y": Y})
    value, covariance = replicates.jackknife(design).estimate(lambda w: w @ Y)
    assert linear.values[0] == pytest.approx(value[0])
    assert linear.covariance[0, 0] == pytest.approx(covariance[0, 0])


def test_balanced_halves_and_fay_give_the_linear_error_of_a_total() -> None:
    halves = drawn(16, weights=np.full(16, 3.0), strata=[np.repeat(range(4), 4)], clusters=[np.arange(16) // 2])
    y = Y[:16]
    expected = estimates.total(halves, {"y": y}).covariance[0, 0]
    for fay in (0.0, 0.3):
        _, covariance = replicates.balanced_halves(halves, fay).estimate(lambda w: w @ y, around_estimate=True)
        assert covariance[0, 0] == pytest.approx(expected)


def test_the_bootstrap_comes_near_and_is_the_same_for_a_seed() -> None:
    design = sample()
    first = replicates.bootstrap(design, 4000, seed=3).estimate(lambda w: w @ Y)[1][0, 0]
    assert first == replicates.bootstrap(design, 4000, seed=3).estimate(lambda w: w @ Y)[1][0, 0]
    assert first == pytest.approx(estimates.total(design, {"y": Y}).covariance[0, 0], rel=0.1)


def test_a_second_stage_adds_its_part_only_where_the_first_is_finite() -> None:
    once = drawn(48, weights=np.full(48, 20.0), clusters=[STRATA], populations=[np.full(48, 40)])
    twice = drawn(
        48, weights=np.full(48, 20.0), clusters=[STRATA, np.arange(48)],
        populations=[np.full(48, 40), np.full(48, 30)],
    )  # fmt: skip
    spread = sum(Y[s == STRATA].var(ddof=1) for s in range(4)) * 20**2 * 12 * (1 - 12 / 30) * 4 / 40
    added = estimates.total(twice, {"y": Y}).covariance[0, 0] - estimates.total(once, {"y": Y}).covariance[0, 0]
    assert added == pytest.approx(spread)


def test_absent_values_are_outside_and_stay_in_the_count_of_clusters() -> None:
    y = Y.copy()
    y[STRATA == 1] = np.nan
    found = estimates.mean(sample(), {"y": y})
    assert found.values[0] == pytest.approx(Y[STRATA != 1].mean())
    assert found.freedom == 9


def test_a_stratum_with_one_cluster_is_refused_or_said_what_it_means() -> None:
    strata = np.array([1, 1, 2])
    y = np.array([1.0, 2, 9])
    with pytest.raises(DataError, match="no spread"):
        estimates.total(drawn(3, strata=[strata]), {"y": y})
    certain = estimates.total(drawn(3, strata=[strata], lonely="certainty"), {"y": y})
    centred = estimates.total(drawn(3, strata=[strata], lonely="centre"), {"y": y})
    assert centred.errors[0] > certain.errors[0] == pytest.approx(1)


def test_calibration_meets_totals_and_leaves_them_no_error() -> None:
    design = sample()
    kind = np.where(CHANCE.random(48) < 0.4, "a", "b")
    half = np.where(STRATA < 2, "x", "z")
    for done in (
        calibration.post_stratified(design, kind, {"a": 300, "b": 700}),
        calibration.raked(design, [(kind, {"a": 300, "b": 700}), (half, {"x": 450, "z": 550})]),
    ):
        found = estimates.total(done, estimates.indicators(kind))
        assert found.values == pytest.approx([300, 700])
        assert found.errors == pytest.approx([0, 0], abs=1e-6)
    done = calibration.regressed(design, {"1": np.ones(48), "x": X}, {"1": 1000.0, "x": 5100.0})
    found = estimates.total(done, {"1": np.ones(48), "x": X})
    assert found.values == pytest.approx([1000, 5100])
    assert found.errors == pytest.approx([0, 0], abs=1e-6)


def test_targets_that_cannot_be_met_are_told() -> None:
    kind = np.array(["a", "b"] * 24)
    with pytest.raises(DataError, match="'c' has no case"):
        calibration.post_stratified(sample(), kind, {"a": 1, "b": 1, "c": 1})
    with pytest.raises(DataError, match="not met"):
        calibration.raked(sample(), [(kind, {"a": 1.0, "b": 1.0}), (kind, {"a": 1.0, "b": 2.0})])


def test_regression_of_equal_weights_is_that_of_least_squares() -> None:
    fit = regression.fit(drawn(48), Y, {"x": X})
    slope = np.polyfit(X, Y, 1)
    assert fit.coefficients.values == pytest.approx(slope[::-1])
    assert fit.coefficients.freedom == 46
    with pytest.raises(DataError, match="depend"):
        regression.fit(drawn(48), Y, {"x": X, "twice": 2 * X})
    with pytest.raises(DataError, match="no maximum"):
        regression.fit(drawn(48), X > 5, {"same": X > 5}, "binomial")


def test_quantiles_are_values_and_their_interval_goes_through_the_share() -> None:
    (median,) = quantiles.quantiles(drawn(5), [5.0, 1, 4, 2, 3], [0.5])
    assert median.value == 3
    (exact,) = quantiles.quantiles(drawn(4), [4.0, 1, 3, 2], [0.5])
    assert exact.value == 2  # the smallest value that reaches the share


def test_independence_of_a_simple_sample_is_pearsons_test() -> None:
    first = np.repeat(["a", "b"], 50)
    second = np.tile(["x", "x", "y", "z", "z"], 20)
    second[:10] = "y"
    found = crosstabs.crosstab(drawn(100), first, second)
    observed = np.array([[np.sum((first == r) & (second == c)) for c in "xyz"] for r in "ab"])
    expected = observed.sum(1)[:, None] * observed.sum(0) / 100
    assert found.chi_square.statistic == pytest.approx(((observed - expected) ** 2 / expected).sum())
    assert found.counts == pytest.approx(observed)
    assert 0 < found.f.p < 1
    assert found.adjusted_wald.freedom == (2, 98)
