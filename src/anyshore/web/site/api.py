"""The REST API: one OpenAPI document, a router per app, errors as problem documents (RFC 9457)."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.security import SessionAuth

from anyshore.base.errors import AnyshoreError
from anyshore.web.accounts import confirming, personal
from anyshore.web.accounts.api import router as accounts
from anyshore.web.cases.api import router as cases
from anyshore.web.core import permissions
from anyshore.web.core.api import router as people
from anyshore.web.core.requests import Request
from anyshore.web.engagements.api import router as engagements
from anyshore.web.engagements.settling_api import router as settling
from anyshore.web.engine.queries import blocked
from anyshore.web.intake.api import router as intake
from anyshore.web.intake.batch_api import router as batches
from anyshore.web.intake.channel_api import router as channels
from anyshore.web.learning.api import router as learning
from anyshore.web.library.api import router as library
from anyshore.web.operations.api import router as operations
from anyshore.web.review.api import router as review
from anyshore.web.screening.api import router as interests
from anyshore.web.site import problems
from anyshore.web.site.programs import Token
from anyshore.web.talk.api import router as talk
from anyshore.web.webhooks.api import router as webhooks
from anyshore.web.work.api import router as work

log = logging.getLogger("anyshore.web.api")


class Session(SessionAuth):
    """The session of a signed-in browser, with CSRF protection."""


class Page(Swagger):
    """The page of the REST API, with files of our own server and never of another's."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        self.settings["url"] = self.get_openapi_url(api, kwargs)
        told = {
            "swagger_settings": json.dumps(self.settings),
            "api": api,
            "add_csrf": True,
        }  # browsers come with a session
        return render(request, self.template, told)


api = NinjaAPI(
    title="Anyshore",
    version="1",
    description="Start work, do work items, read scorecards and invoices. Errors are problem documents (RFC 9457).",
    docs=Page(settings={"persistAuthorization": True}),
    auth=[Token(), Session()],
    urls_namespace="api",
)

api.add_router("", work)
api.add_router("", cases)
api.add_router("", intake)
api.add_router("", batches)
api.add_router("", channels)
api.add_router("", operations)
api.add_router("", engagements)
api.add_router("", settling)
api.add_router("", review)
api.add_router("", talk)
api.add_router("", learning)
api.add_router("", library)
api.add_router("", people)
api.add_router("", accounts)
api.add_router("", interests)
api.add_router("", webhooks)


@api.exception_handler(AnyshoreError)
def _ours(request: HttpRequest, error: AnyshoreError) -> HttpResponse:
    return problems.answer(request, error)


@api.exception_handler(AuthenticationError)
def _anonymous(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.document(401, "access.anonymous", "Sign in, or send a token.", "Authorization: Bearer any_…")


@api.exception_handler(ValidationError)
def _malformed(request: Request, error: ValidationError) -> HttpResponse:
    request.malformed = True
    found = [
        {"code": f"request.{one['type']}", "message": one["msg"], "element": ".".join(map(str, one["loc"]))}
        for one in error.errors
    ]
    text = "The request does not have the form the API expects."
    return problems.document(422, "request.malformed", text, "The description of the API is at /api/docs.", found)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.document(404, "access.unknown", "There is no such thing.", "Check the address.")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.document(error.status_code, "request.refused", error.message)


@api.exception_handler(Exception)
def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    found = problems.typed(error)
    if found is not None:
        return problems.answer(request, found)
    log.exception("%s %s", request.method, request.path, exc_info=error)
    return problems.document(500, "internal", "Something went wrong on our side.", "It has been written to the log.")


@api.get("/me", summary="Who am I, and what may I do?", tags=["account"])
def me(request: Request) -> dict[str, Any]:
    """The token's or session's person, with roles and visible engagements."""
    person = request.user
    with translation.override(person.language):
        return {
            "email": person.email,
            "name": person.name,
            "roles": [
                {"organisation": one.organisation.key, "role": one.role}
                for one in person.memberships.select_related("organisation")
            ],
            "engagements": permissions.keys(permissions.visible_engagements(person)),
        }


@api.get("/me/data", summary="What is kept of you?", tags=["account"])
def data(request: Request) -> dict[str, Any]:
    """Every row that names you, by table and column (GDPR, article 15), without secrets; that you asked is noted.

    Cases a wall keeps you from are left out, as everywhere; whoever runs the installation can tell you of them.
    """
    confirming.require(request)
    return personal.told(request.user, request.user, blocked(request.user))
