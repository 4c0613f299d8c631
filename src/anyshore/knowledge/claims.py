"""Claims, what they rest on, and what happens to them when a source changes.

A claim names its author and rests on evidence (places in sources), on figures, on other claims, or on several of
those. A claim that rests on nothing is an opinion, and :func:`check` says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.knowledge.anchors import Refusal, SourceIndex, Span, anchor, holds
from anyshore.knowledge.documents import Source
from anyshore.knowledge.rings import rings


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says, and why.

    Attributes:
        id: unique among the claims of a case.
        text: the claim in the author's words.
        author: the person who stands for it.
        confidence: from 0 to 1, the author's probability that the claim is true.
        evidence: places in sources.
        rests_on: ids of other claims.
        at: when it was made, microseconds since 1970-01-01T00:00Z.
        topic: what the claim is about, for example a clause kind.
        figures: ids of the figures it reports (``figure_evidence``).
    """

    id: str
    text: str
    author: str
    confidence: float
    evidence: tuple[Span, ...] = ()
    rests_on: tuple[str, ...] = ()
    at: int = 0
    topic: str = ""
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """A claim that no longer stands by itself.

    Attributes:
        claim: its id.
        documents: hashes of the changed sources at the root of it, sorted.
        through: the claims between it and the changed evidence, nearest first; empty where its own evidence changed.
    """

    claim: str
    documents: tuple[str, ...]
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reanchoring:
    """What became of one piece of evidence in the new version of its source.

    Attributes:
        claim: id of the claim.
        evidence: index of the span in the claim's evidence.
        old: the span in the old version.
        places: where the quote stands now; one is a proposal, several need a choice, none is lost evidence.
        refusal: why there is no place, with the nearest miss.
    """

    claim: str
    evidence: int
    old: Span
    places: tuple[Span, ...]
    refusal: Refusal | None = None


def check(claims: Sequence[Claim], sources: Mapping[str, Source]) -> list[Diagnostic]:
    """Everything that keeps claims from being trusted: all problems at once.

    Args:
        claims: of one case.
        sources: by hash, as far as they are at hand.
    """
    found = []
    known = {claim.id for claim in claims}
    seen: set[str] = set()
    for claim in claims:
        found += _check_one(claim, known, sources)
        if claim.id in seen:
            found.append(_problem(claim, "claim.duplicate", f"the id {claim.id!r} is used twice", "rename one"))
        seen.add(claim.id)
    by_id = {claim.id: claim for claim in claims}
    for ring in rings({claim.id: claim.rests_on for claim in claims}):
        chain = " → ".join([*ring, ring[0]])
        found.append(_problem(by_id[ring[0]], "claim.circular", f"the claims rest on each other: {chain}", "cut one"))
    return found


def _check_one(claim: Claim, known: Collection[str], sources: Mapping[str, Source]) -> list[Diagnostic]:
    found = []
    if not claim.text.strip():
        found.append(_problem(claim, "claim.empty", "the claim says nothing", "write what is claimed"))
    if not claim.author.strip():
        found.append(_problem(claim, "claim.no-author", "nobody stands for the claim", "name its author"))
    if not 0 <= claim.confidence <= 1:
        message = f"the confidence {claim.confidence} is not a probability"
        found.append(_problem(claim, "claim.confidence", message, "give a number from 0 to 1"))
    if not claim.evidence and not claim.rests_on and not claim.figures:
        message = "the claim rests on nothing"
        found.append(_problem(claim, "claim.unsupported", message, "quote a source or name the claims it follows from"))
    found += [
        _problem(claim, "claim.unknown", f"there is no claim {other!r} to rest on", "name one of this case")
        for other in claim.rests_on
        if other not in known
    ]
    for span in claim.evidence:
        source = sources.get(span.document)
        if source is None:
            message = f"the source {span.document[:12]} is not among the case's sources"
            found.append(_problem(claim, "claim.no-source", message, "add the source or anchor the quote in another"))
        elif not holds(source, span):
            message = f"{source.name} does not say “{span.quote[:80]}” at {span.start}–{span.end}"
            found.append(_problem(claim, "claim.evidence", message, "anchor the quote again"))
    return found


def _problem(claim: Claim, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, message, Location(element=claim.id), hint)


def stale(
    claims: Iterable[Claim], changed: Collection[str], figures: Mapping[str, Collection[str]] | None = None
) -> list[Stale]:
    """The claims whose sources changed, and all that rests on them, in the order of the claims.

    Args:
        claims: of one case; they may rest on each other.
        changed: hashes of the sources that are no longer current.
        figures: the stale figures with the changed sources at the root of each (``figure_evidence.stale``).
    """
    claims = list(claims)
    rooted = figures or {}
    dependants: dict[str, list[str]] = {}
    for claim in claims:
        for other in claim.rests_on:
            dependants.setdefault(other, []).append(claim.id)
    documents: dict[str, set[str]] = {}
    through: dict[str, tuple[str, ...]] = {}
    for claim in claims:
        own = {span.document for span in claim.evidence} & set(changed)
        own.update(document for figure in claim.figures for document in rooted.get(figure, ()))
        if own:
            documents.setdefault(claim.id, set()).update(own)
            through[claim.id] = ()
    # Breadth first: the shortest way is the one shown. A claim is looked at again when more documents reach it.
    waiting = deque(through)
    while waiting:
        claim_id = waiting.popleft()
        for dependant in dependants.get(claim_id, ()):
            reached = documents.setdefault(dependant, set())
            if documents[claim_id] <= reached:
                continue
            reached |= documents[claim_id]
            through.setdefault(dependant, (claim_id, *through[claim_id]))
            waiting.append(dependant)
    return [
        Stale(claim.id, tuple(sorted(documents[claim.id])), through[claim.id])
        for claim in claims
        if claim.id in through
    ]


def reanchor(claims: Iterable[Claim], old: str, new: Source) -> list[Reanchoring]:
    """For every quote from the old version: where it stands in the new one, or why it does not.

    Args:
        claims: of one case.
        old: hash of the old version.
        new: the new version.
    """
    index = SourceIndex(new)
    return [
        _reanchored(claim.id, number, span, index)
        for claim in claims
        for number, span in enumerate(claim.evidence)
        if span.document == old
    ]


def _reanchored(claim: str, number: int, span: Span, index: SourceIndex) -> Reanchoring:
    answer = anchor(index, span.quote)
    if isinstance(answer, Refusal):
        return Reanchoring(claim, number, span, (), answer)
    return Reanchoring(claim, number, span, tuple(answer))


def accept(claim: Claim, proposals: Iterable[Reanchoring]) -> Claim:
    """The claim with the proposals taken over that are unambiguous; the others stay as they are."""
    evidence = list(claim.evidence)
    for proposal in proposals:
        if proposal.claim == claim.id and len(proposal.places) == 1:
            evidence[proposal.evidence] = proposal.places[0]
    return replace(claim, evidence=tuple(evidence))
