"""Following one instance from a request through workers into its ledger: what a tracer is told, and by whom.

Nobody follows anything unless a tracer is set; see ``web.site.tracing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyshore.host.ports import LedgerRow


class Tracer:
    """Of an installation that follows nothing."""

    def parent(self) -> str:
        """What new instances are begun by, as W3C Trace Context writes it; empty where nothing is followed."""
        return ""

    def took(self, instance: int, wait: int) -> None:
        """An instance is taken up, or the job ``wait`` of it."""

    def left(self) -> None:
        """Nothing is in hand any more."""

    def wrote(self, rows: Sequence[LedgerRow]) -> None:
        """Entries were added to a ledger."""


class _Used:
    tracer = Tracer()


def tracer() -> Tracer:
    """The tracer of this process."""
    return _Used.tracer


def use(found: Tracer) -> None:
    """Follows by this tracer from here on."""
    _Used.tracer = found
