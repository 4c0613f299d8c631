"""An invoice or correction of an engagement as business terms of EN 16931, from what its ledger records.

Amounts are those recorded, never computed anew. A correction bills its lines twice: what was billed is taken back, what
the month comes to now is billed. In a credit note (381) the signs turn around. Where the VAT changed, every line of the
month stands so, for what was billed belongs to the category of then (BR-S-08 and its like).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.iban import is_iban
from anyshore.base.locations import Location
from anyshore.terms.book import Signed
from anyshore.terms.calendars import local_date
from anyshore.terms.documents import Document
from anyshore.terms.model import Party, Terms
from anyshore.terms.money import decimals, places

Data = dict[str, Any]

INVOICE, CREDIT_NOTE = "380", "381"
_GERMAN = ("DE", "AT", "LI")
_MOST_PLACES = 2
"""Decimal places an amount may have (BR-DEC-01 and following)."""

_SLACK = Decimal("0.01")
"""By which an amount of a line may be off its quantity times its price; XRechnung asks for less than two cents."""

_UNITS = {"hour": "HUR", "fte_month": "MON", "month": "MON"}
"""UN/ECE Recommendation 20; everything else is counted by the piece (C62)."""

_REASONS = {
    "AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O",
}  # fmt: skip
"""Codes of the reason for which there is no VAT (BT-121); of E, only a text."""

_DELIVERED = ("name", "country_code", "city", "postcode", "addr_l1", "addr_l2", "addr_l3")
"""What of the buyer tells where was delivered (BG-13, BG-15)."""

_WORDS = {
    "en": {
        "minimum": "Top-up to the minimum charge", "credit": "Service credit", "back": "As billed", "now": "Corrected",
        "none": "No change of amounts", "due": "Payable until {day:%Y-%m-%d} without deduction.",
        "AE": "Reverse charge", "K": "Intra-community supply", "G": "Export outside the EU",
        "O": "Not subject to VAT", "E": "Exempt from VAT",
    },
    "de": {
        "minimum": "Auffüllung auf das Mindestentgelt", "credit": "Gutschrift für verfehltes Ziel",
        "back": "Wie berechnet", "now": "Berichtigt", "none": "Keine Änderung der Beträge",
        "due": "Zahlbar bis {day:%d.%m.%Y} ohne Abzug.",
        "AE": "Steuerschuldnerschaft des Leistungsempfängers", "K": "Innergemeinschaftliche Lieferung",
        "G": "Ausfuhr außerhalb der EU", "O": "Nicht steuerbar", "E": "Steuerfrei",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A document to be sent.

    Attributes:
        terms: by which it was computed.
        parties: the terms that say who is billed and where is paid: those, or later ones where those do not say it.
        document: the document.
        before: the documents of its month before it, oldest first.
        issued: its day where the engagement's clock is.
    """

    terms: Terms
    parties: Terms
    document: Document
    before: tuple[Document, ...]
    issued: date

    @property
    def language(self) -> str:
        """That of the client, as far as there are words: German or English."""
        country = self.parties.client.address.country if self.parties.client.address else ""
        return "de" if country in _GERMAN else "en"

    @property
    def type_code(self) -> str:
        """BT-3."""
        return str(self.document.data["type_code"]) if self.document.corrects else INVOICE

    @property
    def due(self) -> date:
        """The day until which is paid (BT-9)."""
        assert self.parties.payment is not None  # it was asked for
        return self.issued + timedelta(days=self.parties.payment.days)


def outgoing(versions: Sequence[Signed], documents: Sequence[Document], number: str) -> Outgoing:
    """A document of a month, ready to be written.

    Args:
        versions: the signed terms of the engagement, in the order of signing.
        documents: those of its month, oldest first.
        number: which of them.

    Raises:
        DataError: there is no such document, or no terms say what an electronic invoice has to; every word is named.
    """
    place = next((index for index, one in enumerate(documents) if one.number == number), None)
    if place is None:
        hint = "Take the number from the list of documents of its month."
        raise DataError("einvoice.no-document", f"There is no document {number}.", hint=hint)
    document = documents[place]
    entry = document.data["figures"]["terms"]["entry"]
    own = next((one.terms for one in versions if one.sequence == entry), None)
    if own is None:
        message = f"The terms of {number} are not in the ledger."
        hint = f"Entry {entry} has to sign them: load the whole ledger, from its first entry."
        raise DataError("einvoice.no-terms", message, Location(None, number), hint)
    if places(own.currency) > _MOST_PLACES:
        message = f"EN 16931 knows amounts of at most {_MOST_PLACES} decimal places; {own.currency} has more."
        raise DataError("einvoice.places", message, hint="Send the document of this page instead.")
    categories = _categories(document)
    if len(categories) > 1 and "O" in categories:
        message = f"{number} moves the month to or from VAT category O, which stands alone in a document (BR-O-11)."
        hint = "Send the document of this page, and agree on how the tax office is told."
        raise DataError("einvoice.mixed-vat", message, Location(None, number), hint)
    known = [own, *(one.terms for one in reversed(versions))]
    parties = next((one for one in known if not list(_missing(one, categories))), own)
    problems = list(_missing(parties, categories))
    if problems:
        raise DataError.of(problems)
    return Outgoing(own, parties, document, tuple(documents[:place]), local_date(own.time_zone, document.at))


