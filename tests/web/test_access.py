"""Every page and every endpoint against every role, anonymous and foreign people included.

The addresses come from the resolver and from the OpenAPI document: a new one without a row here fails. The file is long
because it is one table, a row for each address: taken apart, nobody sees that a row is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.conftest import BROKEN

from anyshore.web.accounts import links, tokens
from anyshore.web.core.models import Organisation, Person
from anyshore.web.engine.models import Document, Instance, Wait
from anyshore.web.library import draft_actions as drafts
from anyshore.web.portfolio import actions as portfolio
from anyshore.web.site.api import api
from anyshore.web.walls import actions as walls
from anyshore.web.webhooks import actions as webhooks

pytestmark = pytest.mark.django_db  # takes back what each test changed; the scene stays

ROLES = (None, "owner", "manager", "agent", "expert", "idle", "rival", "stranger")
"""The columns: anonymous; the four roles of the engagement; an agent of the provider who is not assigned to it; the
owner of another client of the same provider; a manager of another provider."""

CSV = b"activity,client_country,data_class,driven_by,process,complexity\nInvoices,DE,internal,rules,predefined,low\n"

# name: (method, address arguments, body, status per role in the order of ROLES)
PAGES: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "home": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "home-cases": ("get", {"name": "backlog", "place": "0"}, {}, "302 200 200 200 200 200 200 200"),
    "search": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "sign-in": ("get", {}, {}, "200 302 302 302 302 302 302 302"),
    "sign-out": ("post", {}, {}, "302 302 302 302 302 302 302 302"),
    "language": ("post", {}, {"language": "de"}, "302 302 302 302 302 302 302 302"),
    "account": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "account-revoke": ("post", {"token": 1}, {}, "302 302 302 302 302 302 302 302"),
    "account_login": ("get", {}, {}, "200 302 302 302 302 302 302 302"),
    "account_logout": ("post", {}, {}, "302 302 302 302 302 302 302 302"),
    "account-sessions": ("post", {}, {"session": "others"}, "302 302 302 302 302 302 302 302"),
    "account_reauthenticate": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "mfa_index": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "mfa_authenticate": ("get", {}, {}, "302 302 302 302 302 302 302 302"),
    "mfa_reauthenticate": ("get", {}, {}, "302 302 302 302 302 302 302 302"),
    "mfa_activate_totp": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "mfa_deactivate_totp": ("get", {}, {}, "302 404 404 404 404 404 404 404"),
    "mfa_view_recovery_codes": ("get", {}, {}, "302 404 404 404 404 404 404 404"),
    "mfa_generate_recovery_codes": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "mfa_download_recovery_codes": ("get", {}, {}, "302 404 404 404 404 404 404 404"),
    "mfa_list_webauthn": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "mfa_add_webauthn": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "mfa_reauthenticate_webauthn": ("get", {}, {}, "302 302 302 302 302 302 302 302"),
    "mfa_remove_webauthn": ("get", {"pk": 999}, {}, "302 404 404 404 404 404 404 404"),
    "mfa_edit_webauthn": ("get", {"pk": 999}, {}, "302 404 404 404 404 404 404 404"),
    "mfa_login_webauthn": ("get", {}, {}, "302 302 302 302 302 302 302 302"),
    "openid_connect_login": ("get", {"provider_id": "nobody"}, {}, "404 404 404 404 404 404 404 404"),
    "openid_connect_callback": ("get", {"provider_id": "nobody"}, {}, "404 404 404 404 404 404 404 404"),
    "saml_login": ("get", {"organization_slug": "nobody"}, {}, "404 404 404 404 404 404 404 404"),
    "saml_acs": ("get", {"organization_slug": "nobody"}, {}, "404 404 404 404 404 404 404 404"),
    "saml_finish_acs": ("get", {"organization_slug": "nobody"}, {}, "404 404 404 404 404 404 404 404"),
    "saml_sls": ("get", {"organization_slug": "nobody"}, {}, "404 404 404 404 404 404 404 404"),
    "saml_metadata": ("get", {"organization_slug": "nobody"}, {}, "404 404 404 404 404 404 404 404"),
    "socialaccount_login_cancelled": ("get", {}, {}, "302 302 302 302 302 302 302 302"),
    "link": ("get", {"secret": "link"}, {}, "302 302 302 302 302 302 302 302"),
    "link-open": ("get", {}, {}, "404 404 404 404 404 404 404 404"),
    "people": ("get", {}, {}, "302 200 200 403 403 403 200 200"),
    "people-withdraw": ("post", {"link": "invitation"}, {}, "302 404 302 404 404 404 404 404"),
    "person": ("get", {"pk": "agent"}, {}, "302 404 200 403 403 403 404 404"),
    "person-unlock": ("post", {"pk": "agent"}, {}, "302 404 302 403 403 403 404 404"),
    "person-assign": ("post", {"pk": "agent"}, {"engagement": "payables"}, "302 403 302 403 403 403 403 404"),
    "person-conflict-lift": ("post", {"pk": "agent", "conflict": 999}, {"reason": "test"},
                             "302 403 404 403 403 403 403 404"),
    "interests": ("get", {}, {}, "302 403 200 200 200 200 403 200"),
    "learning": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "learning-subject": ("get", {"key": "payables"}, {}, "302 404 404 200 200 404 404 404"),
    "learning-begin": ("post", {"key": "payables"}, {}, "302 404 404 409 302 404 404 404"),
    "learning-test": ("get", {"pk": 999}, {}, "302 404 404 404 404 404 404 404"),
    "learning-pdf": ("get", {"number": "NONE"}, {}, "302 404 404 404 404 404 404 404"),
    "learning-badge": ("get", {"number": "NONE"}, {}, "302 404 404 404 404 404 404 404"),
    "learning-revoke": ("post", {"number": "NONE"}, {"reason": "test"}, "302 404 404 404 404 404 404 404"),
    "skills-questions": ("get", {"key": "payables"}, {}, "302 403 200 403 403 403 403 404"),
    "courses": ("get", {}, {}, "302 403 403 403 403 403 403 403"),
    "course": ("get", {"key": "payables", "service": "payables"}, {}, "302 403 403 403 403 403 403 403"),
    "course-ask": ("post", {"key": "payables", "service": "payables"}, {}, "302 403 403 403 403 403 403 403"),
    "course-material": ("get", {"key": "payables", "service": "payables"}, {}, "302 403 403 403 403 403 403 403"),
    "course-todo": ("get", {"instance": 2, "wait": "open"}, {}, "302 403 403 403 403 403 403 403"),
    "skills": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "check": ("get", {}, {}, "200 200 200 200 200 200 200 200"),
    "check-keys": ("get", {}, {}, "200 200 200 200 200 200 200 200"),
    "check-certificate": ("get", {"number": "NONE"}, {}, "404 404 404 404 404 404 404 404"),
    "unsubscribe": ("get", {"engagement": "payables", "signed": "NONE"}, {}, "404 404 404 404 404 404 404 404"),
    "interest-end": ("post", {"interest": 999}, {}, "302 404 404 404 404 404 404 404"),
    "person-active": ("post", {"pk": "agent"}, {"active": "no"}, "302 404 302 403 403 403 404 404"),
    "audit": ("get", {}, {}, "302 200 200 403 403 403 200 200"),
    "work": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "work-done": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "work-next": ("post", {}, {}, "302 302 302 302 302 302 302 302"),
    "work-item": ("get", {"instance": 2, "wait": "open"}, {}, "302 200 200 200 200 404 404 404"),
    "work-take": ("post", {"instance": 2, "wait": "open"}, {}, "302 403 403 302 403 404 404 404"),
    "work-needed": ("post", {"instance": 2, "wait": "open"}, {}, "302 200 200 200 200 404 404 404"),
    "work-conflicts": ("get", {"instance": 2, "wait": "open"}, {}, "302 302 302 302 302 404 404 404"),
    "case-parties": ("post", {"number": 3}, {"parties": "Liftwerk"}, "302 403 403 403 302 404 404 404"),
    "work-draft": ("post", {"instance": 2, "wait": "open"}, {}, "302 409 409 409 409 404 404 404"),
    "work-looking": ("post", {"instance": 2, "wait": "open"}, {}, "302 200 200 200 200 404 404 404"),
    "work-undo": ("post", {"instance": 2, "wait": "open"}, {}, "302 409 409 409 409 404 404 404"),
    "work-settle": ("post", {}, {}, "302 200 200 200 200 200 200 200"),
    "work-many": ("post", {}, {"item": "2-9"}, "302 302 302 302 302 302 302 302"),
    "work-view": ("post", {}, {"name": "Mine", "query": "sort=due"}, "302 302 302 302 302 302 302 302"),
    "work-view-drop": ("post", {"pk": 999}, {}, "302 404 404 404 404 404 404 404"),
    "work-give-back": ("post", {"instance": 2, "wait": "open"}, {}, "302 403 302 403 403 404 404 404"),
    "instances": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "instance": ("get", {"number": 2}, {}, "302 200 200 200 200 404 404 404"),
    "instance-sheet": ("get", {"number": 2}, {}, "302 404 404 404 404 404 404 404"),
    "instance-paper": ("get", {"number": 2, "language": "de"}, {}, "302 404 404 404 404 404 404 404"),
    "instance-document": ("get", {"number": 2, "digest": "held"}, {}, "302 200 200 200 200 404 404 404"),
    "instance-attachment": ("get", {"number": 2, "digest": "held", "place": 1}, {}, "302 404 404 404 404 404 404 404"),
    "instance-cancel": ("post", {"instance": 2}, {"reason": "test"}, "302 403 302 403 403 404 404 404"),
    "instance-hold": ("post", {"instance": 2}, {"held": "yes"}, "302 403 302 403 403 404 404 404"),
    "work-start": ("get", {"key": "payables"}, {}, "302 403 200 403 403 404 404 404"),
    "work-start-form": ("get", {"key": "payables", "service": "payables", "kind": "invoice"}, {},
                        "302 403 404 403 403 404 404 404"),
    "received": ("get", {"key": "payables"}, {}, "302 200 200 403 403 404 404 404"),
    "references": ("get", {"key": "payables"}, {}, "302 200 200 403 403 404 404 404"),
    "batches": ("get", {"key": "payables"}, {}, "302 200 200 403 403 404 404 404"),
    "batch": ("get", {"key": "payables", "number": 1}, {}, "302 404 404 403 403 404 404 404"),
    "batch-document": ("get", {"key": "payables", "number": 1, "part": 1}, {}, "302 404 404 403 403 404 404 404"),
    "batch-row": ("get", {"key": "payables", "number": 1, "at": 1}, {}, "302 404 404 403 403 404 404 404"),
    "batch-try": ("get", {"key": "payables", "number": 1}, {}, "302 403 404 403 403 404 404 404"),
    "batch-row-take-out": ("post", {"key": "payables", "number": 1, "at": 1}, {}, "302 403 404 403 403 404 404 404"),
    "batch-row-reopen": (
        "post", {"key": "payables", "number": 1, "at": 1}, {"reason": "Wrong."}, "302 403 404 403 403 404 404 404",
    ),
    "channels": ("get", {"key": "payables"}, {}, "302 403 200 403 403 404 404 404"),
    "reference": ("get", {"key": "payables", "service": "payables", "kind": "approved-seller"}, {},
                  "302 200 200 403 403 404 404 404"),
    "incidents": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "incident-list": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "incidents-retry": ("post", {}, {"engagement": "payables"}, "302 403 302 403 403 404 404 404"),
    "incidents-cancel": ("post", {}, {"engagement": "payables", "reason": "test"}, "302 403 302 403 403 404 404 404"),
    "retries": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "held": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "instances-hold": ("post", {}, {"case": 2, "held": "yes"}, "302 404 302 404 404 404 404 404"),
    "starters": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "versions": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "migration": ("get", {"key": "payables", "reference": "behind"}, {}, "302 403 200 403 403 404 404 404"),
    "incident-retry": ("post", {"instance": 4, "wait": "stuck"}, {}, "302 403 302 403 403 404 404 404"),
    "incident-give-up": ("post", {"instance": 4, "wait": "stuck"}, {"reason": "test"},
                         "302 403 409 403 403 404 404 404"),
    "case-act": ("post", {"number": 3}, {"verb": "skip", "node": "task", "reason": "test"},
                 "302 403 403 403 302 404 404 404"),
    "case-add-task": ("get", {"number": 3}, {}, "302 403 403 403 200 404 404 404"),
    "case-add-finding": ("get", {"number": 3}, {}, "302 403 403 403 200 404 404 404"),
    "case-sign": ("get", {"number": 3}, {}, "302 403 403 403 200 404 404 404"),
    "case-deliverable": ("get", {"number": 3}, {}, "302 404 404 404 404 404 404 404"),
    "review-desk": ("get", {"instance": 2, "wait": "open"}, {}, "302 404 404 404 404 404 404 404"),
    "review-answer": ("post", {"instance": 2, "wait": "open"}, {}, "302 409 409 409 409 404 404 404"),
    "review-finish": ("post", {"instance": 2, "wait": "open"}, {}, "302 409 409 409 409 404 404 404"),
    "review-adjudication": ("get", {"instance": 2, "wait": "open"}, {}, "302 404 404 404 404 404 404 404"),
    "review-adjudicate": ("post", {"instance": 2, "wait": "open"}, {}, "302 409 409 409 409 404 404 404"),
    "review-adjudicated": ("post", {"instance": 2, "wait": "open"}, {}, "302 409 409 409 409 404 404 404"),
    "review-result": ("get", {"number": 3}, {}, "302 200 200 200 200 404 404 404"),
    "reviews": ("get", {}, {}, "302 200 200 403 200 403 200 200"),
    "case-comments": ("get", {"number": 3}, {}, "302 200 200 200 200 404 404 404"),
    "case-ask": ("post", {"number": 3}, {"question": "Which side?"}, "302 403 403 403 302 404 404 404"),
    "case-answer": ("post", {"number": 3, "checkpoint": 999}, {"answer": "Ours."}, "302 404 403 403 403 404 404 404"),
    "questions": ("get", {}, {}, "302 200 403 403 403 403 200 403"),
    "notifications": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "notifications-read": ("post", {}, {}, "302 302 302 302 302 302 302 302"),
    "case-walls": ("get", {"number": 3}, {}, "302 403 200 403 403 404 404 404"),
    "case-wall-lift": ("post", {"number": 3, "wall": 999}, {"reason": "test"}, "302 403 404 403 403 404 404 404"),
    "staffing-all": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "walls": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "document-sets": ("get", {}, {}, "302 403 403 403 200 403 403 403"),
    "document-set": ("get", {"pk": 999}, {}, "302 404 404 404 404 404 404 404"),
    "document-set-decide": ("post", {"pk": 999}, {}, "302 404 404 404 404 404 404 404"),
    "document-set-sample": ("post", {"pk": 999}, {}, "302 404 404 404 404 404 404 404"),
    "document-set-report": ("get", {"pk": 999}, {}, "302 404 404 404 404 404 404 404"),
    "staffing": ("get", {"key": "payables"}, {}, "302 403 200 403 403 404 404 404"),
    "case-forecasts": ("get", {"number": 3}, {}, "302 200 200 200 200 404 404 404"),
    "case-forecast-resolve": ("post", {"number": 3, "forecast": 999}, {}, "302 403 403 403 404 404 404 404"),
    "forecasts": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "case-sources": ("get", {"number": 3}, {}, "302 403 403 403 200 404 404 404"),
    "case-reanchor": ("post", {"number": 3}, {}, "302 403 403 403 302 404 404 404"),
    "engagements": ("get", {}, {}, "302 200 200 403 200 403 200 200"),
    "engagement-propose": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "engagement": ("get", {"key": "payables"}, {}, "302 200 200 403 200 404 404 404"),
    "engagement-objective": ("get", {"key": "payables", "service": "payables", "objective": "decided"}, {},
                             "302 200 200 403 200 404 404 404"),
    "benefits": ("get", {"key": "payables"}, {}, "302 200 404 403 404 404 404 404"),
    "dashboard": ("get", {"key": "payables", "service": "payables"}, {}, "302 200 200 403 200 404 404 404"),
    "month-report-pdf": ("get", {"key": "payables", "service": "payables", "month": "2026-01"}, {},
                         "302 200 200 403 200 404 404 404"),
    "engagement-week": ("get", {"key": "payables"}, {}, "302 403 200 403 403 404 404 404"),
    "engagement-terms": ("get", {"key": "payables"}, {}, "302 200 200 403 403 404 404 404"),
    "engagement-accept": ("post", {"key": "payables", "version": 1}, {}, "302 409 403 403 403 404 404 404"),
    "engagement-ledger": ("get", {"key": "payables"}, {}, "302 200 200 403 403 404 404 404"),
    "invoice": ("get", {"key": "payables", "month": "2026-01"}, {}, "302 200 200 403 403 404 404 404"),
    "invoice-line": ("get", {"key": "payables", "month": "2026-01", "line": 1}, {}, "302 200 200 403 403 404 404 404"),
    "invoice-issue": ("post", {"key": "payables", "month": "2026-01"}, {}, "302 403 409 403 403 404 404 404"),
    "engagement-preview": ("post", {}, {"text": "id: x"}, "302 403 200 403 403 403 403 200"),
    "engagement-objectives": ("get", {"key": "payables"}, {}, "302 200 200 403 200 404 404 404"),
    "engagement-money": ("get", {"key": "payables"}, {}, "302 200 200 403 403 404 404 404"),
    "engagement-proof": ("get", {"key": "payables"}, {}, "302 200 200 403 403 404 404 404"),
    "engagement-people": ("get", {"key": "payables"}, {}, "302 200 200 403 403 404 404 404"),
    "invoice-trail": ("get", {"key": "payables", "month": "2026-01", "line": 1, "instance": 1}, {},
              "302 200 200 403 403 404 404 404"),
    "invoice-document": ("get", {"key": "payables", "document": "payables-0001"}, {},
                         "302 404 404 403 403 404 404 404"),
    "invoice-document-accept": ("post", {"key": "payables", "document": "payables-0001"}, {},
                       "302 404 403 403 403 404 404 404"),
    "invoice-document-file": ("get", {"key": "payables", "document": "payables-0001", "kind": "pdf"}, {},
                      "302 404 404 403 403 404 404 404"),
    "correction": ("get", {"key": "payables", "month": "2026-01"}, {}, "302 404 404 403 403 404 404 404"),
    "correction-issued": ("get", {"key": "payables", "month": "2026-01", "document": "payables-0002"}, {},
                          "302 404 404 403 403 404 404 404"),
    "portfolios": ("get", {}, {}, "302 200 403 403 403 403 200 403"),
    "portfolio-sample": ("get", {}, {}, "302 200 403 403 403 403 200 403"),
    "portfolio": ("get", {"pk": "portfolio"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-comparison": ("get", {"pk": "portfolio"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-comparison-svg": ("get", {"pk": "portfolio"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-map-svg": ("get", {"pk": "portfolio"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-comparison-pdf": ("get", {"pk": "portfolio"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-paper-pdf": ("get", {"pk": "portfolio"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-portfolio-xlsx": ("get", {"pk": "portfolio"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-terms": ("get", {"pk": "activity"}, {}, "302 422 403 403 403 403 404 403"),
    "portfolio-evidence": ("get", {"pk": "portfolio"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-file": ("get", {"pk": "portfolio", "one": "kept"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-case": ("get", {"pk": "portfolio"}, {}, "302 200 403 403 403 403 404 403"),
    "portfolio-typed": ("get", {}, {}, "302 200 403 403 403 403 200 403"),
    "portfolio-columns": ("get", {}, {}, "302 200 403 403 403 403 200 403"),
    "portfolio-activity": ("get", {"pk": "activity"}, {}, "302 200 403 403 403 403 404 403"),
    "library": ("get", {}, {}, "302 403 200 403 403 403 403 200"),
    "processes": ("get", {}, {}, "302 200 200 200 200 200 200 200"),
    "process": ("get", {"reference": "process:payables@1"}, {}, "302 200 200 200 200 404 404 404"),
    "process-check": ("get", {}, {}, "302 200 200 403 200 403 200 200"),
    "process-draft": ("get", {"pk": "draft"}, {}, "302 404 200 403 404 403 404 404"),
    "process-draft-add": ("post", {"pk": "draft"}, {}, "302 404 422 403 404 403 404 404"),
    "process-draft-remove": ("post", {"pk": "draft"}, {"name": "x"}, "302 404 302 403 404 403 404 404"),
    "process-draft-file": ("get", {"pk": "draft", "name": "stumble.bpmn"}, {}, "302 404 200 403 404 403 404 404"),
    "process-draft-decide": ("post", {"pk": "draft"}, {}, "302 404 404 403 404 403 404 404"),
    "process-draft-deploy": ("post", {"pk": "draft"}, {}, "302 404 422 403 404 403 404 404"),
    "process-xml": ("get", {"reference": "process:payables@1"}, {}, "302 200 200 200 200 404 404 404"),
}  # fmt: skip

OPEN, CHANNEL = {"instance": 2, "wait": "open"}, {"key": "payables", "channel": 999}
ENDPOINTS: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any], str]] = {
    ("get", "/api/me"): ({}, {}, "401 200 200 200 200 200 200 200"),
    ("post", "/api/engagements/{key}/work"): (
        {"key": "payables"}, {"service": "payables"}, "401 403 422 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/received"): ({"key": "payables"}, {}, "401 200 200 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/batches"): ({"key": "payables"}, {}, "401 200 200 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/batches"): (
        {"key": "payables"}, {"service": "payables", "name": "x.csv", "content": "YTtiCjE7Mgo="},
        "401 403 422 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/batches/{number}"): (
        {"key": "payables", "number": 1}, {}, "401 404 404 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/channels"): ({"key": "payables"}, {}, "401 403 200 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/channels"): (
        {"key": "payables"}, {"service": "payables", "kind": "folder", "path": ""}, "401 403 422 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/channels/{channel}"): (CHANNEL, {}, "401 403 404 403 403 404 404 404"),
    ("delete", "/api/engagements/{key}/channels/{channel}"): (CHANNEL, {}, "401 403 404 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/channels/{channel}/pause"): (CHANNEL, {}, "401 403 404 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/channels/{channel}/look"): (CHANNEL, {}, "401 403 404 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/references"): ({"key": "payables"}, {}, "401 200 200 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/references/{service}/{kind}"): (
        {"key": "payables", "service": "payables", "kind": "approved-seller"}, {}, "401 200 200 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/references/{service}/{kind}/{version}"): (
        {"key": "payables", "service": "payables", "kind": "approved-seller", "version": 9}, {},
        "401 404 404 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/references/{service}/{kind}"): (
        {"key": "payables", "service": "payables", "kind": "approved-seller"}, {"name": "sellers.csv", "content": ""},
        "401 403 422 403 403 404 404 404"),
    ("get", "/api/instances"): ({}, {}, "401 200 200 200 200 200 200 200"),
    ("get", "/api/instances/{number}"): ({"number": 2}, {}, "401 200 200 200 200 404 404 404"),
    ("get", "/api/work"): ({}, {}, "401 200 200 200 200 200 200 200"),
    ("post", "/api/work/next"): ({}, {}, "401 204 204 200 200 204 204 204"),
    ("get", "/api/work/{instance}/{wait}"): (OPEN, {}, "401 200 200 200 200 404 404 404"),
    ("post", "/api/work/{instance}/{wait}/take"): (OPEN, {}, "401 403 403 204 403 404 404 404"),
    ("post", "/api/work/{instance}/{wait}/give-back"): (OPEN, {}, "401 403 204 403 403 404 404 404"),
    ("post", "/api/work/{instance}/{wait}/conflicts"): (OPEN, {"clear": True}, "401 409 409 409 409 404 404 404"),
    ("post", "/api/work/{instance}/{wait}/complete"): (OPEN, {"answers": {}}, "401 409 409 409 409 404 404 404"),
    ("get", "/api/cases/{number}/review"): ({"number": 3}, {}, "401 404 404 404 404 404 404 404"),
    ("put", "/api/work/{instance}/{wait}/review"): (
        OPEN, {"clause": "c", "answer": "a"}, "401 409 409 409 409 404 404 404"),
    ("post", "/api/work/{instance}/{wait}/review"): (OPEN, {}, "401 409 409 409 409 404 404 404"),
    ("put", "/api/work/{instance}/{wait}/adjudication"): (
        OPEN, {"clause": "c", "answer": "a", "reason": "r"},
        "401 409 409 409 409 404 404 404"),
    ("post", "/api/work/{instance}/{wait}/adjudication"): (OPEN, {}, "401 409 409 409 409 404 404 404"),
    ("get", "/api/cases/{number}/comments"): ({"number": 3}, {}, "401 200 200 200 200 404 404 404"),
    ("post", "/api/cases/{number}/comments"): ({"number": 3}, {"text": "Noted."}, "401 201 201 201 201 404 404 404"),
    ("get", "/api/notifications"): ({}, {}, "401 200 200 200 200 200 200 200"),
    ("get", "/api/incidents"): ({}, {}, "401 200 200 200 200 200 200 200"),
    ("post", "/api/incidents/{instance}/{wait}/retry"): (
        {"instance": 4, "wait": "stuck"}, {"variables": {}}, "401 403 204 403 403 404 404 404"),
    ("post", "/api/incidents/{instance}/{wait}/give-up"): (
        {"instance": 4, "wait": "stuck"}, {"reason": "test"}, "401 403 409 403 403 404 404 404"),
    ("post", "/api/instances/{number}/cancel"): ({"number": 2}, {"reason": "test"}, "401 403 204 403 403 404 404 404"),
    ("post", "/api/incidents/retry"): ({}, {"engagement": "payables"}, "401 403 200 403 403 404 404 404"),
    ("post", "/api/incidents/cancel"): (
        {}, {"engagement": "payables", "reason": "test"}, "401 403 200 403 403 404 404 404"),
    ("post", "/api/instances/{number}/hold"): ({"number": 2}, {}, "401 403 204 403 403 404 404 404"),
    ("post", "/api/instances/{number}/resume"): ({"number": 2}, {}, "401 403 409 403 403 404 404 404"),
    ("get", "/api/starters"): ({}, {}, "401 403 200 403 403 403 403 200"),
    ("post", "/api/engagements/{key}/starters"): (
        {"key": "payables"}, {"service": "payables"}, "401 403 422 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/facts"): (
        {"key": "payables"}, {"variables": {"stock": 1}}, "401 403 200 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/messages"): (
        {"key": "payables"}, {"name": "news", "service": "payables"}, "401 403 200 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/signals"): (
        {"key": "payables"}, {"name": "news", "service": "payables"}, "401 403 200 403 403 404 404 404"),
    ("get", "/api/versions"): ({}, {}, "401 403 200 403 403 403 403 200"),
    ("post", "/api/engagements/{key}/migrations"): (
        {"key": "payables"}, {"source": "behind"}, "401 403 200 403 403 404 404 404"),
    ("get", "/api/engagements"): ({}, {}, "401 200 200 200 200 200 200 200"),
    ("get", "/api/engagements/{key}/services/{service}/dashboard"): (
        {"key": "payables", "service": "payables"}, {}, "401 200 200 403 200 404 404 404"),
    ("get", "/api/engagements/{key}/scorecard"): ({"key": "payables"}, {}, "401 200 200 403 200 404 404 404"),
    ("get", "/api/engagements/{key}/objectives/{service}/{objective}/cases"): (
        {"key": "payables", "service": "payables", "objective": "decided"}, {}, "401 200 200 403 200 404 404 404"),
    ("get", "/api/engagements/{key}/invoices/{month}/lines/{line}/cases"): (
        {"key": "payables", "month": "2026-01", "line": 1}, {}, "401 200 200 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/invoices/{month}"): (
        {"key": "payables", "month": "2026-01"}, {}, "401 200 200 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/invoices/{month}/issue"): (
        {"key": "payables", "month": "2026-01"}, {}, "401 403 409 403 403 404 404 404"),
    ("post", "/api/processes/check"): ({}, {"files": []}, "401 422 422 403 422 403 422 422"),
    ("post", "/api/organisations/{key}/packs"): (
        {"key": "nordlicht"}, {"files": []}, "401 404 422 403 403 403 404 404"),
    ("get", "/api/engagements/{key}/invoices/{month}/correction"): (
        {"key": "payables", "month": "2026-01"}, {}, "401 404 404 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/invoices/{month}/correction"): (
        {"key": "payables", "month": "2026-01"}, {"reason": "test"}, "401 403 404 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/documents"): ({"key": "payables"}, {}, "401 200 200 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/documents/{document}"): (
        {"key": "payables", "document": "payables-0001"}, {}, "401 404 404 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/documents/{document}/file/{kind}"): (
        {"key": "payables", "document": "payables-0001", "kind": "pdf"}, {}, "401 404 404 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/documents/{document}/accept"): (
        {"key": "payables", "document": "payables-0001"}, {}, "401 404 403 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/documents/{document}/dispute"): (
        {"key": "payables", "document": "payables-0001"}, {"reason": "test"}, "401 404 403 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/documents/{document}/payments"): (
        {"key": "payables", "document": "payables-0001"}, {"day": "2026-01-05", "amount": "1"},
        "401 403 404 403 403 404 404 404"),
    ("get", "/api/people"): ({}, {}, "401 403 200 403 403 403 403 200"),
    ("post", "/api/people/{pk}/credentials"): (
        {"pk": "agent"}, {"kind": "language", "subject": "Deutsch", "level": "C1"}, "401 403 201 403 403 403 403 404"),
    ("get", "/api/me/tokens"): ({}, {}, "401 200 200 200 200 200 200 200"),
    ("get", "/api/me/data"): ({}, {}, "401 200 200 200 200 200 200 200"),
    ("post", "/api/me/tokens/{token}/revoke"): ({"token": 999}, {}, "401 204 204 204 204 204 204 204"),
    ("get", "/api/me/credentials"): ({}, {}, "401 200 200 200 200 200 200 200"),
    ("get", "/api/me/courses"): ({}, {}, "401 403 403 403 403 403 403 403"),
    ("get", "/api/engagements/{key}/learning/{service}"): (
        {"key": "payables", "service": "payables"}, {}, "401 404 404 404 404 404 404 404"),
    ("post", "/api/engagements/{key}/learning/{service}"): (
        {"key": "payables", "service": "payables"}, {"learner": "1", "course": "1"}, "401 403 404 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/learning/{service}/{instance}/attendance"): (
        {"key": "payables", "service": "payables", "instance": 2}, {"attended": True},
        "401 404 404 404 404 404 404 404"),
    ("get", "/api/interests"): ({}, {}, "401 403 200 200 200 200 403 200"),
    ("post", "/api/interests"): ({}, {"party": "Elsewhere AG", "relation": "holding"},
                                 "401 403 201 201 201 201 403 201"),
    ("post", "/api/interests/{interest}/end"): ({"interest": 999}, {}, "401 404 404 404 404 404 404 404"),
    ("get", "/api/engagements/{key}/webhooks"): ({"key": "payables"}, {}, "401 200 200 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/webhooks"): (
        {"key": "payables"}, {"url": "https://hooks.example.org/"}, "401 201 201 403 403 404 404 404"),
    ("post", "/api/engagements/{key}/webhooks/{webhook}/replay"): (
        {"key": "payables", "webhook": "webhook"}, {"after": 0}, "401 404 200 403 403 404 404 404"),
    ("delete", "/api/engagements/{key}/webhooks/{webhook}"): (
        {"key": "payables", "webhook": "webhook"}, {}, "401 404 204 403 403 404 404 404"),
    ("get", "/api/engagements/{key}/ledger"): ({"key": "payables"}, {}, "401 200 200 403 403 404 404 404"),
}  # fmt: skip


@pytest.fixture(scope="module")
def scene(shared: Any) -> Any:
    """The busy world with a portfolio, and what the words in the tables stand for."""
    return furnished(shared)


def furnished(shared: Any) -> Any:
    """Puts into the busy world what the pages of the table need."""
    client = Organisation.objects.get(key="musterbau")
    found = portfolio.decide(shared.people["owner"], client, "activities.csv", CSV)
    shared.host.deploy("stumble", {"stumble.bpmn": BROKEN.replace(b"Call nothing", b"Call something")})
    invited = links.invite(shared.people["manager"], shared.provider, "new@example.org", "Nora New", "agent")
    shared.words = {
        "open": Wait.objects.get(instance=2, kind="work").wait,
        "stuck": Wait.objects.get(instance=4, kind="incident").wait,
        "task": next(iter(Wait.objects.filter(instance=3, kind="work"))).wait - 1,
        "held": Document.objects.exclude(name="contract.txt").order_by("name").last().digest,
        "portfolio": found.pk,
        "kept": found.files.get().pk,
        "draft": drafts.begin(shared.people["manager"], [("stumble.bpmn", BROKEN)]).pk,
        "behind": Instance.objects.get(pk=4).definition,
        "activity": found.decided.get().pk,
        "agent": Person.objects.get(email="agent@example.org").pk,
        "webhook": webhooks.add(shared.people["manager"], "payables", "https://hooks.example.org/", [])[0].pk,
        "link": invited.path.strip("/").partition("/")[2], "invitation": invited.link.pk,
    }  # fmt: skip
    return shared


def said(scene: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {name: scene.words.get(value, value) if isinstance(value, str) else value for name, value in values.items()}


def expected(statuses: str) -> list[tuple[str | None, int]]:
    codes = statuses.split()
    assert len(codes) == len(ROLES)
    return list(zip(ROLES, map(int, codes), strict=True))


OPEN_PAGES = {
    "sign-in", "language", "account_login", "link", "link-open", "openid_connect_login", "openid_connect_callback",
    "saml_login", "saml_acs", "saml_finish_acs", "saml_sls", "saml_metadata", "check", "check-keys",
    "check-certificate", "unsubscribe",
}  # fmt: skip
"""Pages for whom nobody knows yet."""

DESCRIPTION = {"api-root", "openapi-json", "openapi-view"}
"""What describes the API: it names no client and is open to all."""


def all_pages(resolver: URLResolver, *, api: bool = False) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        if not isinstance(found, URLResolver):
            yield found
        elif (found.namespace == "api") == api:
            yield from all_pages(found)


def test_every_page_has_a_row() -> None:
    names = [page.name for page in all_pages(get_resolver())]
    assert sorted(names) == sorted(set(names)), "two addresses of one name would share a row"
    assert set(names) == set(PAGES)


def test_every_endpoint_has_a_row() -> None:
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    assert {(method, path) for path, methods in paths.items() for method in methods} == set(ENDPOINTS)
    routes = {str(one.pattern) for one in all_pages(get_resolver(), api=True) if one.name not in DESCRIPTION}
    shown = {path.removeprefix("/api/").replace("{", "<").replace("}", ">") for path in paths}
    assert routes == shown, "an endpoint that is not described has no row"


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [(name, role, status) for name, row in PAGES.items() for role, status in expected(row[3])],
)
def test_page(scene: Any, name: str, role: str | None, status: int) -> None:
    method, arguments, body, _ = PAGES[name]
    address = reverse(name, kwargs=said(scene, arguments))
    answer = getattr(scene.browser(role), method)(address, said(scene, body))
    assert answer.status_code == status, answer.content[-1500:].decode() if not answer.streaming else ""
    if role is None and name not in OPEN_PAGES:
        assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("endpoint", "role", "status"),
    [(endpoint, role, status) for endpoint, row in ENDPOINTS.items() for role, status in expected(row[2])],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_endpoint(scene: Any, endpoint: tuple[str, str], role: str | None, status: int) -> None:
    method, path = endpoint
    arguments, body, _ = ENDPOINTS[endpoint]
    address = path.format(**said(scene, arguments))
    browser = scene.browser(role)
    if method == "get":
        answer = browser.get(address)
    else:
        answer = getattr(browser, method)(address, said(scene, body), content_type="application/json")
    assert answer.status_code == status, answer.content[-1500:].decode() if not answer.streaming else ""
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"code", "message", "hint"} <= set(answer.json())


OF_ONESELF = {
    ("post", "/api/me/tokens/{token}/revoke"), ("post", "/api/interests/{interest}/end"),
}  # fmt: skip
"""What concerns the token's own person alone needs no ability."""


