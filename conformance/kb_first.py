"""The suite ``kb-first``: see ``kb``."""

from __future__ import annotations

from conformance.kb import run_first as run

__all__ = ["run"]
