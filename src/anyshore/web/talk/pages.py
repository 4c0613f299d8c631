"""Pages where people talk about cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.requests import Request
from anyshore.web.talk import actions, queries


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: Request, number: int) -> HttpResponse:
    """What was said about a case, and saying something."""
    errors: dict[str, str] = {}
    given = request.POST
    if request.method == "POST":
        kind, _colon, target = given.get("about", "case").partition(":")
        try:
            actions.comment(request.user, number, given.get("text", ""), kind, target or given.get("target", ""))
        except Invalid as error:
            errors = error.fields
        else:
            return redirect("case-comments", number)
    data = queries.comments(request.user, number) | {"errors": errors, "text": given.get("text", "")}
    return render(request, "talk/comments.html", data, status=422 if errors else 200)


@require_POST
def ask(request: Request, number: int) -> HttpResponse:
    """A question to the client."""
    actions.ask(request.user, number, request.POST.get("question", ""))
    messages.success(request, _("The client was asked."))
    return redirect("case-comments", number)


@require_POST
def answer(request: Request, number: int, checkpoint: int) -> HttpResponse:
    """The client's answer."""
    actions.answer(request.user, number, checkpoint, request.POST.get("answer", ""))
    messages.success(request, _("Your answer was sent."))
    return redirect("questions")


@require_safe
def questions(request: Request) -> HttpResponse:
    """The client's page: what the experts ask."""
    permissions.require(request.user, "question.answer")
    return render(request, "talk/questions.html", {"questions": queries.questions(request.user)})


@require_safe
def notifications(request: Request) -> HttpResponse:
    """What happened on my cases."""
    return render(request, "talk/notifications.html", {"notified": queries.notified(request.user)})


@require_POST
def read_all(request: Request) -> HttpResponse:
    """All read."""
    actions.read_all(request.user)
    return redirect("notifications")


urlpatterns = [
    path("cases/<int:number>/comments/", comments, name="case-comments"),
    path("cases/<int:number>/questions/ask/", ask, name="case-ask"),
    path("cases/<int:number>/questions/<int:checkpoint>/answer/", answer, name="case-answer"),
    path("questions/", questions, name="questions"),
    path("notifications/", notifications, name="notifications"),
    path("notifications/read/", read_all, name="notifications-read"),
]
