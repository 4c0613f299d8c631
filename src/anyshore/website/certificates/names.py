"""Names in certificates: are they well-formed, do they stand for a host, are they within constraints."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import NameOID

from anyshore.website.certificates.findings import BR, RFC, Finding, Profile
from anyshore.website.certificates.reading import Cert

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_ATEXT = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
IP = ipaddress.IPv4Address | ipaddress.IPv6Address


def address(text: str) -> IP | None:
    """The IP address a text is, if it is one."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_host(name: str, wildcard: bool = False) -> bool:
    """Whether a name is in the preferred syntax of host names (RFC 1034, section 3.5), which no underscore is.

    Args:
        wildcard: whether the first label may be ``*``.
    """
    if wildcard:
        name = name.removeprefix("*.")
    labels = name.split(".")
    return len(name) <= 253 and all(_LABEL.fullmatch(one) for one in labels) and address(name) is None


def is_mailbox(name: str) -> bool:
    """Whether a name is a mailbox without comments or blanks (RFC 2821, section 4.1.2)."""
    local, at, host = name.rpartition("@")
    return bool(at) and _ATEXT.fullmatch(local) is not None and is_host(host)


def san_of(cert: Cert) -> list[x509.GeneralName]:
    """Its alternative names."""
    found = cert.value(x509.SubjectAlternativeName)
    return list(found) if found is not None else []


def host_names(cert: Cert) -> tuple[str, ...]:
    """The hosts and addresses it stands for, as a person reads them."""
    return tuple(str(one.value) for one in san_of(cert) if isinstance(one, x509.DNSName | x509.IPAddress))


def check(cert: Cert, profile: Profile, leaf: bool) -> Iterator[Finding]:
    """What is wrong with the alternative names of a certificate (RFC 5280, section 4.2.1.6)."""
    found = cert.find(x509.SubjectAlternativeName)
    section = f"{RFC} 4.2.1.6"
    if found is None:
        if leaf and not cert.parsed.subject.rdns:
            yield Finding("subject", cert.title, "It has neither a subject nor an alternative name.", section)
        if leaf and profile is Profile.WEBPKI:
            reason = "It has no alternative name, and browsers look at no other."
            yield Finding("no-names", cert.title, reason, f"{BR} 7.1.2.7.12")
        return
    if not list(found.value):
        yield Finding("names", cert.title, "Its list of alternative names is empty.", section)
    if leaf and not cert.parsed.subject.rdns and not found.critical:
        reason = "Its subject is empty, and yet its alternative names are not marked critical."
        yield Finding("names", cert.title, reason, section)
    if profile is Profile.WEBPKI and leaf and cert.parsed.subject.rdns and found.critical:
        reason = "Its alternative names are marked critical although it has a subject."
        yield Finding("names", cert.title, reason, f"{BR} 7.1.2.7.12")
    for name in found.value:
        yield from _check_name(cert, name, profile if leaf else Profile.RFC5280)
    if leaf and profile is Profile.WEBPKI:
        yield from _check_common_name(cert)


def _check_name(cert: Cert, name: x509.GeneralName, profile: Profile) -> Iterator[Finding]:
    section = f"{RFC} 4.2.1.6"
    value = name.value
    if isinstance(name, x509.DNSName) and not is_host(name.value, wildcard=True):
        yield Finding("names", cert.title, f"{value!r} is no name of a host.", section)
    elif isinstance(name, x509.RFC822Name) and not is_mailbox(name.value):
        yield Finding("names", cert.title, f"{value!r} is no mailbox.", section)
    elif isinstance(name, x509.IPAddress) and address(str(value)) is None:
        yield Finding("names", cert.title, f"{value} is a network, not an address.", section)
    elif isinstance(name, x509.UniformResourceIdentifier) and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.", name.value):
        yield Finding("names", cert.title, f"{value!r} is no absolute address.", section)
    if profile is not Profile.WEBPKI:
        return
    if not isinstance(name, x509.DNSName | x509.IPAddress):
        reason = f"{value!r} is no name that a certificate of a TLS server may hold."
        yield Finding("names", cert.title, reason, f"{BR} 7.1.2.7.12")
    elif isinstance(name, x509.DNSName) and name.value.startswith("*."):
        base = name.value.removeprefix("*.")
        if is_public_suffix(base):
            reason = f"*.{base} would stand for every organisation that registers under {base}."
            yield Finding("wildcard", cert.title, reason, f"{BR} 3.2.2.6")


def _check_common_name(cert: Cert) -> Iterator[Finding]:
    """The common name is one of the alternative names, letter for letter, and in the right form."""
    section = f"{BR} 7.1.4.3"
    found = [one.value for one in cert.parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if len(found) > 1:
        yield Finding("common-name", cert.title, "It has more than one common name.", section)
    for name in found:
        if name not in host_names(cert):
            reason = f"Its common name {name!r} is none of its alternative names, letter for letter."
            yield Finding("common-name", cert.title, reason, section)


def stands_for(cert: Cert, wanted: str) -> bool:
    """Whether one of its alternative names is the host, IP address or mailbox wanted (RFC 9525, section 6)."""
    return any(_is(name, wanted) for name in san_of(cert))


def _is(name: x509.GeneralName, wanted: str) -> bool:
    if isinstance(name, x509.IPAddress):
        return name.value == address(wanted)
    if isinstance(name, x509.RFC822Name):
        return "@" in wanted and same_mailbox(name.value, wanted)
    if not isinstance(name, x509.DNSName) or address(wanted) is not None or "@" in wanted:
        return False
    pattern, host = name.value.lower(), wanted.lower().removesuffix(".")
    first, dot, rest = host.partition(".")
    return pattern == host or (pattern.startswith("*.") and bool(first and dot) and pattern[2:] == rest)


def same_mailbox(one: str, other: str) -> bool:
    """Whether two mailboxes are one: hosts in any case, what stands before letter for letter (RFC 5280, 7.5)."""
    (local, _, host), (other_local, _, other_host) = one.rpartition("@"), other.rpartition("@")
    return local == other_local and host.lower() == other_host.lower()


def mailboxes(cert: Cert) -> Iterable[x509.GeneralName]:
    """Mailboxes an old certificate has in its subject: constraints hold for them if nothing else is there."""
    if any(isinstance(one, x509.RFC822Name) for one in san_of(cert)):
        return
    for one in cert.parsed.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS):
        if isinstance(one.value, str) and one.value.isascii():
            yield x509.RFC822Name(one.value)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # 10,000 rules: read when first asked for

    return PublicSuffixList()


def is_public_suffix(name: str) -> bool:
    """Whether anybody may register names under a name (Public Suffix List, with its private part)."""
    lower = name.lower()
    return bool(_suffixes().publicsuffix(lower) == lower)
