"""Search of articles: ``kb-hit5`` and ``kb-first``.

The case is a question that people asked for a need that an article answers: is that article among the first five, is it
the first? Articles are a JSON list of ``id``, ``question`` and ``answers``; questions stand in the CSV files beside it
(``query``, ``article``).

    python -m conformance.kb [data folder]
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from anyshore.knowledge.search import Article, Search
from conformance import folders
from conformance.scores import Score

COLUMNS = {"query", "article"}
FIRST = 5


def run_hit5(data: Path) -> Score:
    """The first suite: the right article is among the first five."""
    return _run("kb-hit5", data, FIRST, 0.911)


def run_first(data: Path) -> Score:
    """The second suite: the right article is the first."""
    return _run("kb-first", data, 1, 0.659)


def _run(name: str, data: Path, most: int, goal: float) -> Score:
    score = Score(name, 0, 0, extra={"goal": goal})
    files = folders.files(folders.of_suite(data, "knowledge-base"), ".json")
    for folder in sorted({file.parent for file in files}):
        _folder(folder, score, most)
    score.extra["share"] = round(score.passed / score.total, 4) if score.total else 0
    return score


def _folder(folder: Path, score: Score, most: int) -> None:
    """Asks the questions beside the articles; a file that breaks is a failed case."""
    articles: list[Article] = []
    for file in (one for one in folders.files(folder, ".json") if one.parent == folder):
        read = folders.told(lambda file=file: _articles(file), str)
        if isinstance(read, str):
            _failed(score, f"{file.name}: {read}")
        else:
            articles += read
    search = Search(articles)
    for file in (one for one in folders.files(folder, ".csv") if one.parent == folder):
        asked = folders.told(lambda file=file: _questions(file), str)
        if isinstance(asked, str):
            _failed(score, f"{file.name}: {asked}")
            continue
        for query, article in asked:
            _count(score, search, query, article, most)


def _failed(score: Score, reason: str) -> None:
    score.total += 1
    score.failed.append(reason)


def _articles(file: Path) -> list[Article]:
    return [
        Article(str(one["id"]), one["question"], "\n".join(one["answers"]), one.get("language", "en"))
        for one in json.loads(file.read_bytes())
    ]


def _questions(file: Path) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        read = csv.DictReader(opened)
        if not set(read.fieldnames or ()) >= COLUMNS:
            return []
        return [(row["query"], row["article"]) for row in read]


def _count(score: Score, search: Search, query: str, article: str, most: int) -> None:
    found = folders.told(lambda: [hit.article.id for hit in search.find(query, most)], lambda reason: [reason])
    if article in found:
        score.total += 1
        score.passed += 1
    else:
        _failed(score, f"{query!r}: {', '.join(found)} instead of {article}")


if __name__ == "__main__":
    for result in (one(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")) for one in (run_hit5, run_first)):
        result.print()
