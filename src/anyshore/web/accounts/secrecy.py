"""Secrets: those that are shown once and kept as digests, and those we use ourselves and keep sealed."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

from django.conf import settings


def fresh(prefix: str = "") -> str:
    """A secret of 256 bits, drawn from the system."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of it. A plain hash is enough: nobody guesses 256 bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sealed(text: str) -> str:
    """A secret as the database has it: a copy of the database alone opens nothing."""
    return str(_cipher().encrypt(text.encode()).decode())


def opened(text: str) -> str:
    """The secret again."""
    return str(_cipher().decrypt(text.encode()).decode())


def _cipher() -> Any:
    """Fernet under a key derived from the installation's own, which does not stand in the database."""
    from cryptography.fernet import Fernet

    key = hashlib.sha256(b"anyshore.sealed:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
