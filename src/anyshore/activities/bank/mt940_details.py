"""Field :86: of MT940: the German subfields ``?00`` to ``?63``, the code words of ``/EREF/…``, or plain text.

Source: Deutsche Kreditwirtschaft, DFÜ agreement, annex 3, chapter 8.2 (subfields, SEPA words, widths of 27); the code
words are those of Dutch and Luxembourg banks (Betaalvereniging Nederland, MT940 structured).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from anyshore.activities.bank.model import Account, Agent, Code, Detail, Party, Return
from anyshore.base.iban import bic_key, iban_key

_STRUCTURED = re.compile(r"(\d{3})\s*([^\w\s/,.:;+\-()'\"])(?=\d\d)")
_WIDTH = 27
"""Characters of a subfield; one that is shorter lost the blanks at its end."""
_SEPA = ("EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "PURP", "RREF", "BREF", "RETX")
_WORD = re.compile(rf"({'|'.join(_SEPA)})\+")
_NAMES: Mapping[str, str] = {
    "EREF": "EndToEndId", "KREF": "PmtInfId", "MREF": "MndtId", "CRED": "CdtrSchmeId", "DEBT": "DbtrId",
}  # fmt: skip
_SLASHED = (
    "TRTP", "IBAN", "BIC", "NAME", "REMI", "EREF", "ORDP", "BENM", "CSID", "MARF", "PREF", "RTRN", "ADDR", "ISDT",
    "PURP", "ULTD", "ULTB", "ULTC", "CNTP", "CREF", "SVCL", "IREF", "ACCW", "CHGS", "OCMT", "EXCH",
)  # fmt: skip
_SLASH_WORD = re.compile(rf"/({'|'.join(_SLASHED)})/")
_SLASH_NAMES: Mapping[str, str] = {
    "EREF": "EndToEndId", "MARF": "MndtId", "CSID": "CdtrSchmeId", "PREF": "PmtInfId", "IREF": "InstrId"
}  # fmt: skip
_RETURNS = frozenset({"109", "108", "159", "181", "184"})
"""Business transaction codes of a payment that came back (returned direct debit, returned credit transfer)."""


def read(text: str, *, credit: bool) -> Detail:
    """What field :86: says.

    Args:
        text: its lines.
        credit: whether the entry is money in, so that the other party is the one who pays.
    """
    found = _STRUCTURED.match(text)
    if found:
        return _german(text, found, credit=credit)
    joined = text.replace("\n", "")
    if _SLASH_WORD.match(joined):
        return _slashed(joined, credit=credit)
    code = re.match(r"(\d{3})(?!\d)", text)
    return Detail(direction=_direction(credit), unstructured=_texts([text]), code=_gvc(code[1], None) if code else None)


def subfields(text: str) -> list[tuple[str, str]]:
    """The subfields of a structured field, (number, content), in their order; lines are one text."""
    found = _STRUCTURED.match(text)
    if not found:
        return []
    parts = re.split(rf"{re.escape(found[2])}(\d\d)", text.replace("\n", "")[found.end(1) :])
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _german(text: str, found: re.Match[str], *, credit: bool) -> Detail:
    fields = subfields(text)
    first: dict[str, str] = {}
    for number, content in fields:
        first.setdefault(number, content)
    purpose = [content for number, content in fields if "20" <= number <= "29" or "60" <= number <= "65"]
    words, free = _words(purpose)
    text_key = first.get("34", "").strip() or None
    returned = found[1] in _RETURNS
    references = {_NAMES[word]: value for word, value in words.items() if word in _NAMES and value}
    name = _padded([content for number, content in fields if number in ("32", "33")]).strip()
    account = _account(first, words)
    party = Party("Dbtr" if credit else "Cdtr", name or None, account=account)
    ultimate = words.get("ABWA") if credit else words.get("ABWE")
    parties = (party, Party("UltmtDbtr" if credit else "UltmtCdtr", ultimate)) if ultimate else (party,)
    bic = bic_key(first.get("30", ""))
    return Detail(
        direction=_direction(credit), references=references, has_references=bool(references),
        parties=parties if name or account or ultimate else (),
        agents=(Agent("DbtrAgt" if credit else "CdtrAgt", bic=first["30"].strip()),) if bic else (),
        unstructured=_texts([words.get("SVWZ", ""), free]), code=_gvc(found[1], first.get("00")),
        returned=Return(text_key, _texts([words.get("RETX", "")])) if returned else None, purpose=words.get("PURP"),
        information=first.get("10"),
    )  # fmt: skip


def _account(first: Mapping[str, str], words: Mapping[str, str]) -> Account | None:
    """The other party's account: the IBAN of ?38 or ?31, else the number of ?31 at the bank of ?30."""
    for number in ("38", "31"):
        iban = iban_key(first.get(number, ""))
        if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban):
            return Account(iban=iban)
    other = first.get("31", "").strip()
    if not other:
        return None
    bank = first.get("30", "").strip()
    return Account(other=other, bank=bank or None)


