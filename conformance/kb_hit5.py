"""The suite ``kb-hit5``: see ``kb``."""

from __future__ import annotations

from conformance.kb import run_hit5 as run

__all__ = ["run"]
