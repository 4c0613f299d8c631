"""A pack says by what test its certificate is won."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from anyshore.assessment.drawing import draw
from anyshore.base.errors import PackError
from anyshore.packs import reading, uploads

TEMPLATE = reading.SHIPPED / "_template"
ASSESSED = """skills:
  certificate: template
  assessment: {bank: questions.gift, draw: [{count: 2, category: rules}], months: 6, minutes: 5}
"""
BANK = "$CATEGORY: rules\n\nA {T}\n\nB {T}\n\n$CATEGORY: de/rules\n\nC {T}\n\nD {T}\n"


def pack(folder: Path, bank: str | None = BANK, skills: str = ASSESSED) -> Path:
    """A copy of the template with a test."""
    made = folder / "template"
    shutil.copytree(TEMPLATE, made)
    text = (made / "pack.yaml").read_text(encoding="utf-8")
    (made / "pack.yaml").write_text(text.replace("skills:\n  certificate: template\n", skills), encoding="utf-8")
    if bank is not None:
        (made / "questions.gift").write_text(bank, encoding="utf-8")
    return made


def codes(folder: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        reading.read(folder)
    return [one.code for one in caught.value.diagnostics]


def test_the_questions_come_in_the_language_of_the_reader(tmp_path: Path) -> None:
    found = reading.read(pack(tmp_path)).skills.assessment
    assert found is not None
    asked = {
        language: {one.question.stem.text for one in draw(found.bank, found.pools_of(language), "1")}
        for language in ("en", "de")
    }
    assert asked == {"en": {"A", "B"}, "de": {"C", "D"}}
    assert (found.months, found.minutes, found.renewal, found.rules.passing) == (6, 5, 60, 80)


def test_a_pack_without_the_file_or_with_too_few_questions_is_refused(tmp_path: Path) -> None:
    assert codes(pack(tmp_path / "none", None)) == ["file.unreadable"]
    assert codes(pack(tmp_path / "few", "$CATEGORY: rules\n\nA {T}\n")) == ["questions.pool"]
    assert codes(pack(tmp_path / "broken", "A {T\n\nB {#x}\n")) == ["gift.unclosed", "gift.number"]


def test_a_test_wins_a_certificate(tmp_path: Path) -> None:
    skills = ASSESSED.replace("  certificate: template\n", "")
    assert codes(pack(tmp_path, skills=skills)) == ["pack.assessment"]


def test_a_pack_that_is_handed_over_brings_its_questions(tmp_path: Path) -> None:
    folder = pack(tmp_path)
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".md"}
    found = uploads.read(files, "template").skills.assessment
    assert found is not None
    assert len(list(found.bank.questions)) == 4
    assert not any(problem.severity == "error" for problem in uploads.check(files))
