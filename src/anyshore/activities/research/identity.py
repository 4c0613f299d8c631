"""Who the company is: its names, numbers and register, and which of the names in the sources mean it.

A number decides before a name does: one LEI is one legal entity (ISO 17442), and two are two, whatever they are called.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from anyshore.entities.names import compare
from anyshore.knowledge.contradictions import Statement

LEGAL, FORMER, TRADE, LEI, CIK, REGISTER = "legal name", "former name", "trade name", "lei", "cik", "register"
_CHECKED = 97


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the sources, held against the company's.

    Attributes:
        name: as it is written.
        same: whether it means the company.
        reasons_for: what speaks for it.
        reasons_against: what speaks against it.
    """

    name: str
    same: bool
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the company is.

    Attributes:
        legal_name: empty where no source states one.
        former_names: those it had.
        trade_names: by which it goes otherwise.
        lei: legal entity identifier.
        cik: its number at the SEC.
        register: its entry in a register.
        names: every other name in the sources.
        problems: numbers that cannot be what they are said to be.
    """

    legal_name: str
    former_names: tuple[str, ...]
    trade_names: tuple[str, ...]
    lei: str
    cik: str
    register: str
    names: tuple[Named, ...]
    problems: tuple[str, ...]


def is_lei(text: str) -> bool:
    """Whether a text can be a legal entity identifier: 18 letters or digits, two check digits (ISO 17442)."""
    if re.fullmatch(r"[A-Z0-9]{18}\d\d", text) is None:
        return False
    return int("".join(str(int(one, 36)) for one in text)) % _CHECKED == 1


def identify(statements: Sequence[Statement]) -> Identity:
    """The company of a dossier: the first that a source states the legal name of."""
    first = next((one for one in statements if _of(one) == LEGAL), None)
    if first is None:
        return Identity("", (), (), "", "", "", (), ())
    legal = first.value.text
    own = [one for one in statements if one.subject in {legal, first.subject}]
    former, trade = (
        tuple(dict.fromkeys(one.value.text for one in own if _of(one) == what)) for what in (FORMER, TRADE)
    )
    numbers = {what: next((one.value.text for one in own if _of(one) == what), "") for what in (LEI, CIK, REGISTER)}
    leis = {one.subject: one.value.text for one in statements if _of(one) == LEI}
    others = dict.fromkeys(one.subject for one in statements if one.subject != legal)
    names = tuple(_named(name, (legal, *former, *trade), leis.get(name, ""), numbers[LEI]) for name in others)
    return Identity(legal, former, trade, numbers[LEI], numbers[CIK], numbers[REGISTER], names, _problems(statements))


def _of(statement: Statement) -> str:
    return " ".join(statement.attribute.casefold().split())


def _named(name: str, known: Sequence[str], lei: str, own_lei: str) -> Named:
    if lei and own_lei:
        told = f"LEI {lei}" if lei == own_lei else f"another LEI: {lei}, not {own_lei}"
        return Named(name, True, (told,), ()) if lei == own_lei else Named(name, False, (), (told,))
    tried = [(compare(name, one), f"held against {one}") for one in known]
    best, against = max(tried, key=lambda each: (each[0].same, each[0].score))
    return Named(name, best.same, (*best.reasons_for, against), best.reasons_against)


def _problems(statements: Sequence[Statement]) -> tuple[str, ...]:
    found = []
    for one in statements:
        text = one.value.text
        if _of(one) == LEI and not is_lei(text):
            found.append(f"{text} is no LEI: its check digits do not fit ({one.source})")
        if _of(one) == CIK and re.fullmatch(r"\d{1,10}", text) is None:
            found.append(f"{text} is no CIK: one has up to ten digits ({one.source})")
    return tuple(dict.fromkeys(found))
