"""Where the data lives: SQLite in the home folder, or PostgreSQL by address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# FULL: what was committed survives a power cut; in WAL mode that is one fsync per commit.
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite in WAL mode. Writers queue up to 20 s; a transaction takes the write lock when it begins."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": PRAGMAS},
    }


def postgresql(address: str) -> dict[str, Any]:
    """PostgreSQL from ``postgresql://user:password@host:port/name?option=value``."""
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "ANYSHORE_DATABASE must look like postgresql://user:password@host:5432/name (or be left out for SQLite)."
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    # A page anywhere costs about the same on a solid-state disk; the server's default is meant for turning ones, and
    # makes it read whole tables where a batch needs a few hundred rows.
    options.setdefault("options", "-c random_page_cost=1.1")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def default(home: Path, address: str | None) -> dict[str, Any]:
    """The database of this installation."""
    return postgresql(address) if address else sqlite(home / "anyshore.sqlite3")
