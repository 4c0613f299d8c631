"""Log lines that programs read: one JSON object each, with the request and the instance they are about.

``ANYSHORE_LOGS=json`` turns them on, with a line for every request (logger ``anyshore.access``). The number of an
instance stands in the lines of the request that started or changed it, of the worker that advances it and of its
automatic tasks, and in its ledger's entries.
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from anyshore.host import hand
from anyshore.web.core.numbers import whole

Answer = Callable[[HttpRequest], HttpResponse]

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""Id of the request that is answered."""

EXTRA = ("method", "path", "status", "milliseconds", "person", "client")
"""What a line may say beside its message."""

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_access = logging.getLogger("anyshore.access")


class Json(logging.Formatter):
    """A line as a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        held = hand.CURRENT.get()
        found: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "logger": record.name, "message": record.getMessage(),
            "process": record.process, "request": REQUEST.get() or None,
            "instance": getattr(record, "instance", None) or (held.instance if held is not None else None),
            **{name: getattr(record, name, None) for name in EXTRA},
        }  # fmt: skip
        if record.exc_info:
            found["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in found.items() if value is not None}, ensure_ascii=False)


def access(answer: Answer) -> Answer:
    """Gives each request an id, or keeps the one a proxy gave, and writes a line when it is answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        name = given if _ID.fullmatch(given) else uuid.uuid4().hex
        token, began = REQUEST.set(name), time.monotonic()
        try:
            response = answer(request)
            response.headers["X-Request-ID"] = name
            _access.info("%s %s %d", request.method, request.path, response.status_code, extra={
                "method": request.method, "path": request.path, "status": response.status_code,
                "milliseconds": round(1000 * (time.monotonic() - began), 1), "person": _person(request),
                "client": request.META.get("REMOTE_ADDR"), "instance": _instance(request),
            })  # fmt: skip
            return response
        finally:
            REQUEST.reset(token)

    return middleware


def _person(request: HttpRequest) -> int | None:
    person = getattr(request, "user", None)
    return person.pk if person is not None and person.is_authenticated else None


def _instance(request: HttpRequest) -> int | None:
    match = request.resolver_match
    return whole((match and (match.kwargs.get("number") or match.kwargs.get("instance"))) or "")
