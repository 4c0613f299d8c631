"""Pages about the people of one's own organisations: inviting them, what they may do, what they have shown to know."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anyshore.web.accounts import forms, links, passwords
from anyshore.web.core import actions, languages, permissions, queries
from anyshore.web.core.errors import Invalid
from anyshore.web.core.forms import Certify, Wall, attempt
from anyshore.web.core.models import Engagement, Person
from anyshore.web.core.requests import Request


def _made(form: Form, action: Callable[..., links.Made], request: Request) -> links.Made | None:
    """What a form's link came to; None where something in it was refused."""
    made: list[links.Made] = []
    site = request.build_absolute_uri("/")
    done = attempt(form, lambda **given: made.append(action(request.user, site=site, **given)))
    return made[0] if done else None


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: Request) -> HttpResponse:
    """Colleagues, those invited, and inviting one."""
    permissions.require(request.user, "people.invite")
    kind = request.POST.get("form")
    form = forms.Invite(request.user, request.POST if kind == "person" else None)
    introduces = "people.manage" in permissions.abilities(request.user)
    client = forms.Introduce(request.user, request.POST if kind == "client" else None) if introduces else None
    made = _made(form, links.invite, request) if kind == "person" else None
    if kind == "client" and client is not None:
        made = _made(client, links.introduce, request)
    wrong = form.errors or (client is not None and client.errors)
    if made is not None and made.link.sent:
        messages.success(request, _("The invitation was sent."))
        return redirect("people")
    data = {
        "people": queries.colleagues(request.user, "people.invite"), "waiting": links.waiting(request.user),
        "form": forms.Invite(request.user) if made else form, "made": made and request.build_absolute_uri(made.path),
        "client": forms.Introduce(request.user) if made and introduces else client,
        "clients": queries.clients(request.user) if introduces else [],
    }  # fmt: skip
    return render(request, "accounts/people.html", data, status=422 if wrong else 200)


@require_POST
def withdraw(request: Request, link: int) -> HttpResponse:
    """Takes an invitation back."""
    links.withdraw(request.user, link)
    return redirect("people")


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Request, pk: int) -> HttpResponse:
    """One colleague: account, engagements, credentials, walls."""
    found = queries.colleague(request.user, pk, "people.invite")
    manages = queries.colleagues(request.user, "people.manage").filter(pk=pk).exists() if (
        "people.manage" in permissions.abilities(request.user)
    ) else False  # fmt: skip
    kind = request.POST.get("form")
    if kind == "recover":
        return _recovered(request, found)
    certify = Certify(request.POST if kind == "certify" else None)
    wall = Wall(request.user, request.POST if kind == "wall" else None)
    done = (kind == "certify" and attempt(certify, actions.certify, request.user, found)) or (
        kind == "wall" and attempt(wall, actions.wall_off, request.user, found)
    )
    if done:
        messages.success(request, _("Noted."))
        return redirect("person", pk)
    data = {
        "person": found, "manages": manages, "certify": certify, "wall": wall, "languages": languages.known(),
        "engagements": queries.engagements(request.user, "people.manage"),
        "assigned": set(found.assignments.values_list("engagement_id", flat=True)),
    }  # fmt: skip
    return render(request, "accounts/person.html", data, status=422 if certify.errors or wall.errors else 200)


def _recovered(request: Request, found: Person) -> HttpResponse:
    try:
        made = links.recover(request.user, found, request.build_absolute_uri("/"))
    except Invalid as refused:
        messages.error(request, " ".join(refused.fields.values()))
        return redirect("person", found.pk)
    if made.link.sent:
        messages.success(request, _("The link was sent."))
        return redirect("person", found.pk)
    return render(request, "accounts/made.html", {"person": found, "made": request.build_absolute_uri(made.path)})


@require_POST
def activate(request: Request, pk: int) -> HttpResponse:
    """Closes a colleague's account, or opens it again."""
    found = queries.colleague(request.user, pk, "people.invite")
    passwords.deactivate(request.user, found, request.POST.get("active") == "yes")
    return redirect("person", pk)


@require_POST
def unlock(request: Request, pk: int) -> HttpResponse:
    """Lets a colleague sign in again at once after too many wrong tries."""
    passwords.unlock(request.user, queries.colleague(request.user, pk, "people.invite"))
    messages.success(request, _("Noted."))
    return redirect("person", pk)


@require_POST
def lift_conflict(request: Request, pk: int, conflict: int) -> HttpResponse:
    """Takes the wall between a colleague and a client down."""
    found = queries.colleague(request.user, pk)
    actions.lift_conflict(request.user, found, conflict, request.POST.get("reason", ""))
    return redirect("person", pk)


@require_POST
def assign(request: Request, pk: int) -> HttpResponse:
    """Puts a colleague on an engagement or takes them off it."""
    found = queries.colleague(request.user, pk)
    engagement: Engagement = permissions.engagement(request.user, request.POST.get("engagement", ""), "people.manage")
    actions.assign(request.user, found, engagement, request.POST.get("assigned") == "yes")
    return redirect("person", pk)


urlpatterns = [
    path("people/", people, name="people"),
    path("people/invitations/<int:link>/withdraw/", withdraw, name="people-withdraw"),
    path("people/<int:pk>/", person, name="person"),
    path("people/<int:pk>/assign/", assign, name="person-assign"),
    path("people/<int:pk>/conflicts/<int:conflict>/lift/", lift_conflict, name="person-conflict-lift"),
    path("people/<int:pk>/active/", activate, name="person-active"),
    path("people/<int:pk>/unlock/", unlock, name="person-unlock"),
]
