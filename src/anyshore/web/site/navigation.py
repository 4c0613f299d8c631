"""The navigation: one table. A row shows where the person has its ability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from anyshore.web.core import permissions
from anyshore.web.core.models import Person
from anyshore.web.home import queries as home


@dataclass(frozen=True, slots=True)
class Row:
    """A place in the navigation: its label, the name of its page, the ability it needs, its icon, what waits there."""

    label: object
    page: str
    ability: str
    icon: str
    count: Callable[[Person], int] | None = None


GROUPS: tuple[tuple[object, tuple[Row, ...]], ...] = (
    (_("Work"), (
        Row(_("Today"), "home", "case.see", "sun"),
        Row(_("My work"), "work", "work.do", "inbox", home.in_hand),
        Row(_("Cases"), "instances", "case.see", "board"),
        Row(_("Questions"), "questions", "question.answer", "question", home.questions_open),
        Row(_("Document review"), "document-sets", "case.plan", "document"),
        Row(_("Notifications"), "notifications", "case.see", "bell", home.unread),
        Row(_("My courses"), "courses", "course.take", "check"),
    )),
    (_("Deliver"), (
        Row(_("Operations"), "incidents", "incident.see", "pulse", home.stuck),
        Row(_("Processes"), "processes", "process.see", "flow"),
        Row(_("Services"), "library", "library.see", "box"),
        Row(_("Staffing"), "staffing-all", "people.manage", "people"),
        Row(_("Walls"), "walls", "people.manage", "wall"),
        Row(_("Interests"), "interests", "interest.note", "wall"),
        Row(_("Certificates"), "learning", "work.do", "check"),
    )),
    (_("Agree"), (
        Row(_("Engagements"), "engagements", "scorecard.see", "chart", home.to_sign),
        Row(_("Sourcing"), "portfolios", "portfolio.see", "compass"),
        Row(_("Reviewer agreement"), "reviews", "scorecard.see", "check"),
    )),
    (_("Set up"), (
        Row(_("Skills"), "skills", "people.manage", "people"),
        Row(_("People"), "people", "people.invite", "people"),
        Row(_("Changes"), "audit", "audit.see", "list"),
    )),
)  # fmt: skip


def context(request: HttpRequest) -> dict[str, object]:
    """What every page's frame shows."""

    def rows() -> list[dict[str, object]]:
        person = getattr(request, "user", None)
        if person is None or not person.is_authenticated:
            return []
        able = permissions.abilities(person)
        here = getattr(request.resolver_match, "url_name", "") or ""
        section = SECTIONS.get(here) or SECTIONS.get(here.split("-")[0], here)
        return [
            {"title": title, "rows": [_shown(row, section, person) for row in known if row.ability in able]}
            for title, known in GROUPS
            if any(row.ability in able for row in known)
        ]

    return {"navigation": SimpleLazyObject(rows), "languages_here": _LANGUAGES}


def _shown(row: Row, section: str, person: Person) -> dict[str, object]:
    return {"row": row, "current": row.page == section, "count": row.count(person) if row.count is not None else 0}


_LANGUAGES = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


SECTIONS = {
    "home": "home",
    "work": "work", "work-done": "work",
    "work-start": "instances", "instance": "instances", "instances": "instances", "case": "instances",
    "engagement": "engagements", "received": "engagements",
    "references": "engagements", "reference": "engagements", "channels": "engagements",
    "batches": "engagements", "batch": "engagements", "batch-row": "engagements",
    "invoice": "engagements", "correction": "engagements", "engagements": "engagements",
    "portfolio": "portfolios", "portfolios": "portfolios", "process": "processes", "processes": "processes",
    "incident": "incidents", "incidents": "incidents", "retries": "incidents", "held": "incidents",
    "starters": "incidents", "versions": "incidents", "migration": "incidents", "person": "people",
    "people": "people", "library": "library", "review": "work", "reviews": "reviews", "questions": "questions",
    "notifications": "notifications", "document": "document-sets", "walls": "walls", "interest": "interests",
    "interests": "interests", "learning": "learning", "skills": "skills", "course": "courses", "courses": "courses",
    "staffing": "staffing-all", "staffing-all": "staffing-all",
}  # fmt: skip
"""The name of a page, or its first word → the row it belongs to."""
