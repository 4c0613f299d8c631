"""What happens to every request: the security policy, the sign-in, and typed errors as pages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from anyshore.web.accounts.tokens import person_of_token
from anyshore.web.core import once, reader
from anyshore.web.core.numbers import DIGITS, whole
from anyshore.web.engine import services
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import now
from anyshore.web.site import health, metrics, problems
from anyshore.web.site.deadlines import Deadlines
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
        "frame-ancestors 'none'",
    ]
)

_ESCAPED_NULL, _BACKSLASH = rb"\u0000", ord("\\")


def content_security_policy(answer: Answer) -> Answer:
    """Says in every response what a page of ours may load."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", f"{POLICY}; {_forms()}")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


def private(answer: Answer) -> Answer:
    """Keeps answers out of caches that others share, and out of a browser's once somebody has signed out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


OUTSIDE = {"/health/live": health.live, "/health/ready": health.ready, "/metrics": metrics.scrape}


def seen_from_outside(answer: Answer) -> Answer:
    """Answers those who watch over this process, before anything looks at who asks and under which name."""

    def middleware(request: HttpRequest) -> HttpResponse:
        found = OUTSIDE.get(request.path_info)
        return answer(request) if found is None or request.method not in ("GET", "HEAD") else found(request)

    return middleware


def _forms() -> str:
    """Where forms lead: here, and on to the providers of identity, which browsers ask about too."""
    return " ".join(["form-action 'self'", *sorted({one.origin for one in settings.IDENTITIES})])


DEADLINES = Deadlines(settings.REQUEST_SECONDS)


def deadline(answer: Answer) -> Answer:
    """Ends a request that takes too long."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with DEADLINES.within(f"{request.method} {request.path}"):
            return answer(request)

    return middleware


def request_size(answer: Answer) -> Answer:
    """Refuses a request that is too large before anything of it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _announced(request) > settings.MOST_REQUEST:
            return problems.too_large(request)
        return answer(request)

    return middleware


def _announced(request: HttpRequest) -> int:
    """The bytes a request says it has; more than anybody may send where that is more than a number."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    found = whole(text)
    return found if found is not None else sys.maxsize if text.isdecimal() else 0


def unknown_senders(answer: Answer) -> Answer:
    """Refuses more than a form of words from whom nobody knows, before anything of it is read.

    Without a length nothing is read at all: the server gives a request as many bytes as it announces.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        most = settings.MOST_OF_UNKNOWN
        if _announced(request) > most and not _is_known(request):
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
    """Notes every request for something of a case, or of work about people: who, what, when, whether it was refused."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        match, person = request.resolver_match, getattr(request, "user", None)
        number = str((match and (match.kwargs.get("number") or match.kwargs.get("instance"))) or "")
        if whole(number) is None or person is None or not person.is_authenticated:
            return response
        if match is not None and _recorded(int(number)):
            action = f"{request.method} {match.url_name or match.route}"
            # What the API could not read, and methods a page does not have, never reached the case.
            denied = response.status_code in (403, 404, 405) or getattr(request, "malformed", False)
            walls.note_access(person, int(number), action, now(), denied=denied)
        return response

    return middleware


def _recorded(number: int) -> bool:
    """Whether looks at an instance are recorded: at judgement work, and at what its service says is about people."""
    found = Instance.objects.filter(pk=number).values_list("kind", "service", "engagement").first()
    if found is None:
        return False
    kind, service, engagement = found
    pack = services.pack(service, engagement) if kind != "case" else None
    return kind == "case" or (pack is not None and pack.personal)


class SignInRequired(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless it is marked otherwise; the API checks for itself and answers 401."""

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.path_info.startswith("/api/"):
            return None
        return super().process_view(request, view, args, kwargs)


def numbers_of_rows(answer: Answer) -> Answer:
    """There is no row with a number of hundreds of digits: nobody is asked for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer(request)

    def before(request: HttpRequest, view: object, args: object, kwargs: dict[str, object]) -> HttpResponse | None:
        for name, value in kwargs.items():
            long = isinstance(value, int) and abs(value) >= 10**DIGITS
            text = isinstance(value, str) and name in NUMBERS and len(value.lstrip("+-")) > DIGITS
            if long or text:
                return problems.not_found(request, Http404())
        return None

    middleware.process_view = before  # type: ignore[attr-defined]  # Django looks for it there
    return middleware


NUMBERS = {"number", "instance", "wait", "pk", "version", "interest", "token", "forecast", "comment", "line", "webhook"}
"""Parts of the API's addresses that are numbers of rows; in pages the address says so itself."""
OPEN_WITH_HANDED = {"account", "sign-out", "account_logout", "language"}
"""Pages for whom somebody else gave a password."""


def handed_passwords(answer: Answer) -> Answer:
    """Whoever has a password that somebody else chose chooses another before anything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer(request)

    def before(request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.handed:
            return None
        if request.path_info.startswith("/api/"):
            return problems.handed_password()
        name = request.resolver_match.url_name if request.resolver_match else ""
        return None if name in OPEN_WITH_HANDED else redirect("account")

    middleware.process_view = before  # type: ignore[attr-defined]  # Django looks for it there
    return middleware


def asked_once(answer: Answer) -> Answer:
    """What somebody may see is found once for a page that only reads."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return answer(request)
        with once.remembered():
            return answer(request)

    return middleware


def clock_of_the_reader(answer: Answer) -> Answer:
    """Times are told by the clock of whoever reads them, too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with reader.lives_in(lambda: request.user.zone if request.user.is_authenticated else ""):
            return answer(request)

    return middleware


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
