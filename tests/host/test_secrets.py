"""Keys of an engagement: drawn once, the same for every job, and different for every purpose and engagement."""

from __future__ import annotations

from anyshore.host.driver import Host
from anyshore.host.jobs import StoredContext
from anyshore.host.ports import WaitRow
from anyshore.kernel.state import JOB


def test_a_key_is_drawn_once(host: Host) -> None:
    def key(engagement: str, purpose: str, wait: int) -> bytes:
        job = WaitRow(instance=1, wait=wait, kind=JOB, element="", engagement=engagement)
        return StoredContext(host.store, job, 0).secret(purpose)

    first = key("mill", "tickets", 1)
    assert len(first) == 32
    assert key("mill", "tickets", 2) == first
    assert len({first, key("mill", "other", 1), key("farm", "tickets", 1)}) == 3
