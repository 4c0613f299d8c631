"""Deciding a portfolio and settling its activities."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.base.errors import DataError
from anyshore.sourcing import portfolio as reading
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Organisation, Person
from anyshore.web.portfolio import deciding, queries
from anyshore.web.portfolio.models import Decided, KeptFile, Portfolio

SHORES = ("onshore", "nearshore", "offshore")


AGREES = {"bring back": "keep", "automate first": "BPO"}
"""What a person may settle on without departing from the rules, where that is called otherwise."""
UNSETTLED = ("ask", "pilot", "split")


@transaction.atomic
def decide(by: Person, organisation: Organisation, name: str, content: bytes) -> Portfolio:
    """Reads a portfolio and lets the rules decide every activity in it.

    Rows that cannot be used, and activities for which the rules have a gap, are kept as problems of the portfolio.

    Raises:
        Invalid: the file as a whole cannot be used, or holds no activity that can.
    """
    permissions.organisation(by, organisation.key, "portfolio.decide")
    try:
        read = reading.read(content, name)
    except DataError as error:
        raise Invalid({"file": deciding.said(error)}) from error
    if not read.activities:
        raise Invalid({"file": "\n".join(str(one) for one in read.problems) or _("The file holds no activities.")})
    rows, problems = deciding.rows(deciding.shipped(timezone.localdate()), read, {})
    found = Portfolio.objects.create(organisation=organisation, name=name[:200], uploaded_by=by, problems=problems)
    for row in rows:
        row.portfolio = found
    Decided.objects.bulk_create(rows, batch_size=500)
    deciding.kept(found, by, KeptFile.Kind.ACTIVITIES, name, content).save()
    audit.record(by, "portfolio.decided", name, organisation=organisation, activities=len(rows), problems=len(problems))
    return found


@transaction.atomic
def settle(by: Person, pk: int, kind: str, shore: str, reason: str) -> Decided:
    """Takes the decision for one activity. Whoever departs from the rules says why.

    Raises:
        Invalid: a word is unknown, the shore is not allowed for the data, or the reason is missing.
    """
    found = queries.decided(by, pk)
    permissions.organisation(by, found.portfolio.organisation.key, "portfolio.decide")
    outsourced = kind in ("BPO", "KPO")
    problems: dict[str, str] = {}
    if kind not in ("BPO", "KPO", "keep"):
        problems["kind"] = _("Choose BPO, KPO or keep.")
    if outsourced and shore not in SHORES:
        problems["shore"] = _("Choose a shore.")
    elif outsourced and found.data["shores_allowed"] and shore not in found.data["shores_allowed"]:
        problems["shore"] = _("The data of this activity may not go to this shore.")
    advised = AGREES.get(found.kind, found.kind)
    departs = found.kind not in UNSETTLED and (
        kind != advised or (outsourced and bool(found.shore) and shore != found.shore)
    )
    if departs and not reason.strip():
        problems["reason"] = _("Say why you decide otherwise than the rules.")
    if problems:
        raise Invalid(problems)
    found.settled_kind, found.settled_shore = kind, shore if outsourced else ""
    found.settled_reason, found.settled_by, found.settled = reason.strip(), by, timezone.now()
    found.save(update_fields=["settled_kind", "settled_shore", "settled_reason", "settled_by", "settled"])
    audit.record(
        by, "activity.settled", found.activity, organisation=found.portfolio.organisation, kind=kind,
        shore=found.settled_shore, rules=f"{found.kind} {found.shore}".strip(), reason=reason.strip(),
    )  # fmt: skip
    return found
