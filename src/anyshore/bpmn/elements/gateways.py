"""Gateways. Source: BPMN 2.0.2, 10.6 and 13.4."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lxml import etree

from anyshore.bpmn import data, expressions, flow, subscriptions
from anyshore.bpmn.graph import Upstream
from anyshore.bpmn.joins import awaited
from anyshore.bpmn.model import Activity, Element, Event, Settle
from anyshore.bpmn.reading.context import Reading
from anyshore.bpmn.records import Arrived, Consumed, Passed
from anyshore.bpmn.subscriptions import Opening
from anyshore.feel import Expression
from anyshore.kernel import nodes, scopes
from anyshore.kernel.turn import Turn

SPLIT = "split"
"""Task (SPLIT, complex gateway, scope, whether it waited for its start)."""


@dataclass(slots=True, eq=False, kw_only=True)
class Gateway(Element):
    """Any gateway.

    Attributes:
        ignores_conditions: whether its outgoing flows are taken whatever their conditions say.
    """

    ignores_conditions: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Join(Gateway):
    """A gateway whose join depends on tokens elsewhere in the scope.

    Attributes:
        settle: looks whether it can fire.
        upstream: by what paths tokens can still arrive.
        activation: activation condition of a complex gateway.
    """

    settle: Settle
    upstream: Upstream = field(default_factory=Upstream)
    activation: Expression | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class EventGateway(Gateway):
    """An event-based gateway.

    Attributes:
        instantiate: whether its events bring the process to life.
        parallel: whether all of its events are needed, not only the first.
        targets: the events and receive tasks it leads to.
    """

    instantiate: bool = False
    parallel: bool = False
    targets: tuple[Any, ...] = ()


def read_exclusive(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``exclusiveGateway``."""
    return Gateway(**reading.common(xml, container), enter=enter_exclusive)


