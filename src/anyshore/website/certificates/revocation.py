"""Lists of revoked certificates (RFC 5280, sections 5 and 6.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import CRLEntryExtensionOID, ExtensionOID

from anyshore.base.errors import DataError
from anyshore.website.certificates import signatures
from anyshore.website.certificates.findings import RFC, Finding
from anyshore.website.certificates.reading import Cert, NameKey, name_key

_LIST = frozenset({
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER, ExtensionOID.CRL_NUMBER, ExtensionOID.ISSUING_DISTRIBUTION_POINT,
    ExtensionOID.DELTA_CRL_INDICATOR, ExtensionOID.FRESHEST_CRL, ExtensionOID.ISSUER_ALTERNATIVE_NAME,
})  # fmt: skip
_ENTRY = frozenset({
    CRLEntryExtensionOID.CRL_REASON, CRLEntryExtensionOID.INVALIDITY_DATE, CRLEntryExtensionOID.CERTIFICATE_ISSUER,
})  # fmt: skip
T = TypeVar("T", bound=x509.ExtensionType)
Reasons = frozenset[x509.ReasonFlags]
ALL: Reasons = frozenset(set(x509.ReasonFlags) - {x509.ReasonFlags.unspecified, x509.ReasonFlags.remove_from_crl})


@dataclass(frozen=True, slots=True, eq=False)
class RevocationList:
    """A list that can be read.

    Attributes:
        parsed: as the library gives it.
        extensions: what it carries.
        issuer_key: who made it, as names are compared.
    """

    parsed: x509.CertificateRevocationList
    extensions: x509.Extensions
    issuer_key: NameKey

    @property
    def title(self) -> str:
        """Whose list."""
        return f"revocation list of {self.parsed.issuer.rfc4514_string()}"

    @property
    def scope(self) -> x509.IssuingDistributionPoint | None:
        """What it is about, where it says so."""
        found = _find(self.extensions, x509.IssuingDistributionPoint)
        return found.value if found is not None else None

    @property
    def base(self) -> int | None:
        """Number of the list it brings up to date; None for a complete one."""
        found = _find(self.extensions, x509.DeltaCRLIndicator)
        return found.value.crl_number if found is not None else None

    @property
    def number(self) -> int:
        """Its number; -1 where it has none."""
        found = _find(self.extensions, x509.CRLNumber)
        return found.value.crl_number if found is not None else -1


def _find(extensions: x509.Extensions, kind: type[T]) -> x509.Extension[T] | None:
    try:
        return extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None


def read(content: bytes, title: str) -> RevocationList:
    """Reads a list in PEM or DER.

    Raises:
        DataError: it cannot be read.
    """
    try:
        is_pem = content.lstrip().startswith(b"-----")
        found = (x509.load_pem_x509_crl if is_pem else x509.load_der_x509_crl)(content)
        return RevocationList(found, found.extensions, name_key(found.issuer))
    except (ValueError, TypeError, x509.DuplicateExtension) as problem:
        raise DataError(
            "website.revocation-list", f"{title} cannot be read: {problem}.", hint="Fetch it anew."
        ) from problem


def check(
    path: Sequence[Cert], lists: Sequence[RevocationList], others: Sequence[Cert], moment: datetime
) -> Iterator[Finding]:
    """Whether a certificate of a path is revoked, or a list of its issuer cannot be relied on.

    Args:
        path: the anchor first.
        lists: what was given.
        others: certificates of whoever signs lists for another.
        moment: for which the lists have to be valid.
    """
    for issuer, cert in pairwise(path):
        yield from _check(cert, issuer, lists, [*path, *others], moment)


def _check(
    cert: Cert, issuer: Cert, lists: Sequence[RevocationList], signers: Sequence[Cert], moment: datetime
) -> Iterator[Finding]:
    told: list[Finding] = []
    covered: set[x509.ReasonFlags] = set()
    applying = [one for one in lists if _applies(one, cert)]
    usable = []
    for one in applying:
        problems = list(_problems(one, cert, issuer, signers, moment))
        told += problems
        if not problems:
            usable.append(one)
    for one in (one for one in usable if one.base is None):
        covered |= _reasons(one)
        reason = _revoked(cert, one, [delta for delta in usable if _brings_up(delta, one)])
        if reason:
            yield reason
            return
    if covered >= ALL:
        return
    yield from told  # a sound list that covers all reasons makes up for one that is not
    if not told:
        lacking = "No list says whether it is revoked." if not covered else "The lists cover not all reasons."
        yield Finding("revocation-unknown", cert.title, lacking, f"{RFC} 6.3.3", grave=False)


def _applies(one: RevocationList, cert: Cert) -> bool:
    """Whether a list is about a certificate: by its issuer, its kind and the place it is published (6.3.3 b)."""
    scope = one.scope
    point = _point(one, cert)
    if one.issuer_key != cert.issuer_key and not (scope and scope.indirect_crl and point is not None):
        return False
    if scope is None:
        return True
    if scope.only_contains_attribute_certs or (scope.only_contains_user_certs and cert.is_ca):
        return False
    if scope.only_contains_ca_certs and not cert.is_ca:
        return False
    return scope.full_name is None or point is not None or not _points(cert)


def _points(cert: Cert) -> list[x509.DistributionPoint]:
    found = cert.value(x509.CRLDistributionPoints)
    return list(found) if found is not None else []


def _point(one: RevocationList, cert: Cert) -> x509.DistributionPoint | None:
    """The place a certificate names where a list is published."""
    scope = one.scope
    for point in _points(cert):
        issuers = [name_key(name.value) for name in point.crl_issuer or () if isinstance(name, x509.DirectoryName)]
        if issuers and one.issuer_key not in issuers:
            continue
        if not issuers and one.issuer_key != cert.issuer_key:
            continue
        told = point.full_name or point.crl_issuer or ()
        if scope is None or scope.full_name is None or set(told) & set(scope.full_name):
            return point
    return None


def _reasons(one: RevocationList) -> Reasons:
    scope = one.scope
    return ALL if scope is None or scope.only_some_reasons is None else frozenset(scope.only_some_reasons)


def _problems(
    one: RevocationList, cert: Cert, issuer: Cert, signers: Sequence[Cert], moment: datetime
) -> Iterator[Finding]:
    """Why a list cannot be relied on."""
    number = _find(one.extensions, x509.CRLNumber)
    if number is None:
        yield Finding("revocation-list", one.title, "It has no number.", f"{RFC} 5.2.3")
    elif number.critical:
        yield Finding("revocation-list", one.title, "Its number is marked critical.", f"{RFC} 5.2.3")
    for extension in one.extensions:
        if extension.critical and extension.oid not in _LIST:
            reason = f"It has the critical extension {extension.oid.dotted_string}, which is not known here."
            yield Finding("revocation-list", one.title, reason, f"{RFC} 5.2")
    indicator = _find(one.extensions, x509.DeltaCRLIndicator)
    if indicator is not None and not indicator.critical:
        yield Finding("revocation-list", one.title, "That it is a delta is not marked critical.", f"{RFC} 5.2.4")
    published = _find(one.extensions, x509.IssuingDistributionPoint)
    if published is not None and not published.critical:
        yield Finding("revocation-list", one.title, "What it is about is not marked critical.", f"{RFC} 5.2.5")
    second = moment.replace(microsecond=0)
    if one.parsed.next_update_utc is None:
        yield Finding("revocation-list", one.title, "It does not tell when the next is due.", f"{RFC} 5.1.2.5")
    elif second > one.parsed.next_update_utc:
        reason = f"A newer one was due on {one.parsed.next_update_utc:%Y-%m-%d %H:%M} UTC."
        yield Finding("revocation-list", one.title, reason, f"{RFC} 6.3.3 (a)")
    if second < one.parsed.last_update_utc:
        yield Finding("revocation-list", one.title, "It is made later than the moment asked for.", f"{RFC} 5.1.2.4")
    yield from _signer(one, [issuer, *signers] if one.issuer_key == cert.issuer_key else signers)


def _signer(one: RevocationList, signers: Sequence[Cert]) -> Iterator[Finding]:
    signed = [
        signer
        for signer in signers
        if signer.subject_key == one.issuer_key
        and signatures.holds(one.parsed, one.parsed.tbs_certlist_bytes, signer)
    ]  # fmt: skip
    if not signed:
        reason = "Its signature is not of the authority it names."
        yield Finding("revocation-list", one.title, reason, f"{RFC} 6.3.3 (g)")
    elif not any(_may_sign(signer) for signer in signed):
        reason = "The authority it names may not sign revocation lists."
        yield Finding("revocation-list", one.title, reason, f"{RFC} 6.3.3 (f)")
    digest = one.parsed.signature_hash_algorithm
    if digest is not None and digest.name in signatures.BROKEN:
        reason = f"It is signed over a digest that can be forged ({digest.name.upper()})."
        yield Finding("revocation-list", one.title, reason, "RFC 9155")


def _may_sign(signer: Cert) -> bool:
    usage = signer.value(x509.KeyUsage)
    return usage is None or usage.crl_sign


def _brings_up(delta: RevocationList, complete: RevocationList) -> bool:
    return (
        delta.base is not None and delta.issuer_key == complete.issuer_key and delta.scope == complete.scope
        and delta.base <= complete.number <= delta.number
    )  # fmt: skip


def _revoked(cert: Cert, complete: RevocationList, deltas: Sequence[RevocationList]) -> Finding | None:
    """What the newest list that holds a certificate says about it; a delta may take it off (5.3.1)."""
    for one in [*sorted(deltas, key=lambda delta: -delta.number), complete]:
        for entry, issuer in _entries(one):
            if entry.serial_number != cert.serial or issuer != cert.issuer_key:
                continue
            unknown = [each for each in entry.extensions if each.critical and each.oid not in _ENTRY]
            if unknown:
                told = f"It is on a list with the critical extension {unknown[0].oid.dotted_string}."
                return Finding("revoked", cert.title, told, f"{RFC} 5.3")
            found = _find(entry.extensions, x509.CRLReason)
            if found is not None and found.value.reason is x509.ReasonFlags.remove_from_crl:
                return None
            why = f" ({found.value.reason.value})" if found is not None else ""
            reason = f"Its authority revoked it on {entry.revocation_date_utc:%Y-%m-%d}{why}."
            return Finding("revoked", cert.title, reason, f"{RFC} 5.3")
    return None


def _entries(one: RevocationList) -> Iterator[tuple[x509.RevokedCertificate, NameKey]]:
    """Entries of a list with whose certificate each is: one's issuer holds for the entries after it (5.3.3)."""
    issuer = one.issuer_key
    for entry in one.parsed:
        found = _find(entry.extensions, x509.CertificateIssuer)
        if found is not None:
            issuer = next((name_key(name) for name in found.value.get_values_for_type(x509.DirectoryName)), issuer)
        yield entry, issuer


__all__ = ["RevocationList", "check", "read"]
