"""Finding and reading the simple elements of an ISO 20022 message: text, days, amounts with their sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NoReturn

from lxml import etree

from anyshore.activities.bank.model import Moment, Money
from anyshore.activities.common.money import signed
from anyshore.base import xml
from anyshore.base.errors import DataError

_DECIMAL = re.compile(r"\+?(?:\d+(?:\.\d*)?|\.\d+)")
_DIGITS = 18
"""Most digits of an amount (ActiveCurrencyAndAmount)."""
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d|T.*)?")
_END_OF_DAY = re.compile(r"T24:00:00(?:\.0+)?(?![\d.])")
SIGNS = {"CRDT": 1, "DBIT": -1}


@dataclass(frozen=True, slots=True)
class Source:
    """A message and the namespace of its elements."""

    document: xml.XmlDocument
    namespace: str

    def one(self, element: etree._Element, path: str) -> etree._Element | None:
        """The first element at a path of names."""
        return element.find("/".join(f"{{{self.namespace}}}{name}" for name in path.split("/")))

    def all(self, element: etree._Element, path: str) -> list[etree._Element]:
        """All elements at a path of names."""
        return element.findall("/".join(f"{{{self.namespace}}}{name}" for name in path.split("/")))

    def text(self, element: etree._Element, *paths: str) -> str | None:
        """The text at the first of the paths that has one."""
        for path in paths:
            found = self.one(element, path)
            if found is not None and (found.text or "").strip():
                return (found.text or "").strip()
        return None

    def texts(self, element: etree._Element, path: str) -> tuple[str, ...]:
        """The texts of all elements at a path."""
        return tuple((found.text or "").strip() for found in self.all(element, path))

    def needed(self, element: etree._Element, *paths: str) -> str:
        """The text at the first of the paths that has one.

        Raises:
            DataError: there is none.
        """
        found = self.text(element, *paths)
        if found is None:
            name = etree.QName(element).localname
            self.refuse(element, "bank.camt.missing", f"{name} has no {paths[0]}, which is mandatory.")
        return found

    def sign(self, element: etree._Element) -> int:
        """1 for money in, -1 for money out.

        Raises:
            DataError: the element does not say which.
        """
        written = self.needed(element, "CdtDbtInd")
        if written not in SIGNS:
            self.refuse(element, "bank.camt.sign", f"CdtDbtInd is CRDT or DBIT, not {written!r}.")
        return SIGNS[written]

    def money(self, element: etree._Element, sign: int) -> Money:
        """An amount with its currency.

        Raises:
            DataError: it is no amount, or has no currency.
        """
        currency = element.get("Ccy")
        if currency is None or not re.fullmatch(r"[A-Z]{3}", currency):
            self.refuse(element, "bank.camt.currency", f"An amount has a currency of three letters, not {currency!r}.")
        return Money(signed(self.number(element), negative=sign < 0), currency)

    def number(self, element: etree._Element, *, signed: bool = False) -> Decimal:
        """A number; not negative unless ``signed``.

        Raises:
            DataError: it is none.
        """
        written = (element.text or "").strip()
        bare = written.removeprefix("-") if signed else written
        digits = bare.replace(".", "").lstrip("+0")
        if not _DECIMAL.fullmatch(bare) or len(digits) > _DIGITS:
            self.refuse(element, "bank.camt.amount", f"{written!r} is no amount of at most {_DIGITS} digits.")
        return Decimal(written)

    def moment(self, element: etree._Element | None) -> Moment | None:
        """A choice of ``Dt`` and ``DtTm``; none where there is no such element.

        Raises:
            DataError: it is no day.
        """
        if element is None:
            return None
        written = self.text(element, "Dt", "DtTm")
        if written is None:
            self.refuse(element, "bank.camt.day", f"{etree.QName(element).localname} has neither Dt nor DtTm.")
        at = self._parsed(element, written) if "T" in written else None
        return Moment(self.day(element, written), at)

    def day(self, element: etree._Element, written: str) -> date:
        """A day as XML writes it; a zone is dropped, a time as well.

        Raises:
            DataError: it is none.
        """
        found = _DAY.fullmatch(written)
        try:
            return date.fromisoformat(found[1] if found else written)
        except ValueError:
            self.refuse(element, "bank.camt.day", f"{written!r} is no day.")

    def time(self, element: etree._Element, path: str) -> datetime | None:
        """A point in time at a path, with its offset where it has one.

        Raises:
            DataError: it is none.
        """
        written = self.text(element, path)
        return None if written is None else self._parsed(element, written)

    def _parsed(self, element: etree._Element, written: str) -> datetime:
        # XML Schema writes the end of a day as 24:00:00, which is the first instant of the next (part 2, 3.2.7).
        end = _END_OF_DAY.search(written)
        try:
            # Digits past microseconds are cut: no bank books by them.
            plain = _END_OF_DAY.sub("T00:00:00", re.sub(r"(\.\d{6})\d+", r"\1", written))
            return datetime.fromisoformat(plain) + timedelta(days=1 if end else 0)
        except (ValueError, OverflowError):
            self.refuse(element, "bank.camt.time", f"{written!r} is no point in time.")

    def refuse(self, element: etree._Element, code: str, message: str) -> NoReturn:
        """Refuses the message at an element.

        Raises:
            DataError: always.
        """
        raise DataError(code, message, self.document.locate(element), "Ask the bank for the message as it sent it.")
