"""Finding a suite's files in whatever folder is given, and going on behind a file or a case that breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

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
