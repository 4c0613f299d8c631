"""What binds somebody asks again who it is, in the pages and at the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from anyshore.web.accounts import tokens

BINDING = [
    ("owner", "/engagements/payables/terms/1/accept/"), ("manager", "/engagements/payables/invoices/2026-01/issue/"),
    ("manager", "/engagements/payables/invoices/2026-01/correction/"), ("expert", "/cases/3/sign/"),
    ("owner", "/account/factors/app/"), ("owner", "/account/factors/codes/new/"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "page"), BINDING)
def test_what_binds_somebody_asks_again_who_it_is(shared: Any, role: str, page: str) -> None:
    answer = shared.browser(role, confirmed=False).post(page, {"statement": "I stand for it.", "reason": "test"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/confirm/?next=")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["invoices/2026-01/issue", "invoices/2026-01/correction"])
def test_the_api_asks_too_and_takes_a_token_that_is_for_it(shared: Any, path: str) -> None:
    address, body = f"/api/engagements/payables/{path}", json.dumps({"reason": "test"})
    manager = shared.people["manager"]

    def status(browser: Client, **headers: str) -> tuple[int, str]:
        answer = browser.post(address, body, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()["code"]

    assert status(shared.browser("manager", confirmed=False)) == (403, "access.unconfirmed")
    for scopes, code in ((["read"], "access.scope"), (["work"], "access.denied")):
        assert status(Client(), authorization=f"Bearer {tokens.issue(manager, 'x', scopes)}") == (403, code)
    bill = status(Client(), authorization=f"Bearer {tokens.issue(manager, 'x', ['read', 'bill'])}")
    assert bill == status(shared.browser("manager")), "the month runs on, or was never billed"
    assert bill[0] in (404, 409)
