"""The shipped tables against the database they are derived from."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from anyshore.sourcing.prior import build, tables


def test_ridge_in_its_dual_form_is_ridge() -> None:
    from scipy.sparse import csr_array
    from sklearn.linear_model import Ridge

    matrix = csr_array(np.array([[1.0, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1]]))
    target, weights = np.array([1.0, 0, 2, -1]), np.array([1.0, 2, 1, 0.5])
    pull, base = build.ridge(matrix, target, weights, penalty=0.7)
    model = Ridge(alpha=0.7, fit_intercept=False).fit(matrix, target - base, sample_weight=weights)
    similar = (matrix @ matrix.T).toarray() / 2
    np.testing.assert_allclose(similar @ pull, matrix @ model.coef_, atol=1e-3)


def test_every_shipped_task_stands_in_the_database(data_dir: Path) -> None:
    source = data_dir / "onet" / "Task Statements.txt"
    lines = source.read_text(encoding="utf-8").splitlines()[1:]
    known = {(line.split("\t")[0], line.split("\t")[2]) for line in lines}
    shipped = tables.shipped()
    codes = [shipped.occupations[at].code for at in shipped.occupation_of]
    assert set(zip(codes, shipped.tasks, strict=True)) <= known
    assert len(shipped.tasks) > 0.98 * len(known)
