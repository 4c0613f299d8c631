"""What to do next: causes by probability over cost, and the question that tells most for its cost.

With one fault, actions whose success is seen at once, and costs that do not depend on each other, the order of
probability over cost has the least expected cost of repair (Heckerman, Breese and Rommelse 1995, "Decision-theoretic
troubleshooting"). A question is worth how much it lowers the uncertainty about the causes, in bits, for what it costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from anyshore.base.errors import DataError
from anyshore.diagnosis.inference import posteriors
from anyshore.diagnosis.network import Network

Normal = Mapping[str, str]
"""The state of each cause in which nothing is wrong with it."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cause.

    Attributes:
        cause: its name.
        probability: that it is not in its normal state.
        cost: of mending it.
        state: the most probable state that is not normal.
    """

    cause: str
    probability: float
    cost: float
    state: str

    @property
    def ratio(self) -> float:
        """Probability over cost."""
        return self.probability / self.cost


@dataclass(frozen=True, slots=True)
class Question:
    """Something that can be looked at.

    Attributes:
        variable: what.
        bits: by how much it lowers the uncertainty about the causes, on average.
        cost: of looking.
    """

    variable: str
    bits: float
    cost: float


def suspects(
    network: Network, evidence: Mapping[str, str], normal: Normal, costs: Mapping[str, float] | None = None
) -> list[Suspect]:
    """Causes by probability over cost, the one to mend first in front.

    Args:
        network: the network.
        evidence: what was seen.
        normal: causes with their normal state; those named are ranked.
        costs: of mending, by cause; 1 where left out.

    Raises:
        DataError: something is unknown, a cost is none, or what was seen cannot be.
    """
    known = posteriors(network, evidence)
    found = []
    for cause, state in normal.items():
        network.state(cause, state)
        others = {name: value for name, value in known[cause].items() if name != state}
        likely = max(others, key=lambda name: others[name], default=state)
        found.append(Suspect(cause, sum(others.values()), _cost(costs, cause), likely))
    return sorted(found, key=lambda one: (-one.ratio, one.cause))


def questions(
    network: Network, evidence: Mapping[str, str], normal: Normal, observable: Sequence[str],
    costs: Mapping[str, float] | None = None,
) -> list[Question]:  # fmt: skip
    """What to look at next, the most telling for its cost first; what was seen already is left out.

    Args:
        network: the network.
        evidence: what was seen.
        normal: causes with their normal state.
        observable: what can be looked at.
        costs: of looking, by variable; 1 where left out.

    Raises:
        DataError: something is unknown, a cost is none, or what was seen cannot be.
    """
    known = posteriors(network, evidence)
    before = _uncertainty(known, normal)
    found = []
    for name in observable:
        if name in evidence or name not in network.variables:
            continue
        after = sum(
            share * _uncertainty(posteriors(network, {**evidence, name: state}), normal)
            for state, share in known[name].items()
            if share > 0
        )
        found.append(Question(name, max(before - after, 0.0), _cost(costs, name)))
    return sorted(found, key=lambda one: (-one.bits / one.cost, one.variable))


def _uncertainty(known: Mapping[str, Mapping[str, float]], normal: Normal) -> float:
    """Bits of doubt about whether each cause is normal, added up."""
    total = 0.0
    for cause, state in normal.items():
        share = known[cause][state]
        total -= sum(part * log2(part) for part in (share, 1 - share) if part > 0)
    return total


def _cost(costs: Mapping[str, float] | None, name: str) -> float:
    cost = (costs or {}).get(name, 1.0)
    if not cost > 0:
        raise DataError("diagnosis.cost", f"The cost of {name} is {cost}.", hint="Give a number above 0.")
    return cost
