"""``anyshore survey``: what it prints and writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anyshore.cli.main import app
from anyshore.surveys.files import spss
from anyshore.surveys.files.model import Answer, Span, Survey, Text, Variable

ROWS = "sex,likes,seconds\n" + "".join(
    f"{'m' if n % 2 else 'w'},{'yes' if n % 3 else 'no'},{100 + n}\n" for n in range(60)
)


@pytest.fixture
def field(tmp_path: Path) -> Path:
    file = tmp_path / "field.csv"
    file.write_text(ROWS, encoding="utf-8")
    return file


def run(*words: object) -> str:
    done = CliRunner().invoke(app, ["survey", *map(str, words)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_variables_with_their_kinds_of_missing_answers(tmp_path: Path) -> None:
    answers = (Answer(1.0, (Text("yes"),)), Answer(9.0, (Text("refused"),)))
    survey = Survey(
        "", (), [Variable("q", "single", (Text("Q?"),), answers, missing=(Span(9.0, 9.0),), values=[1.0, 9.0, None])]
    )
    file = tmp_path / "x.sav"
    file.write_bytes(spss.written(survey))
    (told,) = json.loads(run("read", file, "--json"))["variables"]
    assert (told["answered"], told["missing"], told["absent"]) == (1, 1, 1)
    assert told["answers"] == {"1.0": "yes", "9.0": "refused"}
    assert "Q?" in run("read", file)


def test_weights_are_written_and_their_efficiency_told(field: Path, tmp_path: Path) -> None:
    out = tmp_path / "w.csv"
    said = json.loads(run("weight", field, "--target", "sex=m:40,w:60", "--cap", "0.5:2", "--out", out, "--json"))
    weights = [float(one) for one in out.read_text(encoding="utf-8").splitlines()[1:]]
    assert sum(weights[1::2]) == pytest.approx(24)
    assert said["efficiency"] == pytest.approx(60**2 / (60 * sum(one**2 for one in weights)))


def test_tables_as_json_text_and_workbook(field: Path, tmp_path: Path) -> None:
    (table,) = json.loads(run("tables", field, "--of", "likes", "--by", "sex", "--least", "0", "--json"))
    assert table["columns"] == ["Total", "m", "w"]
    assert table["rows"][1]["values"][0] == pytest.approx(2 / 3)
    out = tmp_path / "t.txt"
    run("tables", field, "--of", "likes", "--by", "sex", "--least", "0", "--out", out)
    assert "likes | yes | Total | 67 % | base 60" in out.read_text(encoding="utf-8")
    run("tables", field, "--by", "sex", "--out", tmp_path / "t.xlsx")
    assert (tmp_path / "t.xlsx").stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tables", "--by", "age"), "no variable 'age'"),
        (("weight", "--target", "sex=m:x"), "are no shares"),
        (("weight", "--target", "sex=m:1,w:1", "--cap", "5"), "are no caps"),
        (("weight", "--target", "sex=m:1"), "has no target"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(field: Path, words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, ["survey", words[0], str(field), *words[1:]])
    assert done.exit_code == 1
    assert said in " ".join(done.output.split())