def _categories(document: Document) -> frozenset[str]:
    """The categories of VAT a document's lines stand under."""
    data = document.data
    found = {data["figures"]["vat"]["category"]}
    return frozenset(found | ({data["difference"]["vat"]["old"]["category"]} if document.corrects else set()))


def _missing(parties: Terms, categories: frozenset[str]) -> Iterator[Diagnostic]:
    """What an electronic invoice has to say and the terms do not."""
    client, provider = parties.client, parties.provider
    needed = {
        "provider.address": provider.address, "provider.email": provider.email, "provider.contact": provider.contact,
        "client.address": client.address, "client.email": client.email, "payment": parties.payment,
    }  # fmt: skip
    if categories & {"AE", "K", "G"}:
        needed["provider.vat_id"] = provider.vat_id
    elif "O" in categories:
        needed["provider.registration"] = provider.registration  # BR-CO-26
    else:
        needed["provider.vat_id or tax_number"] = provider.vat_id or provider.tax_number
    if categories & {"AE", "K"}:
        needed["client.vat_id"] = client.vat_id
    for word, value in needed.items():
        if not value:
            hint = "Propose an amendment of the terms that says it."
            yield Diagnostic("einvoice.word-missing", f"The terms do not say {word}.", Location(None, word), hint)


@dataclass(frozen=True, slots=True)
class _Side:
    """The lines of one side of a document, and under which VAT they stand."""

    lines: tuple[Data, ...]
    category: str
    rate: Decimal
    tax: Decimal


def content(sent: Outgoing) -> Data:
    """The business terms of a document by their numbers (``BT-1`` …), for both syntaxes."""
    terms, parties, document = sent.terms, sent.parties, sent.document
    payment = parties.payment
    assert payment is not None  # asked for
    every = list(_sides(sent))
    sides = [side for side in every if side.lines] or every[-1:]
    lines = [line for side in sides for line in side.lines] or [_nothing(sent, sides[-1])]
    net = sum((Decimal(line["BT-131"]) for line in lines), Decimal(0))
    tax = sum((side.tax for side in sides), Decimal(0))
    month = document.month
    last = min(month.last, terms.end or month.last)
    found: Data = {
        "BT-1": document.number, "BT-2": sent.issued, "BT-3": sent.type_code, "BT-5": terms.currency,
        "BT-9": sent.due, "BT-10": parties.client.reference or terms.id, "BT-12": terms.id,
        "BT-20": _WORDS[sent.language]["due"].format(day=sent.due),
        "BT-72": last, "BT-73": max(month.first, terms.start), "BT-74": last,
        "BT-81": "58" if terms.currency == "EUR" and is_iban(payment.account) else "30",
        "BT-83": document.number, "BT-84": payment.account.replace(" ", ""),
        "BT-85": payment.account_name or parties.provider.name,
        "BG-4": _party(parties.provider, named=terms.vat.category != "O"),
        "BG-7": _party(parties.client, named=terms.vat.category != "O"),
        "BG-23": list(_breakdown(sent, sides)), "BG-25": _numbered(lines),
        "BT-106": _amount(net, terms), "BT-109": _amount(net, terms), "BT-110": _amount(tax, terms),
        "BT-112": _amount(net + tax, terms), "BT-115": _amount(net + tax, terms),
    }  # fmt: skip
    if payment.bic:
        found["BT-86"] = payment.bic
    if any(side.category == "K" for side in sides):  # BR-IC-12
        found["BG-13"] = {name: text for name, text in found["BG-7"].items() if name in _DELIVERED}
    if document.corrects:
        found["BG-1"] = [{"BT-22": str(document.data.get("reason", ""))}]
        found["BG-3"] = [
            {"BT-25": one.number, "BT-26": local_date(terms.time_zone, one.at)} for one in reversed(sent.before)
        ][:1]
    return found