def _words(purpose: Sequence[str]) -> tuple[dict[str, str], str]:
    """The SEPA words of the purpose with their values, and what stands before the first of them.

    A word begins a subfield, or follows anything but a letter; its value may run over several subfields.
    """
    joined = _padded(purpose)
    starts = {0}
    at = 0
    for content in purpose:
        at += len(_pad(content))
        starts.add(at)
    found = [one for one in _WORD.finditer(joined) if one.start() in starts or not joined[one.start() - 1].isalpha()]
    ends = [*(one.start() for one in found[1:]), len(joined)][: len(found)]
    words: dict[str, str] = {}
    for one, end in zip(found, ends, strict=True):
        words.setdefault(one[1], joined[one.end() : end].strip())
    return words, joined[: found[0].start()] if found else joined


def _pad(content: str) -> str:
    return content + " " if 0 < len(content) < _WIDTH and not content.endswith(" ") else content


def _padded(contents: Sequence[str]) -> str:
    return "".join(map(_pad, contents))


def _slashed(text: str, *, credit: bool) -> Detail:
    """A field of code words: ``/EREF/…/BENM//NAME/…/REMI/…``."""
    parts = _SLASH_WORD.split(text)
    words: dict[str, str] = {}
    for word, value in zip(parts[1::2], parts[2::2], strict=True):
        # Some banks end each value with a slash of its own. No SEPA reference ends with one (EPC guidelines, 1.4).
        words.setdefault(word, value.strip().rstrip("/"))
    iban, bic, name = words.get("IBAN"), words.get("BIC"), words.get("NAME")
    if "CNTP" in words:
        iban, bic, name = [*words["CNTP"].split("/"), "", "", ""][:3]
    references = {_SLASH_NAMES[word]: value for word, value in words.items() if word in _SLASH_NAMES and value}
    account = Account(iban=iban_key(iban)) if iban and re.match(r"[A-Z]{2}\d{2}", iban) else None
    role = "Dbtr" if credit else "Cdtr"
    remittance = re.sub(r"^/*(USTD|STRD)/*/", "", words.get("REMI", "")).strip("/")
    return Detail(
        direction=_direction(credit), references=references, has_references=bool(references),
        parties=(Party(role, name or None, account=account),) if name or account else (),
        agents=(Agent(f"{role}Agt", bic=bic),) if bic and bic_key(bic) else (), unstructured=_texts([remittance]),
        returned=Return(words["RTRN"]) if "RTRN" in words else None, purpose=words.get("PURP"),
    )  # fmt: skip


def _gvc(code: str, posting: str | None) -> Code:
    """The German business transaction code and the words of the booking."""
    return Code(proprietary=code, issuer="DK" if posting is not None else None)


def _texts(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(found for text in texts if (found := "\n".join(filter(None, map(str.strip, text.split("\n"))))))


def _direction(credit: bool) -> Literal["credit", "debit"]:
    return "credit" if credit else "debit"
