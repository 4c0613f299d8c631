"""Work in a process of its own: it answers, it raises, and what costs too much costs that process alone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from anyshore.base.errors import DefinitionError, Diagnostic, HostError, InternalError
from anyshore.host.apart import Allowed, Apart, TooCostly


def double(value: Any) -> Any:
    print("what a library says is no answer")
    return [value, value, os.getpid()]


def fail(kind: str) -> None:
    if kind == "ours":
        raise KeyError("x")
    if kind == "typed":
        raise HostError("store.busy", "Somebody has it.", hint="Wait.")
    raise DefinitionError.of([Diagnostic("a.b", "One."), Diagnostic("a.c", "Two.")])


def burn() -> None:
    while True:
        pass


def grow() -> int:
    return len("x" * (4 << 30))


def leave() -> None:
    os._exit(3)


def rest() -> None:
    time.sleep(60)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    found = Apart("", Allowed(seconds=1, memory=512))
    yield found
    found.end()


def test_it_answers_again_and_again_from_another_process(apart: Apart) -> None:
    name = "tests.host.test_apart:double"
    large = {"x" * 100_000: b"\0" * 3_000_000}
    first, second = apart.call(name, 7), apart.call(name, large)
    assert first[:2] == [7, 7]
    assert second[:2] == [large, large]
    assert first[2] == second[2] != os.getpid()


def test_what_it_raises_arrives(apart: Apart) -> None:
    with pytest.raises(HostError, match="Somebody") as told:
        apart.call("tests.host.test_apart:fail", "typed")
    assert (told.value.code, told.value.hint) == ("store.busy", "Wait.")
    with pytest.raises(DefinitionError) as several:
        apart.call("tests.host.test_apart:fail", "several")
    assert [one.code for one in several.value.diagnostics] == ["a.b", "a.c"]
    with pytest.raises(InternalError, match="KeyError"):
        apart.call("tests.host.test_apart:fail", "ours")


@pytest.mark.parametrize("what", ["burn", "grow", "leave"])
def test_what_costs_too_much_is_refused_and_the_next_call_answered(apart: Apart, what: str) -> None:
    with pytest.raises(TooCostly) as told:
        apart.call(f"tests.host.test_apart:{what}")
    assert told.value.code == "request.too-costly"
    assert apart.call("tests.host.test_apart:double", 1)[:2] == [1, 1]


def test_what_waits_for_ever_is_ended_too(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    apart.call("tests.host.test_apart:double", 1)
    apart.allowed = Allowed(seconds=0, memory=512)
    with pytest.raises(TooCostly):
        apart.call("tests.host.test_apart:rest")
