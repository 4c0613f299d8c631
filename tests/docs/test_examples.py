"""Every example of the documentation is run, and every link leads somewhere. How: :mod:`tests.docs.pages`."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable
from multiprocessing import forkserver
from pathlib import Path

import pytest

from anyshore.cli.main import COMMANDS
from tests.docs import pages

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(path for path in (ROOT / "docs").rglob("*.md")),
]
EXECUTABLE = ("console", "python")
LINK = re.compile(r"(?<!`)\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
FILE_NAME = re.compile(r"`((?:src|tests|docs|conformance|benchmarks)/[\w./-]+)`")
FOR_THE_EYE = ("", "text", "sh", "yaml", "json", "xml", "csv", "mermaid", "gift")
TEST_NAME = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")
PATIENCE = 600
"""Seconds a page may take on a busy machine; a page alone takes a few."""

# A child process per page: what a page leaves behind in one process cannot help or hurt the next page. The fork server
# has the command imported once, and what its work loads that needs no settings, so that a child begins at once.
FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(
    ["tests.docs.pages", "tests.docs.loaded", *{f"anyshore.{place.partition(':')[0]}" for place in COMMANDS.values()}]
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def with_examples(path: Path) -> bool:
    return any(b.language in EXECUTABLE or b.title for b in pages.blocks(path.read_text(encoding="utf-8")))


def in_child(target: Callable[..., None], *arguments: str) -> list[str]:
    ours, theirs = FORK.Pipe(duplex=False)
    child = FORK.Process(target=target, args=(*arguments, theirs))
    child.start()
    theirs.close()
    try:
        if not ours.poll(PATIENCE):
            return [f"not done after {PATIENCE} s"]
        return list(ours.recv())
    except EOFError:
        return ["the process that ran it ended without an answer"]
    finally:
        child.kill()  # what it had to say is said
        child.join()
        child.close()
        ours.close()


@pytest.fixture(scope="session", autouse=True)
def fork_server() -> None:
    """Started with the width the pages are written for: what is imported there asks for it once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(pages.WIDTH))
        forkserver.ensure_running()


@pytest.mark.parametrize("path", [path for path in PAGES if with_examples(path)], ids=name)
def test_examples_do_what_the_page_says(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_text(encoding="utf-8")
    if pages.NEEDS_DATA in text:
        data: Path = request.getfixturevalue("data_dir")
        os.environ.setdefault("ANYSHORE_DATA", str(data))
    folder, home = tmp_path / "folder", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    if pages.NEEDS_DATABASE.search(text):
        request.getfixturevalue("installed")(home)
    problems = in_child(pages.run_page, text, str(folder), str(home))
    assert not problems, f"{name(path)}\n\n" + "\n\n".join(problems)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^( *)(`{3,}).*?^\1\2$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    lost = [link for link in LINK.findall(text) if not (path.parent / link).exists()]
    assert not lost


@pytest.mark.parametrize("path", [path for path in PAGES if TEST_NAME.search(path.read_text("utf-8"))], ids=name)
def test_tests_that_are_named_exist(path: Path) -> None:
    missing = [
        f"{file}::{function}"
        for file, function in TEST_NAME.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / file).is_file() or f"def {function}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert not missing


@pytest.mark.parametrize("path", [path for path in PAGES if FILE_NAME.search(path.read_text("utf-8"))], ids=name)
def test_files_that_are_named_exist(path: Path) -> None:
    missing = [file for file in FILE_NAME.findall(path.read_text(encoding="utf-8")) if not (ROOT / file).exists()]
    assert not missing


def test_no_example_is_passed_over_by_a_slip_of_its_language() -> None:
    """What is not run is told from what is: a language that is not in the list may be a misspelt one."""
    found = {
        f"{name(path)}:{block.line}: {block.language}"
        for path in PAGES
        for block in pages.blocks(path.read_text(encoding="utf-8"))
        if block.language not in (*EXECUTABLE, *FOR_THE_EYE)
    }
    assert not found
    unrun = [
        f"{name(path)}:{block.line}"
        for path in PAGES
        for block in pages.blocks(path.read_text(encoding="utf-8"))
        if block.language not in EXECUTABLE and re.search(r"^\$ (anyshore|curl) ", block.text, re.MULTILINE)
    ]
    assert not unrun


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link).resolve() for link in LINK.findall(index.read_text(encoding="utf-8"))}
    folders = {path for path in linked if path.is_dir()}
    missing = [
        name(path)
        for path in (ROOT / "docs").rglob("*.md")
        if path != index and path not in linked and not folders & set(path.parents)
    ]
    assert not missing
