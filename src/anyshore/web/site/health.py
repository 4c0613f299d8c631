"""Whether this process lives, and whether it can answer: for who watches over it, without a sign-in."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, Error, close_old_connections, connections
from django.http import HttpRequest, HttpResponse, JsonResponse

from anyshore.base.errors import AnyshoreError
from anyshore.web.engine.faults import host_error
from anyshore.web.site import schema

_known: dict[str, int] = {}
"""How many changes the tables had seen when they were last found to be those this version knows."""


def live(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all; it asks the database nothing."""
    return JsonResponse({"live": True})


def ready(request: HttpRequest) -> HttpResponse:
    """200 where requests can be answered; 503 with the code of what is in the way."""
    close_old_connections()
    try:
        _look()
    except AnyshoreError as problem:
        return _not_ready(problem.code)
    except Error as problem:
        found = host_error(problem)
        return _not_ready(found.code if found is not None else "store.unusable")
    return JsonResponse({"ready": True})


def _look(using: str = DEFAULT_DB_ALIAS) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_migrations")
        seen = int(cursor.fetchone()[0])
    if _known.get(using) != seen:
        schema.check(using)
        _known[using] = seen


def _not_ready(code: str) -> HttpResponse:
    return JsonResponse({"ready": False, "code": code}, status=503, headers={"Retry-After": "5"})
