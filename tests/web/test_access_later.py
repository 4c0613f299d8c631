"""Pages and endpoints that answer everybody with 404, 409 or 422 in the busy world, in a state in which somebody may.

So a check that is lost shows: where somebody is let in, the others have to be kept out. Who holds a token of somebody
who may not is kept out, too, and so are the packs and drafts of another provider.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.web import test_access as first
from tests.web.conftest import HOUR, PAYABLES, Clock, World, build
from tests.web.engagements.test_corrections import PLAIN, agree, back_dated
from tests.web.library.test_processes import FILES, PACK
from tests.web.operations.test_operations import not_waited_for
from tests.web.test_machine_numbers import document_set, reviewed

from anyshore.web.accounts import tokens
from anyshore.web.core import actions as people
from anyshore.web.core.models import Organisation
from anyshore.web.engagements import actions as billing
from anyshore.web.engine import running
from anyshore.web.engine.models import Version, Wait
from anyshore.web.forecasts import actions as forecasts
from anyshore.web.library import draft_actions as drafts
from anyshore.web.operations import actions as operations
from anyshore.web.review import actions as reviews
from anyshore.web.screening import interest_actions as interests
from anyshore.web.webhooks import actions as webhooks
from anyshore.web.work import actions as work

pytestmark = pytest.mark.django_db

ROLES = (None, "owner", "manager", "lead", "judge", "agent", "expert", "rival", "stranger")
"""The columns: anonymous; the client's owner and the provider's manager; two experts of the contract review, of whom
the first holds the reviews and the second judges; the agent and the expert of payables; the owner of another client; a
manager of another provider."""

PACK_FILES = [*FILES, ("pack.yaml", PACK)]
SENT = [{"name": name, "content": base64.b64encode(content).decode()} for name, content in PACK_FILES]
INVOICE = (PAYABLES / "samples" / "01-matching-ubl.xml").read_bytes()
SELLERS = (PAYABLES / "samples" / "sellers.csv").read_bytes()

# name: (method, address arguments, body, status per role in the order of ROLES)
PAGES: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "person-conflict-lift": (
        "post",
        {"pk": "agent", "conflict": "conflict"},
        {"reason": "test"},
        "302 403 302 403 403 403 403 403 404",
    ),
    "interest-end": ("post", {"interest": "interest"}, {}, "302 403 302 302 404 404 404 403 404"),
    "incident-give-up": (
        "post",
        {"instance": "ended", "wait": "failed"},
        {"reason": "told by hand"},
        "302 403 302 404 404 403 403 404 404",
    ),
    "case-deliverable": ("get", {"number": "reviewed"}, {}, "302 200 200 200 404 404 404 404 404"),
    "review-desk": ("get", {"instance": "third", "wait": "reading"}, {}, "302 302 302 200 302 404 404 404 404"),
    "review-answer": (
        "post",
        {"instance": "third", "wait": "reading"},
        {"kind": "Exclusivity", "value": "absent"},
        "302 409 409 302 409 404 404 404 404",
    ),
    "review-finish": ("post", {"instance": "third", "wait": "reading"}, {}, "302 409 409 422 409 404 404 404 404"),
    "review-adjudication": (
        "get",
        {"instance": "differing", "wait": "judging"},
        {},
        "302 302 302 302 200 404 404 404 404",
    ),
    "review-adjudicate": (
        "post",
        {"instance": "differing", "wait": "judging"},
        {"kind": "Anti-Assignment", "value": "free", "reason": "It says so."},
        "302 409 409 409 302 404 404 404 404",
    ),
    "review-adjudicated": (
        "post",
        {"instance": "differing", "wait": "judging"},
        {},
        "302 409 409 409 302 404 404 404 404",
    ),
    "case-answer": (
        "post",
        {"number": "reviewed", "checkpoint": "question"},
        {"answer": "The buyer."},
        "302 302 403 403 404 404 404 404 404",
    ),
    "case-wall-lift": (
        "post",
        {"number": "reviewed", "wall": "wall"},
        {"reason": "It is over."},
        "302 403 302 403 404 404 404 404 404",
    ),
    "document-set": ("get", {"pk": "set"}, {}, "302 403 403 200 200 404 404 404 404"),
    "document-set-decide": (
        "post",
        {"pk": "set"},
        {"document": "d0", "relevant": "yes"},
        "302 403 403 302 302 404 404 404 404",
    ),
    "document-set-sample": ("post", {"pk": "set"}, {}, "302 403 403 409 409 404 404 404 404"),
    "document-set-report": ("get", {"pk": "set"}, {}, "302 200 200 200 200 404 404 404 404"),
    "case-forecast-resolve": (
        "post",
        {"number": "reviewed", "forecast": "forecast"},
        {"outcome": "yes"},
        "302 403 403 302 404 404 404 404 404",
    ),
    "engagement-accept": ("post", {"key": "payables", "version": 3}, {}, "302 302 403 404 404 403 403 404 404"),
    "invoice-issue": (
        "post",
        {"key": "contract-review", "month": "2026-01"},
        {},
        "302 403 302 403 403 404 404 404 404",
    ),
    "correction": ("get", {"key": "payables", "month": "2026-01"}, {}, "302 200 200 404 404 403 403 404 404"),
    "process-draft-add": ("post", {"pk": "draft"}, {"file": "file"}, "302 404 422 404 404 403 404 404 404"),
    "process-draft-deploy": (
        "post",
        {"pk": "draft"},
        {"organisation": "provider"},
        "302 404 302 404 404 403 404 404 404",
    ),
    "process-draft": ("get", {"pk": "draft"}, {}, "302 404 200 404 404 403 404 404 404"),
    "process-draft-file": ("get", {"pk": "draft", "name": "request.bpmn"}, {}, "302 404 200 404 404 403 404 404 404"),
}
ENDPOINTS: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any], str]] = {
    ("post", "/api/engagements/{key}/work"): (
        {"key": "payables"},
        {"service": "payables", "documents": "invoice"},
        "401 403 201 404 404 403 403 404 404",
    ),
    ("get", "/api/engagements/{key}/references/{service}/{kind}/{version}"): (
        {"key": "payables", "service": "payables", "kind": "approved-seller", "version": "version"},
        {},
        "401 200 200 404 404 403 403 404 404",
    ),
    ("post", "/api/engagements/{key}/references/{service}/{kind}"): (
        {"key": "payables", "service": "payables", "kind": "approved-seller"},
        {"name": "sellers.csv", "content": "sellers"},
        "401 403 200 404 404 403 403 404 404",
    ),
    ("post", "/api/work/{instance}/{wait}/complete"): (
        {"instance": "late", "wait": "waits"},
        {"answers": {"decision": "reject", "note": "test"}},
        "401 409 409 404 404 204 409 404 404",
    ),
    ("get", "/api/cases/{number}/review"): ({"number": "reviewed"}, {}, "401 200 200 200 404 404 404 404 404"),
    ("put", "/api/work/{instance}/{wait}/review"): (
        {"instance": "third", "wait": "reading"},
        {"clause": "Exclusivity", "answer": "absent"},
        "401 409 409 204 409 404 404 404 404",
    ),
    ("post", "/api/work/{instance}/{wait}/review"): (
        {"instance": "third", "wait": "reading"},
        {},
        "401 409 409 422 409 404 404 404 404",
    ),
    ("put", "/api/work/{instance}/{wait}/adjudication"): (
        {"instance": "differing", "wait": "judging"},
        {"clause": "Anti-Assignment", "answer": "free", "reason": "It says so."},
        "401 409 409 409 204 404 404 404 404",
    ),
    ("post", "/api/work/{instance}/{wait}/adjudication"): (
        {"instance": "differing", "wait": "judging"},
        {},
        "401 409 409 409 204 404 404 404 404",
    ),
    ("post", "/api/incidents/{instance}/{wait}/give-up"): (
        {"instance": "ended", "wait": "failed"},
        {"reason": "told by hand"},
        "401 403 204 404 404 403 403 404 404",
    ),
    ("post", "/api/instances/{number}/resume"): ({"number": "held"}, {}, "401 403 204 403 403 404 404 404 404"),
    ("post", "/api/engagements/{key}/invoices/{month}/issue"): (
        {"key": "contract-review", "month": "2026-01"},
        {},
        "401 403 201 403 403 404 404 404 404",
    ),
    ("post", "/api/processes/check"): ({}, {"files": "files"}, "401 200 200 200 200 403 200 200 200"),
    ("post", "/api/organisations/{key}/packs"): (
        {"key": "nordlicht"},
        {"files": "files"},
        "401 404 201 403 403 403 403 404 404",
    ),
    ("get", "/api/engagements/{key}/invoices/{month}/correction"): (
        {"key": "payables", "month": "2026-01"},
        {},
        "401 200 200 404 404 403 403 404 404",
    ),
    ("post", "/api/engagements/{key}/invoices/{month}/correction"): (
        {"key": "payables", "month": "2026-01"},
        {"reason": "It came late."},
        "401 403 201 404 404 403 403 404 404",
    ),
    ("post", "/api/interests/{interest}/end"): ({"interest": "interest"}, {}, "401 403 204 204 404 404 404 403 404"),
}


def billed(world: World) -> None:
    """January is billed and something of it came late; a second version of the terms is proposed."""
    agree(world, PLAIN)
    world.start("01-matching-ubl.xml")
    late = world.start("04-no-order-ubl.xml")
    world.clock.now += 30 * 24 * HOUR
    billing.issue_invoice(world.people["manager"], "payables", "2026-01")
    back_dated(world, late, "instance.completed", 20, outcome="invoice booked")
    world.words |= {"late": late, "waits": Wait.objects.get(instance=late, kind="work").wait}


@pytest.fixture(scope="module")
def later(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world further on: contracts in review, a month billed, sets, questions, walls, things held and given up."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build(Clock())
        world.words = reviewed(world)
        billed(world)
        lead, manager = world.people["lead"], world.people["manager"]
        world.words["set"] = document_set(world)
        world.words["forecast"] = forecasts.make(
            lead, world.words["reviewed"], "courts", "The court agrees.", 0.5, "2027-01-01"
        ).pk
        made, _walls = interests.note(lead, lead, "Elsewhere AG", "holding")
        world.words["interest"] = made.pk
        rival = Organisation.objects.get(key="rival")
        world.words["conflict"] = people.wall_off(manager, world.people["agent"], rival, "Held shares").pk
        world.words["agent"] = world.people["agent"].pk
        number, wait = not_waited_for(world)
        world.words |= {"ended": number, "failed": wait}
        operations.hold(manager, world.words["third"], held=True)
        world.words["held"] = world.words["third"]
        world.words |= {
            "files": SENT, "provider": world.provider.pk, "sellers": base64.b64encode(SELLERS).decode(),
            "invoice": [{"name": "another.xml", "content": base64.b64encode(INVOICE + b"\n").decode()}],
        }  # fmt: skip
        world.words["draft"] = drafts.begin(manager, PACK_FILES).pk
        world.words["version"] = Version.objects.filter(engagement="payables").first().number
        world.words["webhook"] = webhooks.add(world.people["owner"], "payables", "https://hooks.example.org/", [])[0].pk
        billing.propose(
            manager, world.provider, world.client, PLAIN.replace("version: 2", "version: 3").replace("1.85", "1.86")
        )
        work.take(world.people["agent"], world.words["late"], world.words["waits"])
        yield world
        transaction.set_rollback(True)
    running.forget()


def decided(later: World) -> None:
    """The judge has decided what differs, and can finish."""
    words = later.words
    reviews.adjudicate(
        later.people["judge"], words["differing"], words["judging"], "Anti-Assignment", "free", "It says so."
    )


BEFORE = {
    "review-adjudicated": decided, ("post", "/api/work/{instance}/{wait}/adjudication"): decided,
}  # fmt: skip
"""What has to be done first."""

OF_NOBODY = {
    "openid_connect_login", "openid_connect_callback", "saml_login", "saml_acs", "saml_finish_acs", "saml_sls",
    "saml_metadata", "link-open", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes",
    "mfa_remove_webauthn", "mfa_edit_webauthn",
}  # fmt: skip
"""Of whoever comes in, and of one's own factors: no role opens them; tests/web/accounts walks through them."""
ELSEWHERE = {
    "portfolio-terms": "tests/web/portfolio", "work-start-form": "tests/web/intake", "work-draft": "tests/web/work",
    ("post", "/api/work/{instance}/{wait}/conflicts"): "tests/web/cases",
    "work-undo": "tests/web/work", "work-view-drop": "tests/web/work",
    "learning-test": "tests/web/learning", "learning-pdf": "tests/web/learning", "learning-badge": "tests/web/learning",
    "learning-revoke": "tests/web/learning", "check-certificate": "tests/web/learning",
    "unsubscribe": "tests/web/intake",
    "instance-sheet": "tests/web/cases", "instance-paper": "tests/web/cases",
    "courses": "tests/web/learning", "course": "tests/web/learning", "course-ask": "tests/web/learning",
    "course-material": "tests/web/learning", "course-todo": "tests/web/learning",
    ("get", "/api/me/courses"): "tests/web/learning",
    ("get", "/api/engagements/{key}/learning/{service}"): "tests/web/learning",
    ("post", "/api/engagements/{key}/learning/{service}"): "tests/web/learning",
    ("post", "/api/engagements/{key}/learning/{service}/{instance}/attendance"): "tests/web/learning",
    "process-draft-decide": "tests/web/library",
    "correction-issued": "tests/web/engagements", ("post", "/api/engagements/{key}/starters"): "tests/web/operations",
    "invoice-document": "tests/web/engagements", "invoice-document-accept": "tests/web/engagements",
    "invoice-document-file": "tests/web/engagements",
    ("get", "/api/engagements/{key}/documents/{document}"): "tests/web/engagements",
    ("get", "/api/engagements/{key}/documents/{document}/file/{kind}"): "tests/web/engagements",
    ("post", "/api/engagements/{key}/documents/{document}/accept"): "tests/web/engagements",
    ("post", "/api/engagements/{key}/documents/{document}/dispute"): "tests/web/engagements",
    ("post", "/api/engagements/{key}/documents/{document}/payments"): "tests/web/engagements",
    ("post", "/api/engagements/{key}/channels"): "tests/web/intake",
    ("get", "/api/engagements/{key}/channels/{channel}"): "tests/web/intake",
    ("delete", "/api/engagements/{key}/channels/{channel}"): "tests/web/intake",
    ("post", "/api/engagements/{key}/channels/{channel}/pause"): "tests/web/intake",
    ("post", "/api/engagements/{key}/channels/{channel}/look"): "tests/web/intake",
    "instance-attachment": "tests/web/work",
    "batches": "tests/web/intake", "batch": "tests/web/intake", "batch-document": "tests/web/intake",
    "batch-row": "tests/web/intake", "batch-row-take-out": "tests/web/intake", "batch-row-reopen": "tests/web/intake",
    "batch-try": "tests/web/intake",
    ("get", "/api/engagements/{key}/batches"): "tests/web/intake",
    ("post", "/api/engagements/{key}/batches"): "tests/web/intake",
    ("get", "/api/engagements/{key}/batches/{number}"): "tests/web/intake",
}  # fmt: skip
"""Rows whose state is made by the tests of their room."""


