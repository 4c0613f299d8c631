"""Which variables of an instance hold documents: those that were declared to, never those that look like it.

A document is known by the SHA-256 of its content. A text of that form, which a person wrote into a field, is a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anyshore.cmmn.definition import Definition as Case

DOCUMENT, DOCUMENTS = "document", "documents"
"""Every intake writes the first document of a piece of work into the one, and the list of all of them, each with its
name, into the other."""

INTAKE = frozenset({DOCUMENT, DOCUMENTS})


def names(definition: object) -> frozenset[str]:
    """The variables in which instances of a definition hold documents: of the intake, and of a case its case file."""
    return INTAKE | frozenset(definition.documents) if isinstance(definition, Case) else INTAKE


def digests(value: Any) -> Iterator[str]:
    """What a variable of documents holds: one by its digest, one with its name, or a list of them."""
    match value:
        case str():
            yield value
        case dict():
            yield from digests(value.get(DOCUMENT))
        case list():
            for item in value:
                yield from digests(item)
        case _:
            pass
