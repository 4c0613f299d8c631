"""Whatever walks through a value after its evaluation is bounded: it can be tiny in memory and have no end in text.

Each walker is given values whose parts stand in many places. It may use the sharing and answer, or refuse by a typed
error; it may not do the work that the value written out would be. Work is counted in lines of Python that ran. A walker
in C runs no lines, and would not come back.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.template import Context, Engine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.bpmn import models
from tests.draws import examples
from tests.harness import lines_executed

from anyshore import feel, forms
from anyshore.base import canonical, plain, sizes
from anyshore.base.errors import AnyshoreError
from anyshore.cli import output
from anyshore.dmn.results import shown
from anyshore.feel.comparison import equal, matches
from anyshore.feel.run import describe
from anyshore.feel.types import ANY, ANY_LIST, ListType, RangeType, coerce, has_type, instance_of, type_of
from anyshore.feel.values import Range
from anyshore.host import ledgers
from anyshore.kernel import codec
from anyshore.kernel.commands import Resolve, Start
from anyshore.kernel.records import Entered, Noted, Sent, VariableSet, WaitOpened
from anyshore.terms import ledger
from anyshore.web.core.templatetags import show

MOST = 2_000_000
"""Lines a walker may run, about what its budget comes to. Written out, the values have over 2^60 parts."""

LEVELS = 64


@st.composite
def shared(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    """How a value is built: by level what it holds, each time twice."""
    return tuple(
        (
            *draw(st.lists(st.sampled_from(["last", "other"]), min_size=1, max_size=2)),
            draw(st.sampled_from(["list", "dict", "range"])),
        )
        for _ in range(draw(st.integers(1, 3)))
    )


def built(plan: tuple[tuple[str, ...], ...], first: object = "x") -> Any:
    """A value of that plan. Two of them share nothing with each other."""
    last: Any = [first]
    other: Any = {"y": first}
    for level in range(LEVELS):
        *held, kind = plan[level % len(plan)]
        parts = [last, last, *(last if one == "last" else other for one in held)]
        other = last
        if kind == "dict":
            last = {f"k{at}": part for at, part in enumerate(parts)}
        elif kind == "range" and level % 2:
            last = [Range.by_operator("=", last), Range.by_operator("=", last)]
        else:
            last = parts
    return last


FORM = forms.loads(
    """
forms:
  answer:
    title: {en: Answer, de: Antwort}
    fields:
      - {id: word, type: text, label: {en: Word, de: Wort}, required: true}
      - {id: count, type: number, label: {en: Count, de: Zahl}}
      - {id: sort, type: choice, label: {en: Sort, de: Art}, choices: [{value: a, label: {en: A, de: A}}]}
