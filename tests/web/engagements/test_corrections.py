"""A billed month is corrected once, with its reason, by who may issue invoices, and both sides compute it alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import HOUR, PAYABLES
from typer.testing import CliRunner

from anyshore.cli.main import app
from anyshore.host.ledgers import LedgerWriter
from anyshore.terms.figures import figures
from anyshore.terms.invoice import draft
from anyshore.terms.months import Month
from anyshore.terms.recompute import recompute
from anyshore.web.engagements import actions, queries
from anyshore.web.engine import books
from anyshore.web.site import system
from anyshore.web.walls import actions as walls

DAY = 24 * HOUR
TERMS = (PAYABLES / "terms.yaml").read_text(encoding="utf-8").replace("minimum_charge: 250", "minimum_charge: 0")
PLAIN = TERMS.replace("version: 1", "version: 2").replace("at_risk: 10", "at_risk: 0")
"""Terms in which only the cases decide what a month costs."""
MONTH = "/engagements/payables/invoices/2026-01/"
TERMS_PAGE = "/engagements/payables/terms/"
REST = "/api/engagements/payables/invoices/2026-01"


def back_dated(world: Any, instance: int, kind: str, days: int, **facts: Any) -> None:
    """An entry that was written late: its time lies before the invoice's, its place behind it."""
    with world.host.store.transaction() as tx:
        chain = LedgerWriter(tx, "payables", late=True)
        chain.add(world.clock.now - days * DAY, kind, facts, tx.load([instance])[instance])
        chain.write()


def issued_at() -> int:
    """The place in the ledger at which January was billed."""
    return next(entry.sequence for entry in books.entries("payables") if entry.type == "invoice.issued")


def agree(world: Any, text: str) -> None:
    version = actions.propose(world.people["manager"], world.provider, world.client, text).version
    actions.accept(world.people["owner"], "payables", version)


@pytest.fixture
def billed(world: Any) -> Any:
    """January is billed with one case; a second one, still open, is behind."""
    agree(world, PLAIN)
    world.start("01-matching-ubl.xml")
    world.start("04-no-order-ubl.xml")
    world.clock.now += 30 * DAY
    actions.issue_invoice(world.people["manager"], "payables", "2026-01")
    return world


@pytest.fixture
def late(billed: Any) -> Any:
    back_dated(billed, 2, "instance.completed", 20, outcome="invoice booked")
    return billed


def page(world: Any, role: str, path: str) -> str:
    answer = world.browser(role).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_happens_after_the_month_is_nothing_to_correct(billed: Any) -> None:
    """A case that ends after its month was billed counts where it ends; its limit had run out before."""
    browser = billed.browser("agent")
    item = browser.post("/work/next/").headers["Location"]
    browser.post(item, {"decision": "reject", "note": "late"})
    billed.host.work()
    assert "A correction is due" not in page(billed, "owner", MONTH)
    assert "Nothing to correct" in page(billed, "manager", MONTH + "correction/")
    answer = billed.browser("manager").post(MONTH + "correction/", {"reason": "x"})
    assert (answer.status_code, "nothing to correct" in answer.content.decode()) == (409, True)


def test_work_done_under_a_clock_that_was_set_back_is_not_dated_back(billed: Any) -> None:
    """An entry is never dated before its predecessor, so a month that was billed stays as it was."""
    billed.clock.now -= 10 * DAY
    browser = billed.browser("agent")
    item = browser.post("/work/next/").headers["Location"]
    browser.post(item, {"decision": "reject", "note": "late"})
    billed.host.work()
    billed.clock.now += 10 * DAY
    assert "A correction is due" not in page(billed, "owner", MONTH)
    times = [entry.at for entry in books.entries("payables")]
    assert times == sorted(times)


def test_a_late_entry_is_shown_beside_what_was_billed(late: Any) -> None:
    assert "Corrections are due" in page(late, "owner", "/engagements/payables/")
    assert "Corrections are due" not in page(late, "expert", "/engagements/payables/")
    invoice = page(late, "owner", MONTH)
    assert "A correction is due" in invoice
    assert "2.20 EUR" in invoice
    assert "Correct the invoice" not in invoice
    assert "Correct the invoice" in page(late, "manager", MONTH)
    shown = page(late, "owner", MONTH + "correction/")
    for text in ("Corrected invoice (384)", "payables-0001", "1 × 1.85", "2 × 1.85", "04-no-order-ubl.xml"):
        assert text in shown, text
    assert "<textarea" not in shown


