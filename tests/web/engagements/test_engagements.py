"""Terms agreed by both sides, figures with the cases behind them, invoices issued once, ledgers recomputed offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import HOUR, PAYABLES

from anyshore.terms import exports, recompute
from anyshore.web.core.errors import Invalid
from anyshore.web.engagements import actions, queries
from anyshore.web.engine import books
from anyshore.web.engine.models import LedgerEntry

DAY = 24 * HOUR


def later(world: Any, days: int) -> None:
    world.clock.now += days * DAY


def test_the_scorecard_counts_what_was_delivered(world: Any) -> None:
    world.start("01-matching-ubl.xml")
    world.start("02-matching-cii.xml")
    page = world.browser("owner").get("/engagements/payables/?month=2026-01").content.decode()
    assert "2 / 2" in page
    assert "100.0 %" in page
    cases = world.browser("owner").get("/engagements/payables/objectives/payables/decided/?month=2026-01")
    assert "01-matching-ubl.xml" in cases.content.decode()


def test_a_late_case_is_missed_and_credited(world: Any) -> None:
    world.start("04-no-order-ubl.xml")
    later(world, 3)
    browser = world.browser("agent")
    item = browser.post("/work/next/").headers["Location"]
    browser.post(item, {"decision": "reject", "note": "late"})
    world.host.work()
    card = queries.card(world.people["owner"], "payables", "2026-01")
    assert (card.met, card.assessed) == (0, 1)
    assert "missed" in world.browser("owner").get("/engagements/payables/?month=2026-01").content.decode()
    invoice = world.browser("owner").get("/engagements/payables/invoices/2026-01/").content.decode()
    assert "service credit" in invoice
    line = world.browser("owner").get("/engagements/payables/invoices/2026-01/lines/1/").content.decode()
    assert "04-no-order-ubl.xml" in line


def test_an_invoice_is_issued_once_after_its_month_and_recomputed_offline(world: Any, tmp_path: Path) -> None:
    world.start("01-matching-ubl.xml")
    manager = world.browser("manager")
    assert manager.post("/engagements/payables/invoices/2026-01/issue/").status_code == 409
    later(world, 30)
    assert "Issue the invoice" in manager.get("/engagements/payables/invoices/2026-01/").content.decode()
    assert manager.post("/engagements/payables/invoices/2026-01/issue/").status_code == 302
    assert manager.post("/engagements/payables/invoices/2026-01/issue/").status_code == 409
    assert "payables-0001" in manager.get("/engagements/payables/invoices/2026-01/").content.decode()

    file = tmp_path / "export.jsonl"
    file.write_bytes(b"".join(world.browser("owner").get("/engagements/payables/ledger/").streaming_content))
    found = recompute.recompute(file)
    assert found.all_findings == []
    assert [one.number for one in found.recorded] == ["payables-0001"]
    assert exports.verify_export(file).head.hash == books.head("payables")[1]

    changed = file.read_bytes().replace(b'"outcome":"invoice booked"', b'"outcome":"closed"', 1)
    assert changed != file.read_bytes()
    file.write_bytes(changed)
    assert "ledger.changed-entry" in {one.code for one in recompute.recompute(file).all_findings}


def test_the_book_is_read_on_not_anew(world: Any) -> None:
    world.start("01-matching-ubl.xml")
    first = books.book("payables")
    known = len(first.cases)
    world.start("02-matching-cii.xml")
    assert books.book("payables") is first
    assert len(first.cases) == known + 1


def test_a_rewritten_ledger_is_read_from_the_start(world: Any) -> None:
    world.start("01-matching-ubl.xml")
    first = books.book("payables")
    LedgerEntry.objects.filter(engagement="payables").delete()
    assert books.book("payables") is not first


@pytest.mark.parametrize("month", ["2026-13", "nonsense", "26-01", "0001-01"])
def test_a_strange_month_is_not_found(world: Any, month: str) -> None:
    assert world.browser("owner").get(f"/engagements/payables/invoices/{month}/").status_code == 404
    assert world.browser("owner").get(f"/engagements/payables/?month={month}").status_code == 404


def test_a_month_before_the_terms_has_no_figures(world: Any) -> None:
    assert (
        "No terms are in force" in world.browser("owner").get("/engagements/payables/?month=2025-12").content.decode()
    )
    assert world.browser("owner").get("/api/engagements/payables/scorecard?month=2025-12").status_code == 404


class TestTerms:
    text = (PAYABLES / "terms.yaml").read_text(encoding="utf-8")

    def propose(self, world: Any, text: str, client: str = "client") -> Any:
        return actions.propose(world.people["manager"], world.provider, getattr(world, client), text)

    def test_all_problems_come_at_once(self, world: Any) -> None:
        broken = self.text.replace("currency: EUR", "currency: euro").replace("target: 95", "target: 950")
        with pytest.raises(Invalid) as caught:
            self.propose(world, broken)
        assert len(caught.value.fields["text"].splitlines()) >= 2
        body = {"provider": world.provider.pk, "client": world.client.pk, "text": broken}
        answer = world.browser("manager").post("/engagements/propose/", body)
        assert answer.status_code == 422
        assert "euro" in answer.content.decode()

    def test_a_version_is_counted_up(self, world: Any) -> None:
        with pytest.raises(Invalid, match="marked fields"):
            self.propose(world, self.text)

    def test_an_id_belongs_to_one_client(self, world: Any) -> None:
        with pytest.raises(Invalid):
            self.propose(world, self.text.replace("version: 1", "version: 2"), client="rival")

    def test_an_amendment_holds_once_the_client_accepted_it(self, world: Any) -> None:
        amended = self.text.replace("version: 1", "version: 2\nin_force_from: 2026-02-01").replace("1.85", "2.10")
        self.propose(world, amended)
        assert world.browser("manager").post("/engagements/payables/terms/2/accept/").status_code == 403
        assert world.browser("rival").post("/engagements/payables/terms/2/accept/").status_code == 404
        assert world.browser("owner").post("/engagements/payables/terms/2/accept/").status_code == 302
        assert [one.terms.version for one in books.book("payables").versions] == [1, 2]

    def test_the_sample_of_a_pack_is_offered(self, world: Any) -> None:
        page = world.browser("manager").get("/engagements/propose/?pack=payables").content.decode()
        assert "Decided invoice" in page
        assert world.browser("manager").get("/engagements/propose/?pack=../..").status_code == 200


def test_figures_are_computed_anew_when_the_ledger_has_grown_or_a_minute_has_passed(
    busy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []
    real = queries.Counted.invoice
    queries._drafted.cache_clear()
    monkeypatch.setattr(queries.Counted, "invoice", lambda counted: computed.append(1) or real(counted))
    browser = busy.browser("owner")

    def drafts() -> int:
        computed.clear()
        assert browser.get("/engagements/payables/").status_code == 200
        return len(computed)

    drafts()
    assert drafts() == 0
    busy.clock.now += queries.MINUTE
    assert drafts() == 1, "an open case may have passed its deadline"
    busy.start("02-matching-cii.xml")
    assert drafts() == 1
