"""Definitions by reference: which version a name means, decisions of one deployment, all problems at once."""

from __future__ import annotations

import pytest
from tests.host import processes as bpmn

from anyshore.base.errors import CommandRejected, DefinitionError, DmnError
from anyshore.runtime.catalogue import Catalogue, Deployment, read

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="i" name="n" namespace='


def decision(name: str, expression: str, namespace: str, more: str = "", needs: str = "") -> bytes:
    return (
        f'{HEAD}"{namespace}">{more}<decision id="{name}_id" name="{name}"><variable name="{name}"/>{needs}'
        f"<literalExpression><text>{expression}</text></literalExpression></decision></definitions>"
    ).encode()


def process(key: str) -> bytes:
    return bpmn.process(key, {"a": bpmn.start(), "b": bpmn.end()}, "a -> b").encode()


def deployment(number: int, **files: bytes) -> Deployment:
    return read(number, "pack", {name.replace("_", "."): content for name, content in files.items()})


def test_a_name_means_the_newest_and_a_caller_keeps_to_its_own_deployment() -> None:
    catalogue = Catalogue()
    for number in (1, 3, 2):
        catalogue.add(deployment(number, a_bpmn=process("pay")))
    assert catalogue.latest("process:pay").reference == "process:pay@3"
    assert catalogue.latest("process:pay", "process:other@2").reference == "process:pay@2"
    assert catalogue.latest("process:pay@1").reference == "process:pay@1"
    assert catalogue.get("process:pay@2").key == "pay"
    for absent in ("process:pay@9", "process:none", "case:pay", "pay", "process:pay@x"):
        with pytest.raises(CommandRejected):
            catalogue.latest(absent)


def test_a_deployment_is_read_when_it_is_first_needed() -> None:
    asked: list[int] = []

    def load(number: int) -> tuple[str, dict[str, bytes]]:
        asked.append(number)
        return "pack", {"a.bpmn": process("pay")}

    catalogue = Catalogue(load)
    assert catalogue.get("process:pay@4").reference == "process:pay@4"
    assert catalogue.get("process:pay@4") is catalogue.latest("process:pay")
    assert asked == [4]
    catalogue.learn([5, 6])
    assert (asked, catalogue.seen) == ([4, 5, 6], 6)
    assert catalogue.latest("process:pay").reference == "process:pay@6"


def test_decisions_are_those_of_the_deployment_and_a_silent_null_is_an_error() -> None:
    one = deployment(1, a_dmn=decision("fee", "2 * 4", "u:a"), b_dmn=decision("never", "1 + null", "u:b"))
    variables: dict[str, object] = {}
    assert one.decide("fee", variables, 0, "UTC") == one.decide("fee_id", variables, 0, "UTC") == 8
    with pytest.raises(DmnError):
        one.decide("never", variables, 0, "UTC")
    with pytest.raises(CommandRejected, match=r"'other' in a\.dmn, b\.dmn"):
        one.decide("other", variables, 0, "UTC")


def test_decision_models_of_a_deployment_may_import_each_other() -> None:
    imported = '<import name="base" namespace="u:base" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    needs = '<informationRequirement><requiredDecision href="u:base#rate_id"/></informationRequirement>'
    one = deployment(
        1, base_dmn=decision("rate", "3", "u:base"), fee_dmn=decision("fee", "base.rate * 2", "u:fee", imported, needs)
    )
    assert one.decide("fee", {}, 0, "UTC") == 6


def test_all_problems_of_all_files_come_at_once() -> None:
    with pytest.raises(DefinitionError) as found:
        deployment(1, a_bpmn=b"<no", b_dmn=b"<no", c_cmmn=b"<no", case_yaml=b"\xff", notes_txt=b"\xff")
    assert {problem.location.file for problem in found.value.diagnostics} == {"a.bpmn", "b.dmn", "c.cmmn", "case.yaml"}


def test_an_organisations_own_pack_is_found_only_by_those_who_name_it() -> None:
    packs = {1: "pay", 2: "acme/pay"}
    catalogue = Catalogue(lambda number: (packs[number], {"a.bpmn": process("pay")}))
    catalogue.learn([1, 2])
    assert catalogue.latest("process:pay").reference == "process:pay@1"
    assert catalogue.latest("process:pay@2").reference == "process:pay@2"
    assert catalogue.latest("process:pay", "process:other@2").reference == "process:pay@2"
    assert catalogue.latest("process:pay").reference == "process:pay@1"
    assert catalogue.seen == 2
