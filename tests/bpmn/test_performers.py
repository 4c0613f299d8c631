"""Four eyes: who did a work item is kept, and who did the part before is refused."""

from __future__ import annotations

import pytest

from anyshore.base.errors import BpmnError, CommandRejected
from anyshore.kernel.commands import Resolve
from tests.bpmn.models import process, start
from tests.harness import Instance

FIRST = '<userTask id="a" anyshore:performer="first_by"/>'
SECOND = '<userTask id="b" anyshore:apart="{}" anyshore:performer="second_by"/>'


def _started(apart: str = "first_by", first: str = FIRST) -> Instance:
    return start(process(f'<startEvent id="s"/>{first}{SECOND.format(apart)}', "s -> a\na -> b"))


def _done(instance: Instance, element: str, by: str | None) -> None:
    instance.do(Resolve(at=0, by=by, wait=instance.wait(element).id))


def test_who_did_the_first_part_is_refused_at_the_second() -> None:
    instance = _started()
    _done(instance, "a", "ada")
    assert instance.wait("b").data["apart"] == ["ada"]
    for by in ("ada", None):
        with pytest.raises(CommandRejected) as caught:
            _done(instance, "b", by)
        assert caught.value.code == "work.kept-apart"
    _done(instance, "b", "bea")
    assert (instance.variables["first_by"], instance.variables["second_by"]) == ("ada", "bea")
    assert not instance.waits()


@pytest.mark.parametrize(("apart", "kept"), [("[first_by, null, 5]", ["ada"]), ("nobody", []), ("null", [])])
def test_a_list_names_several_and_null_nobody(apart: str, kept: list[str]) -> None:
    instance = _started(apart)
    _done(instance, "a", "ada")
    assert instance.wait("b").data["apart"] == kept


def test_results_of_the_form_stay_beside_the_performer() -> None:
    first = (
        '<userTask id="a" anyshore:performer="first_by"><extensionElements>'
        '<anyshore:output name="said" expression="answer"/></extensionElements></userTask>'
    )
    instance = _started(first=first)
    instance.do(Resolve(at=0, by="ada", wait=instance.wait("a").id, variables={"answer": "yes"}))
    assert (instance.variables["said"], instance.variables["first_by"]) == ("yes", "ada")


def test_only_people_are_kept_apart() -> None:
    with pytest.raises(BpmnError) as caught:
        process('<startEvent id="s"/><scriptTask id="a" anyshore:apart="x"><script>1</script></scriptTask>', "s -> a")
    assert "apart" in str(caught.value)
