"""``make test`` draws the same cases whatever else is imported, whatever failed before, in whatever order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRAWN = """
from hypothesis import given, strategies as st
from tests.draws import seeds

@given(st.text(), st.integers(), st.floats(), st.lists(st.binary()))
def test_drawn(a, b, c, d):
    with open("drawn.txt", "a") as file:
        print(ascii((a, b, c, d)), file=file)

def test_seeds():
    with open("seeds.txt", "a") as file:
        print([*seeds(5)], file=file)
"""


def drawn(folder: Path, first: str = "", *arguments: str, **variables: str) -> tuple[str, str]:
    """What a test draws that is run from a folder, behind other imports: the cases, and the seeds of a loop."""
    folder.mkdir()
    (folder / "test_drawn.py").write_text(f"{first}\n{DRAWN}")
    (folder / "constants.py").write_text("\n".join(f"x{n} = {n**5 + 7_919}, 'word {n}', {n}.25" for n in range(100)))
    known = {name: value for name, value in os.environ.items() if not name.startswith(("ANYSHORE_", "PYTEST_"))}
    known |= {"PYTHONPATH": os.pathsep.join([str(ROOT), "."]), "DJANGO_SETTINGS_MODULE": "anyshore.web.site.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", ROOT / "pyproject.toml", "-p", "tests.conftest",
         "-p", "no:cacheprovider", "-p", "no:django", "-o", "filterwarnings=default",  # the apps take two seconds
         f"--rootdir={folder}", *arguments, "test_drawn.py"],
        cwd=folder, env=known | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / "drawn.txt").read_text(), (folder / "seeds.txt").read_text()


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return drawn(tmp_path_factory.mktemp("usual") / "x")


def test_what_is_drawn_hangs_on_nothing_else(usual: tuple[str, str], tmp_path: Path) -> None:
    assert usual[0].count("\n") == 100
    first = "import constants, anyshore.bpmn, random\nrandom.seed(5)"
    assert drawn(tmp_path / "y", first, PYTHONHASHSEED="7") == usual


def test_exploring_draws_others_that_its_seed_repeats(usual: tuple[str, str], tmp_path: Path) -> None:
    def explored(name: str, seed: str) -> tuple[str, str]:
        return drawn(tmp_path / name, "", f"--hypothesis-seed={seed}", ANYSHORE_DRAWS="explore", ANYSHORE_SEED=seed)

    one, again, other = explored("a", "1"), explored("b", "1"), explored("c", "2")
    assert one == again
    assert not {usual[0], usual[1], *one} & {*other}


def test_the_suite_draws_ten_times_as_many(usual: tuple[str, str], tmp_path: Path) -> None:
    cases, loop = drawn(tmp_path / "full", ANYSHORE_DRAWS="full")
    assert cases.count("\n") == 1_000
    assert loop.startswith(usual[1].rstrip("\n]"))
    assert loop.count(",") == 49


def test_how_many_are_drawn_is_said_in_one_way() -> None:
    """A plain number would be drawn by the suite, too: its full size would never run."""
    literal = re.compile(r"max_examples\s*=\s*\d")
    files = (path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))
    assert {str(path) for path in files if literal.search(path.read_text(encoding="utf-8"))} == set()
