"""Registrable domains of hosts: the other half of ``mail_address``."""

from __future__ import annotations

from conformance.mail_address import run_domains as run

__all__ = ["run"]