def by_token(scene: Any, endpoint: tuple[str, str], role: str, **limits: Any) -> int:
    """How an endpoint answers a token with limits."""
    method, path = endpoint
    arguments, body, _ = ENDPOINTS[endpoint]
    browser = Client(headers={"authorization": f"Bearer {tokens.issue(scene.people[role], 'test', **limits)}"})
    address = path.format(**said(scene, arguments))
    if method == "get":
        return browser.get(address).status_code
    return getattr(browser, method)(address, said(scene, body), content_type="application/json").status_code


BEYOND = frozenset(tokens.SCOPES) - {"read"}
SENDING = [endpoint for endpoint in ENDPOINTS if endpoint[0] != "get"]


@pytest.mark.parametrize("endpoint", SENDING, ids=" ".join)
def test_a_token_that_reads_sends_nothing_and_one_for_something_else_does_nothing_else(
    scene: Any, endpoint: tuple[str, str]
) -> None:
    """Whoever may do it may not with a token that lacks the scope; with that scope and reading they may."""
    for role, status in expected(ENDPOINTS[endpoint][2]):
        if role is None or status >= 400:
            continue
        assert by_token(scene, endpoint, role, scopes=["read"]) == 403, role
        if endpoint in OF_ONESELF:
            continue
        opens = {one for one in BEYOND if by_token(scene, endpoint, role, scopes=["read", one]) == status}
        if not opens:  # a colleague's work takes more than one right
            assert by_token(scene, endpoint, role, scopes=sorted(tokens.SCOPES)) == status
            continue
        assert BEYOND - opens or endpoint == ("post", "/api/cases/{number}/comments"), "every scope opens it"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_a_token_of_another_service_reaches_nothing(scene: Any, endpoint: tuple[str, str]) -> None:
    role = next((role for role, status in expected(ENDPOINTS[endpoint][2]) if role and status < 300), None)
    if role is None:
        return
    open_to_all = endpoint[1] in ("/api/me", "/api/me/tokens")
    assert (by_token(scene, endpoint, role, services=["elsewhere"]) == 403) is not open_to_all


