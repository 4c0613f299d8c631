"""What a person has shown to know against what a piece of work asks for, and what was done without in the end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.host.hands import TAKEN
from anyshore.packs.skills import CERTIFICATE, CHANNEL, LANGUAGE, Lack
from anyshore.web.core import languages
from anyshore.web.core.templatetags.show import span
from anyshore.web.engine import people
from anyshore.web.engine.models import LedgerEntry, Wait

NOTHING: Mapping[str, date] = MappingProxyType({})


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


def words(lacks: Iterable[Lack], ended: Mapping[str, date] = NOTHING) -> str:
    """What is lacking, for people; of a certificate that was held, its last day."""
    return ", ".join(dict.fromkeys(_word(one, ended) for one in lacks))


def _word(one: Lack, ended: Mapping[str, date]) -> str:
    if one.kind == CERTIFICATE and one.subject in ended:
        day = formats.date_format(ended[one.subject], "SHORT_DATE_FORMAT")
        return _("%(name)s (expired on %(day)s)") % {"name": one.subject, "day": day}
    if one.kind == LANGUAGE:
        return _("%s or better") % languages.with_level(one.subject, one.level)
    return _("channel %s") % one.subject if one.kind == CHANNEL else one.subject


def facts(without: Without | None) -> dict[str, Any]:
    """What the ledger says of a work item that somebody takes without something it asks for."""
    if without is None:
        return {}
    lacks = [{"kind": one.kind, "subject": one.subject, "level": one.level} for one in without.lacks]
    return {"without": lacks, "after": without.after}


def noted(row: Wait) -> Without | None:
    """What its holder was given a work item without, as the ledger has it."""
    if row.claimed_by is None:
        return None
    lines = LedgerEntry.objects.filter(engagement=row.engagement, instance=row.instance, type=TAKEN)
    for line in lines.order_by("-sequence").values_list("line", flat=True):
        said = json.loads(bytes(line))["data"]
        if said["wait"] == row.wait and people.address(said["by"]) == row.claimed_by:
            lacks = tuple(Lack(one["kind"], one["subject"], one["level"]) for one in said.get("without", ()))
            return Without(lacks, said["after"]) if lacks else None
    return None
