"""The steps of a blinded review: begin, draft, finish, adjudicate. Each owns its transaction and checks who may."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected, DataError
from anyshore.forms import validate
from anyshore.knowledge import review as pure
from anyshore.knowledge.anchors import Refusal, SourceIndex, Span, anchor
from anyshore.web.cases import findings
from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Engagement, Person, Role
from anyshore.web.engine import notices, roles, texts
from anyshore.web.engine import queries as engine
from anyshore.web.engine.changes import change
from anyshore.web.engine.models import Document, Instance, Notification
from anyshore.web.engine.running import host
from anyshore.web.review import blinding, concluding, playbooks
from anyshore.web.review.models import Adjudication, Answer, Draft, Review, Reviewer
from anyshore.web.walls import actions as walls
from anyshore.web.work import fields
from anyshore.web.work import queries as work
from anyshore.web.work.actions import resolve
from anyshore.web.work.items import Item


@transaction.atomic
def begin(by: Person, instance: int, wait: int) -> Review:
    """The review of a case, begun now where it is not; its questions stay those of the playbook of that moment.

    Raises:
        CommandRejected: the item is not a reviewer's, or not in the person's hands.
    """
    one, row, _engagement = _in_hand(by, instance, wait, "review-desk")
    if not Review.objects.filter(case=instance).exists():
        change(row, lambda held: _begun(one, held))
    return Review.objects.get(case=instance)


def _begun(one: Item, case: Instance) -> None:
    """Makes the review of a case, once: whoever came first holds the case."""
    if Review.objects.filter(case=case.pk).exists():
        return
    book = playbooks.of(one.pack)
    assert book is not None  # the desk of the item says so
    questions = [
        {"kind": clause.kind, "text": clause.question["en"], "answers": list(clause.answers)}
        for clause in book.clauses.values()
    ]
    places = list(roles.of(case.definition).blind)
    if len(places) < 2:
        hint = _("Name the roles that give their findings blind in its template.")
        raise CommandRejected("review.places", _("This case names no reviews that are kept apart."), hint=hint)
    now = host().clock()
    Review.objects.create(
        case=case.pk, engagement=case.engagement, service=case.service, playbook=book.digest, questions=questions,
        places=places, created=now,
    )  # fmt: skip
    walls.seal(case.pk, now)


def _held(by: Person, instance: int, wait: int, desk: str) -> tuple[Review, Item, Instance, Engagement]:
    """The review, locked, and the item that is still in the person's hands: from here on nobody else changes either.

    Raises:
        CommandRejected: there is no review, or the item is not the person's.
    """
    _in_hand(by, instance, wait, desk)
    row = Review.objects.select_for_update().filter(case=instance).first()
    if row is None:
        raise CommandRejected("review.unknown", _("This case has no review."))
    return row, *_in_hand(by, instance, wait, desk)


@transaction.atomic
def draft(
    by: Person,
    instance: int,
    wait: int,
    kind: str,
    value: str,
    *,
    reason: str = "",
    quotes: Sequence[str] = (),
    near: int | None = None,
) -> Draft:
    """Notes a reviewer's answer, to be changed until the review is finished. Nobody else sees it.

    Args:
        by: the reviewer.
        instance: the case.
        wait: the reviewer's task.
        kind: the clause kind.
        value: one of its answers.
        reason: in the reviewer's words.
        quotes: what the answer rests on.
        near: offset that tells which place is meant where a quotation stands in several.

    Raises:
        Invalid: no such answer, or a quotation that no document of the case holds.
    """
    begin(by, instance, wait)
    row, *_others = _held(by, instance, wait, "review-desk")
    asked = next((one for one in row.questions if one["kind"] == kind), None)
    if asked is None or value not in asked["answers"]:
        raise Invalid({"value": _("Choose one of the answers.")})
    wanted = [quote for quote in quotes if quote.strip()]
    evidence = () if value == playbooks.ABSENT else _evidence(instance, wanted, near)
    found, _new = Draft.objects.update_or_create(
        review=row, person=by, question=kind,
        defaults={"value": value, "reason": reason.strip(), "evidence": blinding.plain(evidence)},
    )  # fmt: skip
    return found


@transaction.atomic
def withdraw(by: Person, instance: int, wait: int, kind: str) -> None:
    """Takes a reviewer's answer back while the review is not finished.

    Raises:
        CommandRejected: there is no review, or the item is not the person's.
    """
    row, *_others = _held(by, instance, wait, "review-desk")
    row.drafts.filter(person=by, question=kind).delete()


def _evidence(instance: int, quotes: Sequence[str], near: int | None) -> tuple[Span, ...]:
    row = Instance.objects.get(pk=instance)
    sources = [found for digest in engine.documents(row) if (found := _index(row.engagement, digest))]
    return tuple(dict.fromkeys(_place(sources, quote, near) for quote in quotes))


@lru_cache(maxsize=8)
def _index(engagement: str, digest: str) -> SourceIndex | None:
    """A document made ready for quotations; a document never changes under its digest."""
    found = Document.objects.get(engagement=engagement, digest=digest)
    try:
        return SourceIndex(texts.text(found.digest, found.name, bytes(found.content)))
    except DataError:
        return None


def _place(sources: Sequence[SourceIndex], quote: str, near: int | None) -> Span:
    refusal: Refusal | None = None
    for index in sources:
        places = anchor(index, quote, in_order=False)
        if isinstance(places, Refusal):
            refusal = refusal or places
        elif len(places) == 1 or near is not None:
            return min(places, key=lambda span: abs(span.start - (near or 0)))
        else:
            pages = ", ".join(str(span.page) for span in places)
            text = _("The quotation stands in %(n)d places (pages %(pages)s). Quote more.")
            raise Invalid({"quote": text % {"n": len(places), "pages": pages}})
    raise Invalid({"quote": findings.refused(refusal) if refusal else _("This case has no document with a text.")})


@transaction.atomic
def finish(by: Person, instance: int, wait: int, minutes: str = "") -> None:
    """Gives all answers for good and completes the reviewer's task; the last one opens the review.

    Raises:
        Invalid: a question is open, or an answer lacks its quotation.
        CommandRejected: the person answered in the other place.
    """
    begin(by, instance, wait)
    begun, one, row, engagement = _held(by, instance, wait, "review-desk")
    drafts = {draft.question: draft for draft in begun.drafts.filter(person=by)}
    _check_complete(begun, drafts)
    if one.performer not in begun.places or begun.reviewers.filter(person=by).exists():
        raise CommandRejected("review.reviewers", _("Two different people review a case."))
    now = host().clock()
    Reviewer.objects.create(review=begun, place=one.performer, person=by, finished=now)
    state = blinding.load(begun)
    for kind, given in drafts.items():
        evidence = blinding.spans(given.evidence)
        state = pure.answer(state, kind, by.email, given.value, now, reason=given.reason, evidence=evidence)
        Answer.objects.create(
            review=begun, person=by, question=kind, value=given.value, reason=given.reason, evidence=given.evidence,
            at=now,
        )  # fmt: skip
    begun.drafts.filter(person=by).delete()
    walls.staff(by, instance, one.performer, now, by.email)
    sealed = blinding.seals(begun, {kind: given.value for kind, given in drafts.items()})
    _resolve(by, one, row, minutes, lambda _held: {"findings": sealed})
    if not blinding.revealed(state):
        return
    if state.with_status("disagreed"):
        _tell_of_differences(begun, engagement, now)
    else:
        concluding.conclude(by, begun, state, row)


def _tell_of_differences(row: Review, engagement: Engagement, now: int) -> None:
    """The experts of the engagement who did not review learn that two reviews differ."""
    reviewers = {person.pk for person in blinding.people_of(row).values()}
    experts = Person.objects.filter(assignments__engagement=engagement, memberships__role=Role.EXPERT).distinct()
    others = [one for one in experts if one.pk not in reviewers]
    notices.tell(others, row.case, Notification.Kind.DISAGREED, now)


def _check_complete(row: Review, drafts: Mapping[str, Draft]) -> None:
    problems = {}
    for one in row.questions:
        given = drafts.get(one["kind"])
        if given is None:
            problems[one["kind"]] = _("An answer is needed.")
        elif given.value != playbooks.ABSENT and not given.evidence:
            problems[one["kind"]] = _("Quote the words the answer rests on.")
    if problems:
        raise Invalid(problems)


@transaction.atomic
def adjudicate(by: Person, instance: int, wait: int, kind: str, value: str, reason: str) -> None:
    """Decides between two answers that differ, with a reason; the answers stay.

    Raises:
        Invalid: there is no reason.
        CommandRejected: a reviewer as judge, nothing to decide, or no such answer.
    """
    row, *_others = _held(by, instance, wait, "review-adjudication")
    if not reason.strip():
        raise Invalid({f"reason-{kind}": _("Say why.")})
    now = host().clock()
    pure.adjudicate(blinding.load(row), kind, by.email, value, reason.strip(), now)
    Adjudication.objects.create(review=row, person=by, question=kind, value=value, reason=reason.strip(), at=now)


@transaction.atomic
def finish_adjudication(by: Person, instance: int, wait: int, minutes: str = "") -> None:
    """Completes the adjudicator's task; the findings that hold become those of the case.

    Raises:
        CommandRejected: a difference is not decided yet.
    """
    begun, one, row, _engagement = _held(by, instance, wait, "review-adjudication")
    state = blinding.load(begun)
    if state.with_status("disagreed"):
        raise CommandRejected("review.open", _("Some differences are not decided yet."))
    if any(person == by for person in blinding.people_of(begun).values()):
        raise CommandRejected("review.adjudicator", _("A reviewer cannot decide about the own answer."))
    walls.staff(by, instance, one.performer, host().clock(), by.email)
    reason = "\n".join(f"{q.id}: {q.adjudication.reason}" for q in state.questions.values() if q.adjudication)
    _resolve(
        by, one, row, minutes,
        lambda held: {"findings": concluding.case_findings(begun, state, held), "reason": reason},
    )  # fmt: skip
    concluding.conclude(by, begun, state, row)


def _in_hand(by: Person, instance: int, wait: int, desk: str) -> tuple[Item, Instance, Engagement]:
    one, row, engagement = work.item(by, instance, wait)
    permissions.engagement(by, engagement.key, "work.do")
    if one.row.claimed_by != by.email:
        raise CommandRejected("work.not-taken", _("This item is not in your hands."), hint=_("Take it first."))
    if one.desk != desk:
        raise CommandRejected("review.other-task", _("This task is not done here."))
    return one, row, engagement


def _resolve(
    by: Person, one: Item, row: Instance, minutes: str, answers: Callable[[Instance], Mapping[str, Any]]
) -> None:
    """Completes the task with the form's own fields beside the answers of the review."""

    def filled(held: Instance) -> Mapping[str, Any]:
        variables = answers(held)
        given: dict[str, Any] = {}
        if one.form is not None:
            stand_in = {field.id: "x" for field in one.form.fields if field.id in variables}
            given, problems = validate(one.form, {**stand_in, "minutes": minutes})
            if problems:
                raise Invalid({p.location.element or "": fields.problem_text(one.form, p) for p in problems})
        return {**given, **variables}

    resolve(by, row, one.row.wait, filled)
