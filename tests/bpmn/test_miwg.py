"""The runner of the interchange suite, on files of our own."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:t">'


@pytest.fixture
def miwg(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The runner, which stands beside the package."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    return importlib.import_module("conformance.bpmn_miwg")


def problem(miwg: Any, folder: Path, content: str) -> str | None:
    file = folder / "model.bpmn"
    file.write_text(content)
    found: str | None = miwg.problem(file)
    return found


def test_an_export_that_breaks_static_rules_is_still_exchanged_without_loss(miwg: Any, tmp_path: Path) -> None:
    export = (
        f'{HEAD}<process id="p"><task id="a" name="A"/><task id="a" name="B"/><task id="b" name="C"/><task name="D"/>'
        '<sequenceFlow sourceRef="a" targetRef="gone"/></process><collaboration id="c">'
        '<participant id="x" processRef="elsewhere"/></collaboration></definitions>'
    )
    assert problem(miwg, tmp_path, export) is None


@pytest.mark.parametrize("content", ["", "<definitions/>", f"{HEAD}<process>"])
def test_what_is_no_bpmn_is_refused(miwg: Any, tmp_path: Path, content: str) -> None:
    assert (problem(miwg, tmp_path, content) or "").startswith("refused")


def test_relative_namespaces_are_kept(miwg: Any, tmp_path: Path) -> None:
    export = (
        f'{HEAD}<process id="p"><extensionElements><x:y xmlns:x="own/names" x:z="1"/></extensionElements>'
        '<task id="a" name="A"/></process></definitions>'
    )
    assert problem(miwg, tmp_path, export) is None


def test_a_crash_fails_its_file_and_not_the_run(miwg: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_document: Any) -> bytes:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(miwg, "canonical", broken)
    (tmp_path / "bpmn-miwg").mkdir()
    (tmp_path / "bpmn-miwg" / "one.bpmn").write_text(f"{HEAD}</definitions>")
    assert miwg.run(tmp_path).failed == ["one.bpmn: ZeroDivisionError: by zero"]


def test_the_score(miwg: Any, tmp_path: Path) -> None:
    (tmp_path / "bpmn-miwg" / "inner").mkdir(parents=True)
    (tmp_path / "bpmn-miwg" / "good.bpmn").write_text(f"{HEAD}</definitions>")
    (tmp_path / "bpmn-miwg" / "inner" / "bad.bpmn").write_text("<a/>")
    score = miwg.run(tmp_path)
    assert (score.passed, score.total, len(score.failed)) == (1, 2, 1)