def _sides(sent: Outgoing) -> Iterator[_Side]:
    """What is billed, under each VAT it stands under; never none."""
    data = sent.document.data
    if not sent.document.corrects:
        yield _side(sent, data["figures"]["lines"], data["figures"]["vat"], 1)
        return
    shown = data["difference"]
    sign = -1 if sent.type_code == CREDIT_NOTE else 1
    old, new = shown["vat"]["old"], shown["vat"]["new"]
    if (old["category"], Decimal(old["rate"])) != (new["category"], Decimal(new["rate"])):
        before = sent.before[-1].data["figures"]["lines"]
        yield _side(sent, before, old, -sign, "back")
        yield _side(sent, data["figures"]["lines"], new, sign, "now")
        return
    names = ("service", "kind", "name")
    lines = [
        _line(sent, {name: row[name] for name in names} | part, new, factor, told)
        for row in shown["lines"]
        for part, factor, told in ((row["old"], -sign, "back"), (row["new"], sign, "now"))
        if part is not None
    ]
    yield _Side(tuple(lines), new["category"], Decimal(new["rate"]), sign * Decimal(shown["vat"]["amount"]))


def _side(sent: Outgoing, lines: Iterable[Data], vat: Data, sign: int, told: str = "") -> _Side:
    found = tuple(_line(sent, line, vat, sign, told) for line in lines)
    return _Side(found, vat["category"], Decimal(vat["rate"]), sign * Decimal(vat["amount"]))


def _line(sent: Outgoing, line: Data, vat: Data, sign: int, told: str) -> Data:
    """BG-25 of a line; ``told`` says which side of a correction it is."""
    words = _WORDS[sent.language]
    service = sent.terms.services.get(line["service"])
    name = line["name"]
    if line["kind"] == "minimum":
        name = words["minimum"]
    elif line["kind"] == "credit":
        name = f"{words['credit']}: {name}"
    quantity, amount = Decimal(line["quantity"]), Decimal(line["amount"])
    about = service.name if service else line["service"]
    found = {
        "BT-129": _text(sign * quantity), "BT-130": _UNITS.get(line["kind"], "C62"), "BT-131": _text(sign * amount),
        **_price(quantity, Decimal(line["unit_price"]), amount), "BT-151": vat["category"],
        "BT-153": name, "BT-154": ": ".join(part for part in (words.get(told), about) if part),
    }  # fmt: skip
    return found | ({} if vat["category"] == "O" else {"BT-152": vat["rate"]})


def _price(quantity: Decimal, price: Decimal, amount: Decimal) -> Data:
    """BT-146, per piece; per the whole quantity (BT-149) where that is rounded to more than a cent, as to whole yen."""
    if abs(quantity * price - amount) <= _SLACK:
        return {"BT-146": _text(price)}
    return {"BT-146": _text(abs(amount)), "BT-149": _text(abs(quantity))}


def _nothing(sent: Outgoing, side: _Side) -> Data:
    """The one line of a document that changes no amount (BR-16)."""
    line = {"service": "", "kind": "", "name": _WORDS[sent.language]["none"], "quantity": "1", "unit_price": "0"}
    vat = {"category": side.category, "rate": _text(side.rate)}
    return _line(sent, line | {"amount": _amount(Decimal(0), sent.terms)}, vat, 1, "") | {"BT-154": sent.terms.title}


def _numbered(lines: Iterable[Data]) -> list[Data]:
    return [{"BT-126": str(number)} | line for number, line in enumerate(lines, 1)]


def _breakdown(sent: Outgoing, sides: Iterable[_Side]) -> Iterator[Data]:
    """BG-23 of each VAT the lines stand under."""
    terms = sent.terms
    for side in sides:
        taxable = sum((Decimal(line["BT-131"]) for line in side.lines), Decimal(0))
        found = {
            "BT-116": _amount(taxable, terms), "BT-117": _amount(side.tax, terms), "BT-118": side.category,
            "BT-119": _text(side.rate),
        }  # fmt: skip
        words = _WORDS[sent.language]
        if side.category in words:
            own = terms.vat.note if side.category == terms.vat.category else ""
            found["BT-120"] = own or words[side.category]
        if side.category in _REASONS:
            found["BT-121"] = _REASONS[side.category]
        yield found


def _party(party: Party, *, named: bool) -> Data:
    """BG-4 or BG-7; without numbers of VAT where what is billed is not subject to it (BR-O-02)."""
    address = party.address
    assert address is not None  # asked for
    lines = dict(zip(("addr_l1", "addr_l2", "addr_l3"), address.lines, strict=False))
    found: Data = {
        "name": party.name, "country_code": address.country, "city": address.city, "postcode": address.post_code,
        "einvoicing_addr": party.email, "einvoicing_addr_schemeid": "EM", **lines,
    }  # fmt: skip
    numbers = {"vat_identifier": party.vat_id, "tax_identifier": party.tax_number} if named else {}
    numbers["legal_identifier"] = party.registration
    found |= {name: text for name, text in numbers.items() if text}
    if party.contact:
        contact = party.contact
        found["contacts"] = [{"name": contact.name, "phone": contact.phone, "email": contact.email or party.email}]
    return found


def _amount(amount: Decimal, terms: Terms) -> str:
    return _text(decimals(amount, places(terms.currency)))


def _text(number: Decimal) -> str:
    return format(number if number else abs(number), "f")
