"""The client's own sites in a decision: they say the shore, by what counts most for the kind of work."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from anyshore.sourcing.decide import RULES, Rules
from anyshore.sourcing.portfolio import Activity, read
from anyshore.sourcing.shores.sites import read_rates, read_sites
from anyshore.sourcing.siting import Siting, countries

ON = date(2026, 11, 30)
SITES = b"site,country,languages\nHamburg,DE,de\nBrno,CZ,cs de\nPune,IN,en\n"
RATES = (
    b"role,site,currency,rate,from,source\n"
    b"agent,DE,EUR,40,2026-01-01,own\nagent,CZ,EUR,37,2026-01-01,offer\nagent,IN,EUR,9,2026-01-01,offer\n"
)
RULED = {"driven by": "rules", "process": "predefined", "complexity": "low", "coordination": "low"}
JUDGED = {"driven by": "judgement", "process": "adaptive", "complexity": "high", "coordination": "high"}


@pytest.fixture(scope="module")
def siting() -> Siting:
    return Siting(read_sites(SITES, "sites.csv"), read_rates(RATES, "rates.csv"), draws=2_000)


@pytest.fixture(scope="module")
def rules(siting: Siting) -> Rules:
    return Rules(ON, siting=siting)


def activity(name: str, criteria: dict[str, str], **changes: object) -> Activity:
    return Activity(name, "DE", criteria=criteria, **({"data_class": "internal"} | changes))  # type: ignore[arg-type]


def test_cost_counts_most_for_rule_work_and_shared_hours_for_judgement(rules: Rules) -> None:
    ruled = rules.decide(activity("Enter supplier invoices", RULED))
    judged = rules.decide(activity("Review contracts", JUDGED))
    assert (ruled.kind, ruled.site, ruled.shore) == ("BPO", "Pune", "offshore")
    assert (judged.kind, judged.site, judged.shore) == ("KPO", "Brno", "nearshore")
    assert "Cost counts most." in [one.en for one in ruled.shore_reasons]


def test_personal_data_goes_only_where_the_rules_let_it(rules: Rules) -> None:
    found = rules.decide(activity("Enter travel expenses", RULED, data_class="personal"))
    assert found.site == "Brno"
    assert found.ranking is not None
    assert [one.site for one in found.ranking.left_out] == ["Pune"]
    special = rules.decide(activity("Enter travel expenses", RULED, data_class="special"))
    assert special.shore_reasons[-1].de == "Der einzige Standort ist Hamburg."


def test_no_site_in_question_leaves_the_shore_to_the_rules(siting: Siting) -> None:
    far = Siting(read_sites(b"site,country\nPune,IN\n", "far.csv"), siting.card, draws=100)
    found = Rules(ON, siting=far).decide(activity("Enter travel expenses", RULED, data_class="personal"))
    assert (found.site, found.shore) == (None, "nearshore")
    assert found.shore_reasons[-1].en == "None of the sites may do it: Pune."
    assert found.shore_reasons[-1].de == "Keiner der Standorte kommt in Frage: Pune."


def test_without_a_rate_cost_does_not_count_and_it_is_told(siting: Siting) -> None:
    found = Rules(ON, siting=Siting(siting.sites, draws=500)).decide(activity("Enter supplier invoices", RULED))
    assert found.ranking is not None
    assert "cost" not in found.ranking.criteria
    assert "Cost does not count" in found.shore_reasons[-1].en


def test_a_role_of_the_activity_chooses_its_rate(siting: Siting) -> None:
    card = read_rates(RATES + b"expert,DE,EUR,50,2026-01-01,own\nexpert,IN,EUR,90,2026-01-01,offer\n", "rates.csv")
    rules = Rules(ON, siting=Siting(siting.sites, card, draws=500))
    cheap, dear = (
        rules.decide(activity("Enter supplier invoices", RULED, role=role)).ranking for role in ("agent", "expert")
    )
    assert cheap is not None
    assert dear is not None
    assert {one.site.name: one.rate for one in dear.sites}["Pune"] == (90.0, 90.0)
    assert {one.site.name: one.rate for one in cheap.sites}["Pune"] == (9.0, 9.0)
    nobody = rules.decide(activity("Enter supplier invoices", RULED)).ranking
    assert nobody is not None
    assert "cost" not in nobody.criteria, "which of two roles it is, nobody said"


def test_languages_of_the_work_count(rules: Rules) -> None:
    found = rules.decide(activity("Enter supplier invoices", RULED, languages=("de",)))
    assert found.ranking is not None
    assert "language" in found.ranking.criteria


def test_a_client_at_no_known_place_is_decided_without_sites(rules: Rules) -> None:
    found = rules.decide(Activity("Enter supplier invoices", "AQ", "internal", criteria=RULED))
    assert (found.kind, found.ranking) == ("BPO", None)
    assert "several time zones" in found.shore_reasons[-1].en


def test_what_is_kept_ranks_no_site(rules: Rules) -> None:
    found = rules.decide(activity("Design products", JUDGED, core=True, data_class="secret"))
    assert (found.kind, found.ranking, found.site) == ("keep", None, None)


def test_the_plain_data_has_the_ranking_and_its_version(rules: Rules, siting: Siting) -> None:
    data = rules.decide(activity("Enter supplier invoices", RULED)).as_dict()
    assert data["shore"][0]["site"] == data["site"] == "Pune"
    assert data["versions"]["sites"] == siting.version
    assert set(data["ranking"]) >= {"criteria", "methods", "agree", "left_out", "draws", "seed"}
    other = Siting(siting.sites, None, draws=2_000)
    assert other.version != siting.version


def test_rules_of_ones_own_need_not_say_what_counts_most(tmp_path: Path, siting: Siting) -> None:
    for name in ("kind", "gates", "shore"):
        text = (RULES / f"{name}.dmn").read_text(encoding="utf-8")
        start = text.find('  <decision id="most"')
        text = text if start < 0 else text[:start] + "</definitions>"
        (tmp_path / f"{name}.dmn").write_text(text, encoding="utf-8")
    found = Rules(ON, tmp_path, siting=siting).decide(activity("Enter supplier invoices", RULED))
    assert found.ranking is not None
    assert not [one for one in found.shore_reasons if "counts most" in one.en]


def test_holidays_are_those_of_clients_and_sites(siting: Siting) -> None:
    found = countries(siting.sites, [Activity("a", "AT", "internal"), Activity("b", "DE", "internal")])
    assert found == {"AT", "DE", "CZ", "IN"}


def test_languages_and_role_are_read_from_the_portfolio() -> None:
    found = read(
        b"activity,client_country,data_class,languages,role\nCare,DE,internal,DE; en,agent\nPay,DE,internal,,\n"
    )
    care, pay = found.activities
    assert (care.languages, care.role) == (("de", "en"), "agent")
    assert (pay.languages, pay.role) == ((), "")
