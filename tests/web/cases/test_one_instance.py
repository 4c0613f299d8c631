"""A request loads an instance once; a document is one where it is declared to be, not where it looks like one."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.conftest import CONTRACT, Beginning, resumed
from tests.web.contract import Desk, scene

from anyshore.kernel import codec
from anyshore.kernel.commands import Write
from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import queries as engine

pytestmark = pytest.mark.django_db

WITHIN = {
    "case": ("lead", "/cases/{case}/", 26),
    "process": ("manager", "/cases/2/", 22),
    "task": ("lead", "/work/{case}/{wait}/", 28),
    "sources": ("lead", "/cases/{case}/sources/", 16),
    "finding": ("lead", "/cases/{case}/findings/add/", 15),
    "signature": ("expert", "/cases/3/sign/", 19),
}
"""Page → who looks, its address, how many queries it may take; nine are session, person, access record and the counts
of the navigation."""


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a snapshot was decoded, and each record of a log."""
    counted: Counter[str] = Counter()

    def count(name: str) -> None:
        real = getattr(codec, name)

        def noted(content: bytes, *more: Any) -> Any:
            counted[name, content] += 1
            return real(content, *more)

        monkeypatch.setattr(codec, name, noted)

    for name in ("decode_state", "decode_records", "decode_command"):
        count(name)
    return counted


@pytest.fixture
def told(busy: Any, beginnings: dict[str, Beginning]) -> Desk:
    """A case with two given reviews, whose memo is being written, beside work in every state."""

    def make() -> Desk:
        desk = scene(busy)
        desk.review("lead", "first_review")
        desk.review("second", "second_review")
        return desk

    return resumed(beginnings, "two reviews given", busy, make)


@pytest.mark.parametrize("page", WITHIN)
def test_a_page_decodes_each_thing_once(told: Desk, decoded: Counter[Any], page: str) -> None:
    role, path, most = WITHIN[page]
    wait = told.take("lead", "write_memo")
    browser, address = told.world.browser(role), path.format(case=told.number, wait=wait)
    assert browser.get(address).status_code == 200  # the packs are read
    decoded.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(address).status_code == 200
    assert sum(n for (name, _), n in decoded.items() if name == "decode_state") == 1
    assert {key: n for key, n in decoded.items() if n > 1} == {}
    assert len(queries) <= most


def test_a_case_of_many_tasks_takes_no_more_queries(told: Desk, decoded: Counter[Any]) -> None:
    browser, address = told.world.browser("lead"), f"/cases/{told.number}/"
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    from anyshore.web.cases import plan

    stage = next(node.id for node in engine.state(told.case()).nodes.values() if node.element == "deliver")
    for number in range(10):
        more = {"item": {"type": "human", "name": f"Task {number}"}}
        plan.change(told.person("lead"), told.number, "add", "Needed.", node=stage, data=more)
    with CaptureQueriesContext(connection) as many:
        page = browser.get(address).content.decode()
    assert "Task 9" in page
    assert len(many) == len(few)


def test_a_row_that_was_read_anew_is_decoded_anew(told: Desk) -> None:
    row = told.case()
    assert "seen" not in engine.variables(row)
    told.world.host.execute(row.pk, Write(at=told.world.clock(), variables={"seen": True}))
    assert "seen" not in engine.variables(row)  # what was read stays as it was read
    row.refresh_from_db()
    assert engine.variables(row)["seen"] is True


def test_an_earlier_turn_is_told_from_the_log(told: Desk) -> None:
    row = told.case()
    now = engine.state(row)
    assert engine.state(engine.as_of(row, row.turns)) == now
    before = engine.state(engine.as_of(row, 1))
    assert "scope" not in before.variables[1]
    assert engine.state(row) == now


def test_a_text_that_looks_like_a_document_is_a_text(busy: Any) -> None:
    """Whoever knows a digest and writes it into a form has not the document."""
    secret = hashlib.sha256(b"of another case").hexdigest()
    with busy.host.store.transaction() as tx:
        tx.put_document(busy.engagement.key, secret, "secret.txt", b"of another case")
    row = busy.instance(3)
    own = hashlib.sha256(CONTRACT.encode()).hexdigest()
    busy.host.execute(
        row.pk, Write(at=busy.clock(), variables={"note": secret, "list": [secret], "x": {"document": secret}})
    )
    row = busy.instance(3)
    assert list(engine.documents(row)) == [own]
    browser = busy.browser("expert")
    assert browser.get(f"/cases/3/documents/{secret}/").status_code == 404
    assert secret in browser.get("/cases/3/").content.decode()  # a text that somebody wrote is shown as it is


def test_a_pack_and_a_case_file_declare_documents(busy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = scene(busy)
    content = b"A letter of the client.\n"
    digest = hashlib.sha256(content).hexdigest()
    with busy.host.store.transaction() as tx:
        tx.put_document("contract-review", digest, "letter.txt", content)
    letters = [{"document": digest, "name": "letter.txt"}]
    busy.host.execute(desk.number, Write(at=busy.clock(), variables={"letters": letters}))
    assert engine.documents(desk.case())[digest] == "letter.txt"


@pytest.mark.parametrize("name", ["owner", "manager", "agent", "expert", "idle", "rival", "stranger"])
def test_what_somebody_is_able_to_is_what_they_see_it_for(busy: Any, name: str) -> None:
    person = Person.objects.get(pk=busy.people[name].pk)
    every = frozenset().union(*permissions.ABILITIES.values())
    for engagement in Engagement.objects.all():
        seen = {
            ability
            for ability in every
            if permissions.visible_engagements(person, ability).filter(pk=engagement.pk).exists()
        }
        assert permissions.able(person, engagement) == seen
    busy.people["manager"].conflicts.create(organisation=busy.client, reason="test")
    manager = Person.objects.get(pk=busy.people["manager"].pk)
    assert permissions.able(manager, busy.engagement) == frozenset()
