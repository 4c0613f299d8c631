"""A work item that stands for an act is that act: what is in view is signed, or nothing is finished or billed."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from tests.web.conftest import Beginning, resumed
from tests.web.contract import QUOTES

from anyshore.base.errors import CommandRejected
from anyshore.forms.model import Act
from anyshore.forms.reading import schema
from anyshore.knowledge import deliverable_pdf, documents
from anyshore.terms.invoice import draft
from anyshore.terms.months import Month
from anyshore.web.cases import deliverable, signing
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.core.models import Credential
from anyshore.web.engine import queries as engine
from anyshore.web.engine.books import book, entries
from anyshore.web.work import actions as work_actions
from anyshore.web.work import acts

STATEMENT = "Every finding rests on the words quoted."


@pytest.fixture
def written(desk: Any, beginnings: dict[str, Beginning]) -> Any:
    """A case whose memo is written: it waits for its signature."""

    def make() -> Any:
        desk.review("lead", "first_review")
        desk.review("second", "second_review")
        desk.do("lead", "write_memo", memo="It may be signed after changes.")
        return desk

    found = resumed(beginnings, "memo written", desk.world, make)
    assert found.open() == {"sign_off"}
    return found


def signed(desk: Any) -> list[str]:
    return [one.person for one in deliverable.signatures(desk.case())]


def billed(desk: Any) -> dict[str, int]:
    """What the month's invoice bills per milestone."""
    invoice = draft(book("contract-review"), Month(2026, 1))
    return {line.name: int(line.quantity) for line in invoice.lines if line.kind == "milestone"}


def told(desk: Any, kind: str) -> int:
    return sum(one.type == kind for one in entries("contract-review"))


def page(desk: Any, wait: int) -> tuple[str, str]:
    """The page of the item, and what it says is in view."""
    text = desk.world.browser("lead").get(f"/work/{desk.number}/{wait}/").content.decode()
    return text, re.search('name="shown" value="([^"]*)"', text)[1]


def test_the_item_shows_what_is_signed_and_signs_it(written: Any) -> None:
    wait = written.take("lead", "sign_off")
    text, shown = page(written, wait)
    engagement = written.world.client.bought.get(key="contract-review")
    before = deliverable.report(written.case(), engagement)
    for line in deliverable.lines(before):
        assert line.split("\n")[0][:40] in text
    assert before.composed.content in text
    assert shown.startswith(before.composed.content)
    answer = written.world.browser("lead").post(
        f"/work/{written.number}/{wait}/", {"opinion": STATEMENT, "shown": shown}
    )
    assert answer.status_code == 302
    written.world.host.work()
    assert written.case().status == "ended"
    made = deliverable.report(written.case(), engagement)
    [signature] = made.composed.deliverable.signoffs
    assert (signature.person, signature.content, signature.statement) == (
        "Lead Expert", before.composed.content, STATEMENT)  # fmt: skip
    pdf = documents.read(deliverable_pdf.render(made.composed), "memo.pdf").text
    assert "Draft, not signed" not in pdf
    assert STATEMENT in " ".join(pdf.split())
    assert (told(written, "case.signed"), billed(written)) == (1, {"Scope agreed": 1, "Memo signed": 1})


def test_what_is_not_signed_is_not_billed(written: Any) -> None:
    wait = written.take("lead", "sign_off")
    with pytest.raises(Invalid):
        work_actions.complete(written.person("lead"), written.number, wait, {"opinion": STATEMENT})
    with pytest.raises(Invalid):
        work_actions.complete(written.person("lead"), written.number, wait, {"opinion": " "}, page(written, wait)[1])
    written.world.host.work()
    assert (written.open(), signed(written), told(written, "case.signed")) == ({"sign_off"}, [], 0)
    assert billed(written) == {"Scope agreed": 1}


