"""Gates: law by country and day, and one list of adequate countries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anyshore import dmn
from anyshore.sourcing.decide import RULES
from anyshore.sourcing.gates import GATES, Gates
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.shores.transfers import basis

MODEL = dmn.read(RULES / "gates.dmn")
ON = date(2026, 11, 30)


def result(gate: str, on: date = ON, score: float | None = None, **changes: object) -> tuple[str, str]:
    fields: dict[str, object] = {"name": "A", "client_country": "DE", "data_class": "internal"}
    found = Gates(MODEL, on).of(Activity(**(fields | changes)), score)  # type: ignore[arg-type]
    assert [one.gate for one in found] == list(GATES)
    one = found[GATES.index(gate)]
    return one.result, one.act


@pytest.mark.parametrize(
    ("duty", "country", "found"),
    [
        (None, "DE", "open"), ("none", "DE", "open"), ("sovereign", "IN", "keep"), ("financial", "DE", "condition"),
        ("financial", "IN", "condition"), ("other", "DE", "condition"),
    ],
)  # fmt: skip
def test_duty(duty: str | None, country: str, found: str) -> None:
    assert result("duty", duty=duty, client_country=country)[0] == found


def test_a_law_holds_from_its_day() -> None:
    assert "DORA" in result("duty", duty="financial", on=date(2025, 1, 17))[1]
    assert result("duty", duty="financial", on=date(2025, 1, 16))[1] == ""


@pytest.mark.parametrize(
    ("data", "country", "law"),
    [("personal", "FR", "GDPR"), ("special", "GB", "UK GDPR"), ("personal", "CH", "FADP"), ("personal", "IN", "")],
)
def test_transfer(data: str, country: str, law: str) -> None:
    found, act = result("transfer", data_class=data, client_country=country)
    assert (found, law in act, bool(act)) == ("condition", True, bool(law))
    assert result("transfer", data_class="public", client_country=country)[0] == "open"
    assert result("transfer", data_class="secret", client_country=country)[0] == "keep"


@pytest.mark.parametrize("on", [ON, date(2026, 1, 25), date(2021, 6, 27), date(2032, 1, 1)])
def test_the_gate_and_the_shores_know_the_same_adequate_countries(on: date) -> None:
    activity = Activity("A", "DE", "personal")
    listed = {country for country, _ in Gates(MODEL, on).of(activity, None)[1].countries}
    every = {"AD", "AR", "BR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "IN", "JE", "JP", "KR", "NZ", "US", "UY", "ZA"}
    assert listed == {country for country in every if basis("DE", country, on).free}


def test_a_decision_ends_with_its_day() -> None:
    last = date(2031, 12, 27)
    for on, there in ((last, True), (last + timedelta(days=1), False)):
        countries = Gates(MODEL, on).of(Activity("A", "DE", "personal"), None)[1].countries
        assert ("GB" in dict(countries)) == there


def test_core_and_place() -> None:
    assert result("core", core=True)[0] == "keep"
    assert result("core", core=False)[0] == "open"
    assert result("core", asset_specificity="high")[0] == "keep"
    assert result("core")[0] == "ask"
    assert [result("place", score=score)[0] for score in (None, 0.1, 0.6, 0.9)] == ["open", "open", "ask", "keep"]
    assert result("place", place_bound=False, score=0.9)[0] == "open"
