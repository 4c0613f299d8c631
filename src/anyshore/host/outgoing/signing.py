"""The keys mails are signed with: a file per domain and selector, that nobody else on the machine may read.

``HOME/dkim/DOMAIN/SELECTOR.pem`` holds an RSA key of at least 2048 bits; of several selectors the last by name signs,
so that a new key is put beside the old one, and the old one taken away when no mail that it signed is under way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from anyshore.base.errors import HostError
from anyshore.mail.dkim import Signer

LEAST_BITS = 2048
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class Signers:
    """Who signs for which domain; each key is read once.

    Args:
        folder: of the keys; where it is missing nobody signs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Signer | None] = {}

    def signed(self, sender: str, content: bytes, at: int) -> bytes:
        """A mail as it goes out: signed, where there is a key for the domain it comes from.

        Args:
            sender: address it comes from.
            content: the mail.
            at: microseconds since 1970 UTC.

        Raises:
            HostError: the key cannot be used; nothing goes out unsigned that should be signed.
        """
        signer = self.of(sender.rpartition("@")[2])
        return content if signer is None else signer.signed(content, at)

    def of(self, domain: str) -> Signer | None:
        """Who signs for a domain; nobody where there is no key.

        Raises:
            HostError: the key cannot be used.
        """
        name = domain.strip().lower()
        if not all(_LABEL.fullmatch(label) for label in name.split(".")):
            return None  # no domain, and never a way out of the folder
        if name not in self._read:
            keys = sorted((self._folder / name).glob("*.pem"))
            self._read[name] = Signer(name, keys[-1].stem, _key(keys[-1])) if keys else None
        return self._read[name]


def _key(path: Path) -> Callable[[bytes], bytes]:
    """Signs with the key of a file."""
    # A part that is installed by name: who sends nothing need not have it.
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    if path.stat().st_mode & 0o077:
        raise _problem(path, "may be read by others", f"chmod 600 {path}, and make a new key: this one is known.")
    if not all(_LABEL.fullmatch(label) for label in path.stem.split(".")):
        raise _problem(path, "is not named like a selector", "Letters, digits and hyphens, such as s2026a.pem.")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as problem:
        raise _problem(path, f"is no key: {problem}", "A PEM file without a password.") from problem
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise _problem(path, "is too weak or not RSA", f"openssl genrsa -out {path.name} {LEAST_BITS} (RFC 8301, 3.2).")
    own, pad, digest = key, padding.PKCS1v15(), hashes.SHA256()
    return lambda data: own.sign(data, pad, digest)


def _problem(path: Path, what: str, hint: str) -> HostError:
    return HostError("outbox.key", f"The key {path} {what}.", hint=hint)
