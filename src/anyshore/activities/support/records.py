"""What support keeps: incidents, networks of faults with their costs, known errors, problems."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from anyshore.activities.activity import ActivityContext, Values
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.diagnosis import bif
from anyshore.diagnosis.network import Network

INCIDENT = "support-incident"
NETWORK = "fault-network"
COST = "fault-cost"
KNOWN = "known-error"
PROBLEM = "problem-record"
LINK = "problem-link"


def network_rows(content: bytes, file: str) -> list[tuple[str, Values]]:
    """The network of a file, by its name without the ending; it is kept as it was written.

    Raises:
        DataError: it is no such network, with every problem located.
    """
    bif.read(content, file)
    name = file.rsplit("/", 1)[-1].removesuffix(".bif")
    return [(name, {"name": name, "text": content.decode("utf-8")})]


def network(context: ActivityContext, name: str) -> Network | None:
    """A network by its name; none where it is not on record."""
    row = context.records(NETWORK).get(name)
    return _read(str(row.data["text"])) if row is not None else None


@lru_cache(maxsize=16)
def _read(text: str) -> Network:
    """A network, read once in a process until its text is another."""
    return bif.read(text.encode("utf-8"))


def costs(context: ActivityContext, name: str, known: Network) -> tuple[dict[str, float], dict[str, str], list[str]]:
    """What mending and looking costs, the normal state of each cause, and what can be looked at.

    Raises:
        DataError: a row names what the network does not have.
    """
    told: dict[str, float] = {}
    normal: dict[str, str] = {}
    seen: list[str] = []
    for row in context.records(COST).find(network=name):
        variable = str(row.data["variable"])
        if variable not in known.variables:
            message = f"The network {name} has no variable {variable!r}."
            raise DataError("support.variable", message, Location(element=row.key), "Correct the table of costs.")
        told[variable] = float(str(row.data.get("cost") or 1))
        if row.data.get("normal"):
            normal[variable] = str(row.data["normal"])
        else:
            seen.append(variable)
    return told, normal, seen


def fitting(evidence: Mapping[str, object], known: Network) -> dict[str, str]:
    """Of what was seen, that which the network knows."""
    return {
        name: str(state)
        for name, state in evidence.items()
        if name in known.variables and str(state) in known.variables[name].states
    }
