"""Pages of operations: what is stuck, tried again, on hold, or left behind by a newer version; and help for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, register_converter
from django.urls.converters import IntConverter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.host.operations import Outcome
from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.numbers import whole
from anyshore.web.core.paging import sheet
from anyshore.web.core.requests import Request
from anyshore.web.engine import own_packs
from anyshore.web.operations import actions, queries
from anyshore.web.work import fields


class _Signed(IntConverter):
    """The number of a wait: below zero for work that no case waits for."""

    regex = "-?[0-9]+"


register_converter(_Signed, "signed")

CHOICE = ("engagement", "service", "code", "element")
"""What a group of incidents has in common."""


@require_safe
def incidents(request: Request) -> HttpResponse:
    """What is stuck, by cause."""
    permissions.require(request.user, "incident.see")
    data = queries.overview(request.user) | {"causes": queries.causes(request.user)}
    return render(request, "operations/incident_causes.html" if request.htmx else "operations/incidents.html", data)


@require_safe
def incident_list(request: Request) -> HttpResponse:
    """The incidents of one cause, one by one."""
    permissions.require(request.user, "incident.see")
    chosen = {name: request.GET.get(name) for name in CHOICE}
    shown = queries.troubles(request.user, chosen, request.GET.get("page"))
    return render(request, "operations/incident_list.html", {"troubles": shown, "chosen": chosen})


@require_POST
def retry(request: Request, instance: int, wait: int) -> HttpResponse:
    """Tries again, with repaired variables where given."""
    actions.retry(request.user, instance, wait, fields.repair(request.POST))
    messages.success(request, _("It runs again."))
    return redirect("incidents")


@require_POST
def give_up(request: Request, instance: int, wait: int) -> HttpResponse:
    """Ends work that its case does not wait for."""
    actions.give_up(request.user, instance, wait, request.POST.get("reason", ""))
    messages.success(request, _("Given up."))
    return redirect("incidents")


@require_POST
def retry_all(request: Request) -> HttpResponse:
    """The same for all incidents of one cause."""
    chosen = {name: request.POST.get(name) for name in CHOICE}
    _tell(request, actions.retry_all(request.user, chosen, fields.repair(request.POST)))
    return redirect("incidents")


@require_POST
def cancel(request: Request, instance: int) -> HttpResponse:
    """Ends an instance."""
    actions.cancel(request.user, instance, request.POST.get("reason", ""))
    messages.success(request, _("Cancelled."))
    return redirect("instance", instance)


@require_POST
def cancel_all(request: Request) -> HttpResponse:
    """The same for all that stopped for one cause."""
    chosen = {name: request.POST.get(name) for name in CHOICE}
    _tell(request, actions.cancel_all(request.user, chosen, request.POST.get("reason", "")))
    return redirect("incidents")


@require_POST
def hold(request: Request, instance: int) -> HttpResponse:
    """Lets an instance stand still, or go on."""
    actions.hold(request.user, instance, request.POST.get("held") == "yes")
    return redirect("instance", instance)


@require_POST
def hold_all(request: Request) -> HttpResponse:
    """The same for all that were ticked."""
    numbers = [one for one in map(whole, request.POST.getlist("case")) if one is not None]
    held = request.POST.get("held") == "yes"
    _tell(request, actions.hold_all(request.user, numbers, held))
    return redirect("starters" if request.POST.get("from") == "starters" else "held")


@require_safe
def retries(request: Request) -> HttpResponse:
    """Automatic tasks that failed and are tried again by themselves."""
    permissions.require(request.user, "incident.see")
    return render(request, "operations/retries.html", {"jobs": queries.retries(request.user, request.GET.get("page"))})


@require_safe
def held(request: Request) -> HttpResponse:
    """Work that stands still until somebody lets it go on."""
    permissions.require(request.user, "incident.see")
    shown = queries.held(request.user, request.GET.get("page"))
    return render(request, "operations/held.html", {"instances": shown, "able": queries.able(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def starters(request: Request) -> HttpResponse:
    """What begins by itself; more of it is opened, and conditions are told what is the case."""
    permissions.require(request.user, "incident.see")
    errors: dict[str, Any] = {}
    if request.method == "POST":
        key, _slash, service = request.POST.get("place", "").partition("/")
        try:
            if request.POST.get("do") == "report":
                facts = fields.repair(request.POST)
                told = actions.report(request.user, key, facts, service)
                text = ngettext("%d starter was told.", "%d starters were told.", told) % told
            else:
                opened = len(actions.open_starters(request.user, key, service))
                text = ngettext("%d process begins by itself.", "%d processes begin by themselves.", opened) % opened
        except Invalid as error:
            errors = error.fields
        else:
            messages.success(request, text)
            return redirect("starters")
    data = {
        "starters": sheet(queries.standing(request.user), request.GET.get("page")), "errors": errors,
        "places": queries.places(request.user), "able": queries.able(request.user),
    }  # fmt: skip
    return render(request, "operations/starters.html", data, status=422 if errors else 200)


@require_safe
def versions(request: Request) -> HttpResponse:
    """The versions work runs on."""
    permissions.require(request.user, "incident.see")
    found = queries.versions(request.user)
    ordinals = own_packs.ordinals({name for one in found for name in (one.reference, one.newest)})
    return render(request, "operations/versions.html", {"versions": found, "ordinals": ordinals})


@require_http_methods(["GET", "HEAD", "POST"])
def migration(request: Request, key: str, reference: str) -> HttpResponse:
    """A move to the newest version: checked, tried without a change, made."""
    elements = {
        name.removeprefix("to:"): str(value) for name, value in request.POST.items() if name.startswith("to:") and value
    }
    report, errors = None, {}
    if request.method == "POST":
        dry_run = request.POST.get("do") != "migrate"
        try:
            found, report = actions.migrate(request.user, key, reference, elements, dry_run=dry_run)
        except Invalid as error:
            errors = error.fields
        else:
            if not dry_run:
                _told_migration(request, report.migrated, sum(report.refused.values()))
                return redirect("versions")
    if report is None:
        found = queries.move(request.user, key, reference, {} if errors else elements)
    refusals = [(why, n, report.examples[why]) for why, n in report.refused.most_common()] if report else []
    data = found | {
        "report": report,
        "refusals": refusals,
        "stay": sum(n for _why, n, _of in refusals),
        "errors": errors,
        "rows": queries.unmapped(found),
    }
    return render(request, "operations/migration.html", data, status=422 if errors else 200)


def _told_migration(request: Request, migrated: int, refused: int) -> None:
    text = ngettext("%d case runs on the new version.", "%d cases run on the new version.", migrated) % migrated
    messages.success(request, text)
    if refused:
        stayed = ngettext("%d case stayed where it is.", "%d cases stayed where they are.", refused) % refused
        messages.warning(request, stayed)


def _tell(request: Request, done: Outcome) -> None:
    if done.done:
        messages.success(request, ngettext("%d case was helped.", "%d cases were helped.", done.done) % done.done)
    if done.refused:
        first = "; ".join(sorted({reason for _instance, reason in done.reasons})[:3])
        text = ngettext("%d case refused: %s", "%d cases refused: %s", done.refused) % (done.refused, first)
        messages.warning(request, text)
    if not done.done and not done.refused:
        messages.info(request, _("Nothing was left to do."))


urlpatterns = [
    path("operations/", incidents, name="incidents"),
    path("operations/incidents/", incident_list, name="incident-list"),
    path("operations/incidents/retry/", retry_all, name="incidents-retry"),
    path("operations/incidents/cancel/", cancel_all, name="incidents-cancel"),
    path("operations/<int:instance>/<signed:wait>/retry/", retry, name="incident-retry"),
    path("operations/<int:instance>/<signed:wait>/give-up/", give_up, name="incident-give-up"),
    path("operations/retries/", retries, name="retries"),
    path("operations/held/", held, name="held"),
    path("operations/held/all/", hold_all, name="instances-hold"),
    path("operations/starters/", starters, name="starters"),
    path("operations/versions/", versions, name="versions"),
    path("operations/versions/<slug:key>/<str:reference>/", migration, name="migration"),
    path("cases/<int:instance>/cancel/", cancel, name="instance-cancel"),
    path("cases/<int:instance>/hold/", hold, name="instance-hold"),
]
