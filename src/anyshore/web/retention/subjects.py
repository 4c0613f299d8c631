"""Somebody whose data a client's work holds, an applicant or a customer: told what there is, and erased.

They have no account here, so they are found by words: a name, an address, a number. Looking is recorded like any other
look at a case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from anyshore.base.errors import CommandRejected, DataError, HostError
from anyshore.kernel import codec
from anyshore.web.core import audit
from anyshore.web.core.models import Engagement
from anyshore.web.engine import holding, queries, texts
from anyshore.web.engine.models import Document, Instance, Receipt, Reference
from anyshore.web.retention import erasing
from anyshore.web.retention.erasing import Erased
from anyshore.web.walls.models import Access

SHORTEST = 3
"""Letters of a word that is looked for."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody is known by; something is about them where one of the words stands in it, small letters or not."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> Words:
        """Raises: CommandRejected: none is given, or one is too short to mean anybody."""
        found = tuple(dict.fromkeys(one.strip().casefold() for one in words if one.strip()))
        if not found or any(len(one) < SHORTEST for one in found):
            raise CommandRejected("subject.words", f"Give words of {SHORTEST} letters or more.")
        return cls(found)

    def within(self, text: str) -> bool:
        """Whether one of them stands there."""
        low = text.casefold()
        return any(one in low for one in self.words)


def told(engagement: Engagement, words: Sequence[str]) -> dict[str, Any]:
    """Everything an engagement holds in which one of the words stands, as plain data; that it was told is noted.

    Raises:
        CommandRejected: the words mean nobody.
    """
    wanted = Words.of(words)
    cases = [_case(row) for row in _cases(engagement, wanted)]
    found = {
        "engagement": engagement.key, "words": list(wanted.words), "cases": cases,
        "documents": list(_documents(engagement, wanted)), "received": list(_received(engagement, wanted)),
        "records": list(_records(engagement, wanted)),
    }  # fmt: skip
    audit.record(None, "subject.told", engagement.key, engagement=engagement, cases=[one["number"] for one in cases])
    return found


def erase(engagement: Engagement, words: Sequence[str], cases: Collection[int], reason: str) -> Erased:
    """Erases cases that are about somebody, if they have ended and no law binds their documents.

    Args:
        engagement: whose they are.
        words: what the person is known by.
        cases: those of what was told that are about this person, and not about a namesake.
        reason: who asked, and when.

    Raises:
        CommandRejected: none of the words stands in a case that was named, or it has not ended.
    """
    wanted = Words.of(words)
    about = {row.pk: row for row in _cases(engagement, wanted)}
    for number in cases:
        if number not in about:
            raise CommandRejected("subject.not-in-case", f"None of the words stands in case {number}.")
        if about[number].ended is None:
            hint = "End or cancel it first."
            raise CommandRejected("subject.case-open", f"Case {number} is still worked on.", hint=hint)
    day = holding.today(engagement.key)
    done = erasing.erase(engagement.key, cases, day, {"rule": "request", "source": "Art. 17 GDPR"}, asked=True)
    audit.record(None, "subject.erased", engagement.key, engagement=engagement, cases=done.cases, reason=reason)
    return done


def _cases(engagement: Engagement, words: Words) -> Iterator[Instance]:
    for row in Instance.objects.filter(engagement=engagement.key).order_by("id").iterator(chunk_size=200):
        if words.within(row.reference) or words.within(_text(dict(queries.state(row).variables))):
            yield row


def _case(row: Instance) -> dict[str, Any]:
    looked = Access.objects.filter(case=row.pk).order_by("at").select_related("person")
    return {
        "number": row.pk, "service": row.service, "reference": row.reference, "created": row.created,
        "ended": row.ended, "variables": _plain(dict(queries.variables(row))),
        "log": [{"number": one.number, "at": one.at, "by": one.by} for one in queries.log(row)],
        "looked_at": [{"at": one.at, "by": one.person.name, "action": one.action} for one in looked],
    }  # fmt: skip


def _documents(engagement: Engagement, words: Words) -> Iterator[dict[str, Any]]:
    for one in Document.objects.filter(engagement=engagement.key).iterator(chunk_size=20):
        if words.within(one.name) or words.within(_read(one)):
            yield {"digest": one.digest, "name": one.name}


def _read(one: Document) -> str:
    content = bytes(one.content)
    try:
        return texts.text(one.digest, one.name, content).text
    except DataError:
        return content.decode("utf-8", "replace")


def _received(engagement: Engagement, words: Words) -> Iterator[dict[str, Any]]:
    for one in Receipt.objects.filter(engagement=engagement.key).order_by("id").iterator():
        if words.within(f"{one.name}\n{one.sender or ''}"):
            yield {"at": one.at, "name": one.name, "sender": one.sender, "channel": one.channel, "case": one.instance}


def _records(engagement: Engagement, words: Words) -> Iterator[dict[str, Any]]:
    for one in Reference.objects.filter(engagement=engagement.key).order_by("kind", "sequence").iterator():
        try:
            value = codec.decode_value(bytes(one.data))
        except HostError:  # a key of the client, that is no row of data
            continue
        if words.within(f"{one.key}\n{_text(value)}"):
            yield {"kind": one.kind, "key": one.key, "data": _plain(value)}


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case None | bool() | str():
            return value
        case _:
            return str(value)


def _text(value: Any) -> str:
    match value:
        case dict():
            return "\n".join(f"{key}\n{_text(one)}" for key, one in value.items())
        case list() | tuple():
            return "\n".join(map(_text, value))
        case _:
            return str(value)
