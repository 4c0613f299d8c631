"""What an engagement bills, as electronic invoices: no finding of the official rules, and the amounts of the ledger.

Terms and ledgers are drawn: prices of every kind, tiers, minimum charge, service credits, every category of VAT,
currencies without minor unit, and corrections by the price, the VAT, the minimum charge and late entries.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from decimal import Decimal

import pypdfium2
import pytest
from pypdf import PdfReader
from tests.draws import seeds
from tests.terms.conftest import TERMS, Ledger

from anyshore.activities.einvoice import outgoing, outgoing_pdf, reader, writing
from anyshore.activities.einvoice.outgoing import Outgoing
from anyshore.activities.einvoice.validation import validate
from anyshore.base.errors import DataError
from anyshore.terms.book import Book
from anyshore.terms.settlements import amount_of

ACCOUNTS = ("DE89370400440532013000", "GB29NWBK60161331926819", "0532013000")
WHOLE = {
    "provider: {name: Shore, countries: [PL]}": """provider:
  name: Shore & Söhne <Sp. z o.o.>
  countries: [PL]
  address: {lines: ["ul. Długa 1", Hof 2], post_code: "00-001", city: Warszawa, country: PL}
  vat_id: PL1234567890
  registration: KRS 0000123456
  email: billing@shore.example
  contact: {name: Anna Nowak, phone: +48 22 123 45 67}""",
    "client: {name: Acme, countries: [DE]}": """client:
  name: Acme
  countries: [DE]
  address: {lines: [Weg 1], post_code: "10115", city: Berlin, country: DE}
  vat_id: DE123456789
  email: invoices@acme.example
  reference: "04011000-12345-34\"""",
    "currency: EUR": "currency: EUR\npayment: {days: 30, account: DE89370400440532013000, bic: COBADEFFXXX}",
}
VAT = "vat: {category: S, rate: 19}"


def whole(terms: str = TERMS) -> str:
    """The small engagement with every word an electronic invoice needs."""
    for old, new in WHOLE.items():
        assert old in terms
        terms = terms.replace(old, new)
    return terms


def drawn_terms(draw: random.Random) -> str:
    """Terms with prices of every kind, under some VAT, in some currency."""
    terms = whole()
    low = f"{draw.randint(1, 999) / 100:.2f}"
    tiers = f"tiers: [{{up_to: {draw.randint(1, 6)}, price: {low}}}, {{price: {draw.randint(1, 30000) / 10000:.4f}}}]"
    mode = draw.choice(["graduated", "volume"])
    fte, least = draw.randint(1, 35) / 10, draw.choice([1, 7, 15])
    rows = [
        f"- {{per: instance, name: Decided invoice, {tiers}, tier_mode: {mode}}}",
        f"- {{per: month, name: Platform & desk, price: {draw.randint(0, 90000) / 100:.2f}}}",
        f"- {{per: fte_month, name: Team, price: {draw.randint(100, 900000) / 100:.2f}, fte: {fte}}}",
        f"- {{per: hour, name: Hours, price: {draw.randint(1, 20000) / 100:.2f}, increment: {least}}}",
    ]
    chosen = [rows[0], *(row for row in rows[1:] if draw.random() < 0.5)]
    terms = terms.replace(
        "- {per: instance, name: Decided invoice, outcomes: [paid, rejected], price: 1.85}", "\n      ".join(chosen)
    )
    if draw.random() < 0.4:
        terms = terms.replace(
            "    objectives:", f"    minimum_charge: {draw.randint(1, 90000) / 100:.2f}\n    objectives:"
        )
    if draw.random() < 0.3:
        terms = terms.replace("start: 2026-01-01", f"start: 2026-01-{draw.randint(2, 28):02}")
    currency = draw.choice(["EUR", "EUR", "EUR", "GBP", "JPY", "PLN"])
    terms = terms.replace("currency: EUR", f"currency: {currency}").replace(ACCOUNTS[0], draw.choice(ACCOUNTS))
    return terms.replace(VAT, drawn_vat(draw))


def drawn_vat(draw: random.Random) -> str:
    category = draw.choice(["S", "S", "S", "AE", "AE", "Z", "E", "K", "G", "O", "L", "M"])
    rate = draw.choice(["19", "7", "8.1", "25.5"]) if category in ("S", "L", "M") else "0"
    note = ", note: 'Free under § 4 & 5'" if category in ("E", "O", "AE") and draw.random() < 0.5 else ""
    return f"vat: {{category: {category}, rate: {rate}{note}}}"