def said(later: World, values: dict[str, Any]) -> dict[str, Any]:
    return {name: later.words.get(value, value) if isinstance(value, str) else value for name, value in values.items()}


def nobody(statuses: str) -> bool:
    return not any(int(code) < 400 for code in statuses.split()[1:])


def test_every_row_where_nobody_may_has_a_state_in_which_somebody_may() -> None:
    pages = {name for name, row in first.PAGES.items() if nobody(row[3])} - OF_NOBODY
    endpoints = {one for one, row in first.ENDPOINTS.items() if nobody(row[2])}
    assert (pages | endpoints) - set(PAGES) - set(ENDPOINTS) - set(ELSEWHERE) == set()


def told_apart(statuses: str) -> bool:
    """Whether somebody is let in, or at least further than the others."""
    codes = statuses.split()[1:]
    further = [code for code in codes if code in ("409", "422")]
    return any(int(code) < 400 for code in codes) or any(codes.count(code) < 3 for code in further)


def test_in_each_state_somebody_is_let_further_than_the_others() -> None:
    rows = {name: row[3] for name, row in PAGES.items()} | {one: row[2] for one, row in ENDPOINTS.items()}
    assert [one for one, statuses in rows.items() if not told_apart(statuses)] == []


def expected(statuses: str) -> list[tuple[str | None, int]]:
    return list(zip(ROLES, map(int, statuses.split()), strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_page(later: World, name: str) -> None:
    method, arguments, body, statuses = PAGES[name]
    address = reverse(name, kwargs=said(later, arguments))
    BEFORE.get(name, lambda _: None)(later)
    for role, status in expected(statuses):
        point = transaction.savepoint()
        answer = getattr(later.browser(role), method)(address, said(later, body))
        transaction.savepoint_rollback(point)
        assert answer.status_code == status, role


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
@pytest.mark.parametrize("by", ["session", "token"])
def test_endpoint(later: World, endpoint: tuple[str, str], by: str) -> None:
    method, path = endpoint
    arguments, body, statuses = ENDPOINTS[endpoint]
    address = path.format(**said(later, arguments))
    BEFORE.get(endpoint, lambda _: None)(later)
    for role, status in expected(statuses):
        point = transaction.savepoint()
        if by == "session" or role is None:
            browser = later.browser(role)
        else:
            browser = Client(headers={"authorization": f"Bearer {tokens.issue(later.people[role], 'test')}"})
        sent = {} if method == "get" else {"data": said(later, body), "content_type": "application/json"}
        answer = getattr(browser, method)(address, **sent)
        transaction.savepoint_rollback(point)
        assert answer.status_code == status, role


def test_packs_and_drafts_of_another_provider_are_nowhere(later: World) -> None:
    manager, draft = later.people["manager"], later.words["draft"]
    drafts.deploy(manager, later.provider, dict(PACK_FILES))
    stranger = later.browser("stranger")
    for name in ("library", "processes", "process-check", "engagement-propose"):
        seen = stranger.get(reverse(name))
        assert seen.status_code == 200
        assert b"visa" not in seen.content.lower(), name
    assert b"visa" in later.browser("manager").get(reverse("library")).content.lower()
    for name in ("process-draft-remove", "process-draft-decide", "process-draft-deploy", "process-draft-add"):
        assert stranger.post(reverse(name, args=[draft]), {"name": "request.bpmn"}).status_code == 404
    token = Client(headers={"authorization": f"Bearer {tokens.issue(later.people['stranger'], 'test')}"})
    sent = {"data": {"files": SENT}, "content_type": "application/json"}
    assert token.post(f"/api/organisations/{later.provider.key}/packs", **sent).status_code == 404
