"""An invoice or correction for people: PDF/A-3b through Typst, with the XML inside as Factur-X wants it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from anyshore.activities.einvoice import writing
from anyshore.activities.einvoice.outgoing import CREDIT_NOTE, INVOICE, Data, Outgoing, content
from anyshore.terms.messages import Lang, money, number

_WORDS = {
    "en": {
        INVOICE: "Invoice", CREDIT_NOTE: "Credit note", "384": "Corrected invoice", "issued": "Date of invoice",
        "period": "Period of service", "contract": "Contract", "reference": "Your reference", "before": "Corrects",
        "due": "Payable until", "vat": "VAT id", "client_vat": "Your VAT id", "tax": "Tax number",
        "registration": "Registered as", "heads": ("#", "Service", "Quantity", "Price", "Amount"), "net": "Net",
        "rate": "VAT {rate} % on {taxable}", "total": "Total", "account": "Account", "of": "of", "name": "Reference",
        "ledger": "Entry {entry} of the ledger of {engagement}", "of_terms": "Terms version {version}",
        "credited": "The amount is credited.",
    },
    "de": {
        INVOICE: "Rechnung", CREDIT_NOTE: "Rechnungskorrektur", "384": "Korrigierte Rechnung",
        "issued": "Rechnungsdatum", "period": "Leistungszeitraum", "contract": "Vertrag",
        "reference": "Ihre Referenz", "before": "Korrigiert", "due": "Zahlbar bis", "vat": "USt-IdNr.",
        "client_vat": "Ihre USt-IdNr.", "tax": "Steuernummer", "registration": "Registernummer",
        "heads": ("Nr.", "Leistung", "Menge", "Preis", "Betrag"), "net": "Netto",
        "rate": "USt. {rate} % auf {taxable}", "total": "Gesamtbetrag", "account": "Konto", "of": "von",
        "name": "Verwendungszweck", "ledger": "Eintrag {entry} im Nachweisbuch von {engagement}",
        "of_terms": "Bedingungen Version {version}", "credited": "Der Betrag wird gutgeschrieben.",
    },
}  # fmt: skip


def facturx(sent: Outgoing) -> bytes:
    """The PDF with its XML (profile EN 16931).

    Note:
        The library writes the time of writing into the file, so two files of one document differ in it.
    """
    from facturx import generate_from_binary  # costs 0.3 s: only those who send an invoice pay

    found = content(sent)
    pdf = render(sent, found)
    return bytes(
        generate_from_binary(
            pdf, writing.en16931(found), flavor="factur-x", level="en16931", check_xsd=False, lang=sent.language
        )
    )


def render(sent: Outgoing, found: Data) -> bytes:
    """The PDF alone: the same input gives the same bytes."""
    import typst  # heavy: only those who send an invoice pay

    data = json.dumps(_data(sent, found), ensure_ascii=False)
    noon = datetime.combine(sent.issued, time(12), UTC)
    return bytes(
        typst.compile(
            _template(), format="pdf", sys_inputs={"data": data}, ignore_system_fonts=True, pdf_standards=["a-3b"],
            timestamp=int(noon.timestamp()),
        )
    )  # fmt: skip


@cache
def _template() -> bytes:
    return files(__package__).joinpath("outgoing.typ").read_bytes()


def _data(sent: Outgoing, found: Data) -> dict[str, Any]:
    lang: Lang = "de" if sent.language == "de" else "en"
    words: dict[str, Any] = _WORDS[lang]
    seller, buyer = found["BG-4"], found["BG-7"]

    def amount(text: str) -> str:
        return money(Decimal(text), found["BT-5"], lang)

    return {
        "language": lang, "title": words[sent.type_code], "number": found["BT-1"],
        "seller": _address(seller), "buyer": _address(buyer), "facts": _facts(sent, found, words),
        "notes": [note["BT-22"] for note in found.get("BG-1", [])], "heads": list(words["heads"]),
        "lines": [
            [
                line["BT-126"], line["BT-153"], line["BT-154"], number(Decimal(line["BT-129"]), lang),
                amount(line["BT-146"]), amount(line["BT-131"]),
            ]
            for line in found["BG-25"]
        ],
        "totals": [[words["net"], amount(found["BT-109"])], *_rates(found, words, lang)],
        "total": [words["total"], amount(found["BT-112"])],
        "reasons": [one["BT-120"] for one in found["BG-23"] if "BT-120" in one],
        "payment": _payment(found, words), "footer": _footer(sent, found, words),
    }  # fmt: skip


def _address(party: Data) -> list[str]:
    lines = [party.get(name, "") for name in ("name", "addr_l1", "addr_l2", "addr_l3")]
    town = f"{party['country_code']}-{party['postcode']} {party['city']}"
    return [line for line in [*lines, town] if line]


def _facts(sent: Outgoing, found: Data, words: Data) -> list[list[str]]:
    """Two columns of titles and values; what is not known is left out."""
    day = "%d.%m.%Y" if sent.language == "de" else "%Y-%m-%d"
    rows = {
        words["issued"]: found["BT-2"].strftime(day),
        words["period"]: f"{found['BT-73'].strftime(day)} – {found['BT-74'].strftime(day)}",
        words["contract"]: f"{sent.terms.title}, {words['of_terms'].format(version=sent.terms.version)}",
        words["reference"]: found["BT-10"],
        words["before"]: ", ".join(f"{one['BT-25']} ({one['BT-26'].strftime(day)})" for one in found.get("BG-3", [])),
        words["client_vat"]: found["BG-7"].get("vat_identifier", ""),
    }
    shown = [[title, value] for title, value in rows.items() if value]
    return shown + ([["", ""]] if len(shown) % 2 else [])


def _rates(found: Data, words: Data, lang: Lang) -> list[list[str]]:
    currency = found["BT-5"]
    return [
        [
            words["rate"].format(
                rate=number(Decimal(one["BT-119"]), lang), taxable=money(Decimal(one["BT-116"]), currency, lang)
            ),
            money(Decimal(one["BT-117"]), currency, lang),
        ]
        for one in found["BG-23"]
    ]


def _payment(found: Data, words: Data) -> list[str]:
    if Decimal(found["BT-115"]) < 0 or found["BT-3"] == CREDIT_NOTE:
        return [words["credited"]]
    account = f"{words['account']}: {_spaced(found['BT-84'])}"
    if "BT-86" in found:
        account += f" (BIC {found['BT-86']})"
    return [
        found["BT-20"], f"{account} {words['of']} {found['BT-85']}", f"{words['name']}: {found['BT-83']}",
    ]  # fmt: skip


def _spaced(account: str) -> str:
    """An IBAN in groups of four, as people read it."""
    return (
        " ".join(account[start : start + 4] for start in range(0, len(account), 4))
        if account[:2].isalpha()
        else account
    )


def _footer(sent: Outgoing, found: Data, words: Data) -> list[str]:
    seller = found["BG-4"]
    contact: Data = next(iter(seller.get("contacts", [])), {})
    numbers = (("vat", "vat_identifier"), ("tax", "tax_identifier"), ("registration", "legal_identifier"))
    return [
        *(f"{words[title]} {seller[name]}" for title, name in numbers if seller.get(name)),
        *(text for text in (contact.get("name"), contact.get("phone"), contact.get("email")) if text),
        words["ledger"].format(entry=sent.document.sequence, engagement=sent.terms.id),
    ]
