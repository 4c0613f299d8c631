"""What commands print: cells and sentences as they are, whatever stands in them; many findings alike counted."""

from __future__ import annotations

import json

import pytest
import typer

from anyshore.base.commands import Answer
from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.base.telling import Reasons, Sheet
from anyshore.cli import output


def test_brackets_are_text_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Sheet("[b]Title", ["[i]Head"], [["[/x] [red]cell"], [None]])
    output.show(Answer({}, shown, "[u]sentence", Reasons(["[s]why"])), json=False)
    said = capsys.readouterr().out
    assert all(text in said for text in ("[b]Title", "[i]Head", "[/x] [red]cell", "[u]sentence", "  [s]why"))


def test_a_long_explanation_is_cut_where_not_all_of_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"line {number}" for number in range(9)]
    output.told([Reasons(lines), Reasons(lines, whole=True)])
    said = capsys.readouterr().out
    assert (said.count("line 5"), said.count("line 8"), "… and 3 more." in said) == (2, 1, True)


def test_records_are_shown_by_the_fields_their_headings_name(capsys: pytest.CaptureFixture[str]) -> None:
    found = [{"id": 7, "at": 1_767_265_200_000_000, "more": "x"}]
    output.show(output.records("Things", found, {"Id": "id", "When": "@at"}), json=False)
    said = capsys.readouterr().out
    assert "2026-01-01 11:00:00Z" in said
    assert "more" not in said
    output.show(output.records("Things", found, {"Id": "id"}), json=True)
    assert json.loads(capsys.readouterr().out) == found


def test_findings_of_one_rule_are_counted_and_errors_stand_first(capsys: pytest.CaptureFixture[str]) -> None:
    alike = [Diagnostic("bpmn.A", f"a{n}", Location("f.bpmn", line=n), "do it", "warning") for n in range(1, 9)]
    found = [*alike, Diagnostic("bpmn.B", "b", Location("f.bpmn"))]
    output.show(output.findings(found, 1, hints=True, bad=False), json=False)
    said = capsys.readouterr().out
    assert said.index(" B ") < said.index("a1")
    assert "and 5 more like these, in the lines 4, 5, 6, 7, 8" in " ".join(said.replace("│", " ").split())
    output.show(output.findings([], 2, hints=True, bad=False), json=False)
    assert capsys.readouterr().out == "Nothing to find fault with in 2 files.\n"


def test_what_is_bad_ends_with_status_1() -> None:
    output.end([])
    with pytest.raises(typer.Exit) as ended:
        output.end(["bad"])
    assert ended.value.exit_code == 1