@pytest.mark.parametrize("name", [name for name, row in PAGES.items() if row[0] == "get" and name not in OPEN_PAGES])
def test_who_may_not_look_may_not_send(scene: Any, name: str) -> None:
    _, arguments, _, statuses = PAGES[name]
    address = reverse(name, kwargs=said(scene, arguments))
    for role, status in expected(statuses):
        if role is None or status in (403, 404):
            assert scene.browser(role).post(address).status_code in (status, 405), role


@pytest.mark.parametrize("name", [name for name, row in PAGES.items() if row[0] == "post"])
def test_what_changes_something_is_never_a_link(scene: Any, name: str) -> None:
    assert scene.browser("manager").get(reverse(name, kwargs=said(scene, PAGES[name][1]))).status_code == 405


OF_THE_CASE = [(row[0], reverse(name, kwargs=row[1]), row[2]) for name, row in PAGES.items() if 3 in row[1].values()]
OF_THE_CASE += [
    (method, path.format(**row[0]), row[1]) for (method, path), row in ENDPOINTS.items() if 3 in row[0].values()
]


@pytest.mark.parametrize("role", ["owner", "manager", "expert"])
def test_a_wall_hides_every_page_and_endpoint_of_the_case(scene: Any, role: str) -> None:
    walls.screen(scene.people[role], 3, "declared", "Held shares", "test", scene.clock.now)
    browser = scene.browser(role)
    for method, address, body in OF_THE_CASE:
        if address.startswith("/api/"):
            answer = getattr(browser, method)(address, body or None, content_type="application/json")
        else:
            answer = getattr(browser, method)(address, body)
        assert answer.status_code == 404, f"{method} {address}"
    for address in ("/cases/", "/cases/?text=ease", "/api/instances", "/api/work", "/work/", "/notifications/"):
        assert b"Lease" not in browser.get(address).content, address


