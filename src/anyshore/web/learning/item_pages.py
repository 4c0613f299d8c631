"""How the questions of a test do: difficulty, discrimination, reliability, and which should be looked at."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anyshore.assessment import item_analysis
from anyshore.assessment.drawing import keyed
from anyshore.assessment.item_analysis import Analysis
from anyshore.packs.reading import Pack
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.core.requests import Request
from anyshore.web.learning import queries
from anyshore.web.learning.models import Attempt

MOST = 5_000
"""Tests that are looked at: the newest."""


def analysis(manager: Person, key: str) -> tuple[Pack, Analysis, dict[str, str]]:
    """The questions of a certificate's test by the first test of each person, and what each asks.

    Raises:
        NotFound: no service the person manages asks for the certificate, or it is won by no test.
    """
    permissions.require(manager, "people.manage")
    engagements = permissions.visible_engagements(manager, "people.manage").order_by("pk")
    found = next((one for each in engagements for one in queries.packs(each) if one.skills.certificate == key), None)
    if found is None or found.skills.assessment is None:
        raise NotFound(_("There is no such test."))
    known = {name: one.asked for name, one in keyed(found.skills.assessment.bank).items()}
    taken = Attempt.objects.filter(subject=key, engagement__in=engagements).exclude(ended=None).order_by("-pk")[:MOST]
    first = {one.person_id: one for one in taken}  # the oldest of each person is the last that is put in
    rows = [
        {str(mark["key"]): float(mark["share"]) for mark in one.marks if mark["share"] is not None}
        for one in first.values()
    ]
    names = [name for name in known if any(name in row for row in rows)]
    return found, item_analysis.analyse(names, [[row.get(name) for name in names] for row in rows]), known


@require_safe
def questions(request: Request, key: str) -> HttpResponse:
    """The questions of a test, the weak ones told."""
    pack, found, known = analysis(request.user, key)
    rows = [(one, known[one.name], [WORDS[word]() for word in one.weak]) for one in found.items]
    return render(request, "learning/questions.html", {"pack": pack, "found": found, "rows": rows, "key": key})


WORDS = {
    "too easy": lambda: _("too easy"), "too hard": lambda: _("too hard"),
    "does not tell apart": lambda: _("does not tell apart"), "key in doubt": lambda: _("key in doubt"),
    "too few answers": lambda: _("too few answers"),
}  # fmt: skip

urlpatterns = [path("skills/<slug:key>/questions/", questions, name="skills-questions")]
