"""More to decide a portfolio on, in the browser: sites, rates, event logs, a business case; each file is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anyshore import sourcing
from anyshore.base.errors import DataError
from anyshore.web.core.models import AuditEntry
from anyshore.web.portfolio import deciding, evidence, examining
from anyshore.web.portfolio.models import Decided, KeptFile, Portfolio

SAMPLES = Path(sourcing.__file__).parent / "samples"
ACTIVITIES = (
    b"activity,client_country,data_class,driven_by,process,coordination,event_log\n"
    b"Match supplier invoices,DE,internal,rules,predefined,low,\n"
    b"Answer tickets,DE,internal,,,,tickets.csv\n"
)
SITES = b"site,country,risk\nLeipzig,DE,0.2\nPune,IN,0.2\n"
RATES = b"role,site,currency,rate,from,source\nclerk,DE,EUR,40,2026-01-01,own\nclerk,IN,EUR,9,2026-01-01,offer\n"
RULED = "".join(
    f"{case},{step},2026-01-{1 + case % 28:02d} {9 + place}:00\n"
    for case in range(150)
    for place, step in enumerate(("open", "answer", "close"))
)
LOG = b"case,activity,time\n" + RULED.encode()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")


@pytest.fixture
def decided(world: Any) -> Any:
    body = {"organisation": world.client.pk, "file": sent("work.csv", ACTIVITIES)}
    assert world.browser("owner").post("/sourcing/", body).status_code == 302
    return world


def more(world: Any, **fields: Any) -> Any:
    found = Portfolio.objects.get()
    body = {"activity": "", "zone": "Europe/Berlin"} | fields
    return world.browser("owner").post(f"/sourcing/{found.pk}/evidence/", body)


def test_sites_and_rates_say_which_shore(decided: Any) -> None:
    assert more(decided, sites=sent("sites.csv", SITES), rates=sent("rates.csv", RATES)).status_code == 302
    one = Decided.objects.get(activity="Match supplier invoices")
    assert (one.data["site"], one.shore) == ("Pune", "offshore")
    page = decided.browser("owner").get(f"/sourcing/activities/{one.pk}/").content.decode()
    assert "Leipzig" in page
    assert "40.00" in page
    assert "Pune comes first in" in page
    kinds = list(KeptFile.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["activities", "sites", "rates"]


def test_a_log_named_by_the_portfolio_moves_its_activity(decided: Any) -> None:
    before = Decided.objects.get(activity="Answer tickets").data["judgement"]
    assert more(decided, log=sent("tickets.csv", LOG)).status_code == 302
    one = Decided.objects.get(activity="Answer tickets")
    assert one.data["judgement"] < before
    assert "event log" in [row["source"] for row in one.data["sources"]]
    page = decided.browser("owner").get(f"/sourcing/{one.portfolio_id}/evidence/").content.decode()
    assert "150 cases" in " ".join(page.split())


def test_a_log_is_given_to_the_activity_one_chooses(decided: Any) -> None:
    assert more(decided, log=sent("other.csv", LOG), activity="Match supplier invoices").status_code == 302
    assert KeptFile.objects.get(kind="log").activity == "Match supplier invoices"
    answer = more(decided, log=sent("other.csv", LOG))
    assert answer.status_code == 422
    assert "Choose the activity" in answer.content.decode()


def test_a_log_with_columns_and_times_of_its_own_is_read_as_told(decided: Any) -> None:
    log = b"Beleg;Taetigkeit;Wann\n" + b"".join(
        f"{case};{step};01/{1 + case % 28:02d}/2026 {9 + place}:00\n".encode()
        for case in range(150)
        for place, step in enumerate(("open", "answer", "close"))
    )
    columns = {"case_column": "Beleg", "activity_column": "Taetigkeit", "time_column": "Wann"}
    assert more(decided, log=sent("tickets.csv", log), **columns).status_code == 422, "its times are read two ways"
    told = columns | {"time_format": "%m/%d/%Y %H:%M"}
    assert more(decided, log=sent("tickets.csv", log), **told).status_code == 302
    kept = KeptFile.objects.get(kind="log")
    assert kept.figures["cases"] == 150
    assert kept.figures["read"]["columns"] == {"case": "Beleg", "activity": "Taetigkeit", "time": "Wann"}


def test_what_is_settled_stays_settled(decided: Any) -> None:
    one = Decided.objects.get(activity="Match supplier invoices")
    owner = decided.browser("owner")
    owner.post(f"/sourcing/activities/{one.pk}/", {"kind": "keep", "shore": "", "reason": "We grow here"})
    more(decided, sites=sent("sites.csv", SITES))
    one.refresh_from_db()
    assert (one.settled_kind, one.settled_reason) == ("keep", "We grow here")
    assert AuditEntry.objects.get(action="portfolio.decided-again").data["files"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Choose at least one file"),
        ({"sites": ("sites.csv", b"site,country\nA,XX\n")}, "XX"),
        ({"rates": ("rates.csv", RATES)}, "ranks nothing"),
        ({"log": ("log.csv", b"case\n1\n"), "activity": "Answer tickets"}, "activity"),
        ({"log": ("log.doc", LOG), "activity": "Answer tickets"}, "ends in"),
        ({"log": ("log.csv", LOG), "activity": "Answer tickets", "zone": "Mars/Base"}, "Mars/Base"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_is_kept(decided: Any, fields: dict[str, Any], told: str) -> None:
    answer = more(decided, **{key: sent(*one) if isinstance(one, tuple) else one for key, one in fields.items()})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert KeptFile.objects.count() == 1


def test_a_portfolio_without_its_file_says_so(decided: Any) -> None:
    KeptFile.objects.all().delete()
    answer = more(decided, sites=sent("sites.csv", SITES))
    assert answer.status_code == 409
    assert "before its file was kept" in answer.content.decode()


def test_a_file_is_handed_out_as_it_came(decided: Any) -> None:
    kept = KeptFile.objects.get()
    answer = decided.browser("owner").get(f"/sourcing/{kept.portfolio_id}/evidence/{kept.pk}/")
    assert answer.content == ACTIVITIES
    assert answer["Content-Disposition"] == f'attachment; filename="activities-{kept.pk}.csv"'
    assert decided.browser("owner").get(f"/sourcing/{kept.portfolio_id}/evidence/{kept.pk + 1}/").status_code == 404


def case(world: Any, content: bytes, **fields: Any) -> Any:
    found = Portfolio.objects.get()
    body = {"start": "2027-01-01", "years": 5, "discount": 0.08, "currency": "EUR", "file": sent("case.csv", content)}
    return world.browser("owner").post(f"/sourcing/{found.pk}/case/", body | fields)


def test_a_case_is_drawn_frozen_and_stands_in_the_paper(decided: Any) -> None:
    content = (SAMPLES / "case.csv").read_bytes()
    assert case(decided, content).status_code == 302
    assert case(decided, content).status_code == 302
    first, second = KeptFile.objects.filter(kind="business case")
    assert [one.figures["baseline"]["version"] for one in (first, second)] == [1, 2]
    assert len(first.figures["baseline"]["digest"]) == 64
    owner = decided.browser("owner")
    page = owner.get(f"/sourcing/{first.portfolio_id}/case/").content.decode()
    assert page.count("<svg") >= 2
    assert second.figures["baseline"]["digest"][:16] in page
    paper = owner.get(f"/sourcing/{first.portfolio_id}/paper.pdf").content
    assert paper.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("content", "fields", "told"),
    [
        (b"nonsense", {}, "case.csv"),
        (b"activity,site,quantity,low,source\nA,B,nothing known,1,me\n", {}, "nothing known"),
        (b"activity,site,quantity,low,source\n", {"currency": "Euro"}, "currency"),
    ],
)
def test_a_case_that_cannot_be_used_is_told(decided: Any, content: bytes, fields: dict[str, Any], told: str) -> None:
    answer = case(decided, content, **fields)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not KeptFile.objects.filter(kind="business case").exists()


def test_nobody_of_the_provider_gets_in(decided: Any) -> None:
    found = Portfolio.objects.get()
    for who in ("manager", "agent"):
        assert decided.browser(who).get(f"/sourcing/{found.pk}/evidence/").status_code in (403, 404)
        assert decided.browser(who).post(f"/sourcing/{found.pk}/case/", {}).status_code in (403, 404)


def test_what_cannot_be_decided_with_leaves_nothing_behind(decided: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(Decided.objects.values_list("activity", "kind", "data"))

    def broken(*_: Any, **__: Any) -> Any:
        raise DataError("sourcing.gap", "The rules leave a gap.", hint="Add the rule.")

    monkeypatch.setattr(deciding, "rows", broken)
    with pytest.raises(DataError):
        evidence.add(decided.people["owner"], Portfolio.objects.get().pk, evidence.Given(sites=("sites.csv", SITES)))
    assert KeptFile.objects.count() == 1
    assert list(Decided.objects.values_list("activity", "kind", "data")) == before


def test_a_log_is_read_once(decided: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = examining.log
    monkeypatch.setattr(examining, "log", lambda *given, **how: (read.append(given[0]), real(*given, **how))[1])
    assert more(decided, log=sent("tickets.csv", LOG)).status_code == 302
    assert read == ["tickets.csv"]


def test_what_comes_meanwhile_is_decided_with_too(decided: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found, owner, real = Portfolio.objects.get(), decided.people["owner"], deciding.rows
    tries: list[int] = []

    def meanwhile(*given: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            deciding.kept(found, owner, KeptFile.Kind.SITES, "others.csv", SITES).save()
        return real(*given)

    monkeypatch.setattr(deciding, "rows", meanwhile)
    assert more(decided, log=sent("tickets.csv", LOG)).status_code == 302
    assert len(tries) == 2
    assert Decided.objects.get(activity="Match supplier invoices").data["site"]
