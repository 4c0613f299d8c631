"""What is embedded in an invoice stands beside it, and a browser saves it and runs nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.activities.einvoice.test_attachments import PDF, ubl_with

from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Document

pytestmark = pytest.mark.django_db


def test_attachments_are_shown_at_the_desk_and_on_the_case_and_saved(busy: Any) -> None:
    (digest,) = engine.documents(busy.instance(2))
    embedded = [("application/pdf", "hours.pdf", PDF), ("text/html", "evil.html", b"<script>")]
    Document.objects.filter(digest=digest).update(content=ubl_with(*embedded, location="https://x.example/plan"))
    agent = busy.browser("agent")
    wait = engine.state(busy.instance(2)).waits
    item = next(number for number, one in wait.items() if one.kind == "work")
    address = f"/cases/2/documents/{digest}/attachments/1/"
    for page in (f"/work/2/{item}/", "/cases/2/"):
        told = agent.get(page).content.decode()
        assert f'href="{address}"' in told
        assert "not handed out: invoices may not carry files of this kind" in told
        assert "<code>https://x.example/plan</code>" in told
    saved = agent.get(address)
    assert (saved.content, saved["Content-Type"]) == (PDF, "application/pdf")
    assert saved["Content-Disposition"] == "attachment; filename*=UTF-8''hours.pdf"
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved["Content-Security-Policy"]
    assert agent.get(f"/cases/2/documents/{digest}/attachments/2/").status_code == 404
    assert busy.browser("rival").get(address).status_code == 404
