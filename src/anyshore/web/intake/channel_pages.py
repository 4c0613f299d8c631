"""The page of an engagement's channels."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anyshore.base.errors import DataError
from anyshore.host.channels.sources import MAILBOX
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Engagement
from anyshore.web.core.numbers import whole
from anyshore.web.core.requests import Request
from anyshore.web.engine.tallies import services_of
from anyshore.web.intake import channels as known
from anyshore.web.intake import forms


@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: Request, key: str) -> HttpResponse:
    """The channels of an engagement: how the last look went, another one, none any more."""
    engagement = known.managed(request.user, key)
    services = list(services_of(engagement))
    verb = request.POST.get("do", "")
    mailbox = forms.AddMailbox(services, request.POST if verb == "mailbox" else None)
    folder = forms.AddFolder(services, request.POST if verb == "folder" else None)
    done = False
    if verb in ("look", "pause", "remove"):
        done = _change(request, engagement, verb)
    elif verb == "mailbox" and mailbox.is_valid():
        done = _add_mailbox(request, engagement, mailbox)
    elif verb == "folder" and folder.is_valid():
        done = _add_folder(request, engagement, folder)
    if done:
        return redirect("channels", key)
    data = {"engagement": engagement, "channels": known.of(engagement.key), "mailbox": mailbox, "folder": folder}
    return render(request, "intake/channels.html", data, status=422 if request.method == "POST" else 200)


def _change(request: Request, engagement: Engagement, verb: str) -> bool:
    text = request.POST.get("channel", "")
    number = whole(text) or 0
    if verb == "remove":
        known.remove(engagement, number, request.user)
        messages.success(request, _("The channel is removed."))
    elif verb == "pause":
        known.pause(engagement, number, request.user)
        messages.success(request, _("The channel stands still."))
    else:
        known.look_now(engagement, number, request.user)
        messages.success(request, _("A worker looks into it now."))
    return True


def _add_mailbox(request: Request, engagement: Engagement, form: Form) -> bool:
    said = {name: form.cleaned_data[name] for name in ("host", "port", "user", "mailbox", "security")}
    return _add(request, engagement, form, MAILBOX, said, form.cleaned_data["password"])


def _add_folder(request: Request, engagement: Engagement, form: Form) -> bool:
    try:
        path = known.inbox(engagement, form.cleaned_data["path"])
    except Invalid as error:
        form.add_error("path", error.fields["path"])
        return False
    return _add(request, engagement, form, form.cleaned_data["kind"], {"path": str(path)})


def _add(
    request: Request,
    engagement: Engagement,
    form: Form,
    kind: str,
    said: dict[str, Any],
    password: str | None = None,
) -> bool:
    try:
        found = known.add(
            engagement, form.cleaned_data["service"], kind, said, password=password, by=request.user
        )  # fmt: skip
    except Invalid as error:
        for field, text in error.fields.items():
            form.add_error(field if field in form.fields else None, text)
        return False
    except DataError as error:
        form.add_error(None, f"{error.message} {error.hint}")
        return False
    messages.success(request, _("Added: %s") % found.place)
    return True


urlpatterns = [path("engagements/<slug:key>/channels/", channels, name="channels")]
