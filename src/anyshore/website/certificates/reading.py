"""A certificate, read once: its extensions by name and whether one of them cannot be read."""

from __future__ import annotations

import re
import unicodedata
import warnings
from dataclasses import dataclass, field
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.utils import CryptographyDeprecationWarning

from anyshore.base.errors import DataError

T = TypeVar("T", bound=x509.ExtensionType)
MOST_BYTES = 1_000_000
_PEM = re.compile(rb"-----BEGIN (CERTIFICATE|X509 CRL)-----.+?-----END \1-----", re.DOTALL)
_BLANKS = re.compile(r"\s+")
NameKey = tuple[frozenset[tuple[str, str]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cert:
    """A certificate that can be read.

    Attributes:
        parsed: as the library gives it.
        extensions: what it carries.
        subject_key: its subject, as names are compared.
        issuer_key: its issuer, likewise.
        serial: its serial number.
        fingerprint: its DER.
    """

    parsed: x509.Certificate
    extensions: x509.Extensions
    subject_key: NameKey
    issuer_key: NameKey
    serial: int
    fingerprint: bytes = field(repr=False)

    @property
    def title(self) -> str:
        """Its subject, or where that is empty its serial number."""
        return self.parsed.subject.rfc4514_string() or f"serial {self.serial:x}"

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are one (RFC 5280, section 3.2)."""
        return self.subject_key == self.issuer_key

    @property
    def is_ca(self) -> bool:
        """Whether it says of itself that it is an authority."""
        basic = self.value(x509.BasicConstraints)
        return basic is not None and basic.ca

    def find(self, kind: type[T]) -> x509.Extension[T] | None:
        """The extension of a kind, if it has one."""
        try:
            return self.extensions.get_extension_for_class(kind)
        except x509.ExtensionNotFound:
            return None

    def value(self, kind: type[T]) -> T | None:
        """What the extension of a kind says, if it has one."""
        found = self.find(kind)
        return found.value if found is not None else None

    def key_bytes(self) -> bytes:
        """Its public key, as bytes to compare."""
        return self.parsed.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def read(content: bytes, title: str) -> Cert:
    """Reads a certificate in PEM or DER.

    Raises:
        DataError: it breaks the rules of its own format, so nobody may rely on it.
    """
    if len(content) > MOST_BYTES:
        raise DataError("website.certificate", f"{title} is too large for a certificate.", hint="Give one certificate.")
    try:
        with warnings.catch_warnings():  # what the library will refuse one day is judged here, by the rule it breaks
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            is_pem = content.lstrip().startswith(b"-----")
            found = (x509.load_pem_x509_certificate if is_pem else x509.load_der_x509_certificate)(content)
            found.public_key()
            keys = name_key(found.subject), name_key(found.issuer)
            return Cert(found, found.extensions, *keys, found.serial_number, found.public_bytes(Encoding.DER))
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension) as problem:
        raise DataError(
            "website.certificate", f"{title} cannot be read: {problem}.", hint="Have it issued anew."
        ) from problem


def split(content: bytes) -> list[bytes]:
    """The certificates of a file that holds several in PEM; what is in DER is one."""
    found = [match[0] for match in _PEM.finditer(content)]
    return found or [content]


def name_key(name: x509.Name) -> NameKey:
    """A name as names are compared (RFC 5280, section 7.1): case and blanks do not count."""
    return tuple(frozenset((one.oid.dotted_string, _compared(one.value)) for one in part) for part in name.rdns)


def _compared(value: str | bytes) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", value).casefold()).strip()
