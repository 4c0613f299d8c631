"""The law: a service enters by its pack. The words of the packs stand in no code that is not theirs.

What is forbidden is read from the packs themselves: their ids, the kinds of their records, the roles of their cases,
their forms and the words of their outcomes. Code, comments, templates, scripts and catalogues of the packages that
every service shares know none of them; what a pack cannot say becomes a word of the pack format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from anyshore.packs import reading
from anyshore.params import marked

ROOT = Path(__file__).parents[2] / "src" / "anyshore"
SHARED = ("cli", "web", "host", "packs", "terms")
ENDINGS = (".py", ".html", ".js", ".css", ".po", ".json", ".txt")


def words_of_packs() -> frozenset[str]:
    """What the packs call their own."""
    found: set[str] = set()
    for folder in reading.find():
        pack = reading.read(folder)
        found |= {pack.id, *pack.references, *pack.forms, *pack.report.outcomes}
        for path in folder.glob("*case.yaml"):
            document, _problems = marked.load(path.read_text(encoding="utf-8"))
            assert isinstance(document.data, dict)
            found |= set(document.data.get("roles", {}))
    return frozenset(found)


def known_in(text: str, words: Iterable[str]) -> set[str]:
    """Those of the words that stand in a text as whole words, however they are joined."""
    return {word for word in words if word in text and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)}


def hits(root: Path, words: Iterable[str]) -> Mapping[str, set[str]]:
    """The files of the shared packages that know a word, by their path."""
    words = list(words)
    found = {}
    for package in SHARED:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in ENDINGS and "vendor" not in path.parts and "migrations" not in path.parts:
                known = known_in(path.read_text(encoding="utf-8"), words)
                if known:
                    found[path.relative_to(root).as_posix()] = known
    return found


def test_no_shared_code_knows_a_service() -> None:
    assert hits(ROOT, words_of_packs()) == {}


def test_the_test_finds_what_it_is_there_for(tmp_path: Path) -> None:
    for package in SHARED:
        (tmp_path / package).mkdir()
    (tmp_path / "cli" / "run.py").write_text('PACK = "payables"  # and nothing else\n')
    (tmp_path / "web" / "page.html").write_text("<a>{{ purchase-order }}</a>")
    (tmp_path / "host" / "x.py").write_text("# accountspayables, payables-old, first_readers\n")
    (tmp_path / "terms" / "y.md").write_text("payables")
    words = words_of_packs()
    assert {"payables", "contract-review", "purchase-order", "first_reader", "contract-memo", "invoice booked"} <= words
    assert hits(tmp_path, words) == {"cli/run.py": {"payables"}, "web/page.html": {"purchase-order"}}
