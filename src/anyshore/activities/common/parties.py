"""When two parties are the same party, however they were written."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

_SEPARATOR = re.compile(r"[\W_]+")
_UNIQUE = 6
"""Digits from which a number of a register is taken to be one of a kind."""

_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"})
_FORMS = tuple(
    (re.compile(written), short)
    for written, short in (
        (r"\bgesellschaft mit beschraenkter haftung\b", "gmbh"),
        (r"\bg\.? ?m\.? ?b\.? ?h\b\.?", "gmbh"),
        (r"\baktiengesellschaft\b", "ag"),
        (r"\bkommanditgesellschaft\b", "kg"),
        (r"\boffene handelsgesellschaft\b", "ohg"),
        (r"\bunternehmergesellschaft\b", "ug"),
        (r"\(haftungsbeschraenkt\)", ""),
        (r"\blimited\b", "ltd"),
        (r"\bincorporated\b", "inc"),
        (r"\bcorporation\b", "corp"),
        (r"\baktiebolag(et)?\b", "ab"),
        (r"\bnaamloze vennootschap\b", "nv"),
        (r"\bbesloten vennootschap\b", "bv"),
        (r"&|\+|\bund\b|\band\b", " "),
    )
)


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
    """Identifies a seller by the strongest identifier on the invoice: VAT number, tax number, registration, name.

    A number in a register is told apart by the name where it is so short that many registers have it (``HRB 4711`` is a
    number of each court). Words where a number should be, as ``Godkänd för F-skatt``, identify nobody.
    """
    found = identifiers(party)
    strongest = next(kind for kind in ("vat", "tax", "registration", "name") if kind in found)
    return f"{strongest}:{found[strongest]}"


def identifiers(party: Identified) -> dict[str, str]:
    """What identifies a party, by kind: ``vat``, ``tax``, ``registration`` and ``name``, in one notation each."""
    found = {"name": name_key(party.name)}
    for kind, number in (("vat", party.vat_id), ("tax", party.tax_registration)):
        if number and is_number(number):
            found[kind] = compact(number)
    if party.registration and is_number(party.registration.value):
        number = compact(party.registration.value)
        digits = sum(map(str.isdigit, number))
        found["registration"] = number if digits >= _UNIQUE else f"{number}:{found['name']}"
    return found


def same_party(one: Identified, other: Identified) -> bool:
    """Whether two documents name the same party: by the strongest kind of number both have, else by name."""
    left, right = identifiers(one), identifiers(other)
    for kind in ("vat", "tax", "registration", "name"):
        if kind in left and kind in right:
            return left[kind] == right[kind]
    return False


def is_number(text: str) -> bool:
    """Whether a text can be a number of a register: digits that are not all zero, and more than a word beside them."""
    digits = [character for character in text if character.isdigit()]
    words = re.search(r"[^\W\d_]{5,}", text)
    return any(digit != "0" for digit in digits) and (words is None or len(digits) > 4)


def name_key(name: str) -> str:
    """A name in one notation: without case, accents, punctuation, and with legal forms as they are abbreviated."""
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_SPELT)
    for written, short in _FORMS:
        folded = written.sub(short, folded)
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return compact(plain)


def compact(text: str) -> str:
    """Letters and digits only, without case and typographic variants."""
    return _SEPARATOR.sub("", unicodedata.normalize("NFKC", text)).casefold()
