"""What holds of a host between two transactions."""

from __future__ import annotations

from anyshore.host.driver import Host
from anyshore.host.ports import BROKEN, ENDED, SUSPENDED, Page
from anyshore.host.states import restore

EVERYTHING = 100_000


def rows_are_the_waits(host: Host) -> None:
    """What can be found by a due time, a message or a person is what the instances wait for.

    Left out are what nobody waits for (negative numbers), the incident of an instance that cannot be read (0), and
    instances on hold or with a command in their inbox. An ended instance waits for nothing.
    """
    with host.store.transaction() as tx:
        queued, _timers = tx.take_due(host.clock(), EVERYTHING)
        waiting = {row.instance for row in queued}
        rows = tx.load(
            [row.id for row in tx.instances(Page(limit=EVERYTHING)) if row.status not in (BROKEN, SUSPENDED)]
        )
        rows = {number: row for number, row in rows.items() if number not in waiting}
        waits = [row for row in tx.waits(Page(limit=EVERYTHING)) if row.wait > 0 and row.instance in rows]
        live = [row for row in rows.values() if row.status != ENDED]
        states = {row.id: restore(tx, row, host.catalogue.get(row.definition).engine) for row in live}
    found = {(row.instance, row.wait, row.kind, row.name, row.key) for row in waits}
    assert found == {
        (number, wait.id, wait.kind, wait.name, wait.key)
        for number, state in states.items()
        for wait in state.waits.values()
    }
