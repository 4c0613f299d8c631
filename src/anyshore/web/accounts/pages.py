"""Signing in and out, and one's own account."""

from __future__ import annotations

from zoneinfo import available_timezones

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.web.accounts import cards, confirming, external, forms, mail, passwords, security, throttle, tokens
from anyshore.web.core import queries
from anyshore.web.core.actions import choose_digest, choose_look, choose_zone, notice_zone
from anyshore.web.core.forms import attempt, posted
from anyshore.web.core.numbers import whole
from anyshore.web.core.requests import Request
from anyshore.web.core.ways import next_page


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Email and password; a second factor, where there is one, is asked for next."""
    if request.user.is_authenticated:
        return redirect("home")
    form = forms.SignIn(posted(request))
    if request.method == "POST" and form.is_valid():
        person = authenticate(request, **form.cleaned_data)
        if person is not None:
            notice_zone(person, request.POST.get("zone", ""))
            login = Login(user=person, email=person.email, redirect_url=next_page(request, reverse("home")))
            return perform_password_login(request, {"email": person.email}, login)
        if throttle.locked(form.cleaned_data["email"], request):
            form.add_error(None, _("Too many attempts. Wait a quarter of an hour."))
        else:
            form.add_error(None, _("Email and password do not belong together."))
    data = {"form": form, "next": next_page(request, ""), "providers": external.shown(request)}
    data["cards"] = cards.cards(request)
    return render(request, "accounts/sign_in.html", data, status=422 if form.errors else 200)


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, or the way into one."""
    logout(request)
    return redirect("sign-in")


@require_safe
@login_not_required
def cancelled(request: HttpRequest) -> HttpResponse:
    """Back from a provider of identity where somebody turned round."""
    messages.info(request, _("You did not sign in."))
    return redirect("sign-in")


@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """The person's own password, second factors, sessions, tokens and credentials."""
    kind = request.POST.get("form")
    clock = forms.Clock(request.POST if kind == "clock" else None, initial={"zone": request.user.zone})
    if kind == "clock" and attempt(clock, choose_zone, request.user):
        messages.success(request, _("Times are told by your clock, too."))
        return redirect("account")
    shown = {"theme": request.user.theme, "dense": request.user.dense}
    look = forms.Look(request.POST if kind == "look" else None, initial=shown)
    if kind == "look" and attempt(look, choose_look, request.user):
        messages.success(request, _("Pages look like this from now on."))
        return redirect("account")
    digest = forms.Digest(request.POST if kind == "digest" else None, initial={"hour": request.user.digest})
    if kind == "digest" and attempt(digest, choose_digest, request.user):
        messages.success(request, _("Kept."))
        return redirect("account")
    password = forms.Password(request.POST if kind == "password" else None)
    form, token = forms.Token(request.POST if kind == "token" else None), None
    if kind == "password" and attempt(password, passwords.change, request.user):
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password was changed. Everywhere else you have to sign in again."))
        return redirect("account")
    if kind == "token":
        confirming.ask(request)
        if form.is_valid():
            token = tokens.issue(request.user, **form.cleaned_data)
            form = forms.Token()
    data = {
        "form": form, "password": password, "clock": clock, "look": look, "digest": digest, "mails": mail.can_send(),
        "zones": sorted(available_timezones()), "token": token, "tokens": tokens.current(request.user),
        "sessions": UserSession.objects.purge_and_list(request.user), "here": request.session.session_key,
        "events": security.recent(request.user), "scopes": {key: one[0] for key, one in tokens.SCOPES.items()},
        "credentials": queries.credentials(request.user).select_related("verified_by"),
    }  # fmt: skip
    wrong = form.errors or password.errors or clock.errors or look.errors or digest.errors
    return render(request, "accounts/account.html", data, status=422 if wrong else 200)


@require_POST
def revoke(request: Request, token: int) -> HttpResponse:
    """Ends a token."""
    tokens.revoke(request.user, token)
    return redirect("account")


@require_POST
def end_sessions(request: Request) -> HttpResponse:
    """Ends one of the person's other sessions, or all of them."""
    chosen = request.POST.get("session", "")
    found = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    if chosen != "others":
        found = found.filter(pk=whole(chosen))
    ended = [one.end() for one in found]
    if ended:
        security.note("session.ended", request.user, by=request.user, number=len(ended))
        messages.success(request, _("Ended."))
    return redirect("account")


urlpatterns = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("account/", account, name="account"),
    path("account/tokens/<int:token>/revoke/", revoke, name="account-revoke"),
    path("account/sessions/end/", end_sessions, name="account-sessions"),
]
