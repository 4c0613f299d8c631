"""The texts of documents, read once in a process: a document is its digest, and never changes."""

from __future__ import annotations

import threading

from anyshore.base.errors import DataError
from anyshore.knowledge import documents
from anyshore.knowledge.documents import Source

MOST_CHARACTERS = 50_000_000
"""Characters that are kept in one process; what was asked for longest ago goes first."""

_lock = threading.Lock()
_kept: dict[tuple[str, str], Source | DataError] = {}


def text(digest: str, name: str, content: bytes) -> Source:
    """The text of a document.

    Args:
        digest: its SHA-256.
        name: its file name, which says what sort of file it is.
        content: the file.

    Raises:
        DataError: it has none, or reading it costs too much: that is remembered as well, and never tried again.
    """
    key = digest, name
    with _lock:
        found = _kept.pop(key, None)
        if found is not None:
            _kept[key] = found  # asked for last
    if found is None:
        try:
            found = documents.read(content, name)
        except DataError as problem:
            found = problem.with_traceback(None)
        with _lock:
            _kept[key] = found
            left = sum(map(_characters, _kept.values()))
            while left > MOST_CHARACTERS and len(_kept) > 1:
                left -= _characters(_kept.pop(next(iter(_kept))))
    if isinstance(found, DataError):
        raise DataError.of(list(found.diagnostics))
    return found


def _characters(one: Source | DataError) -> int:
    return len(one.text) if isinstance(one, Source) else 1000
