"""What happens to every request: the security policy, the sign-in, and typed errors as pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from anyshore.web.core.signin import person_of_token
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import host
from anyshore.web.site import problems
from anyshore.web.walls import actions as walls

Answer = Callable[[HttpRequest], HttpResponse]

# No inline script anywhere. Style attributes are allowed because the diagram viewer places its parts with them.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

_ESCAPED_NULL, _BACKSLASH = rb"\u0000", ord("\\")


def content_security_policy(answer: Answer) -> Answer:
    """Says in every response what a page of ours may load."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


def request_size(answer: Answer) -> Answer:
    """Refuses a request that is too large before anything of it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.MOST_REQUEST:
            return problems.too_large(request)
        return answer(request)

    return middleware


def unknown_senders(answer: Answer) -> Answer:
    """Refuses more than a form of words from whom nobody knows, before anything of it is read.

    Without a length nothing is read at all: the server gives a request as many bytes as it announces.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.MOST_OF_UNKNOWN
        if length.isdecimal() and int(length) > most and not _is_known(request):
            return problems.too_large(request, most)
        return answer(request)

    return middleware


def _is_known(request: HttpRequest) -> bool:
    """Whether a session, or the token of a request to the API, is somebody's."""
    if request.user.is_authenticated:
        return True
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not request.path_info.startswith("/api/"):
        return False
    return person_of_token(token) is not None


def null_characters(answer: Answer) -> Answer:
    """Refuses text with a null character, which no database keeps, before it reaches one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return problems.null_character(request) if _has_null_character(request) else answer(request)

    return middleware


def _has_null_character(request: HttpRequest) -> bool:
    if "\0" in request.path_info or any("\0" in text for _, texts in request.GET.lists() for text in texts):
        return True
    if request.content_type == "application/json":
        return b"\0" in request.body or _has_escaped_null(request.body)
    return any("\0" in text for _, texts in request.POST.lists() for text in texts)


def _has_escaped_null(body: bytes) -> bool:
    """Whether the escape of a null character stands in JSON; behind an odd backslash it is an escape, else letters."""
    at = body.find(_ESCAPED_NULL)
    while at >= 0:
        before = at
        while before and body[before - 1] == _BACKSLASH:
            before -= 1
        if (at - before) % 2 == 0:
            return True
        at = body.find(_ESCAPED_NULL, at + len(_ESCAPED_NULL))
    return False


def access_record(answer: Answer) -> Answer:
    """Notes every request for something of a case: who, what, when, and whether it was refused."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        match, person = request.resolver_match, getattr(request, "user", None)
        number = str((match and (match.kwargs.get("number") or match.kwargs.get("instance"))) or "")
        if not number.isdecimal() or person is None or not person.is_authenticated:
            return response
        if match is not None and Instance.objects.filter(pk=int(number), kind="case").exists():
            action = f"{request.method} {match.url_name or match.route}"
            # What the API could not read, and methods a page does not have, never reached the case.
            denied = response.status_code in (403, 404, 405) or getattr(request, "malformed", False)
            walls.note_access(person, int(number), action, host().clock(), denied=denied)
        return response

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless it is marked otherwise; the API checks for itself and answers 401."""

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.path_info.startswith("/api/"):
            return None
        return super().process_view(request, view, args, kwargs)


class ProblemPages:
    """Shows an error raised on purpose as a page: what happened and what to do."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if response.status_code == 405 and request.path_info.startswith("/api/"):
            allowed = response.headers.get("Allow", "")
            response = problems.document(
                405, "request.method", "This address has no such method.", f"It has {allowed}."
            )
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        found = problems.typed(error)
        return None if found is None else problems.page(request, found)
