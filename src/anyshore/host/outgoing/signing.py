"""The keys mails are signed with: a file per domain and selector, that nobody else on the machine may read.

``HOME/dkim/DOMAIN/SELECTOR.pem`` holds an RSA key of at least 2048 bits; of several selectors the last by name signs,
so that a new key is put beside the old one, and the old one taken away when no mail that it signed is under way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from anyshore.base.errors import HostError
from anyshore.mail import dkim_records
from anyshore.mail.dkim import Signer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

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


@dataclass(frozen=True, slots=True)
class Published:
    """A key as others know it.

    Attributes:
        domain: whose mails it signs.
        selector: its name.
        public: SubjectPublicKeyInfo in DER.
    """

    domain: str
    selector: str
    public: bytes

    @property
    def name(self) -> str:
        """The name of its record in the DNS."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The text of its record."""
        return dkim_records.written(self.public)

    @property
    def zone(self) -> str:
        """The same as a line of a zone file."""
        return dkim_records.in_zone(self.domain, self.selector, self.record)


def make(folder: Path, domain: str, selector: str | None = None, year: int | None = None) -> Published:
    """Makes a key; it signs as soon as it is the last by name.

    Args:
        folder: of the keys.
        domain: whose mails it signs.
        selector: its name; None: the next of the year.
        year: of such a name; None: this one.

    Raises:
        HostError: domain or selector are none, there is such a key, or a later one by name.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    name = _domain(domain)
    taken = sorted(path.stem for path in (folder / name).glob("*.pem"))
    chosen = selector or _next(taken, year or datetime.now(UTC).year)
    if not all(_LABEL.fullmatch(label) for label in chosen.split(".")):
        raise _problem(folder / name, f"cannot be called {chosen!r}", "Letters, digits and hyphens, such as s2026a.")
    if taken and chosen <= taken[-1]:
        hint = f"The last by name signs: choose one behind {taken[-1]}."
        raise _problem(folder / name / f"{chosen}.pem", f"would not sign: there is {taken[-1]}", hint)
    key = rsa.generate_private_key(65537, LEAST_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name / f"{chosen}.pem"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(pem)
    return published(folder, name)


def published(folder: Path, domain: str) -> Published:
    """The key that signs the mails of a domain, as others know it.

    Raises:
        HostError: there is none, or it cannot be used.
    """
    from cryptography.hazmat.primitives import serialization

    name = _domain(domain)
    keys = sorted((folder / name).glob("*.pem"))
    if not keys:
        raise _problem(folder / name, "is not there", f"Make one: anyshore dkim make {name}.")
    public = _private(keys[-1]).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return Published(name, keys[-1].stem, public.public_bytes(serialization.Encoding.DER, form))


def _domain(domain: str) -> str:
    name = domain.strip().lower()
    if "." not in name or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise HostError("outbox.key", f"{domain!r} is no domain.", hint="Such as garden.example.")
    return name


def _next(taken: list[str], year: int) -> str:
    """The first free name of a year behind all there are: s2026a, s2026b, …"""
    names = [f"s{year}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    free = [one for one in names if not taken or one > taken[-1]]
    return free[0] if free else f"s{year}z{len(taken)}"


def _key(path: Path) -> Callable[[bytes], bytes]:
    """Signs with the key of a file."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    own, pad, digest = _private(path), padding.PKCS1v15(), hashes.SHA256()
    return lambda data: own.sign(data, pad, digest)


def _private(path: Path) -> rsa.RSAPrivateKey:
    # A part that is installed by name: who sends nothing need not have it.
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

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
    return key


def _problem(path: Path, what: str, hint: str) -> HostError:
    return HostError("outbox.key", f"The key {path} {what}.", hint=hint)
