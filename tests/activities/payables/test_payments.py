"""A payment run: what is paid and what is not, each invoice once, and paid is what the bank says is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.activities.building import Line, ubl

from anyshore.activities.common.postings import sums
from anyshore.activities.einvoice import read
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import sellers
from anyshore.activities.payables.attempts import PAID
from anyshore.activities.payables.bank_answers import (
    Accounts,
    AnswerInput,
    AnswerOutcome,
    PaymentPosting,
    WithdrawInput,
    read_answer,
    withdraw,
)
from anyshore.activities.payables.booking import BookInput, book
from anyshore.activities.payables.paying import OrderInput, OrderOutcome, order_payments
from anyshore.activities.payables.proposing import PAYER, ProposeInput, ProposeOutcome, propose
from anyshore.activities.payables.sellers import Seller
from anyshore.base.errors import DataError
from anyshore.base.plain import from_values

IBAN = "DE02120300000000202051"
SPREE = Seller("Spree Möbel GmbH", "DE136695976", (IBAN,))
DAY, NEXT = date(2026, 3, 20), date(2026, 3, 27)
SKONTO = "#SKONTO#TAGE=14#PROZENT=2.00#\n"
ACCOUNTS = Accounts("1600", "1360", "3736", "1576")


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The official schema, as sepaxml carries it."""
    pytest.importorskip("sepaxml")
    content = files("sepaxml").joinpath("schemas", "pain.001.001.09.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(content))


def _context(seller: Seller = SPREE) -> MemoryContext:
    context = MemoryContext(now=1_774_000_000_000_000)
    context.load(sellers.KIND, sellers.rows([seller]))
    context.load(PAYER, [("Musterbau", {"name": "Musterbau GmbH", "iban": "DE89370400440532013000"})])
    return context


def _book(
    context: MemoryContext, number: str, net: str, due: str | None = "2026-03-25", *, terms: str | None = None,
    kind: str = "380", origin: str = "file", **more: str,
) -> None:  # fmt: skip
    invoice = read(ubl(number, (Line("1", net),), kind=kind, **more))
    invoice = replace(invoice, due_date=date.fromisoformat(due) if due else None, payment_terms=terms)
    data = BookInput(invoice, "1", "2", "3", seller=SPREE.key, order_origin=origin)
    book(data, context.with_key(f"book-{number}"))


def _proposed(context: MemoryContext, day: date = DAY, until: date = NEXT) -> ProposeOutcome:
    return propose(ProposeInput(day, until), context)


def _ordered(context: MemoryContext, key: str = "run", proposal: ProposeOutcome | None = None) -> OrderOutcome:
    items = (proposal or _proposed(context)).items
    return order_payments(OrderInput(DAY, items), context.with_key(key))


def _found(text: str, name: str) -> list[str]:
    return [one.text or "" for one in etree.fromstring(text).iter(f"{{*}}{name}")]


def test_what_is_due_by_the_next_run_is_paid() -> None:
    context = _context()
    _book(context, "R-1", "100.00", "2026-03-27")
    _book(context, "R-2", "200.00", "2026-03-28")
    _book(context, "R-3", "300.00", None)
    found = _proposed(context)
    assert [(one.number, one.amount) for one in found.items] == [("R-1", 119), ("R-3", 357)]
    assert (found.total, found.problems, found.held) == (476, (), ())


@pytest.mark.parametrize(
    ("day", "until", "amount"),
    [("2026-03-20", "2026-03-27", "1166.20"), ("2026-03-13", "2026-03-20", None), ("2026-03-25", "2026-03-27", None)],
)
def test_a_discount_is_taken_by_the_last_run_that_earns_it(day: str, until: str, amount: str | None) -> None:
    context = _context()
    _book(context, "R-1", "1000.00", "2026-04-30", terms=SKONTO)
    found = _proposed(context, date.fromisoformat(day), date.fromisoformat(until))
    assert [one.amount for one in found.items] == ([Decimal(amount)] if amount else [])


def test_a_discount_that_lapsed_is_told_as_lost() -> None:
    context = _context()
    _book(context, "R-1", "1000.00", "2026-03-25", terms=SKONTO)
    early, late = (_proposed(context, date.fromisoformat(day), NEXT) for day in ("2026-03-20", "2026-03-26"))
    assert (early.discount, early.lost) == (Decimal("23.80"), 0)
    assert (late.discount, late.lost) == (0, Decimal("23.80"))


def test_days_payable_outstanding_are_owed_by_bought() -> None:
    context = _context()
    assert _proposed(context).outstanding is None
    _book(context, "R-1", "1000.00")
    _book(context, "R-2", "3000.00")
    assert _proposed(context).outstanding == 90
    _ordered(context, proposal=replace(_proposed(context), items=_proposed(context).items[:1]))
    assert _proposed(context).outstanding == Decimal("67.5")
    assert _proposed(context, date(2026, 7, 1), date(2026, 7, 8)).outstanding is None


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"account": "DE02500105170137075030"}, "unknown account"),
        ({"account": "5050-1055"}, "no IBAN"),
        ({"origin": "simulated"}, "made-up order"),
        ({"currency": "USD"}, "currency"),
        ({"means": "59"}, "collected by the seller"),
    ],
)
def test_what_must_not_be_paid_is_held(more: dict[str, str], why: str) -> None:
    context = _context()
    _book(context, "R-1", "100.00", **more)  # type: ignore[arg-type]
    found = _proposed(context)
    assert ([one.why for one in found.held], found.items) == ([why], ())


