"""``Idempotency-Key``: a program that does not know whether its request arrived sends it again, and it is done once.

As in the IETF's draft (httpapi-idempotency-key-header): the same key with the same request is answered with what it was
answered, for a day; the same key with another request is refused (409), and the refusal names what differs. Only what
was done is kept: a request that was refused may be corrected and sent under its key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.base import canonical
from anyshore.web.accounts.models import Sent
from anyshore.web.accounts.tokens import person_of_token
from anyshore.web.core.models import Person
from anyshore.web.site import problems

KEPT = timedelta(days=1)
"""How long an answer is remembered."""
ANSWERED_WITHIN = timedelta(minutes=2)
"""After this a request that has no answer counts as lost, and may be sent again."""
MOST_KEY, MOST_ANSWER = 255, 1024 * 1024
"""Characters of a key; bytes of an answer that is kept."""
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
REPLAYED = "Idempotency-Replayed"


def once(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Does each request of the API that has a key once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method not in UNSAFE or not request.path_info.startswith("/api/"):
            return answer(request)
        if not key.strip() or len(key) > MOST_KEY:
            hint = _("1 to %d characters.") % MOST_KEY
            return problems.document(400, "request.key", _("This is no key of a request."), hint)
        person = _sender(request)
        return answer(request) if person is None else _once(request, person, key, answer)

    return middleware


def _sender(request: HttpRequest) -> Person | None:
    """Whose request it is; None where nobody's, which the API refuses by itself."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return person_of_token(token)
    return request.user if request.user.is_authenticated else None


def _once(
    request: HttpRequest, person: Person, key: str, answer: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    # Another token of the same person may be for less: it is told nothing that this one was answered.
    digest = _digest(f"{request.headers.get('Authorization', '')}\0{key}".encode())
    now, parts = timezone.now(), _parts(request)
    Sent.objects.filter(at__lt=now - KEPT).delete()
    Sent.objects.filter(person=person, key=digest, status=0, at__lt=now - ANSWERED_WITHIN).delete()
    try:
        with transaction.atomic():
            held = Sent.objects.create(person=person, key=digest, parts=parts, at=now)
    except IntegrityError:
        before = Sent.objects.filter(person=person, key=digest).first()
        return _again(before, parts)
    done = False
    try:
        response = answer(request)
        content = b"" if response.streaming else response.content
        done = response.status_code < 400 and not response.streaming and len(content) <= MOST_ANSWER
    finally:
        if not done:
            Sent.objects.filter(pk=held.pk).delete()
    if done:
        kind = response.headers.get("Content-Type", "")
        Sent.objects.filter(pk=held.pk).update(status=response.status_code, kind=kind[:100], answer=content)
    return response


def _again(before: Sent | None, parts: dict[str, str]) -> HttpResponse:
    if before is None or (before.status == 0 and before.parts == parts):
        hint = _("Send it again in a moment.")
        return problems.document(409, "request.in-progress", _("This request is being answered."), hint)
    if before.parts != parts:
        differing = sorted(name for name in {*parts, *before.parts} if parts.get(name) != before.parts.get(name))
        message = _("This key was used for another request; different are: %s.") % ", ".join(differing)
        found = [
            {"code": "request.key-reused", "message": _("This is not what was sent under the key."), "element": one}
            for one in differing
        ]
        return problems.document(409, "request.key-reused", message, _("Take a new key for a new request."), found)
    response = HttpResponse(bytes(before.answer), status=before.status)
    if before.kind:
        response.headers["Content-Type"] = before.kind
    response.headers[REPLAYED] = "true"
    return response


def _parts(request: HttpRequest) -> dict[str, str]:
    """What a request consists of, each part as a digest: its method, its address, and the fields of its body."""
    found = {"method": request.method or "", "path": _digest(request.get_full_path().encode())}
    try:
        body = json.loads(request.body or b"null")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        return found | {"body": _digest(request.body)}
    return found | {f"body.{name}"[:200]: canonical.digest(value) for name, value in body.items()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
