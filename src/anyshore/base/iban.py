"""Numbers of accounts and of banks: IBAN (ISO 13616) and BIC (ISO 9362)."""

from __future__ import annotations

import re
import unicodedata

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


def mod97(text: str) -> int:
    """The remainder by 97 of letters and digits, a letter standing for 10 to 35 (ISO 7064, MOD 97-10)."""
    return int("".join(str(int(character, 36)) for character in text)) % 97


def is_iban(account: str) -> bool:
    """Whether a text is an IBAN with the right check digits.

    They run from 02 to 98: 00, 01 and 99 leave the same remainders as 97, 98 and 02 do, so one account would have two
    numbers (ISO 13616-1, 6.2).
    """
    iban = _compact(account)
    if not _IBAN.fullmatch(iban) or not "02" <= iban[2:4] <= "98":
        return False
    return mod97(iban[4:] + iban[:4]) == 1


def iban_key(account: str) -> str:
    """An account in one notation."""
    return _compact(account)


def bic_key(bic: str) -> str | None:
    """A BIC of 11 letters; one of 8 is that of the head office, ``XXX``. None for what is no BIC."""
    found = _compact(bic)
    return found.ljust(11, "X") if _BIC.fullmatch(found) else None


def _compact(text: str) -> str:
    """Letters and digits only, in capitals, however they are spaced."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum()).upper()
