"""What a request is about, learnt from requests that were sorted before and from what people corrected since."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anyshore.activities.activity import ActivityContext
from anyshore.activities.helpdesk.records import CORRECTED, TAUGHT
from anyshore.knowledge import intents

Requests = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SortInput:
    """A request."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """What it was taken for.

    Attributes:
        intent: the best, also where a person sorts; empty where nothing was taught.
        known: whether it is sure enough to go on without a person.
        confidence: share of such requests that were sorted rightly, in per cent.
        others: what comes next.
        words: what speaks for it.
    """

    intent: str
    known: bool
    confidence: int
    others: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def sort(data: SortInput, context: ActivityContext) -> Sorted:
    """Sorts a request; what it is not sure of a person sorts."""
    taught = tuple((str(row.data["text"]), str(row.data.get("intent") or "")) for row in context.records(TAUGHT).find())
    corrected = tuple((str(row.data["text"]), str(row.data["intent"])) for row in context.records(CORRECTED).find())
    sorter = _sorter(taught, corrected)
    text = f"{data.subject}\n{data.text}".strip()
    if sorter is None or not text:
        return Sorted("", False, 0)
    found = sorter.sort([text], explain=True)[0]
    words = tuple(word for word, _ in found.words)
    return Sorted(found.intent, found.known and bool(words), round(100 * found.confidence), found.others, words)


@lru_cache(maxsize=16)
def _sorter(taught: Requests, corrected: Requests) -> intents.Sorter | None:
    """A sorter for what was taught: trained once in a process until something is taught anew."""
    if len({intent for _, intent in (*taught, *corrected)} - {intents.NONE}) < 2:
        return None
    return intents.learn(taught, corrected)


@dataclass(frozen=True, slots=True)
class CorrectInput:
    """A request and what it is about, as a person says."""

    subject: str
    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """Whether it was kept."""

    kept: bool


def correct(data: CorrectInput, context: ActivityContext) -> Corrected:
    """Keeps what a person said a request is about, to be learnt from."""
    text = f"{data.subject}\n{data.text}".strip()
    if not text or not data.intent:
        return Corrected(False)
    context.records(CORRECTED).put_once(context.idempotency_key, {"text": text, "intent": data.intent})
    return Corrected(True)
