"""Finding a suite's files in whatever folder is given, and going on behind a file or a case that breaks."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, TypeVar

from conformance.scores import Score

T = TypeVar("T")


def of_suite(data: Path, name: str) -> Path:
    """The folder of a suite, whether the folder of all data or the suite itself was given.

    Args:
        data: the folder given.
        name: where the suite stands in the folder of all data, ``einvoice/en16931-test`` for example; its last parts
            may be in the folder given as well.
    """
    parts = name.split("/")
    tails = (data.joinpath(*parts[skipped:]) for skipped in range(len(parts)))
    return next((folder for folder in tails if folder.is_dir()), data)


def files(folder: Path, ending: str) -> list[Path]:
    """What is called like a file with that ending, below a folder and in a steady order; folders are none."""
    return sorted(path for path in folder.rglob(f"*{ending}") if not path.is_dir())


def told(case: Callable[[], T], otherwise: Callable[[str], T]) -> T:
    """What a case gives; where it breaks, what is made of the reason: a broken case fails alone, not the run."""
    try:
        return case()
    except Exception as problem:
        return otherwise(f"{type(problem).__name__}: {problem}")


def cases(score: Score, files_of: list[Path], read: Callable[[Path], list[Any]]) -> Iterator[tuple[Path, int, Any]]:
    """The cases of files, each with its file and its number from 0; a file that cannot be read fails by name.

    Args:
        score: where such a file is noted.
        files_of: the files.
        read: the cases of one.
    """
    for path in files_of:
        found = told(lambda path=path: read(path), str)  # type: ignore[misc]
        if isinstance(found, str):
            score.total += 1
            score.failed.append(f"{path.parent.name}/{path.name}: {found[:160]}")
            continue
        yield from ((path, number, case) for number, case in enumerate(found))


def count(score: Score, name: str, wrong: str | None) -> None:
    """Notes a case: what is wrong with it, if anything is."""
    score.total += 1
    score.passed += not wrong
    if wrong:
        score.failed.append(f"{name}: {wrong}")


def json_list(path: Path) -> list[Any]:
    """The cases of a JSON file.

    Raises:
        ValueError: it holds no list.
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, list):
        raise ValueError(f"no list of cases ({str(found)[:80]})")
    return found


def csv_rows(path: Path, needed: Collection[str]) -> list[dict[str, str]]:
    """The rows of a CSV file.

    Raises:
        ValueError: it lacks a column.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(needed) - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"no column {', '.join(sorted(missing))}")
        return list(reader)
