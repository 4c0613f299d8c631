"""The proof one can see: the browser finds in an export what the Python finds, and says what it cannot do."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from tests.terms.conftest import Ledger
from tests.web.conftest import Clock, build, full
from tests.web.test_browser import Visit, browser

from anyshore.terms import exports
from anyshore.web.core.models import Person
from anyshore.web.engagements import queries
from anyshore.web.engine import running

__all__ = ["browser"]

PAGE = "/engagements/payables/proof/"
VERIFY = """async (text) => {
  const found = await verifyExport(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer);
  return [found.problem || "", found.count || 0, found.head || ""];
}"""


def strange() -> Ledger:
    """A ledger whose texts and keys JavaScript writes and sorts in its own way, unless told."""
    ledger = Ledger()
    keys = {"\U0001f600": 1, "\uffee": 2, "__proto__": 3, "10": 4, "9": 5, "constructor": {"toString": [None, True]}}
    ledger.add("case.finding", "2026-01-05T10:00", "c1", **keys, text='"\\/\b\f\n\r\t\x01\x7f\u2028ä', most=2**53 - 1)
    ledger.add("case.finding", "2026-01-05T10:00", "c1", empty={}, none=[], low=-(2**53) + 1)
    return ledger


def broken(whole: bytes) -> list[bytes]:
    """Exports that are not what was written: a byte changed here and there, lines missing, doubled, moved, cut."""
    lines = whole.splitlines(keepends=True)
    found = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in range(7, len(whole), 97)]
    found += [b"".join(lines[:2] + lines[3:]), b"".join(lines[:3] + lines[2:]), b"".join(lines[:-1])]
    found += [b"".join([lines[0], lines[2], lines[1], *lines[3:]]), whole + b"\n", whole[:-1], b"", b"{}\n{}\n"]
    spaced = json.dumps(json.loads(lines[1]), sort_keys=True).encode() + b"\n"
    return [*found, b"".join([lines[0], spaced, *lines[2:]]), b"\xef\xbb\xbf" + whole]


@pytest.mark.django_db(transaction=True)
def test_the_browser_finds_what_the_python_finds(live_server: Any, browser: Any, tmp_path: Path) -> None:
    world = full(build(Clock()))
    try:
        visit = Visit(browser, live_server.url)
        page = visit.page
        visit.sign_in("owner@example.org")
        page.goto(live_server.url + PAGE)
        page.wait_for_selector("[data-proof-state=sound]")
        _name, pieces = queries.export(Person.objects.get(email="owner@example.org"), "payables")
        real = b"".join(pieces)
        entries = len(real.splitlines()) - 2
        assert page.get_by_text(f"Verified just now: {entries} entries").is_visible()
        page.get_by_role("button", name="Verify again").click()
        page.wait_for_selector("[data-proof-state=sound-since]")
        _agrees(page, tmp_path, [real, strange().export(tmp_path / "strange.jsonl").read_bytes()])
        page.evaluate("localStorage.setItem('anyshore.proof.payables', JSON.stringify({count: 2, head: 'other'}))")
        page.get_by_role("button", name="Verify again").click()
        page.wait_for_selector("[data-proof-state=rewritten]")
        page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
        page.reload()
        page.wait_for_selector("[data-proof-state=insecure]")
        assert page.get_by_text("neither over HTTPS nor from this machine").first.is_visible()
        assert visit.complaints == []
    finally:
        world.host.work()
        running.forget()


def _agrees(page: Any, folder: Path, sound: list[bytes]) -> None:
    """Every export, sound and broken, is judged alike by both, and a sound one has the same head."""
    for content in [*sound, *(one for whole in sound for one in broken(whole))]:
        file = folder / "export.jsonl"
        file.write_bytes(content)
        told, count, head = page.evaluate(VERIFY, base64.b64encode(content).decode())
        ours = exports.verify_export(file)
        assert bool(told) == bool(ours.findings), (told, ours.findings, content[:200])
        if content in sound:
            assert (told, count, head) == ("", ours.head.sequence, ours.head.hash)


def test_every_tab_of_an_engagement(world: Any) -> None:
    world.start("01-matching-ubl.xml")
    owner = world.browser("owner")
    first = owner.get("/engagements/payables/?month=2026-01").content.decode()
    for name in ("Overview", "Work", "Objectives", "Money", "Terms", "Proof", "People"):
        assert f">{name}</a>" in first
    assert "100.0 %" in owner.get("/engagements/payables/objectives/").content.decode()
    assert "not billed yet" in owner.get("/engagements/payables/money/").content.decode()
    told = owner.get("/engagements/payables/people/").content.decode()
    assert all(one in told for one in (world.people["agent"].name, world.people["manager"].name))
    assert world.people["rival"].name not in told
    assert "Terms, version 1" in owner.get(PAGE).content.decode()
    seen = world.browser("expert").get("/engagements/payables/").content.decode()
    assert "Objectives</a>" in seen
    assert "Money</a>" not in seen


def test_the_trail_leads_from_a_line_to_the_document(world: Any) -> None:
    number = world.start("01-matching-ubl.xml")
    trail = f"/engagements/payables/invoices/2026-01/lines/1/cases/{number}/"
    assert trail in world.browser("owner").get("/engagements/payables/invoices/2026-01/lines/1/").content.decode()
    told = world.browser("owner").get(trail).content.decode()
    for one in ("instance.started", "instance.completed", "01-matching-ubl.xml", "SHA-256"):
        assert one in told
    assert world.browser("owner").get(trail.replace(f"cases/{number}/", "cases/999/")).status_code == 404
