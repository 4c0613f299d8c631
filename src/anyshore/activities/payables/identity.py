"""When two invoice numbers are the same number, however they were written."""

from __future__ import annotations

import re
import unicodedata

from anyshore.activities.common.parties import compact, seller_key
from anyshore.activities.einvoice.model import Invoice

_RUN = re.compile(r"[^\W\d_]+|\d+")


def number_key(number: str) -> str:
    """A coarse key: numbers that are the same have the same key, some that are not have it too.

    It lets a store find candidates by equality; ``same_number`` decides.
    """
    return compact(number).replace("0", "")


def same_number(left: str, right: str) -> bool:
    """Whether two invoice numbers differ only in case, spaces, punctuation and leading zeros.

    ``RE-2026/0042`` is ``re 2026-42`` and ``RE20260042``. A separator between digits counts where both have one:
    ``2026-1-11`` is not ``2026-11-1``.
    """
    if _runs(left) == _runs(right):
        return True
    same = compact(left).lstrip("0") == compact(right).lstrip("0")
    return same and not (_separates_digits(left) and _separates_digits(right))


def _runs(number: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", number).casefold()
    return [run.lstrip("0") or "0" if run.isdigit() else run for run in _RUN.findall(folded)]


def _separates_digits(number: str) -> bool:
    return re.search(r"\d[\W_]+\d", unicodedata.normalize("NFKC", number)) is not None


def grows(left: str, right: str) -> bool:
    """Whether two invoice numbers are the same up to the last digits in them, and those are higher in the second."""
    before, after = _RUN.findall(left.casefold()), _RUN.findall(right.casefold())
    if len(before) != len(after):
        return False
    last = max((place for place, run in enumerate(before) if run.isdecimal()), default=None)
    if last is None or not after[last].isdecimal():
        return False
    others = [runs[:last] + runs[last + 1 :] for runs in (before, after)]
    return others[0] == others[1] and int(before[last][-18:]) < int(after[last][-18:])


def edit_distance_at_most_one(left: str, right: str) -> bool:
    """Whether one typing slip turns one text into the other.

    A slip is one inserted, left out or changed character, or two neighbours swapped (optimal string alignment).
    """
    if left == right:
        return True
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    left, right = left[start:], right[start:]
    if len(left) == len(right):
        swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
        return left[1:] == right[1:] or (len(left) > 1 and swapped)
    shorter, longer = sorted((left, right), key=len)
    return len(longer) - len(shorter) == 1 and longer[1:] == shorter


def invoice_key(invoice: Invoice) -> str:
    """Identifies an invoice among all of a client: seller, kind and number as written."""
    kind = "credit-note" if invoice.is_credit_note else "invoice"
    return f"{seller_key(invoice.seller)}|{kind}|{invoice.number}"
