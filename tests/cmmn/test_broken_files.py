"""Broken files are refused as broken files, never with another error: every mutation reads or raises ``CmmnError``."""

from __future__ import annotations

import random

import pytest
from lxml import etree

from anyshore import cmmn
from anyshore.base.errors import CmmnError
from tests.cmmn.cases import Case
from tests.cmmn.test_native import FULL
from tests.cmmn.test_xml import EVERYTHING
from tests.draws import seeds


def mutated(content: bytes, dice: random.Random) -> bytes:
    """One to three elements or attributes removed, renamed, doubled or exchanged."""
    root = etree.fromstring(content)
    for _ in range(dice.randint(1, 3)):
        elements = [e for e in root.iter(etree.Element) if e is not root]
        element = dice.choice(elements)
        parent = element.getparent()
        assert parent is not None
        match dice.randint(0, 4):
            case 0:
                parent.remove(element)
            case 1 if element.attrib:
                del element.attrib[dice.choice(list(element.attrib))]
            case 2 if element.attrib:
                element.set(
                    str(dice.choice(list(element.attrib))), dice.choice(["", "read", "plan", "1", "${x}", "P1D"])
                )
            case 3:
                element.tag = dice.choice(elements).tag
            case _:
                element.text = dice.choice(["", "1 +", "complete", "R/PT1H"])
    return etree.tostring(root)


@pytest.mark.drawn
def test_mutated_xml_is_read_or_refused() -> None:
    content = EVERYTHING.read_bytes()
    refused = 0
    for seed in seeds(250):
        try:
            model = cmmn.read(mutated(content, random.Random(seed)), file="x.cmmn")
        except CmmnError as problem:
            refused += [d.message for d in problem.diagnostics if d.location.file == "x.cmmn"] != []
            continue
        assert cmmn.read(cmmn.write(model)) == model
        case = Case(cmmn.link(model), strict=False)
        case.start(contract={"value": 20}, open=True)
    assert refused > 50


@pytest.mark.drawn
def test_mutated_templates_are_read_or_refused() -> None:
    refused = 0
    lines = FULL.strip().split("\n")
    for seed in seeds(250):
        dice = random.Random(seed)
        text = list(lines)
        for _ in range(dice.randint(1, 2)):
            at = dice.randrange(len(text))
            match dice.randint(0, 3):
                case 0:
                    del text[at]
                case 1:
                    text[at] = text[at].replace(dice.choice(["human", "type", "on", "after", "price"]), "x")
                case 2:
                    text.insert(at, text[dice.randrange(len(text))])
                case _:
                    text[at] = text[at][: dice.randrange(len(text[at]) + 1)]
        try:
            cmmn.native.loads("\n".join(text), "x.yaml")
        except CmmnError as problem:
            refused += [d.message for d in problem.diagnostics] != []
    assert refused > 50
