"""Lists of sites and rates, and what is made of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT

from anyshore.base.errors import DataError
from anyshore.sourcing.shores import places
from anyshore.sourcing.shores.ranking import Needs, Ranking, rank_shores
from anyshore.sourcing.shores.sites import Sites, read_rates, read_sites

SAMPLES = ROOT / "src/anyshore/sourcing/samples"
DAY = date(2026, 11, 30)
BERLIN = places.place("DE")


def listed(*rows: str, header: str = "site,country") -> Sites:
    return read_sites("\n".join((header, *rows)).encode(), "sites.csv")


def ranked(sites: Sites, needs: Needs | None = None, **more: Any) -> Ranking:
    return rank_shores(BERLIN, sites.sites, needs or Needs(), DAY, own=sites.own, draws=2_000, seed=1, **more)


def test_the_sample_is_ranked_with_everything_that_is_known_of_it() -> None:
    sites = read_sites(SAMPLES / "sites.csv")
    card = read_rates(SAMPLES / "rates.csv")
    found = ranked(sites, Needs(("de",), "agent"), card=card)
    assert found.criteria == ("cost", "shared hours", "distance", "language", "risk", "attrition")
    by_name = {one.site.name: one for one in found.sites}
    assert by_name["Wrocław"].shore == "nearshore"
    assert by_name["Wrocław"].rate == (19, 23)
    assert by_name["Cairo"].rate is None
    assert by_name["Manila"].shore == "offshore"
    assert sum(one.first for one in found.sites) == pytest.approx(1)
    assert set(found.methods) == {"weighted sum", "weighted product", "TOPSIS", "PROMETHEE II", "VIKOR"}
    plain = found.as_dict()
    assert plain["shores"][0]["acceptability"][0] == plain["shores"][0]["first"]
    assert plain == ranked(sites, Needs(("de",), "agent"), card=card).as_dict()


def test_without_a_rate_card_cost_does_not_count() -> None:
    found = ranked(listed("Warsaw,PL", "Bengaluru,IN"))
    assert "cost" not in found.criteria
    assert found.sites[0].site.name == "Warsaw"


def test_a_rate_of_the_site_counts_before_one_of_its_country_and_the_newest_of_them() -> None:
    card = read_rates(
        b"role,site,currency,rate,from,source\nagent,PL,EUR,30,,x\nagent,Warsaw,EUR,20,2026-01-01,x\n"
        b"agent,Warsaw,EUR,21,2026-06-01,x\nagent,Warsaw,EUR,99,2027-01-01,x\n"
    )
    sites = listed("Warsaw,PL", "Gdynia,PL").sites
    rates = [card.rate("agent", one, DAY) for one in sites]
    assert [one.amount if one else None for one in rates] == [(21, 21), (30, 30)]
    assert card.rate("expert", sites[0], DAY) is None


def test_sites_a_rule_forbids_are_left_out_with_the_rule() -> None:
    found = ranked(listed("Warsaw,PL", "Bengaluru,IN"), Needs(personal_data=True))
    assert [one.site.name for one in found.sites] == ["Warsaw"]
    assert [(one.site, one.why) for one in found.left_out] == [("Bengaluru", "transfer")]
    near = ranked(listed("Warsaw,PL", "Berlin,DE"), Needs(shores=("onshore",)))
    assert [one.site for one in near.left_out] == ["Warsaw"]
    none = ranked(listed("Warsaw,PL"), Needs(shores=("onshore",)))
    assert none.sites == ()
    assert none.agree


def test_what_is_not_known_of_a_site_may_be_anything_and_never_counts_as_worst_or_best() -> None:
    header = "site,country,less: attrition"
    found = ranked(listed("A,PL,0.1", "B,PL,", "C,PL,0.3", header=header))
    by_name = {one.site.name: one for one in found.sites}
    # Only attrition tells them apart: B lies anywhere between A (always better or equal) and C.
    assert by_name["A"].first == pytest.approx(1, abs=0.01)
    assert by_name["B"].expected_rank == pytest.approx(2, abs=0.01)
    assert "attrition" not in by_name["B"].values


def test_an_own_criterion_may_be_an_interval() -> None:
    sites = listed("A,PL,1,3", "B,PL,2,", header="site,country,more: universities,more: universities to")
    assert [one.own["universities"] for one in sites.sites] == [(1, 3), (2, 2)]
    found = ranked(sites)
    assert {one.site.name: one.first for one in found.sites}["A"] == pytest.approx(0.5, abs=0.05)


def test_weights_and_orders_name_criteria() -> None:
    sites = listed("Warsaw,PL", "Bengaluru,IN")
    for needs in (Needs(order=("cost",)), Needs(weights={"beauty": 1.0})):
        with pytest.raises(DataError, match="tells these sites apart") as error:
            ranked(sites, needs)
        assert error.value.code == "shore.criterion"
    with pytest.raises(DataError):
        ranked(sites, Needs(weights={"distance": 0.0}))
    with pytest.raises(DataError):
        rank_shores(BERLIN, (), Needs(), DAY)


def test_holidays_of_both_calendars_count() -> None:
    day = date(2026, 6, 4)
    sites = listed("Warsaw,PL")
    with_holiday = ranked(sites, closed={"PL": frozenset({day})})
    assert with_holiday.sites[0].shared.hours < ranked(sites).sites[0].shared.hours


@pytest.mark.parametrize(
    ("rows", "header", "code"),
    [
        (["A,XX"], "site,country", "shore.country"), (["A,PL", "A,DE"], "site,country", "shore.twice"),
        ([], "site,country", "shore.empty"),
        (["A,PL,17,9"], "site,country,opens,closes", "shore.hours"),
        (["A,PL,0.5,0.2"], "site,country,risk,risk to", "shore.interval"),
        (["A,PL,1.5"], "site,country,risk", "shore.interval"), (["A,AQ"], "site,country", "shore.zone"),
        (["A,PL,x"], "site,country,less: attrition", "tables.number"),
        (["A,PL,1"], "site,country,wages", "tables.unknown-column"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_used_is_refused_with_its_place(rows: list[str], header: str, code: str) -> None:
    with pytest.raises(DataError) as error:
        listed(*rows, header=header)
    assert code in {one.code for one in error.value.diagnostics}
    assert all(one.location.file for one in error.value.diagnostics)


def test_a_card_of_two_currencies_is_refused() -> None:
    for rows in ("agent,PL,EUR,20,x\nagent,IN,USD,9,x", "agent,PL,euro,20,x"):
        with pytest.raises(DataError) as error:
            read_rates(f"role,site,currency,rate,source\n{rows}\n".encode())
        assert error.value.code == "shore.currency"


def test_a_list_may_be_german_and_a_workbook(tmp_path: Path) -> None:
    from anyshore.base.tables.writing import Written, write_workbook

    rows = [["Standort", "Land", "Sprachen", "Risiko"], ["Breslau", "PL", "pl de", "0,2"]]
    write_workbook([Written("Standorte", rows)], tmp_path / "sites.xlsx")
    (site,) = read_sites(tmp_path / "sites.xlsx").sites
    assert (site.name, site.languages, site.risk) == ("Breslau", ("pl", "de"), (0.2, 0.2))
