"""Everything that fits is listed, a page at a time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

import pytest

from anyshore.host import listing
from anyshore.host.driver import Host, NewWork
from anyshore.host.ports import Page


class Counted:
    """A store that notes how many rows each transaction gave at once."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.given: list[int] = []

    @contextmanager
    def transaction(self) -> Any:
        with self.store.transaction() as tx:
            yield Noted(tx, self.given)


class Noted:
    def __init__(self, tx: Any, given: list[int]) -> None:
        self.tx, self.given = tx, given

    def instances(self, page: Page) -> Any:
        return self._noted(self.tx.instances(page))

    def waits(self, page: Page) -> Any:
        return self._noted(self.tx.waits(page))

    def _noted(self, rows: list[Any]) -> list[Any]:
        self.given.append(len(rows))
        return rows


@pytest.mark.parametrize("many", [0, 1, 3, 4, 7])
def test_pages_follow_each_other_to_the_end(host: Host, many: int) -> None:
    work = [NewWork("process:work", engagement="a", service="s") for _ in range(many)]
    other = [NewWork("process:work", engagement="b", service="s") for _ in range(2)]
    ids = host.start_all(work)
    host.start_all(other)
    host.work()
    store = Counted(host.store)
    page = Page(engagement="a", service="s", limit=3)
    assert [row.id for row in listing.instances(store, page)] == sorted(ids, reverse=True)
    assert max(store.given) <= 3
    store.given.clear()
    assert sorted(row.instance for row in listing.waits(store, page)) == sorted(ids)
    assert max(store.given) <= 3


def test_what_begins_meanwhile_is_left_out_and_nothing_comes_twice(host: Host) -> None:
    ids = host.start_all([NewWork("process:work", engagement="a") for _ in range(5)])
    seen = []
    for row in listing.instances(host.store, Page(engagement="a", limit=2)):
        seen.append(row.id)
        host.start_all([NewWork("process:work", engagement="a")])
    assert seen == sorted(ids, reverse=True)
