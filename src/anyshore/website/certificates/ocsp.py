"""Answers of an authority about single certificates (OCSP, RFC 6960), as a server staples them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from anyshore.base.errors import DataError
from anyshore.website.certificates import der, profile, signatures
from anyshore.website.certificates.findings import Finding
from anyshore.website.certificates.reading import Cert, read

STANDARD = "RFC 6960"


def check(path: Sequence[Cert], answers: Sequence[bytes], moment: datetime) -> Iterator[Finding]:
    """What the answers given say about the certificates of a path.

    Args:
        path: the anchor first.
        answers: in DER.
        moment: for which they have to be valid.
    """
    for content in answers:
        try:
            found = ocsp.load_der_ocsp_response(content)
        except (ValueError, TypeError) as problem:
            yield Finding("ocsp", path[-1].title, f"The answer stapled cannot be read: {problem}.", f"{STANDARD} 4.2")
            continue
        if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            reason = f"The authority did not answer ({found.response_status.name.lower().replace('_', ' ')})."
            yield Finding("ocsp", path[-1].title, reason, f"{STANDARD} 2.3", grave=False)
            continue
        for issuer, cert in pairwise(path):
            for single in found.responses:
                if _is_about(single, cert, issuer):
                    yield from _answered(found, single, cert, issuer, moment)


def _is_about(single: ocsp.OCSPSingleResponse, cert: Cert, issuer: Cert) -> bool:
    """Whether an answer is about a certificate: by serial number, issuer's name and issuer's key (4.1.1)."""
    if single.serial_number != cert.serial:
        return False
    return single.issuer_name_hash == _digest(
        single.hash_algorithm, issuer.parsed.subject.public_bytes()
    ) and single.issuer_key_hash == _digest(single.hash_algorithm, _key_bits(issuer))


def _digest(algorithm: hashes.HashAlgorithm, content: bytes) -> bytes:
    found = hashes.Hash(algorithm)
    found.update(content)
    return found.finalize()


def _key_bits(issuer: Cert) -> bytes:
    """The bits of a public key without what tells its kind."""
    return der.inside(issuer.key_bytes())[1][1][1:]


def _answered(
    found: ocsp.OCSPResponse, single: ocsp.OCSPSingleResponse, cert: Cert, issuer: Cert, moment: datetime
) -> Iterator[Finding]:
    if not any(signatures.holds(found, found.tbs_response_bytes, one) for one in _signers(found, issuer, moment)):
        reason = "The answer about it is not signed by its authority."
        yield Finding("ocsp", cert.title, reason, f"{STANDARD} 4.2.2.2")
        return
    ends = single.next_update_utc
    if single.this_update_utc > moment or (ends is not None and moment > ends):
        yield Finding("ocsp", cert.title, "The answer about it is out of date.", f"{STANDARD} 3.2")
    elif single.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        why = f" ({single.revocation_reason.value})" if single.revocation_reason is not None else ""
        day = f"{single.revocation_time_utc:%Y-%m-%d}" if single.revocation_time_utc is not None else "an unknown day"
        yield Finding("revoked", cert.title, f"Its authority revoked it on {day}{why}.", f"{STANDARD} 2.2")
    elif single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        yield Finding("revocation-unknown", cert.title, "Its authority does not know it.", f"{STANDARD} 2.2")


def _signers(found: ocsp.OCSPResponse, issuer: Cert, moment: datetime) -> Iterator[Cert]:
    """The authority itself, and whom it certified for answering (4.2.2.2)."""
    yield issuer
    for one in found.certificates:
        try:
            cert = read(one.public_bytes(Encoding.DER), "The certificate of who answers")
        except (DataError, UnsupportedAlgorithm):
            continue
        uses = cert.value(x509.ExtendedKeyUsage)
        delegated = uses is not None and ExtendedKeyUsageOID.OCSP_SIGNING in set(uses)
        if delegated and signatures.made_by(cert, issuer) and not list(profile.validity(cert, moment)):
            yield cert
