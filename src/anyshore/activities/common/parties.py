"""When two parties are the same party, however they were written."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

_SEPARATOR = re.compile(r"[\W_]+")


class Registration(Protocol):
    """An identifier in a register (EN 16931: BT-30)."""

    @property
    def value(self) -> str:
        """The identifier."""


class Identified(Protocol):
    """A party as documents name it."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def vat_id(self) -> str | None:
        """Its VAT number (BT-31)."""

    @property
    def tax_registration(self) -> str | None:
        """Its local tax number (BT-32)."""

    @property
    def registration(self) -> Registration | None:
        """Its number in a register (BT-30)."""


def seller_key(party: Identified) -> str:
    """Identifies a seller by the strongest identifier on the invoice: VAT number, tax number, registration, name."""
    if party.vat_id:
        return f"vat:{compact(party.vat_id)}"
    if party.tax_registration:
        return f"tax:{compact(party.tax_registration)}"
    if party.registration:
        return f"registration:{compact(party.registration.value)}"
    return f"name:{compact(party.name)}"


def compact(text: str) -> str:
    """Letters and digits only, without case and typographic variants."""
    return _SEPARATOR.sub("", unicodedata.normalize("NFKC", text)).casefold()
