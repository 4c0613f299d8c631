"""Invoices as documents: files of the official rules, accepted or disputed by the client, paid, all in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.terms.conftest import Ledger
from tests.web.engagements.test_corrections import DAY, PLAIN, agree

from anyshore.activities.einvoice.validation import validate
from anyshore.terms import exports
from anyshore.terms.recompute import recompute
from anyshore.web.engagements import actions, queries, settling
from anyshore.web.engine import books

PAGE = "/engagements/payables/documents/payables-0001/"
REST = "/api/engagements/payables/documents/payables-0001"


@pytest.fixture
def billed(world: Any) -> Any:
    """January is billed with one case, under terms that name everything."""
    agree(world, PLAIN)
    world.start("01-matching-ubl.xml")
    world.clock.now += 30 * DAY
    actions.issue_invoice(world.people["manager"], "payables", "2026-01")
    return world


def page(world: Any, role: str, path: str = PAGE) -> str:
    answer = world.browser(role).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_files_break_no_rule(billed: Any) -> None:
    for kind, rules in (("pdf", "Factur-X"), ("xml", "XRechnung"), ("cii.xml", "XRechnung")):
        answer = billed.browser("owner").get(f"{PAGE}file/{kind}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="payables-0001.{kind}"'
        found = validate(answer.content, f"invoice.{kind}")
        assert rules in found.rules
        assert found.violations == ()
        assert billed.browser("owner").get(f"{REST}/file/{kind}").status_code == 200
    assert billed.browser("owner").get(f"{PAGE}file/doc").status_code == 404
    assert "XRechnung" in page(billed, "owner", "/engagements/payables/invoices/2026-01/")


def test_only_the_client_answers_and_only_the_provider_notes_payments(billed: Any) -> None:
    """Of those who see the document; who does not see the engagement knows of none."""
    for role, seen, answer, pay in (
        ("owner", 200, 204, 403), ("manager", 200, 403, 204), ("agent", 403, 403, 403), ("rival", 404, 404, 404),
    ):  # fmt: skip
        browser = billed.browser(role)
        assert browser.get(PAGE).status_code == seen
        paid = {"day": "2026-02-01", "amount": "1"}
        assert browser.post(f"{REST}/payments", paid, "application/json").status_code == pay
        assert browser.post(f"{REST}/accept").status_code == answer


def test_why_there_is_no_file_is_told_on_the_page(world: Any) -> None:
    agree(world, PLAIN.replace("currency: EUR", "currency: KWD"))
    world.start("01-matching-ubl.xml")
    world.clock.now += 30 * DAY
    actions.issue_invoice(world.people["manager"], "payables", "2026-01")
    assert "KWD has more" in page(world, "manager")
    answer = world.browser("manager").get(f"{PAGE}file/pdf")
    assert (answer.status_code, "KWD has more" in answer.content.decode()) == (409, True)
    assert "What is missing" in page(world, "manager", "/engagements/payables/invoices/2026-01/")


def test_it_is_disputed_then_accepted_then_paid(billed: Any) -> None:
    owner, manager = billed.browser("owner"), billed.browser("manager")
    assert "Dispute it" in page(billed, "owner")
    assert "Dispute it" not in page(billed, "manager")
    assert owner.post(PAGE, {"reason": " "}).status_code == 422
    assert owner.post(PAGE, {"reason": "One case is not ours."}).status_code == 302
    for role in ("owner", "manager"):
        assert "One case is not ours." in page(billed, role)
        assert "disputed" in page(billed, role)
    assert owner.post(f"{PAGE}accept/").status_code == 302
    assert owner.post(PAGE, {"reason": "after all"}).status_code == 409
    assert manager.post(PAGE, {"day": "2026-02-04", "amount": "1.00", "reference": "R"}).status_code == 302
    assert "partly paid" in page(billed, "owner")
    assert manager.post(PAGE, {"day": "2026-02-04", "amount": "1.20"}).status_code == 302
    assert ">paid<" in page(billed, "owner")
    found = manager.get(REST).json()
    assert (found["state"], found["amount"], found["left"], found["due"]) == ("paid", "2.20", "0.00", "2026-03-06")
    assert [one["type"] for one in found["steps"]] == [
        "invoice.disputed", "invoice.accepted", "invoice.paid", "invoice.paid",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"day": "2027-01-01", "amount": "1"}, "still to come"),
        ({"day": "2026-02-01", "amount": "0"}, "Give an amount"),
        ({"day": "2026-02-01", "amount": "1.001"}, "Give an amount"),
        ({"day": "2026-02-01", "amount": "-1"}, "More would be taken back"),
    ],
)
def test_a_payment_that_cannot_have_been(billed: Any, sent: dict[str, str], told: str) -> None:
    answer = billed.browser("manager").post(PAGE, sent)
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert settling.document(billed.engagement, "payables-0001").settlement.steps == []


def test_a_payment_noted_wrongly_is_taken_back(billed: Any) -> None:
    manager = billed.browser("manager")
    for amount in ("2.20", "-2.20"):
        assert (
            manager.post(f"{REST}/payments", {"day": "2026-02-03", "amount": amount}, "application/json").status_code
            == 204
        )
    found = settling.document(billed.engagement, "payables-0001")
    assert (found.state, str(found.settlement.left)) == ("open", "2.20")


def test_it_is_overdue_after_its_day(billed: Any) -> None:
    billed.clock.now += 31 * DAY
    assert "overdue" in page(billed, "owner")
    assert billed.browser("owner").post(f"{REST}/dispute", {"reason": "no"}, "application/json").status_code == 204
    assert settling.document(billed.engagement, "payables-0001").state == "disputed"


def test_numbers_go_on_without_a_gap_and_an_export_shows_it(billed: Any, tmp_path: Path) -> None:
    agree(billed, PLAIN.replace("version: 2", "version: 3").replace("1.85", "1.80"))
    actions.issue_correction(billed.people["manager"], "payables", "2026-01", "Agreed")
    billed.clock.now += 30 * DAY
    assert actions.issue_invoice(billed.people["manager"], "payables", "2026-02") == "payables-0003"
    file = tmp_path / "export.jsonl"
    _, content = queries.export(billed.people["owner"], "payables")
    file.write_bytes(b"".join(content))
    assert [one.number for one in recompute(file).recorded] == ["payables-0001", "payables-0002", "payables-0003"]
    assert not [one for one in recompute(file).findings if one.code == "terms.number-gap"]
    browser, listed, following = billed.browser("owner"), [], "/api/engagements/payables/documents?limit=2"
    while following:
        answer = browser.get(following)
        listed.append([one["number"] for one in answer.json()])
        following = answer.headers.get("Link", "").partition(">")[0].removeprefix("<http://testserver")
    assert listed == [["payables-0001", "payables-0002"], ["payables-0003"]]


def test_a_missing_number_is_found(tmp_path: Path) -> None:
    ledger = Ledger()
    ledger.issue("2026-01", "2026-02-02T10:00", "acme-0001")
    ledger.issue("2026-02", "2026-03-02T10:00", "acme-0003")
    [found] = [one for one in recompute(ledger.export(tmp_path / "x.jsonl")).findings if "number" in one.code]
    assert (found.code, "document 2 of" in found.message) == ("terms.number-gap", True)


def test_what_became_of_it_is_in_the_export(billed: Any, tmp_path: Path) -> None:
    settling.accept(billed.people["owner"], "payables", "payables-0001")
    told = list(books.entries("payables"))[-1].data
    assert (told["number"], told["by"].startswith("person:")) == ("payables-0001", True)
    assert "owner@example.org" in page(billed, "manager")  # known until they are erased
    file = tmp_path / "export.jsonl"
    _, content = queries.export(billed.people["owner"], "payables")
    file.write_bytes(b"".join(content))
    assert exports.verify_export(file).findings == ()
