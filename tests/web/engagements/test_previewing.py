"""Terms before they are proposed: problems with their lines, a redline, and the last months by the proposed prices."""

from __future__ import annotations

from typing import Any

from tests.web.conftest import PAYABLES
from tests.web.engagements.test_corrections import DAY, PLAIN, agree

from anyshore.web.engagements import previewing

PAGE = "/engagements/propose/preview/"
TEXT = (PAYABLES / "terms.yaml").read_text(encoding="utf-8")


def test_problems_are_told_with_their_line(world: Any) -> None:
    text = TEXT.replace("currency: EUR", "currency: EUX")
    line = text.splitlines().index("currency: EUX") + 1
    told = world.browser("manager").post(PAGE, {"text": text}, headers={"hx-request": "true"}).content.decode()
    assert f"Line {line}:" in told
    assert "EUX" in told
    assert "<html" not in told
    assert "<html" in world.browser("manager").post(PAGE, {"text": text}).content.decode()


def test_the_last_month_by_the_proposed_price_and_minimum(world: Any) -> None:
    """By hand: one case at 1.85 was billed; at 2.50 it is 0.65 more, under a minimum of 250 it is 248.15 more."""
    agree(world, PLAIN)
    world.start("01-matching-ubl.xml")
    world.clock.now += 30 * DAY
    for change, more in (("2.50", "0.65"), ("1.85", "0.00")):
        [month] = previewing.preview(world.people["manager"], PLAIN.replace("1.85", change)).months
        assert (str(month.month), f"{month.difference:.2f}") == ("2026-01", more)
    least = PLAIN.replace("minimum_charge: 0", "minimum_charge: 250")
    [month] = previewing.preview(world.people["manager"], least).months
    assert [str(one) for one in (*month.net, month.difference)] == ["1.85", "250.00", "248.15"]
    found = previewing.preview(world.people["manager"], least)
    assert (found.against, found.changes) == (2, {"changed": 0, "new": 1, "gone": 0})


def test_an_amendment_begins_with_what_is_agreed(world: Any) -> None:
    page = world.browser("manager").get("/engagements/payables/terms/").content.decode()
    assert "/engagements/propose/?amend=payables" in page
    form = world.browser("manager").get("/engagements/propose/?amend=payables").content.decode()
    assert "version: 2\nin_force_from: 2026-02-01" in form
    assert world.browser("stranger").get("/engagements/propose/?amend=payables").status_code == 404
    assert "propose/?amend" not in world.browser("owner").get("/engagements/payables/terms/").content.decode()


def test_nothing_is_compared_with_an_engagement_one_does_not_see(world: Any) -> None:
    found = previewing.preview(world.people["stranger"], TEXT)
    assert (found.against, found.months) == (None, [])
