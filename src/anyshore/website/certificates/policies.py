"""Policies of certification along a path (RFC 5280, section 6.1; sets as in RFC 9618); any policy is accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from anyshore.website.certificates import der
from anyshore.website.certificates.findings import RFC, Finding
from anyshore.website.certificates.reading import Cert

ANY = "2.5.29.32.0"


@dataclass
class _State:
    """What section 6.1.2 keeps: the policies the next certificate may state, and after how many each limit holds."""

    explicit: int
    mapping: int
    any_policy: int
    expected: set[str] = field(default_factory=lambda: {ANY})


def check(path: Sequence[Cert]) -> Iterator[Finding]:
    """Whether a path that has to state its policies does.

    Args:
        path: the anchor first, the leaf last; the anchor's own extensions do not count.
    """
    below = path[1:]
    many = len(below) + 1
    state = _State(many, many, many)
    for place, cert in enumerate(below, start=1):
        last = place == len(below)
        held = _valid(cert, state, last)
        yield from _mapped(cert)
        if state.explicit == 0 and not held:
            yield Finding("policy", cert.title, "No policy holds along the path, and one has to.", f"{RFC} 6.1.3")
        state.expected = held if last else _next(cert, held, state)
        _count_down(cert, state, last)
    if below and state.explicit == 0 and not state.expected:
        yield Finding("policy", below[-1].title, "No policy holds along the path, and one has to.", f"{RFC} 6.1.5")


def _valid(cert: Cert, state: _State, last: bool) -> set[str]:
    stated = cert.value(x509.CertificatePolicies)
    if stated is None:
        return set()
    policies = {one.policy_identifier.dotted_string for one in stated}
    held = {one for one in policies - {ANY} if one in state.expected or ANY in state.expected}
    if ANY in policies and (state.any_policy > 0 or (not last and cert.self_issued)):
        held |= state.expected
    return held


def _next(cert: Cert, held: set[str], state: _State) -> set[str]:
    """The policies expected of the next certificate, after this one's mappings."""
    targets: dict[str, set[str]] = {}
    for issuer, subject in _mappings(cert):
        targets.setdefault(issuer, set()).add(subject)
    expected = {one for one in held if one not in targets}
    if state.mapping > 0:
        for issuer, subjects in targets.items():
            if issuer in held or ANY in held:
                expected |= subjects
    return expected


def _count_down(cert: Cert, state: _State, last: bool) -> None:
    if not last and not cert.self_issued:
        state.explicit, state.mapping = max(state.explicit - 1, 0), max(state.mapping - 1, 0)
        state.any_policy = max(state.any_policy - 1, 0)
    elif last:
        state.explicit = max(state.explicit - 1, 0)
    limits = cert.value(x509.PolicyConstraints)
    explicit = limits.require_explicit_policy if limits is not None else None
    if explicit is not None and (not last or explicit == 0):
        state.explicit = min(state.explicit, explicit)
    if limits is not None and limits.inhibit_policy_mapping is not None:
        state.mapping = min(state.mapping, limits.inhibit_policy_mapping)
    inhibited = cert.value(x509.InhibitAnyPolicy)
    if inhibited is not None:
        state.any_policy = min(state.any_policy, inhibited.skip_certs)


def _mapped(cert: Cert) -> Iterator[Finding]:
    if any(ANY in pair for pair in _mappings(cert)):
        yield Finding("policy", cert.title, "It maps from or to any policy.", f"{RFC} 4.2.1.5")


def _mappings(cert: Cert) -> list[tuple[str, str]]:
    """Pairs of an issuer's policy and the subject's it is equal to; the library leaves this extension unread."""
    for one in cert.extensions:
        if one.oid == ExtensionOID.POLICY_MAPPINGS and isinstance(one.value, x509.UnrecognizedExtension):
            pairs = [[_dotted(oid) for _, oid in der.parts(pair)] for _, pair in der.inside(one.value.value)]
            return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]
    return []


def _dotted(content: bytes) -> str:
    numbers, value = [], 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2) if numbers else 0
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]])) if numbers else ""