def test_a_deliverable_that_changed_is_refused_and_shows_what_changed(written: Any) -> None:
    wait = written.take("lead", "sign_off")
    _text, shown = page(written, wait)
    written.world.host.change(written.number, lambda _held: _write(written, memo="It may be signed as it is."))
    browser = written.world.browser("lead")
    answer = browser.post(f"/work/{written.number}/{wait}/", {"opinion": STATEMENT, "shown": shown})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "<del>It may be signed after changes.</del>" in text
    assert "<ins>It may be signed as it is.</ins>" in text
    assert STATEMENT in text  # what was written is still there
    rest = f"/api/work/{written.number}/{wait}"
    given = {"answers": {"opinion": STATEMENT}, "shown": shown}
    refused = browser.post(f"{rest}/complete", given, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "case.changed")
    assert [one["message"] for one in refused.json()["problems"]] == [
        "- It may be signed after changes.", "+ It may be signed as it is."]  # fmt: skip
    assert (signed(written), written.open()) == ([], {"sign_off"})
    now = browser.get(rest).json()
    assert now["act"] == "sign"
    done = browser.post(f"{rest}/complete", given | {"shown": now["shown"]}, content_type="application/json")
    assert done.status_code == 204
    assert signed(written) == ["Lead Expert"]


def _write(desk: Any, **variables: Any) -> Any:
    from anyshore.kernel.commands import Write

    return Write(at=desk.world.clock(), variables=variables)


@pytest.mark.parametrize("shown", ["made up", "0" * 64 + "@1", "0" * 64 + "@99999", "@", "0" * 64 + "@-1"])
def test_what_never_was_in_view_is_not_signed(written: Any, shown: str) -> None:
    wait = written.take("lead", "sign_off")
    with pytest.raises(signing.Changed) as refused:
        work_actions.complete(written.person("lead"), written.number, wait, {"opinion": STATEMENT}, shown)
    assert refused.value.differences == []
    assert signed(written) == []


def test_who_may_not_sign_does_not_finish_the_item(written: Any) -> None:
    wait = written.take("lead", "sign_off")
    shown = page(written, wait)[1]
    Credential.objects.filter(person=written.person("lead")).delete()
    with pytest.raises(Denied):
        work_actions.complete(written.person("lead"), written.number, wait, {"opinion": STATEMENT}, shown)
    written.world.host.work()
    assert (written.open(), signed(written)) == ({"sign_off"}, [])


def test_a_signature_whose_item_cannot_end_is_none(written: Any) -> None:
    wait = written.take("lead", "sign_off")
    shown = page(written, wait)[1]
    work_actions.give_back(written.person("lead"), written.number, wait)
    with pytest.raises(CommandRejected):
        work_actions.complete(written.person("lead"), written.number, wait, {"opinion": STATEMENT}, shown)
    assert (signed(written), told(written, "case.signed")) == ([], 0)


def test_a_case_with_a_task_for_it_is_signed_nowhere_else(written: Any) -> None:
    row, engagement = written.case(), written.world.client.bought.get(key="contract-review")
    shown = signing.in_view(row, deliverable.report(row, engagement))
    with pytest.raises(CommandRejected) as refused:
        signing.sign(written.person("lead"), written.number, STATEMENT, shown)
    assert refused.value.code == "case.signed-by-task"
    browser = written.world.browser("lead")
    item = f"/work/{written.number}/{written.wait('sign_off')}/"
    assert browser.get(f"/cases/{written.number}/sign/").headers["Location"] == item
    assert f'href="{item}">Sign</a>' in browser.get(f"/cases/{written.number}/").content.decode()


def test_a_contract_without_any_clause_is_signed_too(desk: Any) -> None:
    """Nothing was found is a result: its memo is a deliverable like any other."""
    nothing = dict.fromkeys(QUOTES, ("absent", ""))
    desk.review("lead", "first_review", nothing)
    desk.review("second", "second_review", nothing)
    desk.do("lead", "write_memo", memo="None of the clauses stands in the contract.")
    assert engine.variables(desk.case())["findings"] == []
    desk.do("lead", "sign_off", opinion=STATEMENT)
    assert (desk.case().status, signed(desk)) == ("ended", ["Lead Expert"])


def test_every_act_of_the_forms_has_its_row() -> None:
    assert set(acts.ACTS) == set(get_args(Act))
    assert list(get_args(Act)) == schema()["$defs"]["form"]["properties"]["act"]["enum"]
