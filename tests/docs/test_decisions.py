"""The decisions: one numbering, a decision as the title, short, and all in the list."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "adr"
LIST = (FOLDER / "README.md").read_text(encoding="utf-8")
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")


def test_numbers_count_on_within_a_subject_of_the_list() -> None:
    subjects = re.findall(r"^## (\d\d): ", LIST, re.MULTILINE)
    for subject, pages in groupby(PAGES, lambda path: path.name[:2]):
        assert subject in subjects, "a subject of its own needs a heading in docs/adr/README.md"
        assert [int(path.name[2:4]) for path in pages] == list(range(1, len(list(FOLDER.glob(f"{subject}*"))) + 1))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_decision_is_a_title_of_its_own_words_and_some_ten_lines(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    title = lines[0].removeprefix("# ")
    said = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    assert path.stem[5:] == said, "the file is named after its title"
    assert len(lines) <= 15
    assert any(line.startswith("**Decision.**") for line in lines)
    assert f"- [{path.name[:4]}]({path.name}) {title}\n" in LIST
