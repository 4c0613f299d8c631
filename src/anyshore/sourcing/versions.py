"""Which data and rules a decision rests on, so that an auditor can repeat it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from anyshore.base import files
from anyshore.sourcing.prior import tables
from anyshore.sourcing.prior.words import DATA

_DIGITS = 16
_WORDS = ("cues.csv", "glossary_de.csv", "glossary_en.csv")


def versions(rules: Path) -> dict[str, str]:
    """Names and digests (SHA-256, the first 16 digits) of data and rules.

    Args:
        rules: folder with the rules.
    """
    return {
        "occupations": f"{tables.VERSION} {_data((tables.SHIPPED,))}",
        "words": _data(tuple(DATA / name for name in _WORDS)),
        "rules": _digest([files.read(rules / f"{name}.dmn") for name in ("kind", "gates", "shore")]),
    }


@cache
def _data(paths: tuple[Path, ...]) -> str:
    return _digest([files.read(path) for path in paths])


def _digest(contents: list[bytes]) -> str:
    whole = hashlib.sha256()
    for content in contents:
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()[:_DIGITS]
