"""Taking a test: begun with a seed, answered in time, marked at once; who passes gets the certificate."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.assessment import marking
from anyshore.assessment.drawing import Drawn, as_drawn, draw, keyed
from anyshore.assessment.marking import Response, Result
from anyshore.assessment.questions import Question, Text
from anyshore.base.errors import CommandRejected
from anyshore.host.ledgers import LedgerWriter
from anyshore.packs.assessment import Assessment
from anyshore.web.core import audit, reader
from anyshore.web.core.models import Person
from anyshore.web.engine.running import host, now
from anyshore.web.learning import certificates, queries
from anyshore.web.learning.models import Attempt
from anyshore.web.learning.queries import Subject

MINUTE = 60_000_000
GRACE = MINUTE
"""What an answer may take on its way."""
MOST = 4_000
"""Characters of one answer."""

BEGUN, ENDED = "assessment.begun", "assessment.ended"


@transaction.atomic
def begin(by: Person, key: str) -> Attempt:
    """Begins a test, or goes on with the one that was begun.

    Its seed stands in the ledger of the engagement before the first answer: nobody draws until they like what comes.

    Raises:
        CommandRejected: the certificate need not be renewed yet, or too many tests failed of late.
    """
    Person.objects.select_for_update().get(pk=by.pk)
    found = queries.subject(by, key)
    if found.open is not None and not _over(found.open):
        return found.open
    if found.open is not None:
        _end(found, found.open, {})
        found = queries.subject(by, key)
    if found.waits is not None:
        hint = _("Learn again until then.")
        message = _("Too many tests failed; the next one can be begun on %s.") % found.waits.isoformat()
        raise CommandRejected("assessment.pause", message, hint=hint)
    if not found.may_begin:
        message = _("Your certificate is valid, and the time to renew it has not come.")
        raise CommandRejected("assessment.too-early", message, hint=_("Come back when it is told to end."))
    assessment = found.assessment
    seed, moment = secrets.token_hex(16), now()
    drawn = draw(assessment.bank, assessment.pools_of(reader.language()), seed)
    made = Attempt.objects.create(
        person=by, engagement=found.engagement, subject=key, seed=seed, bank=_digest(assessment),
        keys=[one.key for one in drawn], begun=moment,
        due=moment + assessment.minutes * MINUTE if assessment.minutes else None,
    )  # fmt: skip
    _note(made, BEGUN, {"seed": seed, "bank": made.bank, "keys": made.keys})
    audit.record(by, BEGUN, by.email, engagement=found.engagement, certificate=key, seed=seed)
    return made


def test(found: Subject, one: Attempt) -> list[Drawn]:
    """The questions of a test; those that are no longer in the bank are left out."""
    known = keyed(found.assessment.bank)
    return [as_drawn(key, known[key], one.seed) for key in one.keys if key in known]


@transaction.atomic
def answer(by: Person, pk: int, given: Mapping[str, Sequence[str]]) -> Attempt:
    """Hands a test in.

    Args:
        by: whose test it is.
        pk: the test.
        given: by the place of the question, from 1: what was answered.

    Raises:
        CommandRejected: it was handed in before.
    """
    Attempt.objects.select_for_update().filter(pk=pk, person=by).first()
    one = queries.attempt(by, pk)
    if one.ended is not None:
        raise CommandRejected("assessment.ended", _("This test was handed in."), hint=_("Look at its result."))
    found = queries.subject(by, one.subject)
    late = one.due is not None and now() > one.due + GRACE
    answers = {} if late else {
        key: [text[:MOST] for text in given.get(str(place), ())] for place, key in enumerate(one.keys, start=1)
    }  # fmt: skip
    return _end(found, one, answers)


def _over(one: Attempt) -> bool:
    return one.due is not None and now() > one.due + GRACE


def _end(found: Subject, one: Attempt, answers: Mapping[str, Sequence[str]]) -> Attempt:
    """Marks a test; what was not handed in in time counts as not answered."""
    assessment = found.assessment
    drawn = test(found, one)
    responses = {two.key: _response(two.question, answers.get(two.key, ())) for two in drawn}
    result = marking.mark(drawn, responses, assessment.rules)
    one.ended, one.answers, one.marks = now(), dict(answers), _marks(result)
    one.percent = result.percent if result.percent is not None else Decimal(0)
    one.passed = bool(result.passed) and len(drawn) == len(one.keys) and _digest(assessment) == one.bank
    one.save()
    _note(one, ENDED, {"percent": str(one.percent), "passed": one.passed, "keys": one.keys})
    audit.record(one.person, ENDED, one.person.email, engagement=one.engagement, certificate=one.subject,
                 percent=str(one.percent), passed=one.passed)  # fmt: skip
    if one.passed:
        certificates.issue(found, one)
    return one


def _response(question: Question, given: Sequence[str]) -> Response:
    if question.kind == "matching":
        return [_pair(question, text) for text in given]
    return list(given) if question.kind == "choice" else " ".join(given)


def _pair(question: Question, text: str) -> str:
    """The answer at a place."""
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return question.pairs[place - 1].answer if 1 <= place <= len(question.pairs) else ""


def _marks(result: Result) -> list[dict[str, object]]:
    return [
        {"key": one.key, "share": None if one.share is None else str(one.share),
         "feedback": [text.text for text in one.feedback]}
        for one in result.questions
    ]  # fmt: skip


def _digest(assessment: Assessment) -> str:
    return hashlib.sha256(assessment.content).hexdigest()


def _note(one: Attempt, type: str, facts: dict[str, object]) -> None:
    """An entry of the ledger of the engagement the certificate is for: a digest stands for the person."""
    with host().store.transaction() as tx:
        chain = LedgerWriter(tx, one.engagement.key)
        who = hashlib.sha256(f"{one.engagement.key}\n{one.person_id}".encode()).hexdigest()[:16]
        chain.add(now(), type, {"attempt": one.pk, "certificate": one.subject, "who": who, **facts})
        chain.write()


def words(given: object) -> str:
    """What an answer says."""
    return given.text if isinstance(given, Text) else ""
