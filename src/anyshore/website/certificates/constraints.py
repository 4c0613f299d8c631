"""Constraints on the names below an authority (RFC 5280, section 4.2.1.10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509

from anyshore.website.certificates import names
from anyshore.website.certificates.findings import BR, RFC, Finding, Profile
from anyshore.website.certificates.reading import Cert, name_key

SECTION = f"{RFC} 4.2.1.10"


def check(cert: Cert, profile: Profile) -> Iterator[Finding]:
    """What is wrong with the constraints a certificate states."""
    found = cert.find(x509.NameConstraints)
    if found is None:
        return
    if not cert.is_ca:
        yield Finding("constraints", cert.title, "Only an authority may constrain names.", SECTION)
    if not found.critical and profile is Profile.RFC5280:
        yield Finding("constraints", cert.title, "Its constraints on names are not marked critical.", SECTION)
    subtrees = [*(found.value.permitted_subtrees or ()), *(found.value.excluded_subtrees or ())]
    if not subtrees:
        yield Finding("constraints", cert.title, "Its constraints on names are empty.", f"{BR} 7.1.2.5.2")
    for base in subtrees:
        if (reason := _malformed(base)) is not None:
            yield Finding("constraints", cert.title, reason, SECTION)


def _malformed(base: x509.GeneralName) -> str | None:
    if isinstance(base, x509.DNSName) and base.value and not names.is_host(base.value):
        return f"{base.value!r} constrains no names of hosts."
    if isinstance(base, x509.RFC822Name):
        host = base.value.removeprefix(".")
        if not (names.is_mailbox(host) if "@" in host else names.is_host(host)):
            return f"{base.value!r} constrains no mailboxes."
    if isinstance(base, x509.UniformResourceIdentifier) and not names.is_host(base.value.removeprefix(".")):
        return f"{base.value!r} constrains no addresses of pages."
    return None


def violations(cert: Cert, stated: Sequence[tuple[Cert, x509.NameConstraints]]) -> Iterator[Finding]:
    """Names of a certificate that the authorities above it exclude or do not permit.

    Args:
        cert: below them.
        stated: who states what; each by itself narrows what is left.
    """
    held: list[x509.GeneralName] = [*names.san_of(cert), *names.mailboxes(cert)]
    if cert.parsed.subject.rdns:
        held.append(x509.DirectoryName(cert.parsed.subject))
    for authority, constraints in stated:
        for name in held:
            reason = _violates(name, constraints)
            if reason:
                yield Finding("constrained", cert.title, f"{reason} {authority.title}.", SECTION)


def _violates(name: x509.GeneralName, constraints: x509.NameConstraints) -> str:
    excluded = [base for base in constraints.excluded_subtrees or () if type(base) is type(name)]
    permitted = [base for base in constraints.permitted_subtrees or () if type(base) is type(name)]
    told = name.value.rfc4514_string() if isinstance(name, x509.DirectoryName) else name.value
    if (excluded or permitted) and not isinstance(name, tuple(_WITHIN)):
        return f"{type(name).__name__} {told} cannot be held against the constraints of"
    if isinstance(name, x509.UniformResourceIdentifier) and (excluded or permitted) and not _uri_host(name.value):
        return f"{told} has no host to be held against the constraints of"
    if any(_within(name, base, excluding=True) for base in excluded):
        return f"{told} is excluded by"
    if permitted and not any(_within(name, base, excluding=False) for base in permitted):
        return f"{told} is not permitted by"
    return ""


def _within(name: x509.GeneralName, base: x509.GeneralName, excluding: bool) -> bool:
    return bool(_WITHIN[type(name)](name.value, base.value, excluding))


def _dns(name: str, base: str, excluding: bool) -> bool:
    """A wildcard is permitted where all it stands for is, and excluded where anything it stands for is."""
    name, base = name.lower(), base.lower()
    if name.startswith("*."):
        name = name[2:]
        one_label_more = base.count(".") == name.count(".") + 1 and base.endswith(f".{name}")
        if excluding and one_label_more:
            return True
    return _below(name, base)


def _below(name: str, base: str) -> bool:
    return not base or name == base or name.endswith(f".{base}")


def _mail(name: str, base: str, _excluding: bool) -> bool:
    if "@" in base:
        return names.same_mailbox(name, base)
    return _host(name.rpartition("@")[2], base)


def _host(host: str, base: str) -> bool:
    """A constraint with a leading period is met by every host below it, any other by that host alone."""
    host, base = host.lower(), base.lower()
    return host.endswith(base) and host != base if base.startswith(".") else host == base


def _uri_host(name: str) -> str:
    host = urlsplit(name).hostname or ""
    return host if names.is_host(host) else ""


def _ip(name: Any, base: Any, _excluding: bool) -> bool:
    one = names.address(str(name))  # a network where an address belongs is within nothing
    return one is not None and one in base


def _directory(name: x509.Name, base: x509.Name, _excluding: bool) -> bool:
    above = name_key(base)
    return name_key(name)[: len(above)] == above


_WITHIN: dict[type[x509.GeneralName], Callable[[Any, Any, bool], bool]] = {
    x509.DNSName: _dns,
    x509.RFC822Name: _mail,
    x509.UniformResourceIdentifier: lambda name, base, _excluding: _host(_uri_host(name), base),
    x509.IPAddress: _ip,
    x509.DirectoryName: _directory,
}
