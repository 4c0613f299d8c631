"""How long a document is kept, and the one place where that is noted.

A document of accounting is kept until the end of a calendar year (§ 147 (4) AO, § 257 (5) HGB).

It is kept longer where taxes it matters for can still be assessed (§ 147 (3) sentence 5 AO): the day is the earliest
one on which it may go, never one on which it has to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from anyshore import params
from anyshore.activities.activity import ActivityContext, Values
from anyshore.base.plain import from_values, to_values

Kind = Literal["voucher", "book", "letter"]
_FILE = "retention_de.yaml"


@cache
def _parameters() -> params.Parameters:
    return params.loads(files(__package__).joinpath(_FILE).read_text(encoding="utf-8"), file=_FILE)


def keep_until(kind: Kind, made: date) -> date:
    """The last day on which a document has to be kept.

    A change of the years reaches what is still to be kept on the day it comes into force, and nothing that was let go.

    Args:
        kind: of document.
        made: when it was issued, sent or received, or the last entry of a book made.
    """
    last = date.min
    for one in _parameters()[kind].values:
        end = date(made.year + int(one.value), 12, 31) if isinstance(one.value, Decimal) else last
        if last == date.min:
            last = end
        elif one.valid_from <= last or one.valid_from <= made:
            last = max(end, one.valid_from - timedelta(1))
    return last


def source(kind: Kind, made: date) -> str:
    """The law a document is kept by."""
    until = keep_until(kind, made)
    found = [one for one in _parameters()[kind].values if one.valid_from <= until]
    return found[-1].source


KIND = "document-kept"
"""Records of what has to be kept: no document leaves the store before, whoever wants it gone."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A document that has to be kept.

    Attributes:
        document: its SHA-256; empty: the case of ``reference`` alone is meant, which may have no document.
        owner: for what: the key of a posting, the reference of an application. Of several for one the last counts.
        until: last day; None: until further notice, as long as a dispute goes on.
        source: the law, or what else asks for it.
        reference: of the case that has to be kept with it; empty: every case that names the document.
        consent: whether it is only kept because somebody agreed: it may go as soon as they want it to.
    """

    document: str
    owner: str
    until: date | None
    source: str
    reference: str = ""
    consent: bool = False


def hold(context: ActivityContext, held: Hold) -> None:
    """Notes that a document has to be kept."""
    key = f"{held.document}|{held.owner}|{context.idempotency_key}"
    context.records(KIND).put_once(key, to_values(held))


def read(data: Values) -> Hold:
    """A hold from its record."""
    return from_values(Hold, data, KIND)
