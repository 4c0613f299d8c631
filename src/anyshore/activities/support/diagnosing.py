"""Guided diagnosis: causes by probability over cost, and what to look at next, from what was seen so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.support import records
from anyshore.base.errors import DataError
from anyshore.diagnosis.troubleshooting import questions, suspects

SHOWN = 3


@dataclass(frozen=True, slots=True)
class DiagnoseInput:
    """What was seen of what.

    Attributes:
        network: name of the network of faults.
        evidence: state by variable.
    """

    network: str
    evidence: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause, its probability in per cent and the cost of mending it."""

    cause: str
    state: str
    probability: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Look:
    """What to look at: the states it can be in, and the bits of doubt it takes away."""

    variable: str
    states: tuple[str, ...]
    bits: Decimal


@dataclass(frozen=True, slots=True)
class DiagnoseOutcome:
    """What is likely and what to do.

    Attributes:
        known: whether there is such a network, and what was seen can be.
        why: why not.
        causes: the cause to mend first in front.
        looks: the most telling in front.
        seen: of what was seen, what the network knows.
    """

    known: bool
    why: str = ""
    causes: tuple[Cause, ...] = ()
    looks: tuple[Look, ...] = ()
    seen: int = 0


def diagnose(data: DiagnoseInput, context: ActivityContext) -> DiagnoseOutcome:
    """Ranks causes and questions exactly; a fault nobody modelled is said to be none, and a person goes on alone."""
    network = records.network(context, data.network)
    if network is None:
        return DiagnoseOutcome(False, "no network of faults is on record for it")
    costs, normal, seen = records.costs(context, data.network, network)
    evidence = records.fitting(data.evidence, network)
    try:
        causes = suspects(network, evidence, normal, costs)[:SHOWN]
        looks = questions(network, evidence, normal, seen, costs)[:SHOWN]
    except DataError as problem:
        return DiagnoseOutcome(False, problem.message, seen=len(evidence))
    return DiagnoseOutcome(
        True, "", tuple(Cause(one.cause, one.state, round(100 * one.probability), _exact(one.cost)) for one in causes),
        tuple(Look(one.variable, network.variables[one.variable].states, _exact(round(one.bits, 3))) for one in looks),
        len(evidence),
    )  # fmt: skip


def _exact(value: float) -> Decimal:
    return Decimal(repr(value))