def vat_of(terms: str) -> str:
    return next(line for line in terms.splitlines() if line.startswith("vat:"))


def drawn_ledger(draw: random.Random) -> Ledger:
    """A billed January and, mostly, its corrections."""
    terms = drawn_terms(draw)
    ledger = Ledger(terms)
    slow = draw.choice([[0], [0, 0, 4]])
    for number in range(draw.randint(0, 9)):
        day, long = draw.randint(5, 20), draw.choice(slow)
        ledger.case(f"c{number}", f"2026-01-{day:02}T09:00", f"2026-01-{day + long:02}T12:00")
        if draw.random() < 0.5:
            ledger.add("work.completed", f"2026-01-{day:02}T11:00", f"c{number}", minutes=draw.randint(1, 200))
    ledger.issue("2026-01", "2026-02-02T10:00", "acme-0001")
    for place in range(2, draw.choice([2, 3, 4])):
        terms = corrected(terms, draw, place)
        ledger.sign(terms, f"2026-02-0{place + 1}T09:00")
        if not ledger.correction().empty:
            ledger.correct("2026-01", f"2026-02-0{place + 1}T10:00", f"acme-{place:04}")
    return ledger


def corrected(terms: str, draw: random.Random, version: int) -> str:
    """The terms with another price, VAT, minimum charge or at-risk amount."""
    terms = terms.replace(f"version: {version - 1}", f"version: {version}")
    match draw.randrange(4):
        case 0:
            return re.sub(
                r"\{price: [0-9.]+\}\]", f"{{price: {draw.choice([0.01, draw.randint(1, 900) / 100]):.2f}}}]", terms
            )
        case 1:
            other = drawn_vat(draw)  # what is not subject to VAT stands alone (BR-O-11)
            alone = ("category: O" in other) != ("category: O" in vat_of(terms))
            return terms if alone else terms.replace(vat_of(terms), other)
        case 2:
            return terms.replace("at_risk: 10", "at_risk: 0")
        case _:
            least = f"    minimum_charge: {draw.randint(1, 90000) / 100:.2f}\n"
            return terms if "minimum_charge" in terms else terms.replace("    objectives:", f"{least}    objectives:")


def documents(ledger: Ledger) -> Iterator[Outgoing]:
    book: Book = ledger.book()
    for some in book.documents.values():
        for one in some:
            yield outgoing.outgoing(book.versions, some, one.number)


def findings(content: bytes, name: str) -> list[str]:
    """Everything the official rules say, warnings and advice included."""
    found = validate(content, name)
    assert found.rules_applied
    return [f"{found.rules}: {one.rule} {one.text}" for one in found.violations]


@pytest.mark.drawn
@pytest.mark.parametrize("seed", seeds(8, 150))
def test_the_official_rules_find_nothing(seed: int) -> None:
    ledger = drawn_ledger(random.Random(seed))
    for sent in documents(ledger):
        content = outgoing.content(sent)
        sign = -1 if sent.type_code == outgoing.CREDIT_NOTE else 1
        for told, written in (
            ("XRechnung UBL", writing.xrechnung(content)), ("XRechnung CII", writing.xrechnung(content, "cii")),
            ("UBL", writing.en16931(content, "ubl")), ("CII", writing.en16931(content)),
        ):  # fmt: skip
            assert findings(written, told) == []
            back = reader.read(written, told)
            assert (back.number, back.issue_date) == (sent.document.number, sent.issued)
            assert back.totals.gross == sign * amount_of(sent.document)


def test_the_corrections_drawn_are_of_every_kind() -> None:
    """What the rules are held to is what there is: both codes, several categories, notes and minimum charges."""
    kinds, categories, names = set(), set(), set()
    for seed in range(150):
        for sent in documents(drawn_ledger(random.Random(seed))):
            kinds.add(sent.type_code)
            content = outgoing.content(sent)
            categories |= {one["BT-118"] for one in content["BG-23"]}
            names |= {line["BT-153"].split(":")[0] for line in content["BG-25"]}
    assert kinds == {"380", "381", "384"}
    assert categories == set("SZEKGOLM") | {"AE"}
    assert {
        "Gutschrift für verfehltes Ziel",
        "Auffüllung auf das Mindestentgelt",
        "Keine Änderung der Beträge",
    } <= names


