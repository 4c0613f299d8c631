"""The suite ``intents-banking77``: see ``intents``."""

from __future__ import annotations

from conformance.intents import run_banking77 as run

__all__ = ["run"]