"""
)["answer"]
PAGE = Engine(builtins=["anyshore.web.core.templatetags.show"]).from_string("{{ a|facts }}")


def within_feel(text: str) -> Callable[[Any, Any], object]:
    expression = feel.compile(text, names=("a", "b"))
    return lambda a, b: expression.evaluate({"a": a, "b": b}, limits=feel.Limits(steps=100_000))


def _types(value: Any) -> object:
    kind = type_of(value)
    assert len(str(kind)) < 100_000
    return kind


def _nested_type(depth: int = 40) -> Any:
    kind: Any = ListType(ANY_LIST)
    for _ in range(depth):
        kind = ListType(RangeType(kind))
    return kind


WALKERS: Mapping[str, Callable[[Any, Any], object]] = {
    "format": lambda a, b: feel.format(a),
    "format of a range": lambda a, b: feel.format(Range.by_operator("=", a)),
    "to_string": lambda a, b: feel.to_string([a]),
    "to_python": lambda a, b: feel.to_python(a),
    "to_python of a range": lambda a, b: feel.to_python(Range.by_operator("=", a)),
    "from_python": lambda a, b: feel.from_python({"a": a}),
    "shown": lambda a, b: shown(a),
    "describe": lambda a, b: describe(a),
    "equal": lambda a, b: equal(a, b),
    "equal ranges": lambda a, b: equal(Range.by_operator("=", a), Range.by_operator("=", b)),
    "matches": lambda a, b: matches(a, [1, Range.by_operator("=", b), b]),
    "type_of": lambda a, b: _types(a),
    "instance_of": lambda a, b: instance_of(a, ListType(ANY)),
    "has_type": lambda a, b: has_type(a, _nested_type()),
    "coerce": lambda a, b: coerce(a, ListType(_nested_type())),
    "canonical": lambda a, b: canonical.encode(a),
    "digest": lambda a, b: canonical.digest({"data": a}),
    "a value in the store": lambda a, b: codec.encode_value(a),
    "a variable": lambda a, b: codec.encode_records([VariableSet(1, "x", a)]),
    "a wait": lambda a, b: codec.encode_records([WaitOpened(2, 1, "job", data={"x": a})]),
    "a node": lambda a, b: codec.encode_records([Entered(2, "e", 1, "active", {"x": a})]),
    "a note": lambda a, b: codec.encode_records([Noted(2, "items", a)]),
    "a message": lambda a, b: codec.encode_records([Sent(1, "message", "m", None, {"x": a})]),
    "a start": lambda a, b: codec.encode_command(Start(at=0, variables={"x": a})),
    "an answer": lambda a, b: codec.encode_command(Resolve(at=0, wait=1, variables={"x": a})),
    "an expression's value": within_feel("[a, b]"),
    "=": within_feel("a = b"),
    "in": within_feel("a in (b, (= b))"),
    "is": within_feel("is(a, b)"),
    "is, of ranges": within_feel("is((= a), (= b))"),
    "string()": within_feel("string(a)"),
    "string() of a range": within_feel("string((= a))"),
    "flatten": within_feel("count(flatten([a]))"),
    "list contains": within_feel("list contains([a, a], b)"),
    "index of": within_feel("index of([a, a, a], b)"),
    "distinct values": within_feel("count(distinct values([a, b, a, b]))"),
    "union": within_feel("count(union([a], [b]))"),
    "context merge": within_feel("context merge([{x: a}, {y: b}, {x: b}])"),
    "context put": within_feel('context put({x: a}, "y", b)'),
    "get entries": within_feel("get entries({x: a, y: b})"),
    "paths": within_feel("[a, b].k0"),
    "filters": within_feel("[a, b][item = a]"),
    "instance of": within_feel("a instance of list<list<list<Any>>>"),
    "typed functions": within_feel("(function(x: list<list<Any>>) count(x))(a)"),
    "sort": within_feel("sort([a, b], function(x, y) x = y)"),
    "plain data": lambda a, b: plain.to_value({"x": a}),
    "a ledger's data": lambda a, b: ledger.plain({"x": a}),
    "a ledger's entry": lambda a, b: ledgers.chain(ledger.EMPTY, "e", 1, "t", "", "1", "", ledgers.readable({"x": a})),
    "an answer to a form": lambda a, b: forms.validate(FORM, {"word": a, "count": b, "sort": a}),
    "a value in a page": lambda a, b: show.facts(a),
    "a page": lambda a, b: PAGE.render(Context({"a": a})),
    "a printed document": lambda a, b: output.document({"x": a}),
    "a copy": lambda a, b: copy.deepcopy(a),
    "a pickle": lambda a, b: pickle.loads(pickle.dumps(a)),
    "list replace": within_feel("count(list replace([a, b], function(x, y) x = y, 1))"),
}  # fmt: skip


@pytest.mark.parametrize("walker", WALKERS)
@given(shared())
@example((("last", "list"),))
@example((("last", "dict"), ("other", "range")))
@settings(max_examples=examples(2), deadline=None)
def test_every_walker_uses_the_sharing_or_refuses(walker: str, plan: tuple[tuple[str, ...], ...]) -> None:
    walk = WALKERS[walker]
    a, b = built(plan), built(plan)

    refused: list[str] = []

    def tried() -> None:
        try:
            walk(a, b)
        except AnyshoreError as problem:
            refused.append(problem.code)

    assert lines_executed(tried) < MOST
    assert all(code.startswith(("value.", "feel.budget.")) for code in refused)


GROWS = 'for i in 1..60 return if i = 1 then ["x"] else [partial[-1], partial[-1]]'


def test_a_loop_that_returns_its_own_results_is_refused_at_its_end() -> None:
    with pytest.raises(AnyshoreError) as caught:
        feel.evaluate(GROWS)
    assert caught.value.code == "value.too-large"
    assert feel.evaluate(f"count({GROWS})") == 60, "within an expression the sharing costs nothing"


def test_an_inferred_type_does_not_grow_without_bound() -> None:
    entries = ", ".join(f"a{at}: {{x: a{at - 1}, y: a{at - 1}}}" for at in range(1, LEVELS))
    tree = feel.compile(f"{{a0: 1, {entries}}}").tree
    assert len(str(feel.infer(tree, {}))) < 100_000


def test_a_script_that_gives_such_a_value_is_an_incident() -> None:
    one = models.run(models.script("a", GROWS, "x") + '<startEvent id="s"/><endEvent id="e"/>', "s -> a\na -> e")
    assert [wait.name for wait in one.state.waits.values()] == ["value.too-large"]


def test_variables_that_grow_a_step_at_a_time_are_stopped_as_well() -> None:
    body = '<startEvent id="s"/><exclusiveGateway id="g" default="again"/>' + models.script("a", "[x, x]", "x")
    one = models.run(body, "s -> a\na -> g\ng -> a [again]", x="x" * 100)
    assert [wait.name for wait in one.state.waits.values()] == ["value.too-large"]
    assert sizes.measure(one.variables["x"]).bytes < sizes.PAYLOAD.bytes


def test_the_results_of_a_loop_are_counted_together() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true" anyshore:collection="for i in 1..30 return i" '
        'anyshore:collect="upper case(long)" anyshore:into="all"/>'
    )
    body = '<startEvent id="s"/><endEvent id="e"/>' + models.script("a", "1", "x", inner=loop)
    one = models.run(body, "s -> a\na -> e", long="x" * 100_000)
    assert [wait.name for wait in one.state.waits.values()] == ["value.too-large"]
