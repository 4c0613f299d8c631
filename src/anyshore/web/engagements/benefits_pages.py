"""The page that says whether a decision comes true: month by month, from plan to actual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from anyshore.sourcing.business_case.bridge import STEPS
from anyshore.sourcing.business_case.tracking import Kept as Month
from anyshore.web.core.errors import Invalid
from anyshore.web.core.forms import posted
from anyshore.web.core.models import Engagement
from anyshore.web.core.requests import Request
from anyshore.web.engagements import benefits, benefits_charts
from anyshore.web.engine.books import book

SHOWN = 12
"""Months side by side: the last ones."""
_BETWEEN = "\x1f"


class Hold(forms.Form):
    """What is held against what."""

    service = forms.ChoiceField(label=gettext_lazy("Service"))
    place = forms.ChoiceField(label=gettext_lazy("Activity and site of the case"))

    def __init__(self, found: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = book(found.key).versions
        services = list(versions[-1].terms.services) if versions else []
        self.fields["service"].choices = [(one, one) for one in services]  # type: ignore[attr-defined]
        places = []
        for case in benefits.business_cases(found):
            figures = case.figures or {}
            for one in figures.get("outcomes", ()):
                value = _BETWEEN.join((str(case.pk), one["activity"], one["site"]))
                name = f"{case.name} {figures['baseline']['version']}: {one['activity']} · {one['site']}"
                places.append((value, name))
        self.fields["place"].choices = places  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, key: str) -> HttpResponse:
    """Benefits so far of every service that is held against a case, and another one to hold."""
    found = benefits.engagement(request.user, key)
    form = Hold(found, posted(request))
    if request.method == "POST" and form.is_valid():
        case, activity, site = form.cleaned_data["place"].split(_BETWEEN)
        try:
            benefits.hold(request.user, key, int(case), form.cleaned_data["service"], activity, site)
        except Invalid as error:
            for field, text in error.fields.items():
                form.add_error(field if field in form.fields else None, text)
        else:
            messages.success(request, _("Held against the case."))
            return redirect("benefits", key)
    shown = [
        {
            "kept": one, "currency": (one.tracking.case.figures or {}).get("currency", ""),
            "rows": _rows(one.tracked.months[-SHOWN:]) if one.tracked else [],
            "months": [each.first for each in one.tracked.months[-SHOWN:]] if one.tracked else [],
            "picture": benefits_charts.bridge(one.tracked.months[-1].bridge) if one.tracked else None,
        }
        for one in benefits.kept(found)
    ]  # fmt: skip
    data = {"engagement": found, "shown": shown, "form": form, "cases": bool(form.fields["place"].choices)}  # type: ignore[attr-defined]
    return render(request, "engagements/benefits.html", data, status=422 if form.errors else 200)


def _rows(months: Sequence[Month]) -> list[tuple[str, list[Any]]]:
    named = benefits_charts.names()
    return [
        (_("Planned"), [one.bridge.planned for one in months]),
        *((named[step], [one.bridge.steps[step] for one in months]) for step in STEPS),
        (_("Actual"), [one.bridge.actual for one in months]),
        (_("Benefit planned"), [one.planned_benefit for one in months]),
        (_("Benefit"), [one.benefit for one in months]),
    ]


urlpatterns = [path("engagements/<slug:key>/benefits/", page, name="benefits")]
