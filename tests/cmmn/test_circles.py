"""Items that wait for each other are found before the case runs."""

from __future__ import annotations

import pytest

from anyshore import cmmn


def circles(items: str) -> list[str]:
    model = cmmn.native.loads(f"case: x\nitems:\n{items}")
    return [problem.message.partition(":")[0] for problem in cmmn.check(model) if problem.code == "cmmn.circle"]


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ("  a: {type: human, after: b}\n  b: {type: human, after: a}", ["'a' and 'b' wait for each other"]),
        (
            "  a: {type: human, after: c}\n  b: {type: milestone, name: b, after: a}\n  c: {type: human, after: b}",
            ["'a', 'b' and 'c' wait for each other"],
        ),
        ("  a: {type: human, after: a}", ["'a' waits for itself"]),
        (
            "  s: {type: stage, after: b, items: {b: {type: human}}}\n  c: {type: human, after: s}",
            ["'s' and 'b' wait for each other"],
        ),
        (
            "  a: {type: human, after: b}\n  b: {type: human, after: a}\n  c: {type: human, after: [d, a]}\n"
            "  d: {type: human, after: c}",
            ["'a' and 'b' wait for each other", "'c' and 'd' wait for each other"],
        ),
    ],
)
def test_a_circle_is_told_once(items: str, told: list[str]) -> None:
    assert circles(items) == told


@pytest.mark.parametrize(
    "items",
    [
        "  a: {type: human}\n  b: {type: human, after: a}",
        "  a: {type: human, when: n > 1}\n  b: {type: human, after: a}",
        "  a: {type: human, after: [b]}\n  b: {type: human}",
        "  s: {type: stage, items: {a: {type: human}, b: {type: human, after: a}}}",
    ],
)
def test_what_can_begin_is_no_circle(items: str) -> None:
    assert circles(items) == []


def test_a_long_chain_is_looked_at_once() -> None:
    chain = "\n".join(f"  i{n}: {{type: human, after: i{n + 1}}}" for n in range(1500))
    assert circles(f"{chain}\n  i1500: {{type: human}}") == []
    assert len(circles(f"{chain}\n  i1500: {{type: human, after: i0}}")) == 1
