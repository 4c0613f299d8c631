"""Pages for what went wrong before a view could say it better."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError, CommandRejected
from anyshore.host.ports import STORE_FAULTS
from anyshore.web.core.errors import Invalid, headers_of, status_of
from anyshore.web.engine.faults import file_error, host_error

log = logging.getLogger("anyshore.web")


class NumberTooLarge(Invalid):
    """A number or text that no database keeps."""

    def __init__(self) -> None:
        super().__init__({})
        self.code = "request.number"
        self.message = _("A number or a text is larger than anything that is kept here.")


def document(status: int, code: str, message: str, hint: str = "", problems: Sequence[Any] = ()) -> HttpResponse:
    """A problem document (RFC 9457): what every error of the REST API looks like."""
    body = {
        "type": f"urn:anyshore:{code}", "title": message, "status": status, "code": code, "message": message,
        "hint": hint, "problems": list(problems),
    }  # fmt: skip
    return JsonResponse(body, status=status, content_type="application/problem+json")


def typed(error: BaseException | None) -> AnyshoreError | None:
    """The error on purpose that an exception stands for; None where it is a fault of ours.

    Whatever asks the database may find it busy or away; two who make the same thing at once find it taken.
    """
    if isinstance(error, AnyshoreError):
        return error
    if isinstance(error, IntegrityError):
        return CommandRejected(
            "request.at-once", _("Somebody did the same at this very moment."), hint=_("Look what is there now.")
        )
    if isinstance(error, OverflowError | DataError):  # more digits than a row's number has, or a text than its column
        return NumberTooLarge()
    if isinstance(error, OSError):
        return file_error(error)
    return host_error(error) if isinstance(error, Exception) else None


def page(request: HttpRequest, error: AnyshoreError) -> HttpResponse:
    """An error raised on purpose: what happened and what to do. Where the store failed, without asking it anything."""
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.path, error, exc_info=error)
    if error.code in STORE_FAULTS:
        text = render_to_string("site/store_problem.html", {"error": error, "status": status})
        return HttpResponse(text, status=status, headers=headers_of(error))
    return render(request, "site/problem.html", {"error": error, "status": status}, status=status)


def answer(request: HttpRequest, error: AnyshoreError) -> HttpResponse:
    """The same for the REST API."""
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.path, error, exc_info=error)
    made = document(status, error.code, error.message, error.hint, [one.as_dict() for one in error.diagnostics])
    for name, value in headers_of(error).items():
        made.headers[name] = value
    return made


def _page(request: HttpRequest, status: int, code: str, message: str, hint: str = "") -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return document(status, code, message, hint)
    error = AnyshoreError(code, message, hint=hint)
    return render(request, "site/problem.html", {"error": error, "status": status}, status=status)


def too_large(request: HttpRequest, unknown: int | None = None) -> HttpResponse:
    """413; ``unknown`` is what fits where nobody is signed in, in bytes."""
    if unknown is not None:
        hint = _("Sign in first: without that, at most %d kB fit into one request.") % (unknown // 1024)
    else:
        hint = _("At most %d MB fit into one request. Send fewer or smaller files.") % (
            settings.MOST_REQUEST // 1024**2
        )
    return _page(request, 413, "request.too-large", _("This is too much at once."), hint)


def null_character(request: HttpRequest) -> HttpResponse:
    """400."""
    message, hint = _("A text holds a null character, which cannot be kept."), _("Take it out and send again.")
    return _page(request, 400, "request.null-character", message, hint)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        return too_large(request)
    return _page(request, 400, "request.bad", _("This request cannot be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _page(request, 403, "access.denied", _("Your role does not allow this."))


def handed_password() -> HttpResponse:
    """403: somebody else chose the password."""
    message, hint = _("Somebody else chose your password."), _("Choose one of your own on the account page.")
    return document(403, "access.handed-password", message, hint)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not sent from a page of ours, or too late."""
    hint = _("Go back, load the page again and send the form once more.")
    return _page(request, 403, "request.csrf", _("The form could not be checked."), hint)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _page(request, 404, "access.unknown", _("There is no such page."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, and what else no view could answer. Shows nothing of a cause of ours; the log has it."""
    found = typed(sys.exc_info()[1])
    if found is not None:
        return answer(request, found) if request.path_info.startswith("/api/") else page(request, found)
    hint = _("It has been written to the log. Please report it.")
    return _page(request, 500, "internal", _("Something went wrong on our side."), hint)
