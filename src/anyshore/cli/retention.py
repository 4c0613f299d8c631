"""``anyshore retention`` and ``anyshore subject``: how long data is kept, and what is held of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import Answer, Group
from anyshore.base.files import read_text
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.cli.declaring import Engagement
from anyshore.web.site import system

Words = Annotated[Sequence[str], "What the person is known by: a name, an address, a number."]
Day = Annotated[datetime | None, "--day", "As of which day; today if left out."]


def agree(engagement: Engagement, file: Annotated[Path, "Dated parameters: what is kept for how long."]) -> Answer:
    """Put rules in force for how long an engagement's data is kept; the version before stays on record."""
    key = system.engagement(engagement).key
    from anyshore.web.retention import rules

    found = sorted(rules.agree(None, key, read_text(file), str(file)))
    return Answer({"engagement": key, "kinds": found}, f"In force for {key}: {', '.join(found)}.")


def show(engagement: Engagement, *, day: Day = None) -> Answer:
    """Show what an engagement keeps for how long on a day, and by which source."""
    key = system.engagement(engagement, read_only=True).key
    from anyshore.web.engine import holding
    from anyshore.web.retention import rules

    agreed = rules.of(key)
    periods = rules.on(agreed, _day(day) or holding.today(key)) if agreed is not None else []
    columns = {"Kind": "kind", "Kept for": "kept", "Source": "source", "What": "what"}
    return output.records(f"Kept by {engagement}", [one.as_dict() for one in periods], columns)


def sweep(*, day: Day = None) -> Answer:
    """Erase what the rules of all engagements no longer keep; a worker does so once an hour by itself."""
    system.start()
    from anyshore.web.retention import sweeping

    rows = [(one.engagement, one.kind, one.gone, one.bound) for one in sweeping.sweep(_day(day))]
    names = ("engagement", "kind", "erased", "kept_by_law")
    shown = Sheet("Erased", ["Engagement", "Kind", "Erased", "Kept by law"], rows, right=(2, 3))
    return Answer([dict(zip(names, row, strict=True)) for row in rows], shown)


def export(engagement: Engagement, words: Words) -> None:
    """Tell everything an engagement holds in which one of the words stands, as JSON. It is noted."""
    one = system.engagement(engagement)
    from anyshore.web.retention import subjects as found

    output.document(found.told(one, words))


def erase(
    engagement: Engagement,
    words: Words,
    *,
    case: Annotated[Sequence[int], "Number of a case that is about this person; repeat it."],
    reason: Annotated[str, "Who asked, and when."],
) -> Answer:
    """Erase ended cases about somebody: variables, log, talk, documents; the ledger keeps digests and verifies."""
    one = system.engagement(engagement)
    from anyshore.web.retention import subjects as found

    done = found.erase(one, words, case, reason)
    data = {"cases": done.cases, "documents": done.documents, "kept_by_law": done.bound}
    kept = [f"Case {number} is kept until {why}" for number, why in done.bound.items()]
    return Answer(data, f"{len(done.cases)} cases and {done.documents} documents erased.", kept)


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None


SUBJECTS = Group("Somebody whose data work holds: tell it, erase it.", {"export": export, "erase": erase})


GROUP = Group(
    "How long an engagement's data is kept, and erasing what is over.", {"agree": agree, "show": show, "sweep": sweep}
)
