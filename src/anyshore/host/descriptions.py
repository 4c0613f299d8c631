"""What a pack calls and measures, in the ledger: whoever has an export can tell what its figures mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.base import canonical
from anyshore.host.driver import Host
from anyshore.host.ledgers import LedgerWriter
from anyshore.runtime.reports import Report, Texts
from anyshore.terms.dashboards import DESCRIBED

_KEPT = "service.description"
"""Kind of the record that holds the digest of the description that was last written."""


def description(service: str, title: Texts, report: Report, words: Mapping[str, Texts]) -> dict[str, Any]:
    """The data of an entry ``service.described``."""
    return {
        "service": service, "title": dict(title), "words": {word: dict(texts) for word, texts in words.items()},
        "measures": {
            name: {
                "title": dict(one.title), "as": one.kind, "unit": one.unit, "direction": one.direction,
                "standard": one.standard,
            }
            for name, one in report.measures.items()
        },
        "details": {name: {"title": dict(one.title)} for name, one in report.details.items()},
    }  # fmt: skip


def keep(host: Host, engagement: str, data: Mapping[str, Any]) -> None:
    """Writes a description into an engagement's ledger, unless it is the one that was written last."""
    digest = canonical.digest(dict(data)).encode()
    service = str(data["service"])
    with host.store.transaction() as tx:
        known = tx.reference(engagement, _KEPT, service)
        if known is not None and bytes(known.data) == digest:
            return
        chain = LedgerWriter(tx, engagement)
        chain.add(host.clock(), DESCRIBED, dict(data))
        chain.write()
        tx.put_reference(engagement, _KEPT, service, digest, replace=True)
