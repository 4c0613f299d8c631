"""Roles that keep people apart: read from a template, into CMMN XML and back, and checked."""

from __future__ import annotations

import pytest

from anyshore import cmmn
from anyshore.base.errors import CmmnError

TEXT = """
case: judged
roles:
  lead: Lead
  one: {name: First, blind: true}
  two: {name: Second, blind: true}
  judge: {name: Judge, apart: [one, two]}
items:
  read: {type: human, name: Read, role: one}
"""


def model(text: str = TEXT) -> cmmn.Model:
    return cmmn.native.loads(text, file="case.yaml")


def test_apart_holds_both_ways_and_blind_roles_are_apart_from_each_other() -> None:
    case = model().case()
    assert case.blind == ("one", "two")
    assert case.kept_apart == ("one", "two", "judge")
    assert case.apart("one") == {"two", "judge"}
    assert case.apart("judge") == {"one", "two"}
    assert case.apart("lead") == case.apart("nobody") == frozenset()


def test_they_go_into_cmmn_xml_and_back() -> None:
    again = cmmn.read(cmmn.write(model()))
    assert again == model()
    assert [(role.id, role.name, role.apart, role.blind) for role in again.case().roles] == [
        ("lead", "Lead", (), False), ("one", "First", (), True), ("two", "Second", (), True),
        ("judge", "Judge", ("one", "two"), False),
    ]  # fmt: skip
    written = cmmn.native.dumps(again)
    assert model(written).case().kept_apart == ("one", "two", "judge")
    assert "lead: Lead" in written


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("apart: [one, two]", "apart: [one, too]", "cmmn.dangling", 7),
        ("apart: [one, two]", "apart: [judge]", "cmmn.apart", 7),
        ("{name: Second, blind: true}", "Second", "cmmn.blind", 5),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, code: str, line: int) -> None:
    with pytest.raises(CmmnError) as caught:
        model(TEXT.replace(old, new))
    [found] = caught.value.diagnostics
    assert (found.code, found.location.line) == (code, line)
    assert found.hint


@pytest.mark.parametrize("role", ["{blind: true}", "{name: A, aparts: [one]}", "{name: A, apart: []}", "[one]", "''"])
def test_a_role_has_a_name(role: str) -> None:
    with pytest.raises(CmmnError):
        model(TEXT.replace("lead: Lead", f"lead: {role}"))
