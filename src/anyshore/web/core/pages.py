"""Pages about people: signing in and out, the account, colleagues, changes."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.web.core import actions, forms, languages, permissions, queries, signin
from anyshore.web.core.models import Engagement
from anyshore.web.core.paging import sheet
from anyshore.web.core.requests import Request


def _next(request: HttpRequest, default: str) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else default


def _remember_language(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Email and password."""
    if request.user.is_authenticated:
        return redirect("home")
    form = forms.SignIn(forms.posted(request))
    if request.method == "POST" and form.is_valid():
        person = authenticate(request, **form.cleaned_data)
        if person is not None:
            login(request, person)
            return _remember_language(redirect(_next(request, reverse("home"))), person.language)
        if signin.locked(form.cleaned_data["email"], signin.address_of(request)):
            form.add_error(None, _("Too many attempts. Wait a quarter of an hour."))
        else:
            form.add_error(None, _("Email and password do not belong together."))
    status = 422 if form.errors else 200
    return render(request, "core/sign_in.html", {"form": form, "next": _next(request, "")}, status=status)


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return redirect("sign-in")


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Changes the language, for this browser and for the person."""
    code = request.POST.get("language", "")
    response = redirect(_next(request, reverse("home")))
    if code not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        actions.choose_language(request.user, code)
    return _remember_language(response, code)


@require_safe
def home(request: Request) -> HttpResponse:
    """Leads everyone to where their work is."""
    able = permissions.abilities(request.user)
    for ability, page in (
        ("invoice.see", "engagements"), ("work.do", "work"), ("scorecard.see", "engagements"), ("case.see", "instances")
    ):  # fmt: skip
        if ability in able:
            return redirect(page)
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """The person's own credentials and tokens."""
    changes = request.POST.get("form") == "password"
    form, token = forms.Token(None if changes else forms.posted(request)), None
    password = forms.Password(request.POST if changes else None)
    if changes and forms.attempt(password, actions.change_password, request.user):
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password was changed. Everywhere else you have to sign in again."))
        return redirect("account")
    if request.method == "POST" and not changes and form.is_valid():
        token = actions.issue_token(request.user, form.cleaned_data["name"])
        form = forms.Token()
    tokens = request.user.tokens.filter(revoked=None).order_by("-id")
    data = {
        "form": form, "password": password, "token": token, "tokens": tokens,
        "credentials": queries.credentials(request.user).select_related("verified_by"),
    }  # fmt: skip
    return render(request, "core/account.html", data, status=422 if form.errors or password.errors else 200)


@require_POST
def revoke(request: Request, token: int) -> HttpResponse:
    """Ends a token."""
    actions.revoke_token(request.user, token)
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: Request) -> HttpResponse:
    """Colleagues, and adding one."""
    found = queries.colleagues(request.user)
    kind = request.POST.get("form")
    form = forms.AddPerson(request.user, request.POST if kind == "person" else None)
    client = forms.AddClient(request.user, request.POST if kind == "client" else None)
    done = (kind == "person" and forms.attempt(form, actions.add_person, request.user)) or (
        kind == "client" and forms.attempt(client, actions.add_client, request.user)
    )
    if done:
        messages.success(request, _("Added."))
        return redirect("people")
    data = {"people": found, "form": form, "client": client, "clients": queries.clients(request.user)}
    return render(request, "core/people.html", data, status=422 if form.errors or client.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Request, pk: int) -> HttpResponse:
    """One colleague: engagements, credentials, walls."""
    found = queries.colleague(request.user, pk)
    kind = request.POST.get("form")
    certify = forms.Certify(request.POST if kind == "certify" else None)
    wall = forms.Wall(request.user, request.POST if kind == "wall" else None)
    reset = forms.Reset(request.POST if kind == "reset" else None)
    done = (kind == "certify" and forms.attempt(certify, actions.certify, request.user, found)) or (
        kind == "wall" and forms.attempt(wall, actions.wall_off, request.user, found)
    )
    done = done or (kind == "reset" and forms.attempt(reset, actions.reset_password, request.user, found))
    if done:
        messages.success(request, _("Noted."))
        return redirect("person", pk)
    data = {
        "person": found, "certify": certify, "wall": wall, "reset": reset, "languages": languages.known(),
        "engagements": queries.engagements(request.user, "people.manage"),
        "assigned": set(found.assignments.values_list("engagement_id", flat=True)),
    }  # fmt: skip
    wrong = certify.errors or wall.errors or reset.errors
    return render(request, "core/person.html", data, status=422 if wrong else 200)


@require_POST
def activate(request: Request, pk: int) -> HttpResponse:
    """Closes a colleague's account, or opens it again."""
    found = queries.colleague(request.user, pk)
    actions.deactivate(request.user, found, request.POST.get("active") == "yes")
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


@require_safe
def audit(request: Request) -> HttpResponse:
    """Who changed what."""
    entries = sheet(queries.audit_trail(request.user), request.GET.get("page"))
    return render(request, "core/audit.html", {"entries": entries})


urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("language/", language, name="language"),
    path("account/", account, name="account"),
    path("account/tokens/<int:token>/revoke/", revoke, name="account-revoke"),
    path("people/", people, name="people"),
    path("people/<int:pk>/", person, name="person"),
    path("people/<int:pk>/assign/", assign, name="person-assign"),
    path("people/<int:pk>/conflicts/<int:conflict>/lift/", lift_conflict, name="person-conflict-lift"),
    path("people/<int:pk>/active/", activate, name="person-active"),
    path("changes/", audit, name="audit"),
]
