"""What each certificate of a chain has to be by itself (RFC 5280, section 4; Baseline Requirements, section 7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, ObjectIdentifier

from anyshore.website.certificates import constraints, der, names, signatures
from anyshore.website.certificates.findings import BR, RFC, Finding, Profile
from anyshore.website.certificates.reading import Cert

ANY_USE = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
MOST_SERIAL_OCTETS = 20
PROCESSED = frozenset({
    ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME, ExtensionOID.NAME_CONSTRAINTS, ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.POLICY_CONSTRAINTS, ExtensionOID.POLICY_MAPPINGS, ExtensionOID.INHIBIT_ANY_POLICY,
    ExtensionOID.CRL_DISTRIBUTION_POINTS,
})  # fmt: skip
"""Extensions whose critical ones are heeded here; any other critical one refuses the chain."""
NEVER_CRITICAL = {
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER: "4.2.1.1", ExtensionOID.SUBJECT_KEY_IDENTIFIER: "4.2.1.2",
    ExtensionOID.SUBJECT_DIRECTORY_ATTRIBUTES: "4.2.1.8", ExtensionOID.FRESHEST_CRL: "4.2.1.15",
    ExtensionOID.AUTHORITY_INFORMATION_ACCESS: "4.2.2.1", ExtensionOID.SUBJECT_INFORMATION_ACCESS: "4.2.2.2",
}  # fmt: skip
ALWAYS_CRITICAL = {ExtensionOID.POLICY_CONSTRAINTS: "4.2.1.11", ExtensionOID.INHIBIT_ANY_POLICY: "4.2.1.14"}


def check(cert: Cert, profile: Profile, *, leaf: bool, anchor: bool, use: ObjectIdentifier) -> Iterator[Finding]:
    """What is wrong with one certificate of a chain, whatever stands around it.

    Args:
        leaf: whether it is the one the server shows for itself.
        anchor: whether it is trusted as it stands.
        use: what the leaf is used for.
    """
    yield from _basics(cert)
    yield from _times(cert)
    yield from _criticality(cert)
    yield from signatures.of_key(cert)
    yield from signatures.of_signature(cert, anchor)
    yield from _key_identifiers(cert, profile, anchor)
    yield from _basic_constraints(cert, profile, leaf)
    yield from _key_usage(cert, profile, leaf)
    yield from _extended_use(cert, profile, leaf, anchor, use)
    yield from names.check(cert, profile, leaf)
    yield from constraints.check(cert, profile)


def _basics(cert: Cert) -> Iterator[Finding]:
    number = cert.serial
    section = f"{RFC} 4.1.2.2"
    if number <= 0:
        yield Finding("serial", cert.title, "Its serial number is not positive.", section)
    elif number.bit_length() // 8 + 1 > MOST_SERIAL_OCTETS:
        yield Finding("serial", cert.title, f"Its serial number has more than {MOST_SERIAL_OCTETS} octets.", section)
    if cert.parsed.version is not x509.Version.v3:
        yield Finding("version", cert.title, "It is no certificate of version 3.", f"{BR} 7.1.1")
    if not cert.parsed.issuer.rdns:
        yield Finding("issuer", cert.title, "It does not name its issuer.", f"{RFC} 4.1.2.4")
    if cert.is_ca and not cert.parsed.subject.rdns:
        yield Finding("subject", cert.title, "It is an authority without a name.", f"{RFC} 4.1.2.6")


def _times(cert: Cert) -> Iterator[Finding]:
    section = f"{RFC} 4.1.2.5"
    for tag, text in der.validity(cert.parsed.tbs_certificate_bytes):
        length = {der.UTC_TIME: 13, der.GENERALIZED_TIME: 15}.get(tag, 0)
        if len(text) != length or not text.endswith("Z") or not text[:-1].isdigit():
            yield Finding("time", cert.title, f"{text!r} is no time in seconds of UTC.", section)
        elif tag == der.GENERALIZED_TIME and text[:4] < "2050":
            yield Finding("time", cert.title, f"{text!r} has four digits of a year before 2050.", section)


def _criticality(cert: Cert) -> Iterator[Finding]:
    for one in cert.extensions:
        name = getattr(one.oid, "_name", "Unknown OID")
        told = one.oid.dotted_string if name == "Unknown OID" else name
        if one.critical and one.oid in NEVER_CRITICAL:
            section = f"{RFC} {NEVER_CRITICAL[one.oid]}"
            yield Finding("critical", cert.title, f"Its extension {told} may not be marked critical.", section)
        elif one.critical and one.oid not in PROCESSED:
            reason = f"It has the critical extension {told}, which is not known here."
            yield Finding("critical", cert.title, reason, f"{RFC} 4.2")
        elif not one.critical and one.oid in ALWAYS_CRITICAL:
            section = f"{RFC} {ALWAYS_CRITICAL[one.oid]}"
            yield Finding("critical", cert.title, f"Its extension {told} has to be marked critical.", section)


def _key_identifiers(cert: Cert, profile: Profile, anchor: bool) -> Iterator[Finding]:
    own = cert.value(x509.SubjectKeyIdentifier)
    if cert.is_ca and own is None:
        reason = "It is an authority without an identifier of its key."
        yield Finding("key-identifier", cert.title, reason, f"{RFC} 4.2.1.2")
    above = cert.value(x509.AuthorityKeyIdentifier)
    self_signed = cert.self_issued and signatures.made_by(cert, cert)
    section = f"{RFC} 4.2.1.1"
    if (above is None or above.key_identifier is None) and not (self_signed and above is None):
        yield Finding("key-identifier", cert.title, "It does not tell the key of its issuer.", section)
    if above is not None and (above.authority_cert_issuer is None) != (above.authority_cert_serial_number is None):
        yield Finding("key-identifier", cert.title, "It tells half of who certified its issuer.", section)
    if above is None or profile is not Profile.WEBPKI:
        return
    section = f"{BR} 7.1.2.1.3" if anchor and self_signed else f"{BR} 7.1.2.11.1"
    if above.authority_cert_issuer is not None or above.authority_cert_serial_number is not None:
        reason = "It tells who certified its issuer, which is a matter of other chains."
        yield Finding("key-identifier", cert.title, reason, section)
    if self_signed and own is not None and above.key_identifier not in (None, own.digest):
        reason = "It is signed with its own key and tells another as its issuer's."
        yield Finding("key-identifier", cert.title, reason, section)


def _basic_constraints(cert: Cert, profile: Profile, leaf: bool) -> Iterator[Finding]:
    found = cert.find(x509.BasicConstraints)
    section = f"{RFC} 4.2.1.9"
    if leaf:
        if cert.is_ca and profile is Profile.WEBPKI:
            reason = "It is an authority and stands where a server's certificate belongs."
            yield Finding("authority", cert.title, reason, f"{BR} 7.1.2.7.8")
    elif found is None or not found.value.ca:
        yield Finding("authority", cert.title, "It signs a certificate and is no authority.", section)
    if found is None:
        return
    if found.value.ca and not found.critical:
        yield Finding("authority", cert.title, "That it is an authority is not marked critical.", section)
    if found.value.path_length is not None and not found.value.ca:
        yield Finding("path-length", cert.title, "It limits a path and is no authority.", section)
    usage = cert.value(x509.KeyUsage)
    if found.value.path_length is not None and usage is not None and not usage.key_cert_sign:
        yield Finding("path-length", cert.title, "It limits a path and may not sign certificates.", section)


def _key_usage(cert: Cert, profile: Profile, leaf: bool) -> Iterator[Finding]:
    found = cert.find(x509.KeyUsage)
    section = f"{RFC} 4.2.1.3"
    if found is None:
        if profile is Profile.WEBPKI and not leaf:
            reason = "It is an authority and does not tell what its key is used for."
            yield Finding("key-usage", cert.title, reason, f"{BR} 7.1.2.10.7")
        return
    usage = found.value
    if not leaf and not usage.key_cert_sign:
        yield Finding("key-usage", cert.title, "Its key may not sign certificates.", section)
    if usage.key_cert_sign and not cert.is_ca:
        yield Finding("key-usage", cert.title, "Its key may sign certificates, and it is no authority.", section)
    if not any(getattr(usage, one) for one in USES):
        yield Finding("key-usage", cert.title, "Its key may be used for nothing.", section)
    if profile is Profile.WEBPKI and not leaf and not found.critical:
        reason = "What its key is used for is not marked critical."
        yield Finding("key-usage", cert.title, reason, f"{BR} 7.1.2.10.7", grave=False)  # RFC 5280 says "should"


USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign",
)  # fmt: skip
"""Uses of a key that stand by themselves."""


def _extended_use(cert: Cert, profile: Profile, leaf: bool, anchor: bool, use: ObjectIdentifier) -> Iterator[Finding]:
    found = cert.find(x509.ExtendedKeyUsage)
    if found is None:
        if leaf and profile is Profile.WEBPKI:
            reason = "It does not tell that it is for servers."
            yield Finding("extended-key-usage", cert.title, reason, f"{BR} 7.1.2.7.6")
        return
    uses = set(found.value)
    section = f"{RFC} 4.2.1.12"
    if not uses:
        yield Finding("extended-key-usage", cert.title, "Its list of uses is empty.", section)
    elif leaf and use not in uses and not (ANY_USE in uses and profile is Profile.RFC5280):
        yield Finding("extended-key-usage", cert.title, f"It is not for this use ({_use(use)}).", section)
    if profile is not Profile.WEBPKI:
        return
    if anchor and cert.self_issued and not leaf:
        yield Finding("extended-key-usage", cert.title, "It is a root and limits its uses.", f"{BR} 7.1.2.1.2")
    elif leaf and ANY_USE in uses:
        yield Finding("extended-key-usage", cert.title, "It is for any use.", f"{BR} 7.1.2.7.10")
    elif uses and not leaf and use not in uses and ANY_USE not in uses:
        reason = f"What is below it may not be used for this ({_use(use)})."
        yield Finding("extended-key-usage", cert.title, reason, f"{BR} 7.1.2.10.6")
    if leaf and found.critical:
        reason = "The list of its uses is marked critical."
        yield Finding("extended-key-usage", cert.title, reason, f"{BR} 7.1.2.7.6")


def _use(use: ObjectIdentifier) -> str:
    return str(getattr(use, "_name", use.dotted_string))


def validity(cert: Cert, moment: datetime) -> Iterator[Finding]:
    """Whether a certificate is valid at a moment, both ends within (RFC 5280, section 4.1.2.5), in whole seconds."""
    second = moment.replace(microsecond=0)
    begins, ends = cert.parsed.not_valid_before_utc, cert.parsed.not_valid_after_utc
    section = f"{RFC} 4.1.2.5"
    if second < begins:
        yield Finding("not-yet-valid", cert.title, f"It is valid only from {begins:%Y-%m-%d %H:%M:%S} UTC.", section)
    if second > ends:
        yield Finding("expired", cert.title, f"It was valid until {ends:%Y-%m-%d %H:%M:%S} UTC.", section)
