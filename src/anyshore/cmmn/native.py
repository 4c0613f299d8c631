"""The case template people write by hand: YAML, checked against ``case.schema.json``, the same model as CMMN XML.

``read`` and ``loads`` report all problems at once, each with line and column and the nearest known word. ``dumps``
writes a model that was made from a template, or says what a template cannot express.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from anyshore.base.errors import CmmnError, Diagnostic
from anyshore.base.files import read_text
from anyshore.cmmn import checks
from anyshore.cmmn.model import Model
from anyshore.cmmn.native_items import Builder
from anyshore.cmmn.native_writer import dumps
from anyshore.params import marked, shapes
from anyshore.params.shapes import Schema

__all__ = ["dumps", "loads", "read", "schema"]


@cache
def schema() -> Schema:
    """The JSON Schema of case templates (draft 2020-12)."""
    return shapes.load_schema(files("anyshore.cmmn").joinpath("case.schema.json").read_text("utf-8"))


def read(path: Path) -> Model:
    """Reads a case template.

    Raises:
        CmmnError: with all problems of the file.
    """
    return loads(read_text(path, error=CmmnError), str(path))


def loads(text: str, file: str | None = None) -> Model:
    """Reads the text of a case template.

    Raises:
        CmmnError: with all problems of the text.
    """
    document, problems = marked.load(text, file)
    if document.data is not None or not problems:
        problems += shapes.check(document, schema())
    if problems:
        raise CmmnError.of(problems)
    builder = Builder(document)
    model = builder.model()
    problems = builder.problems or [d for d in checks.check(model) if d.severity == "error"]
    if problems:
        raise CmmnError.of(problems)
    return model


def problems_of_item(name: str, data: object) -> list[Diagnostic]:
    """What is wrong with one item as a template writes it, for adding it to a live case."""
    document = marked.Document({"case": "x", "items": {name: data}}, "added item")
    return shapes.check(document, schema())
