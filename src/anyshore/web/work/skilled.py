"""What a person has shown to know against what a piece of work asks for, and what was done without in the end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from anyshore.host.ledgers import LedgerWriter
from anyshore.host.ports import Transaction
from anyshore.packs.skills import CHANNEL, LANGUAGE, Lack
from anyshore.web.core import languages
from anyshore.web.core.templatetags.show import span
from anyshore.web.engine.models import LedgerEntry, Wait

GIVEN = "work.given"
"""The ledger entry that says that somebody was given work without something it asks for."""


@dataclass(frozen=True, slots=True)
class Without:
    """What work was given without.

    Attributes:
        lacks: what the person has not shown to know.
        after: microseconds after which it was done without.
    """

    lacks: tuple[Lack, ...]
    after: int

    def __str__(self) -> str:
        said = _("Given to you without %(what)s, after %(time)s.")
        return said % {"what": words(self.lacks), "time": span(self.after)}


def words(lacks: Iterable[Lack]) -> str:
    """What is lacking, for people."""
    return ", ".join(dict.fromkeys(_word(one) for one in lacks))


def _word(one: Lack) -> str:
    if one.kind == LANGUAGE:
        return _("%s or better") % languages.with_level(one.subject, one.level)
    return _("channel %s") % one.subject if one.kind == CHANNEL else one.subject


def note(tx: Transaction, row: Wait, person: str, without: Without, at: int) -> None:
    """Records in the ledger that a person is given work without something it asks for."""
    lacks = [{"kind": one.kind, "subject": one.subject, "level": one.level} for one in without.lacks]
    chain = LedgerWriter(tx, row.engagement)
    facts = {
        "wait": row.wait, "element": row.element, "performer": person, "without": lacks, "after": without.after,
    }  # fmt: skip
    chain.add(at, GIVEN, facts, tx.look([row.instance])[row.instance])
    chain.write()


def noted(row: Wait) -> Without | None:
    """What its holder was given a work item without, as the ledger has it."""
    if row.claimed_by is None:
        return None
    lines = LedgerEntry.objects.filter(engagement=row.engagement, instance=row.instance, type=GIVEN)
    for line in lines.order_by("-sequence").values_list("line", flat=True):
        facts = json.loads(bytes(line))["data"]
        if facts["wait"] == row.wait:
            lacks = tuple(Lack(one["kind"], one["subject"], one["level"]) for one in facts["without"])
            return Without(lacks, facts["after"]) if facts["performer"] == row.claimed_by else None
    return None
