"""An authority of our own: makes certificates, lists and answers, right ones and wrong ones."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SERVER = (ExtendedKeyUsageOID.SERVER_AUTH,)
Extra = tuple[x509.ExtensionType, bool]


def key(number: int) -> Any:
    """The same key every time."""
    return ec.derive_private_key(number * 7919 + 1, ec.SECP256R1())


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)] if common else [])


def usage(**uses: bool) -> x509.KeyUsage:
    every = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    return x509.KeyUsage(**{**every, **uses})


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    cert: x509.Certificate
    key: Any

    @property
    def pem(self) -> bytes:
        return self.cert.public_bytes(Encoding.PEM)


def issue(
    common: str, number: int, by: Issued | None = None, *, names: Sequence[str] = (), ca: bool = False,
    path: int | None = None, since: datetime = NOW - 90 * DAY, until: datetime = NOW + 30 * DAY,
    extra: Sequence[Extra] = (), uses: Sequence[x509.ObjectIdentifier] | None = SERVER, serial: int | None = None,
    own_key: Any = None,
) -> Issued:  # fmt: skip
    """A certificate; without ``by`` it signs itself."""
    own = own_key or key(number)
    signer = by or Issued(None, own)  # type: ignore[arg-type]
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(by.cert.subject if by else name(common))
        .public_key(own.public_key())
        .serial_number(serial or 1000 + number)
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), False)
    )
    if ca:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path), True)
        builder = builder.add_extension(usage(key_cert_sign=True, crl_sign=True), True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False)
    elif uses is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([general(one) for one in names]), not common)
    for value, critical in extra:
        builder = builder.add_extension(value, critical)
    return Issued(builder.sign(signer.key, hashes.SHA256()), own)


def general(text: str) -> x509.GeneralName:
    if "@" in text:
        return x509.RFC822Name(text)
    if "://" in text:
        return x509.UniformResourceIdentifier(text)
    try:
        return x509.IPAddress(ipaddress.ip_network(text) if "/" in text else ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


Entry = tuple[int, x509.ReasonFlags | None]


def crl(
    by: Issued, entries: Sequence[Entry] = (), *, number: int = 7, made: datetime = NOW - DAY,
    due: datetime = NOW + DAY, extra: Sequence[Extra] = (), signer: Issued | None = None,
    issuers: Sequence[x509.Name] = (),
) -> bytes:  # fmt: skip
    """A revocation list; ``issuers`` of its entries make an indirect one."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.cert.subject)
        .last_update(made)
        .next_update(due)
        .add_extension(x509.CRLNumber(number), False)
    )
    for place, (serial, reason) in enumerate(entries):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - 5 * DAY)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), False)
        if place < len(issuers):
            entry = entry.add_extension(x509.CertificateIssuer([x509.DirectoryName(issuers[place])]), True)
        builder = builder.add_revoked_certificate(entry.build())
    for value, critical in extra:
        builder = builder.add_extension(value, critical)
    return builder.sign((signer or by).key, hashes.SHA256()).public_bytes(Encoding.PEM)


def scope(**told: Any) -> Extra:
    """What a list is about, as an extension of it."""
    usual = {
        "full_name": None, "relative_name": None, "only_contains_user_certs": False,
        "only_contains_ca_certs": False, "only_some_reasons": None, "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }  # fmt: skip
    return x509.IssuingDistributionPoint(**{**usual, **told}), True


def answer(
    about: Issued, by: Issued, status: ocsp.OCSPCertStatus, *, signer: Issued | None = None,
    until: datetime = NOW + DAY,
) -> bytes:  # fmt: skip
    """What an authority says about a certificate, or somebody for it."""
    revoked = status is ocsp.OCSPCertStatus.REVOKED
    who = signer or by
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=about.cert, issuer=by.cert, algorithm=hashes.SHA1(), cert_status=status, this_update=NOW - DAY,
        next_update=until, revocation_time=NOW - 3 * DAY if revoked else None,
        revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
    ).responder_id(ocsp.OCSPResponderEncoding.NAME, who.cert)  # fmt: skip
    if signer is not None:
        builder = builder.certificates([signer.cert])
    return builder.sign(who.key, hashes.SHA256()).public_bytes(Encoding.DER)
