"""The suite ``intents-clinc150``: see ``intents``."""

from __future__ import annotations

from conformance.intents import run_clinc150 as run

__all__ = ["run"]
