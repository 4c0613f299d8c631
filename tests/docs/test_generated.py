"""What is written by ``docs/generate.py`` is what it would write now, and no code of an error is left out."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
ERRORS = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date(generate: ModuleType) -> None:
    pages = generate.pages()
    names = {"cli.md", "error-codes.md", "feel.md", "terms.md", "case-template.md", "ledger.md"}
    assert {path.name for path in pages} >= names
    old = [path.name for path, text in pages.items() if path.read_text(encoding="utf-8") != text]
    assert not old, "run: python docs/generate.py"


def test_the_first_word_of_every_code_is_explained_and_no_other(generate: ModuleType) -> None:
    table = ERRORS.partition("## Codes")[2].partition("## In running work")[0]
    explained = {word for row in table.splitlines() for word in re.findall(r"`([a-z]+)\.`", row)}
    assert explained == {code.partition(".")[0] for code in generate.codes()}


def test_every_class_of_error_is_explained() -> None:
    source = (ROOT / "src" / "anyshore" / "base" / "errors.py").read_text(encoding="utf-8")
    classes = set(re.findall(r"^class (\w+)\((?:Anyshore|Definition)Error\)", source, re.MULTILINE))
    assert len(classes) > 8
    assert {name for name in classes if f"`{name}`" not in ERRORS} == set()
