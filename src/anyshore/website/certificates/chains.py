"""Chains from a server's certificate to one that is trusted, and whether one of them holds (RFC 5280, section 6.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from anyshore.base.errors import DataError
from anyshore.website.certificates import constraints, names, ocsp, policies, profile, revocation, signatures
from anyshore.website.certificates.findings import RFC, Finding, Profile
from anyshore.website.certificates.reading import Cert, read

MOST_SIGNATURES = 2_000
"""Signatures that are checked in search of a chain; whoever sends more means no good."""
MOST_CHAINS = 64
LONGEST = 16
SERVER = ExtendedKeyUsageOID.SERVER_AUTH
CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH


@dataclass(frozen=True, slots=True)
class Question:
    """What a chain is asked.

    Attributes:
        moment: for which it has to hold; with a zone.
        names: hosts, IP addresses or mailboxes the certificate has to stand for, each of them.
        profile: by whose rules.
        use: what for.
        key_uses: what the key of the leaf has to be allowed, in the library's words (``digital_signature``).
        intermediates: the most authorities between leaf and anchor, those that issue themselves not counted; None for
            no limit.
    """

    moment: datetime
    names: tuple[str, ...] = ()
    profile: Profile = Profile.WEBPKI
    use: ObjectIdentifier = SERVER
    key_uses: tuple[str, ...] = ()
    intermediates: int | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What is given to find a chain with, each certificate in PEM or DER.

    Attributes:
        leaf: the server's certificate.
        sent: what the server sends beside it.
        trusted: certificates that are trusted as they stand.
        lists: revocation lists.
        stapled: answers about revocation (OCSP, in DER).
    """

    leaf: bytes
    sent: Sequence[bytes] = ()
    trusted: Sequence[bytes] = ()
    lists: Sequence[bytes] = ()
    stapled: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said about a server's certificate.

    Attributes:
        chain: subjects from the server's certificate to the trusted one; of several chains the best.
        findings: what is wrong with it, and what is worth knowing.
        names: hosts and addresses the certificate stands for.
        ends: until when it is valid; None where it cannot be read.
        days_left: whole days until then, negative after it.
    """

    chain: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    names: tuple[str, ...] = ()
    ends: datetime | None = None
    days_left: int | None = None

    @property
    def holds(self) -> bool:
        """Whether browsers may rely on it."""
        return not any(one.grave for one in self.findings)


@dataclass(slots=True)
class _Search:
    """What is left to be tried, and what could not be read."""

    anchors: list[Cert]
    sent: list[Cert]
    unread: list[Finding] = field(default_factory=list)
    signatures: int = MOST_SIGNATURES

    def made_by(self, cert: Cert, issuer: Cert) -> bool:
        if cert.issuer_key != issuer.subject_key or self.signatures <= 0:
            return False
        self.signatures -= 1
        return signatures.made_by(cert, issuer)


def judge(material: Material, question: Question) -> Verdict:
    """Judges a server's certificate by the best chain that can be made of what is given.

    Args:
        material: certificates, lists and answers.
        question: what it has to hold for.
    """
    try:
        leaf = read(material.leaf, "The certificate")
    except DataError as problem:
        return Verdict(findings=(Finding("unreadable", "", problem.message, f"{RFC} 4.1"),))
    search = _Search([], [])
    _readable(material.trusted, search.anchors, search, "A trusted certificate")
    _readable(material.sent, search.sent, search, "A certificate sent beside it")
    evidence = _evidence(material, search)
    best: tuple[list[Cert], list[Finding]] | None = None
    for count, path in enumerate(_paths(leaf, search), start=1):
        found = list(_check(path, question, evidence, search))
        if best is None or _grave(found) < _grave(best[1]):
            best = path, found
        if not _grave(found) or count == MOST_CHAINS:
            break
    ends = leaf.parsed.not_valid_after_utc
    days = (ends - question.moment).days
    if best is None:
        alone = [*_alone(leaf, question), *search.unread]
        return Verdict((leaf.title,), tuple(alone), names.host_names(leaf), ends, days)
    return Verdict(
        tuple(one.title for one in reversed(best[0])), tuple(best[1]), names.host_names(leaf), ends, days
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Evidence:
    lists: tuple[revocation.RevocationList, ...]
    stapled: tuple[bytes, ...]
    problems: tuple[Finding, ...]


def _readable(given: Sequence[bytes], into: list[Cert], search: _Search, title: str) -> None:
    for number, content in enumerate(given, start=1):
        try:
            into.append(read(content, f"{title} (number {number})"))
        except DataError as problem:
            search.unread.append(Finding("unreadable", "", problem.message, f"{RFC} 4.1"))


def _evidence(material: Material, search: _Search) -> _Evidence:
    lists, problems = [], []
    for number, content in enumerate(material.lists, start=1):
        try:
            lists.append(revocation.read(content, f"The revocation list number {number}"))
        except DataError as problem:
            problems.append(Finding("revocation-list", "", problem.message, f"{RFC} 5.1"))
    return _Evidence(tuple(lists), tuple(material.stapled), tuple(problems))


def _grave(findings: Sequence[Finding]) -> int:
    return sum(one.grave for one in findings)


def _paths(leaf: Cert, search: _Search) -> Iterator[list[Cert]]:
    """Paths by name and signature, the anchor first; shorter ones, and those whose key is named, earlier."""
    if any(leaf.fingerprint == one.fingerprint for one in search.anchors):
        yield [leaf]
    open_paths = [[leaf]]
    while open_paths:
        path = open_paths.pop(0)
        last = path[0]
        for anchor in _issuers(last, search.anchors, path, search):
            yield [anchor, *path]
        if len(path) < LONGEST:
            open_paths += [[one, *path] for one in _issuers(last, search.sent, path, search)]


def _issuers(cert: Cert, candidates: Sequence[Cert], path: Sequence[Cert], search: _Search) -> list[Cert]:
    seen = {one.fingerprint for one in path}
    told = cert.value(x509.AuthorityKeyIdentifier)
    wanted = told.key_identifier if told is not None else None

    def named(one: Cert) -> bool:
        own = one.value(x509.SubjectKeyIdentifier)
        return own is not None and own.digest == wanted

    found = [one for one in candidates if one.fingerprint not in seen and search.made_by(cert, one)]
    return sorted(found, key=lambda one: not named(one))


def _check(path: list[Cert], question: Question, evidence: _Evidence, search: _Search) -> Iterator[Finding]:
    """Everything that is wrong with one path."""
    for place, cert in enumerate(path):
        leaf = place == len(path) - 1
        yield from profile.validity(cert, question.moment)
        yield from profile.check(cert, question.profile, leaf=leaf, anchor=place == 0, use=question.use)
    yield from _lengths(path, question)
    yield from _constrained(path)
    yield from policies.check(path)
    yield from _asked(path[-1], question)
    answered = list(ocsp.check(path, evidence.stapled, question.moment))
    yield from answered
    if evidence.lists or evidence.problems:
        yield from evidence.problems
        yield from revocation.check(path, evidence.lists, search.sent, question.moment)


def _lengths(path: Sequence[Cert], question: Question) -> Iterator[Finding]:
    """Path lengths (6.1.4 l, m): authorities that issue themselves do not count, nor does the leaf."""
    between = path[1:-1]
    for place, cert in enumerate(path[:-1]):
        basic = cert.value(x509.BasicConstraints)
        below = sum(not one.self_issued for one in path[place + 1 : -1])
        if basic is not None and basic.path_length is not None and below > basic.path_length:
            reason = f"It lets {basic.path_length} authorities below it, and there are {below}."
            yield Finding("path-length", cert.title, reason, f"{RFC} 4.2.1.9")
    many = sum(not one.self_issued for one in between)
    if question.intermediates is not None and many > question.intermediates:
        reason = f"There are {many} authorities between, and at most {question.intermediates} may be."
        yield Finding("path-length", path[-1].title, reason, f"{RFC} 6.1.1")


def _constrained(path: Sequence[Cert]) -> Iterator[Finding]:
    stated: list[tuple[Cert, x509.NameConstraints]] = []
    for place, cert in enumerate(path):
        if place and (place == len(path) - 1 or not cert.self_issued):
            yield from constraints.violations(cert, stated)
        own = cert.value(x509.NameConstraints)
        if own is not None:
            stated.append((cert, own))


def _asked(leaf: Cert, question: Question) -> Iterator[Finding]:
    for name in question.names:
        if not names.stands_for(leaf, name):
            held = ", ".join(names.host_names(leaf)) or "no name"
            yield Finding("other-name", leaf.title, f"It stands for {held}, not for {name}.", "RFC 9525 6")
    usage = leaf.value(x509.KeyUsage)
    for use in question.key_uses:
        if usage is not None and not getattr(usage, use, False):
            reason = f"Its key may not be used as asked ({use.replace('_', ' ')})."
            yield Finding("key-usage", leaf.title, reason, f"{RFC} 4.2.1.3")


def _alone(leaf: Cert, question: Question) -> Iterator[Finding]:
    """What is to be said of a certificate to which no chain leads."""
    yield from profile.validity(leaf, question.moment)
    yield from profile.check(leaf, question.profile, leaf=True, anchor=False, use=question.use)
    yield from _asked(leaf, question)
    self_signed = leaf.self_issued and signatures.made_by(leaf, leaf)
    code = "self-signed" if self_signed else "no-chain"
    reason = (
        "It is signed with its own key and is not among those trusted."
        if self_signed
        else f"No chain of what the server sends leads from {leaf.parsed.issuer.rfc4514_string()} to what is trusted."
    )
    yield Finding(code, leaf.title, reason, f"{RFC} 6.1")
