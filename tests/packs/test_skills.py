"""The section ``skills`` of a pack: what it asks of people, what lapses with time, and what is wrong with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from anyshore.base.errors import PackError
from anyshore.packs import checking, reading
from anyshore.packs.skills import Held, Lack, Need, Skills

TEMPLATE = reading.SHIPPED / "_template"
MINUTE = 60_000_000
FULL = """skills:
  certificate: visas
  qualifications: [notary, translator]
  language: {of: client.language, level: B2}
  channel: {of: 'if urgent then "telephone" else null'}
  fallback: {after: PT30M, without: [language-level, language, channel]}
"""
SPEAKER = Held(languages={"de": "B1", "en": "native"}, channels=frozenset({"telephone"}))


def pack(tmp_path: Path, section: str) -> Path:
    folder = Path(shutil.copytree(TEMPLATE, tmp_path / "template", dirs_exist_ok=True))
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    (folder / "pack.yaml").write_text(text.replace("skills:\n  certificate: template\n", section), encoding="utf-8")
    return folder


@pytest.fixture
def skills(tmp_path: Path) -> Skills:
    return reading.read(pack(tmp_path, FULL)).skills


def test_a_pack_without_the_section_asks_nothing(tmp_path: Path) -> None:
    asked = reading.read(pack(tmp_path, "")).skills
    assert not asked.routes
    assert asked.lacking(Held(), agent=True, expert=True) == ()
    assert asked.lapsed(10**15) == ()


def test_what_work_needs_is_computed_from_its_variables(skills: Skills) -> None:
    assert skills.routes
    assert skills.need({"client": {"language": "de-AT"}, "urgent": True}) == Need("de", "B2", "telephone")
    assert skills.need({"client": {"language": "DE"}, "urgent": False}) == Need("de", "B2", None)
    assert skills.need({}) == Need(None, "B2", None)
    assert skills.need({"client": {"language": 7}, "urgent": True}).language is None


def test_an_agent_needs_the_certificate_and_an_expert_every_qualification(skills: Skills) -> None:
    held = Held(qualifications=frozenset({"notary"}))
    assert skills.lacking(held, agent=True, expert=False) == (Lack("certificate", "visas"),)
    assert skills.lacking(held, agent=False, expert=True) == (Lack("qualification", "translator"),)
    both = Held(certificates=frozenset({"visas"}), qualifications=frozenset({"notary", "translator"}))
    assert skills.lacking(both, agent=True, expert=True) == ()


@pytest.mark.parametrize(
    ("waited", "need", "lacks"),
    [
        (0, Need("de", "B2", "telephone"), (Lack("language", "de", "B2"),)),
        (30 * MINUTE - 1, Need("de", "B2", "telephone"), (Lack("language", "de", "B2"),)),
        (30 * MINUTE, Need("de", "B2", "telephone"), ()),
        (30 * MINUTE, Need("fr", "B2", "chat"), (Lack("language", "fr", "A1"), Lack("channel", "chat"))),
        (60 * MINUTE, Need("fr", "B2", "chat"), (Lack("channel", "chat"),)),
        (90 * MINUTE, Need("fr", "B2", "chat"), ()),
        (0, Need("en", "C2", None), ()),
        (-MINUTE, Need("fr"), (Lack("language", "fr", "A1"),)),
    ],
)
def test_language_and_channel_lapse_one_after_the_other(
    skills: Skills, waited: int, need: Need, lacks: tuple[Lack, ...]
) -> None:
    assert skills.lacking(SPEAKER, need, skills.lapsed(waited), agent=False, expert=False) == lacks


def test_certificate_and_qualifications_never_lapse(skills: Skills) -> None:
    lacks = skills.lacking(Held(), Need(), skills.lapsed(10**15), agent=True, expert=True)
    assert {one.kind for one in lacks} == {"certificate", "qualification"}


def test_without_a_fallback_of_its_own_a_service_has_the_usual_one(tmp_path: Path) -> None:
    asked = reading.read(pack(tmp_path, "skills: {language: {of: language}}\n")).skills
    assert asked.lapsed(60 * MINUTE - 1) == ()
    assert asked.lapsed(60 * MINUTE) == ("language-level",)
    assert asked.lapsed(120 * MINUTE) == ("language-level", "language")


WRONG = [
    ("certificate: template\n", "pack.moved", "skills"),
    ("qualifications: [notary]\n", "pack.moved", "skills"),
    ("skills: {}\n", "yaml.empty", ""),
    ("skills: {certificat: x}\n", "yaml.unknown-key", "certificate"),
    ("skills: {language: {of: language, level: B3}}\n", "yaml.value", ""),
    ("skills: {language: {level: B2}}\n", "yaml.missing-key", ""),
    ("skills: {language: {of: 'client.'}}\n", "feel.syntax", ""),
    ("skills: {channel: {of: channel}, fallback: {after: soon}}\n", "pack.fallback", "PT30M"),
    ("skills: {channel: {of: channel}, fallback: {after: PT0S}}\n", "pack.fallback", "PT30M"),
    ("skills: {channel: {of: channel}, fallback: {without: [language]}}\n", "pack.fallback", "channel"),
    ("skills: {language: {of: x}, fallback: {without: [language-level]}}\n", "pack.fallback", "language"),
    ("skills: {language: {of: x}, fallback: {without: [language, language-level]}}\n", "pack.fallback", "first"),
]


@pytest.mark.parametrize(("section", "code", "hint"), WRONG, ids=[one[0].strip() for one in WRONG])
def test_what_is_wrong_is_told_with_its_place_and_what_to_do(
    tmp_path: Path, section: str, code: str, hint: str
) -> None:
    found = [one for one in checking.check(pack(tmp_path, section)) if one.code == code]
    assert found, checking.check(pack(tmp_path, section))
    assert all((one.location.file or "").endswith("pack.yaml") and one.location.line for one in found)
    assert any(hint in one.hint for one in found)


def test_all_problems_of_the_section_come_at_once(tmp_path: Path) -> None:
    section = "skills: {language: {of: '1 +'}, channel: {of: '(('}, fallback: {after: never, without: [language]}}\n"
    with pytest.raises(PackError) as caught:
        reading.read(pack(tmp_path, section))
    assert sorted(one.code for one in caught.value.diagnostics) == [
        "feel.syntax", "feel.syntax", "pack.fallback", "pack.fallback"
    ]  # fmt: skip