def one_correction() -> list[Outgoing]:
    ledger = Ledger(whole())
    for day in range(5, 15):
        ledger.case(f"c{day}", f"2026-01-{day:02}T10:00", f"2026-01-{day + (4 if day > 11 else 0):02}T11:00")
    ledger.issue("2026-01", "2026-02-02T10:00", "acme-0001")
    ledger.sign(whole().replace("version: 1", "version: 2").replace("1.85", "1.50"), "2026-02-03T10:00")
    ledger.correct("2026-01", "2026-02-04T10:00", "acme-0002")
    return list(documents(ledger))


def test_a_factur_x_is_a_pdf_that_holds_its_invoice() -> None:
    for sent in one_correction():
        pdf = outgoing_pdf.facturx(sent)
        assert findings(pdf, "invoice.pdf") == []
        assert b"pdfaid" in PdfReader(io.BytesIO(pdf)).xmp_metadata.stream.get_data()  # type: ignore[union-attr]
        back = reader.read(pdf, "invoice.pdf")
        assert back.totals.gross == amount_of(sent.document)
        text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        for told in (sent.document.number, "Shore & Söhne <Sp. z o.o.>", "10115 Berlin", "04011000-12345-34"):
            assert told in text


def test_a_correction_takes_back_what_was_billed_and_bills_what_it_comes_to() -> None:
    """By hand: 10 cases at 1.85 less 12 % capped at 10 % is 16.65; at 1.50, 13.50; so 3.15 less, with 19 % 3.74."""
    first, second = one_correction()
    lines = [(line["BT-129"], line["BT-146"], line["BT-131"]) for line in outgoing.content(second)["BG-25"]]
    assert lines == [
        ("-10", "1.85", "-18.50"), ("10", "1.50", "15.00"), ("1", "1.85", "1.85"), ("-1", "1.50", "-1.50"),
    ]  # fmt: skip
    told = outgoing.content(second)
    assert (told["BT-109"], told["BT-110"], told["BT-115"]) == ("-3.15", "-0.59", "-3.74")
    assert [one["BT-25"] for one in told["BG-3"]] == [first.document.number]
    assert outgoing.content(first)["BT-115"] == "19.81"


def test_what_terms_leave_out_is_asked_for_word_by_word() -> None:
    ledger = Ledger()
    ledger.issue("2026-01", "2026-02-02T10:00", "acme-0001")
    with pytest.raises(DataError) as raised:
        list(documents(ledger))
    told = {one.location.element for one in raised.value.diagnostics}
    assert told == {
        "provider.address", "provider.email", "provider.contact", "client.address", "client.email", "payment",
        "provider.vat_id or tax_number",
    }  # fmt: skip
    ledger.sign(whole().replace("version: 1", "version: 2").replace("start:", "in_force_from: 2026-02-01\nstart:"))
    [sent] = documents(ledger)
    assert sent.terms.version == 1  # it bills by the terms of its month
    assert sent.parties.version == 2  # and takes the words later ones say


def test_reverse_charge_asks_for_the_number_of_the_client() -> None:
    terms = whole().replace(VAT, "vat: {category: AE, rate: 0}").replace("  vat_id: DE123456789\n", "")
    ledger = Ledger(terms)
    ledger.issue("2026-01", "2026-02-02T10:00", "acme-0001")
    with pytest.raises(DataError, match=r"client\.vat_id"):
        list(documents(ledger))


def test_a_correction_to_what_is_not_subject_to_vat_is_refused() -> None:
    ledger = Ledger(whole())
    ledger.case("one", "2026-01-05T10:00", "2026-01-05T11:00")
    ledger.issue("2026-01", "2026-02-02T10:00", "acme-0001")
    ledger.sign(whole().replace("version: 1", "version: 2").replace(VAT, "vat: {category: O, rate: 0}"))
    ledger.correct("2026-01", "2026-02-04T10:00", "acme-0002")
    with pytest.raises(DataError, match="BR-O-11"):
        list(documents(ledger))


def test_a_currency_of_three_places_is_refused() -> None:
    ledger = Ledger(whole().replace("currency: EUR", "currency: KWD"))
    ledger.issue("2026-01", "2026-02-02T10:00", "acme-0001")
    with pytest.raises(DataError, match="at most 2 decimal places"):
        list(documents(ledger))


def test_the_due_day_and_the_way_to_pay() -> None:
    [first, _second] = one_correction()
    told = outgoing.content(first)
    assert (str(told["BT-9"]), told["BT-81"], told["BT-86"]) == ("2026-03-04", "58", "COBADEFFXXX")
    assert Decimal(told["BT-112"]) == amount_of(first.document)
