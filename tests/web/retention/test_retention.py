"""What is kept of people goes when its time is over, and the ledger goes on proving what was delivered."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.web.beginning import begin

from anyshore.base.errors import CommandRejected
from anyshore.params import ParamsError
from anyshore.terms.exports import verify_export
from anyshore.web.core.models import AuditEntry
from anyshore.web.engine import books, holding
from anyshore.web.engine.models import Document, Inbox, Instance, Receipt, Turn, Wait
from anyshore.web.retention import erasing, fates, rules, subjects, sweeping
from anyshore.web.talk.models import Comment
from anyshore.web.walls.models import Access

DAY = 86_400_000_000
RULES = """
parameters:
  {kind}:
    description: agreed in the data processing agreement
    unit: {unit}
    values:
      - {{from: 2026-01-01, value: {first}, source: "Annex 2"}}
      - {{from: 2028-01-01, value: {second}, source: "Annex 2, amended"}}
"""


def agreed(kind: str, first: object, second: object, unit: str = "months") -> str:
    return RULES.format(kind=kind, first=first, second=second, unit=unit)


def test_every_column_that_names_a_case_has_its_fate() -> None:
    assert set(fates.columns()) == set(fates.FATES)
    assert set(fates.FATES.values()) == {fates.DELETED, fates.KEPT, fates.BY_STORE}


def test_the_value_of_the_day_counts() -> None:
    found = rules.read(agreed("cases", 24, "null"))
    assert rules.on(found, date(2025, 12, 31)) == []
    (one,) = rules.on(found, date(2026, 3, 31))
    assert (one.kind, one.number, one.unit, one.source) == ("cases", 24, "months", "Annex 2")
    assert rules.on(found, date(2028, 1, 1)) == [], "kept for good from then on"


@pytest.mark.parametrize("unit", rules.UNITS)
@pytest.mark.parametrize("number", [1, 6, 25])
def test_nothing_goes_before_its_time(unit: str, number: int) -> None:
    one = rules.Period("cases", number, unit, "Annex 2")
    for offset in range(0, 800, 7):
        day = date(2026, 1, 1) + timedelta(offset)
        last = date.fromtimestamp(one.before(day, "UTC") / 1_000_000 - 1)
        if unit == "days":
            ends = last + timedelta(number)
        else:
            months = last.year * 12 + last.month - 1 + number * (12 if unit == "years" else 1)
            first = date(months // 12, months % 12 + 1, 1)
            following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
            ends = min(first + timedelta(last.day - 1), following - timedelta(1))
        assert ends < day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (agreed("mails", 6, 7), "retention.kind"), (agreed("cases", 6, 7, "weeks"), "retention.unit"),
        (agreed("cases", 0, 7), "retention.value"), (agreed("cases", "1.5", 7), "retention.value"),
        (agreed("cases", "[1]", 7), "retention.value"),
    ],
)  # fmt: skip
def test_a_rule_that_says_nothing_is_refused(text: str, code: str) -> None:
    with pytest.raises(ParamsError) as caught:
        rules.read(text)
    assert code in {one.code for one in caught.value.diagnostics}


def rejected(world: Any) -> int:
    """A case without a booking: nothing of it has to be kept."""
    number = world.start("04-no-order-ubl.xml")
    item = world.browser("agent").post("/work/next/").headers["Location"]
    assert world.browser("agent").post(item, {"decision": "reject", "note": "late"}).status_code == 302
    world.host.work()
    assert Instance.objects.get(pk=number).status == "ended"
    return number


def later(world: Any, days: int) -> None:
    world.clock.now += days * DAY


def test_an_ended_case_goes_and_the_ledger_verifies(world: Any, tmp_path: Path) -> None:
    number = rejected(world)
    Comment.objects.create(case=number, person=world.people["agent"], at=1, kind="case", text="He is ill")
    kept = world.start("01-matching-ubl.xml")
    rules.agree(world.people["manager"], "payables", agreed("cases", 2, 1))
    later(world, 50)
    assert sweeping.sweep() == [sweeping.Swept("payables", "cases", 0)]
    later(world, 40)
    digest = Instance.objects.get(pk=number).digest
    assert sweeping.sweep() == [sweeping.Swept("payables", "cases", 1, bound=1)], "the other one's voucher is booked"
    for model in (Turn, Inbox, Wait, Receipt):
        assert not model.objects.filter(instance=number).exists()
    assert not Instance.objects.filter(pk=number).exists()
    assert not Comment.objects.filter(case=number).exists()
    assert Instance.objects.filter(pk=kept).exists()
    assert Document.objects.filter(engagement="payables").count() == 1
    (told,) = [one for one in books.entries("payables") if one.type == "instance.erased"]
    assert (told.data["digest"], told.data["kept"], told.data["source"]) == (digest, "2 months", "Annex 2")
    books.export("payables", tmp_path / "ledger.jsonl")
    checked = verify_export(tmp_path / "ledger.jsonl")
    assert checked.findings == ()
    assert digest in [one.data.get("digest") for one in books.entries("payables") if one.type == "instance.completed"]
    text = b"".join(books.lines("payables"))
    assert b"agent@example.org" not in text
    assert b"Agent Example" not in text
    again = begin(world.people["manager"], "payables", "payables", documents=[sample("04-no-order-ubl.xml")])
    assert again == number, "the same invoice is not worked on twice"


def sample(name: str) -> tuple[str, bytes]:
    from tests.web.conftest import PAYABLES

    return name, (PAYABLES / "samples" / name).read_bytes()


def test_a_voucher_stays_until_its_law_lets_it_go(world: Any) -> None:
    number = world.start("01-matching-ubl.xml")
    (held,) = holding.bound("payables", date(2026, 6, 1)).values()
    assert (held.until.year, held.until.month, held.until.day) >= (2033, 12, 31)
    assert "147" in held.source
    assert holding.drop("payables", [held.document], held.until) == []
    done = erasing.erase("payables", [number], held.until, {})
    assert (done.cases, list(done.bound)) == ([], [number])
    done = erasing.erase("payables", [number], held.until + timedelta(1), {"rule": "cases"})
    assert (done.cases, done.documents) == ([number], 1)
    assert not Document.objects.filter(digest=held.document).exists()


def test_documents_may_go_before_their_case(world: Any) -> None:
    number = rejected(world)
    rules.agree(None, "payables", agreed("documents", 30, 30, "days"))
    later(world, 29)
    assert [one.gone for one in sweeping.sweep()] == [0]
    later(world, 2)
    assert [one.gone for one in sweeping.sweep()] == [1]
    assert [one.gone for one in sweeping.sweep()] == [0]
    assert Instance.objects.filter(pk=number).exists()
    assert world.browser("manager").get(f"/cases/{number}/").status_code == 200
    (told,) = [one for one in books.entries("payables") if one.type == "documents.erased"]
    assert told.data["rule"] == "documents"


def test_rows_with_a_time_of_their_own_go(world: Any) -> None:
    number = rejected(world)
    Access.objects.create(at=world.clock.now, person=world.people["agent"], case=number, action="GET case")
    Access.objects.create(at=world.clock.now, person=world.people["agent"], case=99, action="GET another's")
    for kind in ("received", "access", "times"):
        rules.agree(None, "payables", agreed(kind, 1, 1, "days"))
        later(world, 2)
        assert [(one.kind, one.gone) for one in sweeping.sweep()] == [(kind, 1)]
    assert Access.objects.count() == 1
    assert sweeping.sweep()[0].gone == 0


def test_somebody_is_told_what_work_holds_of_them_and_erased(world: Any) -> None:
    number, other = rejected(world), world.start("03-over-tolerance-ubl.xml")
    engagement = world.engagement
    name = Instance.objects.get(pk=number).reference
    told = subjects.told(engagement, [name])
    assert [one["number"] for one in told["cases"]] == [number]
    assert json.dumps(told)
    assert told["cases"][0]["variables"]
    assert {"by", "at", "number"} <= set(told["cases"][0]["log"][0])
    assert AuditEntry.objects.get(action="subject.told").data["cases"] == [number]
    with pytest.raises(CommandRejected, match="None of the words"):
        subjects.erase(engagement, [name], [other], "asked")
    with pytest.raises(CommandRejected, match="still worked on"):
        subjects.erase(engagement, [Instance.objects.get(pk=other).reference], [other], "asked")
    with pytest.raises(CommandRejected, match="3 letters"):
        subjects.told(engagement, ["a"])
    done = subjects.erase(engagement, [name], [number], "letter of 2 January")
    assert (done.cases, done.documents) == ([number], 1)
    assert subjects.told(engagement, [name])["cases"] == []
    assert AuditEntry.objects.get(action="subject.erased").data["reason"] == "letter of 2 January"


def test_a_pseudonym_counts_a_person_and_tells_nobody_after_their_erasure(world: Any) -> None:
    from anyshore.web.accounts import personal
    from anyshore.web.engine import people

    rejected(world)
    words = {one.data["by"] for one in books.entries("payables") if one.type == "work.taken"}
    (word,) = words
    assert people.address(word) == "agent@example.org"
    (done,) = [one.data["performer"] for one in books.entries("payables") if one.type == "work.completed"]
    assert done == word, "one and the same in every entry"
    told = personal.told(world.people["agent"])["engine.Pseudonym.address"]
    assert [one["word"] for one in told] == [word], "who asks can find themselves in an export"
    personal.erase(world.people["agent"], "asked")
    assert people.address(word) == word