def test_an_invoice_without_an_account_goes_to_the_only_one_on_record() -> None:
    two = replace(SPREE, accounts=(IBAN, "DE02500105170137075030"))
    for seller, count in ((SPREE, 1), (two, 0)):
        context = _context(seller)
        _book(context, "R-1", "100.00", account=None)  # type: ignore[arg-type]
        assert len(_proposed(context).items) == count


def test_the_message_is_valid_and_adds_up(schema: etree.XMLSchema) -> None:
    context = _context()
    _book(context, "R-1", "1000.00", terms=SKONTO)
    _book(context, "R-2", "50.00")
    _book(context, "C-1", "10.00", kind="381")
    found = _ordered(context)
    schema.assertValid(etree.fromstring(found.file))
    assert _found(found.file, "CtrlSum")[0] == "1213.80" == str(found.total)
    assert _found(found.file, "IBAN") == ["DE89370400440532013000", IBAN]
    assert _found(found.file, "Ustrd") == ["R-1, R-2, C-1"]
    assert _found(found.file, "Cd") == ["SEPA", "SUPP"]


def test_credit_notes_that_are_more_are_not_paid() -> None:
    context = _context()
    _book(context, "R-1", "50.00")
    _book(context, "C-1", "80.00", kind="381")
    found = _proposed(context)
    assert ([(one.number, one.why) for one in found.held], found.items) == ([("R-1", "credit balance")], ())


def test_many_numbers_are_told_as_far_as_they_fit() -> None:
    context = _context()
    for number in range(40):
        _book(context, f"RECHNUNG-2026-{number:04}", "10.00")
    (text,) = _found(_ordered(context).file, "Ustrd")
    assert len(text) <= 140
    assert text.endswith("-0005 + 34")


def test_of_two_runs_exactly_one_pays_an_invoice() -> None:
    context = _context()
    _book(context, "R-1", "100.00")
    seen = _proposed(context)
    first, second = _ordered(context, "one", seen), _ordered(context, "two", seen)
    assert (first.total, second.total, second.left) == (119, 0, ("R-1",))
    assert _ordered(context, "one", seen) == first
    assert _proposed(context).items == ()


def test_what_another_run_took_leaves_no_credit_balance_to_be_paid() -> None:
    context = _context()
    _book(context, "R-1", "100.00")
    seen = _proposed(context)
    _book(context, "C-1", "50.00", kind="381")
    _book(context, "R-2", "20.00")
    both = _proposed(context)
    _ordered(context, "one", seen)
    found = _ordered(context, "two", both)
    assert (found.total, set(found.left)) == (0, {"R-1", "R-2", "C-1"})


def test_without_an_account_of_its_own_nothing_is_paid() -> None:
    context = _context()
    context.tables.pop(PAYER)
    _book(context, "R-1", "100.00")
    assert _proposed(context).problems
    with pytest.raises(DataError, match="no account to pay from"):
        _ordered(context)


