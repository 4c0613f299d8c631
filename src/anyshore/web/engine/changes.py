"""Changing an instance by what it then holds, and telling the ledger of it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyshore.host.ledgers import LedgerWriter
from anyshore.kernel.commands import Command
from anyshore.kernel.state import State
from anyshore.web.engine import queries
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import host


def change(row: Instance, build: Callable[[Instance], Command | None]) -> Command | None:
    """Lets an instance answer a command that is built from what it holds once nobody else can write to it.

    What an action read before is old by then. ``build`` is given the instance anew, locked and with its state loaded,
    and reads everything it computes with from there (``queries.variables``, the tables beside the case). Within it and
    after it, until the transaction of the caller ends, nobody else changes the instance.

    Args:
        row: the instance, as the action found it.
        build: makes the command; None changes nothing, but what it wrote beside the instance stays.

    Returns:
        The command that was answered.

    Raises:
        CommandRejected: it does not fit; nothing changed.
        HostError: the instance is gone, kept by somebody else for too long, or was put aside.
    """

    def command(held: State) -> Command | None:
        fresh = Instance.objects.defer("state").get(pk=row.pk)
        queries.keep(fresh, held)
        return build(fresh)

    return host().change(row.pk, command)


def record(row: Instance, kind: str, facts: dict[str, Any]) -> None:
    """Writes a fact about an instance into its engagement's ledger, in the transaction of the change."""
    runtime = host()
    with runtime.store.transaction() as tx:
        chain = LedgerWriter(tx, row.engagement)
        chain.add(runtime.clock(), kind, facts, tx.look([row.pk])[row.pk])
        chain.write()