def test_it_is_issued_once_with_its_reason(late: Any, tmp_path: Path) -> None:
    manager = late.browser("manager")
    assert manager.post(MONTH + "correction/", {"reason": " "}).status_code == 422
    assert late.browser("owner").post(MONTH + "correction/", {"reason": "No"}).status_code == 403
    assert manager.post(MONTH + "correction/", {"reason": "The case was entered late."}).status_code == 302
    assert manager.post(MONTH + "correction/", {"reason": "Again"}).status_code == 409

    invoice = page(late, "owner", MONTH)
    for text in ("payables-0002", "The case was entered late.", "Invoice and corrections together", "4.40 EUR"):
        assert text in invoice, text
    assert "A correction is due" not in invoice
    assert "Corrections are due" not in page(late, "owner", "/engagements/payables/")
    issued = page(late, "owner", MONTH + "corrections/payables-0002/")
    assert "The case was entered late." in issued
    assert "2 × 1.85" in issued
    assert late.browser("owner").get(MONTH + "corrections/payables-0003/").status_code == 404
    assert "invoice corrected" in page(late, "manager", "/changes/")

    file = tmp_path / "export.jsonl"
    file.write_bytes(b"".join(late.browser("owner").get("/engagements/payables/ledger/").streaming_content))
    found = recompute(file)
    assert found.all_findings == []
    assert [(one.number, one.corrects) for one in found.recorded] == [
        ("payables-0001", False), ("payables-0002", True),
    ]  # fmt: skip


def test_the_invoice_and_its_lines_stay_as_issued(late: Any) -> None:
    def as_issued() -> bool:
        line = page(late, "owner", MONTH + "lines/1/")
        return "1 × 1.85 EUR" in line and "01-matching-ubl" in line and "04-no-order" not in line

    assert as_issued()
    actions.issue_correction(late.people["manager"], "payables", "2026-01", "late")
    assert as_issued()
    shown = late.browser("owner").get(REST).json()
    assert (shown["number"], shown["gross"], shown["correction_due"]) == ("payables-0001", "2.20", False)


def test_what_was_not_looked_at_is_not_issued(late: Any) -> None:
    manager = late.browser("manager")
    shown = manager.get(REST + "/correction").json()["digest"]
    assert f'value="{shown}"' in page(late, "manager", MONTH + "correction/")
    back_dated(late, 1, "instance.completed", 31, outcome="withdrawn")
    answer = manager.post(MONTH + "correction/", {"reason": "late", "shown": shown})
    assert (answer.status_code, "has grown" in answer.content.decode()) == (409, True)