def read_parallel(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``parallelGateway``: conditions on its flows have no meaning (10.6.4)."""
    return Gateway(**reading.common(xml, container), enter=enter_parallel, ignores_conditions=True)


def read_inclusive(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``inclusiveGateway``."""
    return Join(**reading.common(xml, container), enter=enter_inclusive, settle=settle_inclusive)


def read_complex(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``complexGateway``."""
    activation = reading.expression_child(xml, "activationCondition")
    return Join(**reading.common(xml, container), enter=enter_complex, settle=settle_complex, activation=activation)


def read_event_based(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``eventBasedGateway``."""
    instantiate = reading.flag(xml, "instantiate", False)
    parallel = xml.get("eventGatewayType", "Exclusive") == "Parallel"
    if parallel and not instantiate:
        reading.problems.add(
            xml, "bpmn.parallel-event-gateway", "A parallel event-based gateway has to instantiate the process.",
            'Set instantiate="true", or use a parallel gateway with an event behind each flow.',
        )  # fmt: skip
    return EventGateway(
        **reading.common(xml, container),
        enter=enter_event_based,
        ignores_conditions=True,
        instantiate=instantiate,
        parallel=parallel,
    )


# Exclusive and parallel


def enter_exclusive(turn: Turn, gateway: Gateway, scope: int, _flow: str | None) -> None:
    """Takes the first flow whose condition holds, else the default (13.4.2)."""
    if gateway.plain is not None and len(gateway.plain) <= 1:
        flow.passed(turn, gateway, scope)
        return
    view = scopes.view(turn.state, scope)
    default = None
    for outgoing in gateway.outgoing:
        if outgoing.is_default:
            default = outgoing
        elif outgoing.condition is None or expressions.holds(turn, outgoing.condition, view, scope, gateway.location):
            default = outgoing
            break
    if default is None:
        raise flow.no_flow(gateway, scope)
    turn.emit(Passed(scope, gateway.id))
    turn.agenda.append((flow.ENTER, default.target, scope, default.id))


def enter_parallel(turn: Turn, gateway: Gateway, scope: int, came_by: str | None) -> None:
    """Waits for a token on every incoming flow, then goes on by every outgoing one (13.4.1)."""
    incoming = gateway.incoming
    if len(incoming) > 1 and came_by is not None:
        resting = flow.tokens(turn, scope)
        others = [place for place in incoming if place != came_by]
        if came_by in resting or not all(place in resting for place in others):
            turn.emit(Arrived(scope, came_by))
            # An inclusive join may have waited for just this token.
            turn.changed[scope] = None
            return
        turn.emit(Consumed(scope, others))
    flow.passed(turn, gateway, scope)


# Inclusive


def enter_inclusive(turn: Turn, gateway: Join, scope: int, came_by: str | None) -> None:
    """A join waits until no further token can arrive; a split alone goes on at once."""
    if len(gateway.incoming) <= 1 or came_by is None:
        flow.passed(turn, gateway, scope)
        return
    turn.emit(Arrived(scope, came_by))
    turn.changed[scope] = None


def settle_inclusive(turn: Turn, gateway: Join, scope: int) -> bool:
    """Fires when no token can still arrive by an empty flow (13.4.3)."""
    resting = flow.tokens(turn, scope)
    filled = _filled(gateway, resting)
    if not filled or awaited(turn, gateway, gateway.upstream, scope, filled):
        return False
    turn.emit(Consumed(scope, [place for place in gateway.incoming if place in resting]))
    flow.passed(turn, gateway, scope)
    return True


def _filled(gateway: Join, resting: Any) -> int:
    return sum(1 << index for index, place in enumerate(gateway.incoming) if place in resting)


# Complex


def enter_complex(turn: Turn, gateway: Join, scope: int, came_by: str | None) -> None:
    """A split alone behaves as an inclusive one; a join counts the token."""
    if len(gateway.incoming) <= 1 or came_by is None:
        turn.emit(Passed(scope, gateway.id))
        turn.plan(SPLIT, gateway.id, scope, True)
        return
    turn.emit(Arrived(scope, came_by))
    turn.changed[scope] = None


def settle_complex(turn: Turn, gateway: Join, scope: int) -> bool:
    """Waiting for its start: fires when the activation condition holds. Then waits for its reset (13.4.5)."""
    if len(gateway.incoming) <= 1:
        return False
    resting = flow.tokens(turn, scope)
    key = f"reset:{gateway.id}"
    taken = turn.state.nodes[scope].private.get(key)
    if taken is None:
        return _activate(turn, gateway, scope, resting, key)
    seen = sum(1 << i for i, place in enumerate(gateway.incoming) if place in resting or place in taken)
    if awaited(turn, gateway, gateway.upstream, scope, seen):
        return False
    late = [place for place in gateway.incoming if place in resting and place not in taken]
    nodes.note(turn, scope, key, None)
    if late:
        turn.emit(Consumed(scope, late))
        turn.plan(SPLIT, gateway.id, scope, False)
    return True


def _activate(turn: Turn, gateway: Join, scope: int, resting: Any, key: str) -> bool:
    present = [place for place in gateway.incoming if place in resting]
    if not present:
        return False
    if gateway.activation is not None:
        counts = {place: Decimal(resting.get(place, 0)) for place in gateway.incoming}
        counts["activationCount"] = sum(counts.values(), Decimal(0))
        view = data.overlay(counts, scopes.view(turn.state, scope))
        if not expressions.holds(turn, gateway.activation, view, scope, gateway.location):
            return False
    turn.emit(Consumed(scope, present))
    turn.emit(Passed(scope, gateway.id))
    nodes.note(turn, scope, key, present)
    turn.plan(SPLIT, gateway.id, scope, True)
    return True


def split_complex(turn: Turn, gateway: Join, scope: int, starting: bool) -> None:
    """Sends tokens by the flows whose conditions hold.

    At the reset only conditions count: a flow without one got its token at the start. Otherwise a discriminator, which
    the gateway is there for, would fire once for the first branch and once more for the rest.
    """
    view = data.overlay({"waitingForStart": starting}, scopes.view(turn.state, scope))
    if starting:
        flow.send(turn, flow.chosen(turn, gateway, scope, view), scope)
        return
    met = [
        one
        for one in gateway.outgoing
        if one.condition is not None and expressions.holds(turn, one.condition, view, scope, gateway.location)
    ]
    conditional = any(one.condition is not None for one in gateway.outgoing)
    if not met and conditional:
        met = [one for one in gateway.outgoing if one.is_default]
    flow.send(turn, met, scope)


# Event-based


def enter_event_based(turn: Turn, gateway: EventGateway, scope: int, _flow: str | None) -> None:
    """Waits for the first of its events (13.4.4)."""
    openings = prepare_targets(turn, gateway, scope, None)
    node = nodes.enter(turn, gateway.id, scope, "active")
    subscriptions.open_all(turn, node, openings)


def prepare_targets(turn: Turn, gateway: EventGateway, scope: int, occurred: str | None) -> list[Opening]:
    """The waits of all targets but the one that occurred already."""
    view = scopes.view(turn.state, scope)
    return [
        subscriptions.opening(turn, target, index, trigger, view, scope)
        for target in gateway.targets
        if target.id != occurred
        for index, trigger in enumerate(target.triggers)
    ]


def instantiate(turn: Turn, gateway: EventGateway, scope: int, target: Any, variables: dict[str, Any]) -> None:
    """One of the events of an instantiating gateway brought the process to life."""
    if gateway.parallel and len(gateway.targets) > 1:
        openings = prepare_targets(turn, gateway, scope, target.id)
        node = nodes.enter(turn, gateway.id, scope, "active", {"left": len(gateway.targets) - 1})
        subscriptions.open_all(turn, node, openings)
    turn.emit(Passed(scope, gateway.id))
    _go_on(turn, target, scope, variables)


def fire_target(turn: Turn, target: Event | Activity, owner: int, variables: dict[str, Any]) -> None:
    """An event behind the gateway occurred: the others are not waited for any more."""
    scope = turn.state.nodes[owner].parent
    assert scope is not None
    left = turn.state.nodes[owner].private.get("left")
    values = data.outputs(turn, target.data, variables, scopes.view(turn.state, scope))
    if left is not None and left > 1:
        nodes.note(turn, owner, "left", left - 1)
    else:
        nodes.leave(turn, owner, "completed")
    _go_on(turn, target, scope, values, mapped=True)


def _go_on(
    turn: Turn, target: Event | Activity, scope: int, variables: dict[str, Any], *, mapped: bool = False
) -> None:
    values = variables if mapped else data.outputs(turn, target.data, variables, scopes.view(turn.state, scope))
    turn.emit(Passed(scope, target.id))
    data.put_all(turn, scope, values)
    flow.out(turn, target, scope, target.completion_quantity if isinstance(target, Activity) else 1)
