"""What all tests share."""

from __future__ import annotations

import fcntl
import gc
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from tests import draws
from tests.draws import EXTENT, Extent

ROOT = Path(__file__).resolve().parent.parent

# Tests begin hundreds of processes: where nothing that was compiled is kept, each compiles the whole system anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

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
    """What ends frozen makes DuckDB's binding tell of leaks (findings/duckdb-reports-leaks-after-gc-freeze.sh)."""
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
def installed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Makes of a folder the home of an installation that has its tables.

    They are made once in a run, whatever the number of its processes, and copied: to make them takes three seconds.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "tables" / "anyshore.sqlite3"
    with (shared / "tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            known = {name: value for name, value in os.environ.items() if name != "ANYSHORE_DATABASE"}
            command = [sys.executable, "-c", "from anyshore.web.site import system; system.start()"]
            subprocess.run(command, env=known | {"ANYSHORE_HOME": str(made.parent)}, check=True)

    def home(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(made)) as tables, closing(sqlite3.connect(folder / made.name)) as copy:
            tables.backup(copy)
        return folder

    return home


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real files; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("ANYSHORE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data: set ANYSHORE_DATA to its folder ({folder} is absent)")
    return folder
