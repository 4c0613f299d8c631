"""The tabs of an engagement: its pages in one row."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement
from anyshore.web.engine.tallies import services_of

register = template.Library()


@register.inclusion_tag("engagements/tabs.html", takes_context=True)
def tabs(context: dict[str, Any], engagement: Engagement, current: str) -> dict[str, Any]:
    """The pages of an engagement one may see: Overview, Work, Objectives, Money, Terms, Proof, People.

    Args:
        context: of the page.
        engagement: whose pages.
        current: the name of the tab the page belongs to.
    """
    able = permissions.able(context["request"].user, engagement)
    services = services_of(engagement)[:1] if "scorecard.see" in able else []
    rows = (
        ("overview", _("Overview"), "engagement", "scorecard.see"),
        ("objectives", _("Objectives"), "engagement-objectives", "scorecard.see"),
        ("money", _("Money"), "engagement-money", "invoice.see"),
        ("terms", _("Terms"), "engagement-terms", "invoice.see"),
        ("proof", _("Proof"), "engagement-proof", "ledger.see"),
        ("people", _("People"), "engagement-people", "audit.see"),
    )
    found = [(name, title, reverse(page, args=[engagement.key])) for name, title, page, needs in rows if needs in able]
    work = [("work", _("Work"), reverse("dashboard", args=[engagement.key, service])) for service in services]
    return {"tabs": [*found[:1], *work, *found[1:]], "current": current, "engagement": engagement}
