"""DATEV format EXTF, category 21 (Buchungsstapel): header version 700, columns of version 13.

Source: DATEV developer portal, "DATEV-Format: Header" and "Buchungsstapel". Every row is a debit and a credit of one
amount; texts stand in quotation marks, amounts have a comma, and a file is written in Windows-1252 with CR LF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from anyshore.activities.common import money
from anyshore.activities.common.postings import Entry, sums
from anyshore.base.errors import DataError

ENCODING = "windows-1252"
_NO_REFERENCE = re.compile(r"[^A-Za-z0-9$&%*+\-/]")
_PAIRS = [f"{what} {number}" for number in range(1, 9) for what in ("Beleginfo - Art", "Beleginfo - Inhalt")]
_MORE = [
    f"Zusatzinformation - {what} {number}" if what == "Art" else f"Zusatzinformation- {what} {number}"
    for number in range(1, 21)
    for what in ("Art", "Inhalt")
]
COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz",
    "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto",
    "Buchungstext", "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre",
    "Beleglink", *_PAIRS, "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge", "EU-Land u. UStID (Bestimmung)",
    "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart", "Sachverhalt L+L", "Funktionsergänzung L+L",
    "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer", "BU 49 Funktionsergänzung", *_MORE, "Stück", "Gewicht",
    "Zahlweise", "Forderungsart", "Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer",
    "Buchungstyp", "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)",
    "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "KOST-Datum",
    "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername", "Beteiligtennummer", "Identifikationsnummer",
    "Zeichnernummer", "Postensperre bis", "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung",
    "Festschreibung", "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)", "Steuersatz",
    "Land", "Abrechnungsreferenz", "BVV-Position", "EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)",
    "Abw. Skontokonto",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger:
    """Whose books they are.

    Attributes:
        consultant: number of the tax consultant with DATEV (Beraternummer), 1,001 to 9,999,999.
        client: number of the client with the consultant (Mandantennummer), 1 to 99,999.
        year: first day of the fiscal year.
        digits: of accounts of the general ledger, 4 to 8.
        currency: ISO 4217.
    """

    consultant: int
    client: int
    year: date
    digits: int = 4
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Booked:
    """A posting.

    Attributes:
        day: of the document.
        number: of the document.
        text: of the posting.
        entries: debits and credits of the same sum.
    """

    day: date
    number: str
    text: str
    entries: tuple[Entry, ...]


def batch(ledger: Ledger, first: date, last: date, created: datetime, name: str, postings: Sequence[Booked]) -> str:
    """The file as text, with CR LF and no character that ``ENCODING`` lacks.

    Args:
        ledger: whose books they are.
        first: first day of the postings.
        last: last one; within the same fiscal year.
        created: when the file is made.
        name: of the batch.
        postings: what is booked, in that order.

    Raises:
        DataError: a number is out of its range, a day lies outside, or a posting does not balance; all at once.
    """
    _check(ledger, first, last, postings)
    head = [
        _text("EXTF"), "700", "21", _text("Buchungsstapel"), "13", created.strftime("%Y%m%d%H%M%S000"), "",
        _text("AN"), _text(""), _text(""), str(ledger.consultant), str(ledger.client), _day(ledger.year),
        str(ledger.digits), _day(first), _day(last), _text(name[:30]), _text(""), "1", "0", "0", _text(ledger.currency),
        "", _text(""), "", "", _text(""), "", "", _text(""), _text(""),
    ]  # fmt: skip
    rows = [row for one in postings for row in _rows(one, ledger.currency)]
    lines = [";".join(head), ";".join(COLUMNS), *(";".join(row) for row in rows)]
    return "".join(f"{line}\r\n" for line in lines)


def pairs(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Entry, Decimal]]:
    """A balanced posting as debits and credits of one amount each, in the order of its entries."""
    found = list(entries)
    debits, credits = ([one for one in found if one.side == side] for side in ("debit", "credit"))
    left = [one.amount for one in credits]
    place = 0
    for debit in debits:
        open_ = debit.amount
        while open_:
            amount = min(open_, left[place])
            yield debit, credits[place], amount
            open_, left[place] = money.subtract(open_, amount), money.subtract(left[place], amount)
            place += not left[place]


def _rows(one: Booked, currency: str) -> Iterator[list[str]]:
    for debit, credit, amount in pairs(one.entries):
        row = [""] * len(COLUMNS)
        row[0], row[1], row[2] = f"{amount:.2f}".replace(".", ","), _text("S"), _text(currency)
        row[6], row[7], row[9] = debit.account, credit.account, one.day.strftime("%d%m")
        row[10] = _text(_NO_REFERENCE.sub("-", one.number)[:36])
        row[13] = _text(one.text[:60])
        centre = debit.cost_centre or credit.cost_centre
        if centre:
            row[36] = _text(centre[:36])
        row[113] = "0"
        yield row


def _check(ledger: Ledger, first: date, last: date, postings: Sequence[Booked]) -> None:
    wrong = []
    if not 1001 <= ledger.consultant <= 9_999_999:
        wrong.append(f"the number of the consultant is {ledger.consultant}, not from 1001 to 9999999")
    if not 1 <= ledger.client <= 99_999:
        wrong.append(f"the number of the client is {ledger.client}, not from 1 to 99999")
    if not 4 <= ledger.digits <= 8:
        wrong.append(f"accounts have {ledger.digits} digits, not from 4 to 8")
    if not ledger.year <= first <= last or last >= _year_after(ledger.year):
        wrong.append(f"the days {first} to {last} do not lie in the fiscal year from {ledger.year}")
    for one in postings:
        debits, credits = sums(one.entries)
        if debits != credits:
            wrong.append(f"{one.number}: debits {debits}, credits {credits}")
        if not first <= one.day <= last:
            wrong.append(f"{one.number}: {one.day} lies outside")
        wrong += [
            f"{one.number}: account {entry.account} is no account of {ledger.digits} digits or one more"
            for entry in one.entries
            if not (entry.account.isdecimal() and ledger.digits <= len(entry.account) <= ledger.digits + 1)
        ]
    if wrong:
        message = f"The batch cannot be written: {'; '.join(wrong[:20])}."
        raise DataError("datev.refused", message, hint="Mend numbers and postings, or choose other days.")


def _year_after(year: date) -> date:
    return year.replace(year=year.year + 1) if (year.month, year.day) != (2, 29) else date(year.year + 1, 3, 1)


def _text(text: str) -> str:
    """A text in quotation marks, without line breaks and in characters of the encoding; its own marks are doubled."""
    plain = " ".join(text.split()).encode(ENCODING, "replace").decode(ENCODING)
    return '"' + plain.replace('"', '""') + '"'


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")
