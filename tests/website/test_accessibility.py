"""What axe-core says, by criterion of WCAG; nothing is ever said to be met."""

from __future__ import annotations

from typing import Any

from anyshore.website.checks import accessibility


def told(id: str, tags: list[str], *targets: Any) -> dict[str, Any]:
    return {"id": id, "help": f"About {id}", "tags": tags, "nodes": [{"target": one} for one in targets]}


ALT = told("image-alt", ["cat.text", "wcag2a", "wcag111", "EN-301-549"], ["#a"], [["#host", "img"]])
MOTION = told("x", ["wcag22aaa", "wcag2411"], ["p"])
HABIT = told("region", ["best-practice"], ["main"])
COLOUR = told("color-contrast", ["wcag2aa", "wcag143"], ["iframe", "p"])


def test_findings_have_criterion_place_and_weight() -> None:
    found = accessibility.findings("https://a.example/", {"violations": [ALT, MOTION, HABIT], "incomplete": [COLOUR]})
    assert [(one.code, one.place, one.section, one.weight) for one in found] == [
        ("image-alt", "#a", "WCAG 1.1.1", "fault"), ("image-alt", "#host img", "WCAG 1.1.1", "fault"),
        ("region", "main", "good practice", "note"), ("x", "p", "WCAG 2.4.11", "note"),
        ("color-contrast", "iframe » p", "WCAG 1.4.3", "person"),
    ]  # fmt: skip


def test_every_criterion_is_failed_or_to_be_examined() -> None:
    found = accessibility.findings("https://a.example/", {"violations": [ALT], "incomplete": [COLOUR]})
    known = {one.number: one for one in accessibility.criteria(found, [accessibility.rule(ALT)])}
    assert len(known) == len(accessibility.WCAG_A_AA) == 50
    assert {one.result for one in known.values()} == {"failed", "to be examined"}
    assert known["1.1.1"].failed == ("https://a.example/",)
    assert known["1.1.1"].looked
    assert (known["1.4.3"].result, known["1.4.3"].person) == ("to be examined", ("https://a.example/",))
