"""Reads text, amounts and dates out of an element tree, noting every problem where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from anyshore.base.xml import Problems

MAX_DIGITS = 34  # what a FEEL number holds (IEEE 754 decimal128)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_XS_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_EPOCH = date(1, 1, 1)


@dataclass(slots=True)
class Texts:
    """Reads values from the elements of one document.

    A value that is missing or malformed is noted in ``problems`` and stands in as empty, zero or year 1, so that one
    pass finds all problems; the caller refuses the document when there are any.

    Attributes:
        problems: the problems of the document so far.
        namespaces: prefixes used in paths.
    """

    problems: Problems
    namespaces: dict[str, str]

    def all(self, parent: etree._Element | None, path: str) -> Iterator[etree._Element]:
        """The elements at a path."""
        if parent is not None:
            yield from parent.iterfind(path, self.namespaces)

    def one(self, parent: etree._Element | None, path: str) -> etree._Element | None:
        """The first element at a path."""
        return None if parent is None else parent.find(path, self.namespaces)

    def text(self, parent: etree._Element | None, path: str) -> str | None:
        """The text at a path without surrounding white space; none where absent or empty."""
        return _text(self.one(parent, path))

    def required(self, parent: etree._Element, path: str, term: str) -> str:
        """The text at a path that must be there.

        Args:
            parent: where the path starts.
            path: path of the element.
            term: what is read, for messages, for example ``BT-1 invoice number``.
        """
        text = self.text(parent, path)
        if text is None:
            self._missing(parent, path, term)
        return text or ""

    def decimal(self, parent: etree._Element | None, path: str, term: str) -> Decimal | None:
        """The number at a path (``xs:decimal``), exactly as written."""
        element = self.one(parent, path)
        return None if element is None else self.decimal_of(element, term)

    def required_decimal(self, parent: etree._Element, path: str, term: str) -> Decimal:
        """The number at a path that must be there."""
        element = self.one(parent, path)
        if element is None:
            self._missing(parent, path, term)
            return Decimal(0)
        return self.decimal_of(element, term)

    def decimal_of(self, element: etree._Element, term: str) -> Decimal:
        """The number an element holds."""
        text = _text(element) or ""
        if not _DECIMAL.fullmatch(text):
            hint = "Write digits and at most one point, for example 1234.50."
            self.problems.add(element, "einvoice.not-a-number", f"{term}: {text!r} is not a decimal number.", hint)
            return Decimal(0)
        number = Decimal(text)
        _, digits, exponent = number.as_tuple()
        if max(len(digits), -int(exponent)) > MAX_DIGITS:
            message = f"{term}: the number has more than {MAX_DIGITS} digits."
            self.problems.add(element, "einvoice.number-too-long", message, "Shorten the number.")
            return Decimal(0)
        return number

    def amount(self, parent: etree._Element | None, path: str, term: str, currency: str) -> Decimal | None:
        """The amount at a path; an amount marked with another currency than the invoice's is a problem."""
        element = self.one(parent, path)
        return None if element is None else self.amount_of(element, term, currency)

    def required_amount(self, parent: etree._Element, path: str, term: str, currency: str) -> Decimal:
        """The amount at a path that must be there."""
        element = self.one(parent, path)
        if element is None:
            self._missing(parent, path, term)
            return Decimal(0)
        return self.amount_of(element, term, currency)

    def amount_of(self, element: etree._Element, term: str, currency: str) -> Decimal:
        """The amount an element holds, which must be in the currency of the invoice."""
        marked = element.get("currencyID")
        if marked is not None and currency and marked.strip() != currency:
            message = f"{term} is in {marked}, the invoice currency (BT-5) is {currency}."
            self.problems.add(element, "einvoice.currency", message, "All amounts but BT-111 are in the currency BT-5.")
        return self.decimal_of(element, term)

    def iso_date(self, parent: etree._Element, path: str, term: str) -> date | None:
        """The ``xs:date`` at a path (UBL); a time zone after it is dropped, as an invoice date has none."""
        element = self.one(parent, path)
        if element is None:
            return None
        text = _text(element) or ""
        match = _XS_DATE.fullmatch(text)
        return self._date(element, match[1] if match else "", text, term, "Write YYYY-MM-DD.")

    def compact_date(self, parent: etree._Element | None, path: str, term: str) -> date | None:
        """The date at a path in UN/CEFACT notation, format 102: ``YYYYMMDD`` (CII)."""
        element = self.one(parent, path)
        if element is None:
            return None
        text = _text(element) or ""
        fits = element.get("format", "102") == "102" and re.fullmatch(r"\d{8}", text, re.ASCII)
        iso = f"{text[:4]}-{text[4:6]}-{text[6:]}" if fits else ""
        return self._date(element, iso, text, term, 'Write YYYYMMDD with format="102".')

    def required_date(self, found: date | None, parent: etree._Element, path: str, term: str) -> date:
        """A date that must be there, whichever notation it was read in."""
        if found is None:
            self._missing(parent, path, term)
        return found or _EPOCH

    def _date(self, element: etree._Element, iso: str, text: str, term: str, hint: str) -> date:
        try:
            return date.fromisoformat(iso)
        except ValueError:
            self.problems.add(element, "einvoice.not-a-date", f"{term}: {text!r} is not a date.", hint)
            return _EPOCH

    def _missing(self, parent: etree._Element, path: str, term: str) -> None:
        message = f"{term} is missing: no text at {path} in <{etree.QName(parent).localname}>."
        self.problems.add(parent, "einvoice.missing", message, "Ask the sender for a complete invoice.")


def is_decimal(text: str) -> bool:
    """Whether a text is an ``xs:decimal``."""
    return _DECIMAL.fullmatch(text.strip()) is not None


def number_first(texts: Iterable[str]) -> str | None:
    """The first text with a digit in it, else the first: a register's number may stand beside a remark.

    A Swedish seller writes ``Godkänd för F-skatt`` where its tax number stands, a Norwegian one ``Foretaksregisteret``.
    """
    found = list(texts)
    return next((text for text in found if any(map(str.isdigit, text))), found[0] if found else None)


def _text(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    # A comment inside an element splits its text.
    parts = [element.text or "", *(child.tail or "" for child in element)]
    return " ".join("".join(parts).split()) or None
