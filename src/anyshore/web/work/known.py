"""The variables of many pieces of work at once, for queues that show, sort and route by them.

A state is known by the digest of all its records, so what was read once holds for good.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from threading import Lock
from typing import Any

from anyshore.base.errors import HostError
from anyshore.host.batched import living
from anyshore.terms import bulk
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import host

KEPT = 4_000
"""States whose variables one process keeps; the least recently used go."""

Variables = Mapping[str, Any]
_kept: OrderedDict[str, Variables] = OrderedDict()
_lock = Lock()


def variables(numbers: Iterable[int]) -> dict[int, Variables]:
    """The variables of the root scope of instances, by number; none of an instance that cannot be read."""
    wanted = set(numbers)
    digests = dict(Instance.objects.filter(pk__in=wanted).values_list("pk", "digest"))
    found = _of_rows(wanted - digests.keys())
    with _lock:
        found |= {number: _kept[digest] for number, digest in digests.items() if digest in _kept}
    for row in Instance.objects.filter(pk__in=digests.keys() - found.keys()):
        try:
            found[row.pk] = engine.variables(row)
        except HostError:
            found[row.pk] = {}  # its incident tells what is wrong with it
            continue
        _keep(row.digest, found[row.pk])
    with _lock:
        for digest in digests.values():
            if digest in _kept:
                _kept.move_to_end(digest)
    return found


def _of_rows(numbers: Collection[int]) -> dict[int, Variables]:
    """The variables of rows of batches that are no instances yet; they never change."""
    rows = [number for number in numbers if bulk.place_of(number) is not None]
    with _lock:
        found = {number: _kept[f"row {number}"] for number in rows if f"row {number}" in _kept}
    for number, known in living.variables(host(), [one for one in rows if one not in found]).items():
        found[number] = known
        _keep(f"row {number}", known)
    return found


def _keep(digest: str, known: Variables) -> None:
    with _lock:
        _kept[digest] = known
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
