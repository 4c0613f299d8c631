"""Signatures and keys: whether one holds, and whether it is strong enough to be believed."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.x509 import ocsp

from anyshore.website.certificates import der
from anyshore.website.certificates.findings import BR, RFC, Finding
from anyshore.website.certificates.reading import Cert

LEAST_RSA_BITS = 2048
CURVES = ("secp256r1", "secp384r1", "secp521r1")
"""Curves of elliptic keys that a public authority certifies (Baseline Requirements, section 6.1.5)."""
BROKEN = ("md5", "sha1")
"""Digests whose collisions can be made (RFC 6151, RFC 9155)."""
Signed = x509.Certificate | x509.CertificateRevocationList | ocsp.OCSPResponse


def made_by(cert: Cert, issuer: Cert) -> bool:
    """Whether an issuer's key made the signature of a certificate that names it."""
    if cert.issuer_key != issuer.subject_key:
        return False
    return holds(cert.parsed, cert.parsed.tbs_certificate_bytes, issuer)


def holds(signed: Signed, content: bytes, issuer: Cert) -> bool:
    """Whether the signature over some content is of an issuer's key."""
    key = issuer.parsed.public_key()
    try:
        digest = signed.signature_hash_algorithm
        if isinstance(key, rsa.RSAPublicKey) and digest is not None:
            key.verify(signed.signature, content, _padding(signed), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and digest is not None:
            key.verify(signed.signature, content, ec.ECDSA(digest))
        elif isinstance(key, dsa.DSAPublicKey) and digest is not None:
            key.verify(signed.signature, content, digest)
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(signed.signature, content)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _padding(signed: Signed) -> padding.AsymmetricPadding:
    if isinstance(signed, ocsp.OCSPResponse):
        return padding.PKCS1v15()
    told = signed.signature_algorithm_parameters
    return told if isinstance(told, padding.AsymmetricPadding) else padding.PKCS1v15()


def of_key(cert: Cert) -> Iterator[Finding]:
    """What is weak about the key of a certificate (Baseline Requirements, sections 6.1.5 and 6.1.6)."""
    key = cert.parsed.public_key()
    section = f"{BR} 6.1.5"
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < LEAST_RSA_BITS:
            reason = f"Its RSA key has {key.key_size} bits; at least {LEAST_RSA_BITS} are needed."
            yield Finding("weak-key", cert.title, reason, section)
        elif key.key_size % 8:
            reason = f"Its RSA key has {key.key_size} bits, which is no multiple of 8."
            yield Finding("weak-key", cert.title, reason, section)
        if key.public_numbers().e < 3 or key.public_numbers().e % 2 == 0:
            reason = "The exponent of its RSA key is no odd number of 3 or more."
            yield Finding("weak-key", cert.title, reason, f"{BR} 6.1.6")
    elif isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name not in CURVES:
            reason = f"Its key is on the curve {key.curve.name}, which no public authority certifies."
            yield Finding("weak-key", cert.title, reason, section)
    elif isinstance(key, dsa.DSAPublicKey):
        yield Finding("weak-key", cert.title, "Its key is a DSA key, which no public authority certifies.", section)
    else:
        reason = f"Its key is of a kind no browser takes ({type(key).__name__.removesuffix('PublicKey')})."
        yield Finding("weak-key", cert.title, reason, section)


def of_signature(cert: Cert, anchor: bool) -> Iterator[Finding]:
    """What is weak or inconsistent about the signature of a certificate.

    Args:
        anchor: whether it is trusted as it stands, so that its own signature proves nothing.
    """
    inner, outer = algorithms(cert)
    if inner != outer:
        reason = "The algorithm of its signature is told twice, and differently."
        yield Finding("signature-algorithm", cert.title, reason, f"{RFC} 4.1.1.2")
    if anchor and cert.self_issued:
        return
    try:
        digest = cert.parsed.signature_hash_algorithm
    except UnsupportedAlgorithm:
        yield Finding("weak-signature", cert.title, "The algorithm of its signature is unknown.", f"{BR} 7.1.3.2")
        return
    if isinstance(digest, hashes.HashAlgorithm) and digest.name in BROKEN:
        reason = f"It is signed over a digest that can be forged ({digest.name.upper()})."
        yield Finding("weak-signature", cert.title, reason, f"{BR} 7.1.3.2")


def algorithms(cert: Cert) -> tuple[bytes, bytes]:
    """The algorithm of the signature as the signed part and the certificate around it tell it."""
    tbs = der.inside(cert.parsed.tbs_certificate_bytes)
    return tbs[2 if tbs[0][0] == 0xA0 else 1][1], der.inside(cert.fingerprint)[1][1]
