"""Instances that can never go on, though nothing failed: they wait for nothing, and nobody would hear of them."""

from __future__ import annotations

import logging

from anyshore.base.errors import Diagnostic
from anyshore.bpmn import blocked
from anyshore.kernel.state import State
from anyshore.runtime.catalogue import Linked

log = logging.getLogger(__name__)


def find(linked: Linked, state: State) -> list[Diagnostic]:
    """Why an instance can never go on; empty while anything can still happen to it.

    Args:
        linked: the definition it runs on.
        state: the instance, at rest.
    """
    return blocked.find(linked.definition, state) if linked.kind == "process" else []


def report(instance: int, linked: Linked, state: State) -> None:
    """Tells who reads the log of the worker."""
    for found in find(linked, state):
        log.warning("instance %s of %s: %s", instance, linked.reference, found)