def test_a_foreign_person_lists_nothing(scene: Any) -> None:
    for name in ("rival", "stranger", "idle"):
        browser = scene.browser(name)
        assert browser.get("/api/instances").json() == []
        assert browser.get("/api/incidents").json() == []
        work = browser.get("/api/work").json()
        assert work["mine"] == work["waiting"] == []
        assert "payables" not in [one["engagement"] for one in browser.get("/api/engagements").json()]
        assert b"04-no-order" not in browser.get(reverse("instances")).content


def test_a_conflict_wall_hides_the_engagement(scene: Any) -> None:
    from anyshore.web.core import actions

    expert = scene.people["expert"]
    assert scene.browser("expert").get(reverse("instance", args=[3])).status_code == 200
    actions.wall_off(scene.people["manager"], expert, Organisation.objects.get(key="musterbau"), "Held shares")
    assert scene.browser("expert").get(reverse("instance", args=[3])).status_code == 404
    assert scene.browser("expert").get("/api/instances").json() == []


def test_an_inactive_person_is_out(scene: Any) -> None:
    browser = scene.browser("agent")
    Person.objects.filter(email="agent@example.org").update(is_active=False)
    assert browser.get(reverse("work")).status_code == 302


def test_a_document_is_served_only_with_its_case(scene: Any) -> None:
    foreign = Document.objects.get(name="contract.txt").digest
    assert scene.browser("manager").get(reverse("instance-document", args=[2, foreign])).status_code == 404
    assert scene.browser("manager").get(reverse("instance-document", args=[3, foreign])).status_code == 200
