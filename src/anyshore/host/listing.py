"""All rows that fit, a page at a time: what is in memory does not grow with what is in the store."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from anyshore.host.ports import InstanceRow, Page, Store, WaitRow


def instances(store: Store, page: Page) -> Iterator[InstanceRow]:
    """The instances that fit, newest first. ``page.limit`` is how many are read at once, in a transaction of their own.

    What begins while they are read is left out; what ends meanwhile comes as it is when its page is read.
    """
    while True:
        with store.transaction() as tx:
            rows = tx.instances(page)
        yield from rows
        if len(rows) < page.limit:
            return
        page = structs.replace(page, after=(rows[-1].id,))


def waits(store: Store, page: Page) -> Iterator[WaitRow]:
    """The open waits that fit, oldest first, likewise."""
    while True:
        with store.transaction() as tx:
            rows = tx.waits(page)
        yield from rows
        if len(rows) < page.limit:
            return
        last = rows[-1]
        page = structs.replace(page, after=(last.opened, last.instance, last.wait))