def test_over_rest(late: Any) -> None:
    manager = late.browser("manager")
    assert late.browser("rival").get(REST + "/correction").status_code == 404
    shown = late.browser("owner").get(REST + "/correction").json()
    assert (shown["due"], shown["type_code"], shown["difference"]["net"]["amount"]) == (True, "384", "1.85")
    assert shown["preceding"] == [{"number": "payables-0001", "issued": "2026-02-04", "entry": issued_at()}]
    assert [one["instance"] for one in shown["late"]] == ["2"]
    body = json.dumps({"reason": "Entered late", "shown": shown["digest"]})
    answer = manager.post(REST + "/correction", body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (201, {"number": "payables-0002"})
    again = manager.post(REST + "/correction", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "invoice.nothing-to-correct")
    (issued,) = late.browser("owner").get(REST).json()["corrections"]
    assert (issued["number"], issued["reason"]) == ("payables-0002", "Entered late")
    assert issued["difference"] == shown["difference"]


def test_a_reason_is_given_and_not_endless(late: Any) -> None:
    manager = late.browser("manager")
    for reason in ("", " \n", "x" * 2001):
        body = json.dumps({"reason": reason})
        answer = manager.post(REST + "/correction", body, content_type="application/json")
        assert (answer.status_code, answer.json()["problems"][0]["element"]) == (422, "reason")
        assert manager.post(MONTH + "correction/", {"reason": reason}).status_code == 422
    assert queries.card(late.people["owner"], "payables", "2026-01").book.documents[Month(2026, 1)][1:] == []


def test_who_sees_documents_that_are_there(late: Any) -> None:
    actions.issue_correction(late.people["manager"], "payables", "2026-01", "late")
    roles = {"owner": 200, "manager": 200, "agent": 403, "expert": 403, "idle": 404, "rival": 404, "stranger": 404}
    paths = (MONTH + "correction/", MONTH + "corrections/payables-0002/", REST + "/correction", REST)
    for role, status in roles.items():
        browser = late.browser(role)
        assert [browser.get(path).status_code for path in paths] == [status] * 4, role


def test_figures_recorded_wrongly_are_told_and_taken_back(world: Any, tmp_path: Path) -> None:
    """As by an older release that computed otherwise: what stands in the ledger is what was billed."""
    agree(world, PLAIN)
    world.start("01-matching-ubl.xml")
    world.clock.now += 30 * DAY
    wrong = figures(draft(books.book("payables"), Month(2026, 1)))
    wrong["lines"][0] |= {"quantity": "2", "amount": "3.70"}
    wrong |= {"net": "3.70", "gross": "4.40", "vat": wrong["vat"] | {"amount": "0.70"}}
    with world.host.store.transaction() as tx:
        chain = LedgerWriter(tx, "payables", late=True)
        data = {"number": "payables-0001", "month": "2026-01", "by": "x", "figures": wrong}
        chain.add(world.clock.now, "invoice.issued", data)
        chain.write()
    shown = page(world, "owner", MONTH)
    assert "Other figures were recorded" in shown
    assert "4.40 EUR" in shown
    assert world.browser("owner").get(REST).json()["lines"] == wrong["lines"]
    assert "-1.85 EUR" in page(world, "owner", MONTH + "correction/")
    actions.issue_correction(world.people["manager"], "payables", "2026-01", "Counted twice")
    shown = page(world, "owner", MONTH)
    assert "Other figures were recorded" not in shown
    assert all(amount in shown for amount in ("4.40 EUR", "-2.20 EUR", "2.20 EUR"))
    file = tmp_path / "e.jsonl"
    file.write_bytes(b"".join(world.browser("owner").get("/engagements/payables/ledger/").streaming_content))
    assert recompute(file).all_findings == []


def test_a_lower_price_agreed_afterwards_is_credited(billed: Any) -> None:
    agree(billed, PLAIN.replace("version: 2", "version: 3\nin_force_from: 2026-02-01").replace("1.85", "1.70"))
    assert "A correction is due" not in page(billed, "owner", MONTH)
    agree(billed, PLAIN.replace("version: 2", "version: 4").replace("1.85", "1.60"))
    assert "1.85" in page(billed, "owner", MONTH), "the invoice stays as it was issued"
    shown = page(billed, "owner", MONTH + "correction/")
    assert "Credit note (381)" in shown
    assert "-0.25 EUR" in shown
    assert "signed anew in ledger entry" in shown


@pytest.mark.parametrize(("since", "reaches"), [("", True), ("in_force_from: 2026-02-01", False)])
def test_proposed_terms_say_which_billed_months_they_reach(billed: Any, since: str, reaches: bool) -> None:
    text = PLAIN.replace("version: 2", f"version: 3\n{since}".strip()).replace("1.85", "1.80")
    actions.propose(billed.people["manager"], billed.provider, billed.client, text)
    assert ("They reach back into months that were billed" in page(billed, "owner", TERMS_PAGE)) is reaches
    actions.accept(billed.people["owner"], "payables", 3)
    assert "They reach back" not in page(billed, "owner", TERMS_PAGE), "what is accepted reaches no further"


def test_where_one_is(late: Any) -> None:
    for path in (MONTH + "correction/", MONTH):
        assert 'href="/engagements/" aria-current="page"' in " ".join(page(late, "owner", path).split())


def test_a_case_behind_a_wall_is_not_among_the_late_ones(late: Any) -> None:
    owner = late.people["owner"]
    assert "04-no-order" in page(late, "owner", MONTH + "correction/")
    walls.screen(owner, 2, "declared", "Held shares", "test", late.clock.now)
    assert "04-no-order" not in page(late, "owner", MONTH + "correction/")
    assert late.browser("owner").get(REST + "/correction").json()["late"] == []


def test_in_german(late: Any) -> None:
    browser = late.browser("manager")
    browser.post("/language/", {"language": "de"})
    shown = browser.get(MONTH + "correction/").content.decode()
    for text in ("Rechnungskorrektur (384)", "Wie berechnet", "Unterschied", "Berichtigung ausstellen"):
        assert text in shown, text
    assert "Eine Berichtigung ist fällig" in browser.get(MONTH).content.decode()


def test_what_rests_on_nothing_late_is_not_computed_twice(billed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The as-issued figures of a month nothing came late for are those of the book as it is."""
    monkeypatch.setattr(type(books.book("payables")), "before", None)
    assert queries.card(billed.people["owner"], "payables", "2026-01").invoice is not None
    assert "2.20 EUR" in page(billed, "owner", MONTH)


class TestAtTheCommandLine:
    @pytest.fixture(autouse=True)
    def ready(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(system, "start", lambda **_: None)  # the tests' database is there already

    def run(self, *words: str) -> Any:
        return CliRunner().invoke(app, list(words))

    def test_what_is_due_is_shown_and_issued_once(self, late: Any) -> None:
        shown = self.run("correction", "payables")
        assert (shown.exit_code, "Corrected invoice (384) to payables-0001" in shown.stdout) == (0, True)
        said = json.loads(self.run("correction", "payables", "--json").stdout)
        assert [(one["month"], one["number"], one["difference"]["net"]["amount"]) for one in said] == [
            ("2026-01", None, "1.85")
        ]
        issued = self.run("correction", "payables", "--month", "2026-01", "--issue", "--reason", "Entered late")
        assert (issued.exit_code, "Issued as payables-0002." in issued.stdout) == (0, True)
        again = self.run("correction", "payables", "--month", "2026-01", "--issue", "--reason", "Entered late")
        assert (again.exit_code, "invoice.nothing-to-correct" in again.stderr) == (1, True)
        assert "No correction is due." in self.run("correction", "payables").stdout
        german = self.run("correction", "payables", "--month", "2026-01", "--lang", "de")
        assert "Nichts zu berichtigen: Über alle Einträge ergibt 2026-01" in german.stdout

    def test_the_invoice_is_shown_as_issued(self, late: Any) -> None:
        actions.issue_correction(late.people["manager"], "payables", "2026-01", "Entered late")
        shown = self.run("invoice", "payables", "--month", "2026-01").stdout
        for text in (
            "1 × 1.85 EUR = 1.85 EUR",
            f"Issued as payables-0001, ledger entry {issued_at()}.",
            "Entered late",
        ):
            assert text in shown, text
        said = json.loads(self.run("invoice", "payables", "--month", "2026-01", "--json").stdout)
        assert (said["number"], said["gross"]) == ("payables-0001", "2.20")
        assert [one["number"] for one in said["corrections"]] == ["payables-0002"]

    def test_an_export_shows_both(self, late: Any, tmp_path: Path) -> None:
        file = str(tmp_path / "e.jsonl")
        assert self.run("ledger", "export", "payables", "--out", file).exit_code == 0
        due = self.run("ledger", "verify", file)
        assert (due.exit_code, "terms.correction-due" in due.stderr) == (1, True)
        actions.issue_correction(late.people["manager"], "payables", "2026-01", "Entered late")
        assert self.run("ledger", "export", "payables", "--out", file).exit_code == 0
        sound = self.run("ledger", "verify", file)
        assert (sound.exit_code, "payables-0002 (as recorded): Entered late" in sound.stdout) == (0, True)
        said = json.loads(self.run("ledger", "verify", file, "--json").stdout)
        assert [(one["number"], one["same"], one["corrected_by"]) for one in said["invoices"]] == [
            ("payables-0001", True, "payables-0002")
        ]
        assert [(one["number"], one["reason"], one["type_code"]) for one in said["corrections"]] == [
            ("payables-0002", "Entered late", "384")
        ]

    @pytest.mark.parametrize(
        ("words", "status", "code"),
        [
            (["nobody"], 1, "engagement.unknown"),
            (["payables", "--month", "2026-02"], 1, "terms.not-billed"),
            (["payables", "--month", "soon"], 1, "terms.month"),
            (["payables", "--month", "2026-01", "--issue"], 2, "--reason"),
            (["payables", "--issue", "--reason", "x"], 2, "--month"),
        ],
    )
    def test_refused(self, late: Any, words: list[str], status: int, code: str) -> None:
        found = self.run("correction", *words)
        assert (found.exit_code, code in found.stderr) == (status, True)
