"""``anyshore shore`` and ``anyshore business-case``: what is printed and refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from typer.testing import CliRunner

from anyshore.cli.main import app

SAMPLES = ROOT / "src/anyshore/sourcing/samples"
SITES, RATES, CASE, MONTHS = (SAMPLES / f"{name}.csv" for name in ("sites", "rates", "case", "months"))
ON = ("--client", "DE", "--on", "2026-11-30", "--draws", "500")
START = ("--start", "2027-01-01")
runner = CliRunner()


def ask(*words: object) -> Any:
    return runner.invoke(app, [str(word) for word in words])


def document(*words: object) -> Any:
    found = ask(*words, "--json")
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


def test_sites_are_ranked_with_both_calendars_and_the_rate_card() -> None:
    found = document("shore", "rank", SITES, *ON, "--rates", RATES, "--role", "agent", "--language", "de")
    assert found["criteria"][0] == "cost"
    berlin = next(one for one in found["shores"] if one["site"] == "Berlin")
    wroclaw = next(one for one in found["shores"] if one["site"] == "Wrocław")
    assert berlin["shared_hours"] == 8
    assert 7 < wroclaw["shared_hours"] < 8  # the holidays of Poland are not those of Germany
    table = ask("shore", "rank", SITES, *ON)
    assert "Cost does not count" in table.stdout
    assert table.exit_code == 0


def test_an_order_and_a_gate_change_the_answer() -> None:
    ordered = document(
        "shore", "rank", SITES, *ON, "--rates", RATES, "--role", "agent", "--first", "cost", "--allow", "offshore"
    )
    assert {one["shore"] for one in ordered["shores"]} == {"offshore"}
    assert len(ordered["left_out"]) == 5
    gated = document("shore", "rank", SITES, *ON, "--personal-data", "--weight", "distance=2", "--weight", "risk=1")
    assert {one["site"] for one in gated["left_out"]} == {"Cairo", "Bengaluru", "Manila"}


def test_a_country_without_known_holidays_is_told(tmp_path: Path) -> None:
    sites = tmp_path / "sites.csv"
    sites.write_text("site,country\nStanley,FK\n")
    found = ask("shore", "rank", sites, *ON)
    from anyshore.terms.calendars import known_regions

    assert found.exit_code == 0
    assert ("The holidays of FK are not known" in found.stderr) is ("FK" not in known_regions())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--rates", RATES), "shore.role"), (("--on", "soon"), "option.date"),
        (("--weight", "cost=much"), "shore.weight"), (("--first", "beauty"), "shore.criterion"),
        (("--client", "UK"), "shore.country"),
    ],
)  # fmt: skip
def test_what_cannot_be_ranked_is_refused(words: tuple[object, ...], code: str) -> None:
    found = ask("shore", "rank", SITES, *ON, *words)
    assert found.exit_code == 1
    assert code in found.stderr


def test_a_case_is_drawn_and_shown() -> None:
    found = document(
        "business-case", "evaluate", CASE, *START, "--draws", "300", "--knowledge", SAMPLES / "knowledge.csv"
    )
    assert len(found["baseline"]["digest"]) == 64
    assert {one["site"] for one in found["outcomes"]} == {"Wrocław", "Bengaluru"}
    assert found["knowledge"][1]["gained"] == 14
    table = ask("business-case", "evaluate", CASE, *START, "--draws", "300", "--knowledge", SAMPLES / "knowledge.csv")
    for word in ("NPV p10", "Payback", "What moves Payables", "Baseline version 1", "time to insight"):
        assert word in table.stdout


def test_months_are_compared_with_the_baseline_that_was_frozen() -> None:
    frozen = document("business-case", "evaluate", CASE, *START, "--draws", "10")["baseline"]["digest"]
    words = ("business-case", "track", CASE, MONTHS, *START, "--activity", "Payables", "--site", "Bengaluru")
    kept = ask(*words, "--baseline", frozen, "--json")
    found = json.loads(kept.stdout)
    assert len(found["months"]) == 3
    for month in found["months"]:
        assert sum(map(float, month["steps"].values())) == pytest.approx(
            float(month["actual"]) - float(month["planned"])
        )
    # What these months cost is far above the offer: another site would be better by now.
    assert (kept.exit_code, found["flips"]) == (1, True)
    assert "The decision would flip" in ask(*words).stdout
    thawed = ask(*words, "--baseline", "0" * 64)
    assert thawed.exit_code == 1
    assert "business.thawed" in thawed.stderr


def test_a_case_that_cannot_be_used_is_refused() -> None:
    for words in ((SITES, *START), (CASE, "--start", "soon"), (CASE, *START, "--discount", "80")):
        found = ask("business-case", "evaluate", *words)
        assert found.exit_code == 1
        assert "Traceback" not in found.stderr


def decided(tmp_path: Path) -> Path:
    found = ask("decide", SAMPLES / "portfolio.csv", "--json")
    file = tmp_path / "decisions.json"
    file.write_text(found.stdout)
    return file


@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_portfolio_is_compared_drawn_and_written(tmp_path: Path, lang: str) -> None:
    case = tmp_path / "case.json"
    case.write_text(ask("business-case", "evaluate", CASE, *START, "--draws", "50", "--json").stdout)
    files = [tmp_path / name for name in ("a.svg", "a.pdf", "m.svg", "p.pdf")]
    words = ("compare", decided(tmp_path), "--portfolio", SAMPLES / "portfolio.csv", "--case", case, "--lang", lang)
    found = ask(*words, "--infographic", files[0], "--map", files[2], "--paper", files[3], "--client", "M", "--json")
    assert found.exit_code == 0, found.stderr
    assert ask(*words, "--infographic", files[1]).exit_code == 0
    assert [file.read_bytes()[:4] for file in files] == [b"<svg", b"%PDF", b"<svg", b"%PDF"]
    assert json.loads(found.stdout)["activities"][0]["hours"] == 1200


@pytest.mark.parametrize("text", ["", "5", "[]", '{"decisions": [{}]}', '{"decisions": [5]}', '[{"activity": "x"}]'])
def test_what_holds_no_decisions_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "decisions.json"
    file.write_text(text)
    found = ask("compare", file)
    assert found.exit_code == 1
    assert "comparison." in found.stderr
    good = decided(tmp_path)
    file = tmp_path / "case.json"
    file.write_text(text)
    assert ask("compare", good, "--case", file, "--paper", tmp_path / "p.pdf").exit_code == 1
    assert ask("compare", good, "--map", tmp_path / "no" / "m.svg").exit_code == 1
