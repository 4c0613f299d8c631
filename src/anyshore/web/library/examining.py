"""Files that somebody hands in are read, checked and tried in a process apart, with limits (``host.apart``)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from anyshore import feel
from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.dmn import testing
from anyshore.host.apart import Allowed, Apart, TooCostly
from anyshore.packs import uploads
from anyshore.web.library import pictures

MOST_KNOWN = 32
"""Sets of files of which it is remembered what they are."""

_known: dict[tuple[str, str], Examined] = {}
APART = Apart("anyshore.web.library.examining:prepare", Allowed(memory=4096))  # a library of activities takes one GB


@dataclass(frozen=True, slots=True)
class Examined:
    """What files are.

    Attributes:
        problems: every problem of every file.
        pictures: what there is to show of them (``pictures.of``).
        starts: what work could begin with.
    """

    problems: list[Diagnostic]
    pictures: list[dict[str, Any]]
    starts: list[str]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a decision gave.

    Attributes:
        problems: what was wrong with the model, or noted on the way.
        value: as FEEL text; None where the model cannot be used.
        why: its explanation.
    """

    problems: list[Diagnostic]
    value: str | None = None
    why: str = ""


def examine(files: Mapping[str, bytes]) -> Examined:
    """Looks at all files; the same files again cost nothing. What takes too long or too much memory is a problem."""
    language = translation.get_language() or "en"
    key = language, _digest(files)
    found = _known.get(key)
    if found is None:
        try:
            found = APART.call(f"{__name__}:_examine", language, dict(files))
        except TooCostly as problem:
            found = Examined(list(problem.diagnostics), [], [])
        _known[key] = found
        while len(_known) > MOST_KNOWN:
            _known.pop(next(iter(_known)), None)
    return found


def _digest(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return whole.hexdigest()


def decide(file: str, files: Mapping[str, bytes], decision: str, inputs: Mapping[str, str], now: int) -> Tried:
    """Tries a decision with inputs as FEEL literals; what is no FEEL is taken as text, what is empty is left out."""
    try:
        found: Tried = APART.call(f"{__name__}:_decide", file, dict(files), decision, dict(inputs), now)
    except TooCostly as problem:
        return Tried(list(problem.diagnostics))
    return found


def prepare() -> None:
    """What the process needs before the first call: the words of its languages."""
    import django

    django.setup()


def _examine(language: str, files: dict[str, bytes]) -> Examined:
    with translation.override(language):
        return Examined(uploads.check(files), pictures.of(files), pictures.starts(files))


def _decide(file: str, files: dict[str, bytes], decision: str, inputs: dict[str, str], now: int) -> Tried:
    try:
        model = uploads.decisions(file, files)
        values = {name: testing.read_value(text) for name, text in inputs.items() if text.strip()}
        found = model.decide(decision, values, now=now, explain=True)
        why = found.explanation.text() if found.explanation else ""
        return Tried(list(found.diagnostics), feel.format(found.value), why)
    except DefinitionError as problem:
        return Tried(list(problem.diagnostics))