def _answer(
    context: MemoryContext, order: OrderOutcome, status: str, *, of: str = "TxSts", reason: str = ""
) -> AnswerOutcome:
    """An answer about every transfer of an order, by transaction, block or message."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn><AddtlInf>told</AddtlInf></StsRsnInf>" if reason else ""
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{one}</OrgnlEndToEndId><TxSts>{status}</TxSts>{why}</TxInfAndSts>"
        for one in _found(order.file, "EndToEndId")
    )
    group = f"<GrpSts>{status}</GrpSts>" if of == "GrpSts" else ""
    block = f"<PmtInfSts>{status}</PmtInfSts>" if of == "PmtInfSts" else ""
    inner = told if of == "TxSts" else ""
    blocks = (
        ""
        if of == "GrpSts"
        else f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>x</OrgnlPmtInfId>{block}{inner}</OrgnlPmtInfAndSts>"
    )
    text = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr/>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{order.message}</OrgnlMsgId>{group}</OrgnlGrpInfAndSts>{blocks}"
        "</CstmrPmtStsRpt></Document>"
    )
    return _read(context, text.encode())


def _read(context: MemoryContext, content: bytes) -> AnswerOutcome:
    return read_answer(AnswerInput("a.xml", ACCOUNTS), replace(context, documents={"a.xml": content}))


def _payments(context: MemoryContext) -> Iterator[PaymentPosting]:
    for row in context.records("posting").find():
        if "payment" in row.data:
            yield from_values(PaymentPosting, row.data, "posting")


@pytest.mark.parametrize("code", ["ACTC", "ACCP", "ACSP", "PDNG", "RCVC"])
def test_accepted_is_not_paid(code: str) -> None:
    context = _context()
    _book(context, "R-1", "100.00")
    found = _answer(context, _ordered(context), code)
    assert ([one.status for one in found.transfers], found.settled, found.problems) == (["accepted"], 0, ())
    assert list(_payments(context)) == []


@pytest.mark.parametrize("of", ["TxSts", "PmtInfSts", "GrpSts"])
def test_what_is_settled_is_posted_once_with_the_vat_of_its_discount(of: str) -> None:
    context = _context()
    _book(context, "R-1", "1000.00", terms=SKONTO)
    order = _ordered(context)
    for _ in range(2):
        found = _answer(context, order, "ACSC", of=of)
        assert (found.settled, found.problems) == (1, ())
    (posting,) = _payments(context)
    debits, credits = sums(posting.entries)
    assert debits == credits == 1190
    assert {one.account: one.amount for one in posting.entries} == {
        "1600": 1190, "1360": Decimal("1166.20"), "3736": 20, "1576": Decimal("3.80"),
    }  # fmt: skip


def test_what_is_rejected_is_proposed_again() -> None:
    context = _context()
    _book(context, "R-1", "100.00")
    order = _ordered(context, "one")
    found = _answer(context, order, "RJCT", reason="AC04")
    assert (found.rejected, found.transfers[0].reasons) == (1, ("AC04 told",))
    again = _ordered(context, "two")
    assert again.total == 119
    assert _found(again.file, "EndToEndId") != _found(order.file, "EndToEndId")


def test_answers_that_contradict_each_other_go_to_a_person() -> None:
    context = _context()
    _book(context, "R-1", "100.00")
    order = _ordered(context)
    _answer(context, order, "ACSC")
    assert "contradicts" in _answer(context, order, "RJCT").problems[0]
    assert _proposed(context).items == ()


@pytest.mark.parametrize("code", ["RVNM", "RVMC"])
def test_a_name_that_does_not_fit_can_be_withdrawn(code: str) -> None:
    context = _context()
    _book(context, "R-1", "100.00")
    order = _ordered(context)
    found = _answer(context, order, code)
    assert (found.payee, found.settled) == (1, 0)
    keys = found.transfers[0].payments
    assert withdraw(WithdrawInput(keys), context).withdrawn == 1
    assert len(_proposed(context).items) == 1


def test_what_is_settled_cannot_be_withdrawn() -> None:
    context = _context()
    _book(context, "R-1", "100.00")
    found = _answer(context, _ordered(context), "ACCC")
    assert withdraw(WithdrawInput(found.transfers[0].payments), context).withdrawn == 0


def test_unknown_payments_and_codes_are_told() -> None:
    context = _context()
    _book(context, "R-1", "100.00")
    order = _ordered(context)
    assert "status 'XXXX'" in _answer(context, order, "XXXX").problems[0]
    other = replace(order, file=order.file.replace(_found(order.file, "EndToEndId")[0], "E-other"))
    assert "nobody ordered it" in _answer(context, other, "ACSC").problems[0]
    assert context.records(PAID).find() == []


@given(st.binary(max_size=200))
def test_what_is_no_answer_is_told(content: bytes) -> None:
    assert not _read(MemoryContext(), content).answer


def test_an_invoice_is_no_answer() -> None:
    assert not _read(MemoryContext(), ubl()).answer
