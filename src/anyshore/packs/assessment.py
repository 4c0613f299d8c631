"""``skills.assessment`` of a pack: by what test an agent wins its certificate, and how long that is valid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from anyshore.assessment import banks
from anyshore.assessment.drawing import Pool, draw
from anyshore.assessment.marking import Rules
from anyshore.assessment.questions import Bank
from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.packs.expressions import Reader

PATH = ("skills", "assessment")
LANGUAGES = ("en", "de")
"""Where a bank has categories called so, each reader gets the questions of their language."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The test of a certificate.

    Attributes:
        file: name of the file of questions, beside ``pack.yaml``.
        content: of that file.
        pools: what is drawn of it.
        rules: how it is marked.
        minutes: time for it; 0: as long as one likes.
        attempts: that may fail before a pause; 0: any number.
        pause: days of that pause.
        months: for which the certificate is valid; 0: it has no end.
        renewal: days before its end from which it may be renewed.
        material: what to learn before, by language.
    """

    file: str
    content: bytes
    pools: tuple[Pool, ...]
    rules: Rules
    minutes: int = 0
    attempts: int = 0
    pause: int = 1
    months: int = 0
    renewal: int = 60
    material: Mapping[str, str] = field(default_factory=dict)

    @property
    def bank(self) -> Bank:
        """Its questions."""
        return _bank(self.content, self.file)

    def pools_of(self, language: str) -> tuple[Pool, ...]:
        """What is drawn for a reader of a language."""
        first = {one.category.partition("/")[0] for one in self.bank.questions}
        if language not in first:
            return self.pools
        return tuple(replace(one, category=f"{language}/{one.category}".rstrip("/")) for one in self.pools)


@lru_cache(maxsize=50)
def _bank(content: bytes, file: str) -> Bank:
    return banks.read(content, file)


def read(reader: Reader) -> Assessment | None:
    """The section of a pack with its questions; problems of either are noted in the reader."""
    data: Mapping[str, Any] | None = reader.value(PATH)
    if data is None:
        return None
    if reader.value(("skills", "certificate")) is None:
        message = "There is an assessment, and no certificate to win by it."
        place = reader.document.at(PATH)
        reader.problems.append(Diagnostic("pack.assessment", message, place, "Name it: certificate: beside it."))
    file = Path(reader.document.file or "").with_name(data["bank"])
    pools = tuple(Pool(one.get("count", 0), one.get("category", ""), one.get("tag", "")) for one in data["draw"])
    rules = Rules(Decimal(data.get("passing", 80)), Decimal(data.get("penalty", 0)), bool(data.get("negative", False)))
    said = {name: data[name] for name in ("minutes", "attempts", "pause", "months", "renewal") if name in data}
    try:
        content = files.read(file)
        made = Assessment(str(file), content, pools, rules, **said, material=data.get("material", {}))
        for language in LANGUAGES:
            draw(made.bank, made.pools_of(language), "")
    except DataError as error:
        reader.problems += error.diagnostics
        return None
    return made
