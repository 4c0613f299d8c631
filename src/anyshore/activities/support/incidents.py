"""Incidents and what is known of them: a name, known errors that fit, the problem behind several."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anyshore.activities.activity import ActivityContext, Values
from anyshore.activities.support import records
from anyshore.knowledge.search import Article, Search

PROBLEM_FROM = 2
"""Incidents of one cause from which a problem record is opened (ITIL 4, problem management: recurring incidents)."""


@dataclass(frozen=True, slots=True)
class OpenInput:
    """An incident, as it was reported."""

    symptom: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class KnownError:
    """A known error that fits, with its workaround.

    Attributes:
        error: its id.
        title: its symptom.
        workaround: what helps until it is mended.
        problem: the problem record behind it; empty for none.
        share: how much of what was reported it says, in per cent.
    """

    error: str
    title: str
    workaround: str
    problem: str
    share: int


@dataclass(frozen=True, slots=True)
class OpenOutcome:
    """The incident's name, and the known errors that fit, the best first."""

    incident: str
    errors: tuple[KnownError, ...]


def open_incident(data: OpenInput, context: ActivityContext) -> OpenOutcome:
    """Names an incident and looks for known errors of its service."""
    row = context.records(records.INCIDENT).put_once(context.idempotency_key, {"opened": context.now})
    known = [one for one in context.records(records.KNOWN).find() if _fits(one.data, data.service)]
    texts = tuple((one.key, str(one.data["symptom"]), str(one.data.get("language") or "en")) for one in known)
    rows = {one.key: one.data for one in known}
    found = tuple(
        KnownError(
            hit.article.id, hit.article.title, str(rows[hit.article.id].get("workaround") or ""),
            str(rows[hit.article.id].get("problem") or ""), round(100 * hit.score),
        )
        for hit in _search(texts).find(data.symptom, 3)
        if len(hit.words) > 1
    )  # fmt: skip
    return OpenOutcome(f"i{row.sequence}", found)


def _fits(error: Values, service: str) -> bool:
    """Whether a known error is open, and of the service or of all."""
    of = str(error.get("service") or "")
    same = not of or not service or of.casefold() == service.casefold()
    return same and str(error.get("state") or "open") == "open"


@lru_cache(maxsize=8)
def _search(texts: tuple[tuple[str, str, str], ...]) -> Search:
    """An index of symptoms: made once in a process until one of them changes."""
    return Search(Article(key, title, "", language) for key, title, language in texts)


@dataclass(frozen=True, slots=True)
class LinkInput:
    """What was behind an incident.

    Attributes:
        incident: its name.
        cause: what was found, in a word that is the same for the same cause.
        error: the known error it was, where it was one.
    """

    incident: str
    cause: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class LinkOutcome:
    """The problem it is part of.

    Attributes:
        problem: name of the problem record; empty while there is none.
        incidents: how many incidents have this cause, with this one.
        fresh: whether the record was opened now.
    """

    problem: str = ""
    incidents: int = 0
    fresh: bool = False


def link(data: LinkInput, context: ActivityContext) -> LinkOutcome:
    """Links an incident to its cause; from the second on there is a problem record."""
    known = context.records(records.KNOWN).get(data.error) if data.error else None
    cause = ((data.error if known is not None else data.cause) or "").strip().casefold()
    if not cause:
        return LinkOutcome()
    links = context.records(records.LINK)
    links.put_once(context.idempotency_key, {"incident": data.incident, "cause": cause})
    count = len({str(row.data["incident"]) for row in links.find(cause=cause)})
    if known is not None and known.data.get("problem"):
        return LinkOutcome(str(known.data["problem"]), count)
    if count < PROBLEM_FROM:
        return LinkOutcome("", count)
    row = context.records(records.PROBLEM).put_once(cause, {"cause": cause, "by": context.idempotency_key})
    return LinkOutcome(f"p{row.sequence}", count, row.data["by"] == context.idempotency_key)
