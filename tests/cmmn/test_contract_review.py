"""The case template of the contract review service, from brief to signed memo."""

from __future__ import annotations

from pathlib import Path

import pytest

import anyshore
from anyshore import cmmn
from anyshore.base.errors import CommandRejected
from tests.cmmn.cases import Case

TEMPLATE = Path(anyshore.__file__).parent / "services" / "kpo" / "contract-review" / "case.yaml"
LIABILITY = [{"clause": "7.2", "finding": "unlimited liability"}]


@pytest.fixture
def case() -> Case:
    running = Case(cmmn.link(cmmn.native.read(TEMPLATE)))
    running.start(contract="sha256:1", brief={"question": "May we sign?"})
    return running


def reviewed(case: Case, first: object = LIABILITY, second: object = LIABILITY) -> None:
    case.complete("check_conflicts", clear=True)
    case.complete("agree_scope")
    case.complete("second_review", findings=second)
    case.complete("first_review", findings=first)


def test_two_reviews_that_agree_need_no_adjudication(case: Case) -> None:
    assert case.open == ["check_conflicts", "agree_scope"]
    reviewed(case)
    assert case.variables["disagreement"] is False
    assert case.milestones == ["Scope agreed", "Findings agreed"]
    assert case.last("adjudicate") == "terminated"
    case.complete("write_memo", memo="sha256:2")
    case.complete("sign_off", opinion="yes, with changes")
    assert case.milestones[-1] == "Memo signed"
    assert case.outcome == "completed"


def test_two_reviews_that_differ_are_adjudicated(case: Case) -> None:
    reviewed(case, second=[])
    assert case.open == ["adjudicate"]
    assert case.wait("adjudicate").data["inputs"]["first"] == LIABILITY
    assert "Findings agreed" not in case.milestones
    case.complete("adjudicate", findings=LIABILITY)
    assert case.milestones[-1] == "Findings agreed"
    assert case.open == ["write_memo"]


def test_neither_reviewer_is_shown_the_other_findings(case: Case) -> None:
    case.complete("check_conflicts")
    case.complete("agree_scope")
    case.complete("second_review", findings=LIABILITY)
    assert set(case.wait("first_review").data["inputs"]) == {"brief", "contract"}


def test_the_client_is_asked_when_an_expert_plans_it(case: Case) -> None:
    with pytest.raises(CommandRejected, match="reserved"):
        case.act("plan", "ask_client", reason="x", roles=["signing_lawyer"])
    case.act("plan", "ask_client", reason="Annex B is missing.", roles=["lead_lawyer"])
    assert "ask_client" in case.open
    reviewed(case)
    case.complete("write_memo")
    case.complete("sign_off")
    assert case.outcome is None, "an open question holds the case"
    case.complete("ask_client", letters=["Annex B"])
    assert case.outcome == "completed"


def test_an_outside_opinion_is_offered_only_in_disagreement(case: Case) -> None:
    def offered() -> list[str]:
        return [p.item for p in cmmn.offers(case.definition, case.state, 0)]

    assert offered() == ["ask_client"]
    reviewed(case, second=[])
    assert offered() == ["ask_client", "outside_opinion"]


def test_a_changed_contract_is_looked_at_each_time(case: Case) -> None:
    case.set(contract="sha256:3")
    case.set(contract="sha256:4")
    assert case.open.count("recheck") == 2


def test_the_signature_is_required_whatever_the_expert_plans(case: Case) -> None:
    reviewed(case)
    with pytest.raises(CommandRejected, match="required"):
        case.act("skip", "sign_off", reason="The client is in a hurry.")
    with pytest.raises(CommandRejected, match="cannot complete"):
        case.act("complete")


def test_the_client_can_withdraw(case: Case) -> None:
    case.act("occur", "withdrawn", roles=["lead_lawyer"])
    assert case.outcome == "terminated"


def test_the_template_is_also_a_cmmn_file() -> None:
    model = cmmn.native.read(TEMPLATE)
    assert cmmn.read(cmmn.write(model)) == model
