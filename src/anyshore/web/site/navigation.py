"""The navigation: one table. A row shows where the person has its ability."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from anyshore.web.core import permissions


@dataclass(frozen=True, slots=True)
class Row:
    """A place in the navigation: its label, the name of its page, the ability it needs, its icon."""

    label: object
    page: str
    ability: str
    icon: str


ROWS: tuple[Row, ...] = (
    Row(_("My work"), "work", "work.do", "inbox"),
    Row(_("Certificates"), "learning", "work.do", "check"),
    Row(_("Cases"), "instances", "case.see", "board"),
    Row(_("Engagements"), "engagements", "scorecard.see", "chart"),
    Row(_("Sourcing"), "portfolios", "portfolio.see", "compass"),
    Row(_("Processes"), "processes", "process.see", "flow"),
    Row(_("Questions"), "questions", "question.answer", "question"),
    Row(_("Document review"), "document-sets", "case.plan", "document"),
    Row(_("Agreement"), "reviews", "scorecard.see", "check"),
    Row(_("Notifications"), "notifications", "case.see", "bell"),
    Row(_("Walls"), "walls", "people.manage", "wall"),
    Row(_("Interests"), "interests", "interest.note", "wall"),
    Row(_("Operations"), "incidents", "incident.see", "pulse"),
    Row(_("Services"), "library", "library.see", "box"),
    Row(_("Skills"), "skills", "people.manage", "people"),
    Row(_("People"), "people", "people.invite", "people"),
    Row(_("Changes"), "audit", "audit.see", "list"),
)


def context(request: HttpRequest) -> dict[str, object]:
    """What every page's frame shows."""

    def rows() -> list[dict[str, object]]:
        person = getattr(request, "user", None)
        if person is None or not person.is_authenticated:
            return []
        able = permissions.abilities(person)
        here = getattr(request.resolver_match, "url_name", "") or ""
        section = SECTIONS.get(here) or SECTIONS.get(here.split("-")[0], here)
        return [{"row": row, "current": row.page == section} for row in ROWS if row.ability in able]

    return {"navigation": SimpleLazyObject(rows), "languages_here": _LANGUAGES}


_LANGUAGES = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


SECTIONS = {
    "work": "work", "work-start": "instances", "instance": "instances", "instances": "instances", "case": "instances",
    "engagement": "engagements", "received": "engagements",
    "references": "engagements", "reference": "engagements", "channels": "engagements",
    "invoice": "engagements", "correction": "engagements", "engagements": "engagements",
    "portfolio": "portfolios", "portfolios": "portfolios", "process": "processes", "processes": "processes",
    "incident": "incidents", "incidents": "incidents", "retries": "incidents", "held": "incidents",
    "starters": "incidents", "versions": "incidents", "migration": "incidents", "person": "people",
    "people": "people", "library": "library", "review": "work", "reviews": "reviews", "questions": "questions",
    "notifications": "notifications", "document": "document-sets", "walls": "walls", "interest": "interests",
    "interests": "interests", "learning": "learning", "skills": "skills",
}  # fmt: skip
"""The name of a page, or its first word → the row it belongs to."""
