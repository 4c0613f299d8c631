"""What all tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from tests import draws
from tests.draws import EXTENT, Extent

ROOT = Path(__file__).resolve().parent.parent

# What is drawn hangs on nothing but the test: not on the time it takes, nor on what failed before.
steady: dict[str, Any] = {
    "deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True,
    "max_examples": draws.examples(100),
}  # fmt: skip
settings.register_profile("share", **steady, derandomize=True, database=None)
settings.register_profile("full", **steady, derandomize=True, database=None)
# Said in so many words: where the variable CI is set, what hypothesis starts from is derandomized.
settings.register_profile("explore", **steady, derandomize=False)
settings.load_profile(EXTENT.value)
if EXTENT is not Extent.EXPLORE:
    # Nor on which modules are imported: hypothesis also draws the constants it finds in those, and has no setting for
    # it. tests/house/test_draws.py tells when this no longer helps.
    providers._get_local_constants = lambda: providers._local_constants


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a long test first, so that no core is left waiting for one at the end."""
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    """What is imported stays: the search for rubbish leaves it out, and comes less often (an eighth of all time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    """DuckDB's binding would tell of leaks behind the result line (findings/duckdb-reports-leaks-after-gc-freeze.sh)."""
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of an installation, for each process of tests its own: nothing is read from nor left in a real one."""
    folder = tmp_path_factory.mktemp("installation")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANYSHORE_HOME", str(folder))
        patch.setattr(django, "HOME", folder)
        yield folder


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real files; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("ANYSHORE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data: set ANYSHORE_DATA to its folder ({folder} is absent)")
    return folder
