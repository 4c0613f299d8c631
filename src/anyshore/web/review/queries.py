"""Reviews as each person may see them: a reviewer their own drafts, everybody else nothing before all have answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anyshore.knowledge import review as pure
from anyshore.knowledge import review_report
from anyshore.knowledge.agreement import (
    Estimate,
    answered,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    raw_agreement,
)
from anyshore.knowledge.passages import passages
from anyshore.web.cases import findings
from anyshore.web.core import permissions, reader
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine import roles, services
from anyshore.web.engine.models import Instance
from anyshore.web.review import blinding, playbooks, suggestions
from anyshore.web.review.models import Draft, Review
from anyshore.web.work import queries as work

RESAMPLES = 200
"""Bootstrap samples behind the intervals of alpha on a page."""


def desk(person: Person, instance: int, wait: int) -> dict[str, Any]:
    """All a reviewer's page shows: the sources in passages, and every clause with the reviewer's own draft."""
    one, row, engagement = work.item(person, instance, wait)
    book = playbooks.of(one.pack)
    if one.desk != "review-desk" or book is None:
        raise NotFound(_("This task is not done here."))
    mine = one.row.claimed_by == person.email
    review = Review.objects.filter(case=instance).first()
    drafts = {d.question: d for d in review.drafts.filter(person=person)} if review and mine else {}
    sources = findings.sources(row)
    suggested: dict[str, list[dict[str, Any]]] = {}
    for source in sources.values():
        for kind, places in suggestions.suggest(source).items():
            suggested.setdefault(kind, []).extend(places)
    cards = [
        card(clause, number, drafts.get(clause.kind), suggested.get(clause.kind, []))
        for number, clause in enumerate(book.clauses.values(), 1)
    ]
    return {
        "one": one, "row": row, "engagement": engagement, "mine": mine, "cards": cards,
        "done": sum(bool(one["complete"]) for one in cards), "model": suggestions.stored(),
        "sources": [{"source": source, "pieces": _pieces(source.text)} for source in sources.values()],
        "shown": work.shown(one, row),
    }  # fmt: skip


def card(clause: playbooks.Clause, number: int, draft: Draft | None, suggested: list[dict[str, Any]]) -> dict[str, Any]:
    """A clause as its card shows it."""
    language = reader.language()
    evidence = draft.evidence if draft else []
    answers = [(value, texts[language]) for value, texts in clause.answers.items()]
    return {
        "kind": clause.kind, "number": number, "name": clause.name[language], "question": clause.question[language],
        "answers": answers, "value": draft.value if draft else "", "reason": draft.reason if draft else "",
        "quote": "\n---\n".join(one["quote"] for one in evidence), "evidence": evidence,
        "complete": draft is not None and bool(evidence or draft.value == playbooks.ABSENT),
        "suggested": sorted(suggested, key=lambda one: not one["likely"])[: suggestions.TOP],
        "positions": [(word, text[language]) for word, text in clause.positions.items()],
    }  # fmt: skip


def _pieces(text: str) -> list[dict[str, Any]]:
    found, at = [], 0
    for piece in passages(text):
        found.append({"before": text[at : piece.start], "start": piece.start, "text": text[piece.start : piece.end]})
        at = piece.end
    return found


def one_card(person: Person, instance: int, wait: int, kind: str) -> dict[str, Any]:
    """One card of the desk, after it was answered."""
    found = desk(person, instance, wait)
    card = next((one for one in found["cards"] if one["kind"] == kind), None)
    if card is None:
        raise NotFound(_("There is no such question."))
    return {"card": card, "one": found["one"], "row": found["row"], "done": found["done"], "total": len(found["cards"])}


def views(person: Person, number: int) -> tuple[Instance, Review | None, list[pure.View]]:
    """The questions of a case's review as this person may see them."""
    row, _engagement = engine.instance(person, number)
    found = Review.objects.filter(case=number).first()
    if found is None:
        return row, None, []
    state = blinding.load(found)
    return row, found, [pure.view(state, key, person.email) for key in state.questions]


def result(person: Person, number: int) -> dict[str, Any]:
    """The page of a case's review: where it stands; once open, all answers, decisions and deviations."""
    row, review, seen = views(person, number)
    names = engine.people_by_key({a.reviewer for v in seen for a in v.answers} | {
        v.adjudication.adjudicator for v in seen if v.adjudication
    })  # fmt: skip
    book = playbooks.of(services.pack(row.service, row.engagement))
    language = reader.language()
    shown = []
    for one in seen:
        clause = book.clauses.get(one.question) if book else None
        texts = {value: text[language] for value, text in clause.answers.items()} if clause else {}
        open_ = bool(one.expected) and one.given == one.expected
        outcome = (
            one.adjudication.value if one.adjudication else (one.answers[0].value if one.status == "agreed" else "")
        )
        deviation = book.deviation(one.question, outcome) if book and outcome and clause else None
        shown.append({
            "view": one, "name": clause.name[language] if clause else one.question, "open": open_,
            "answers": [(names.get(a.reviewer, a.reviewer), texts.get(a.value, a.value), a) for a in one.answers],
            "decided": one.adjudication and (
                names.get(one.adjudication.adjudicator, ""), texts.get(one.adjudication.value, one.adjudication.value)
            ),
            "deviation": deviation, "advice": deviation.texts[language] if deviation is not None else "",
        })  # fmt: skip
    return {
        "row": row, "review": review, "questions": shown, "open": bool(shown) and all(one["open"] for one in shown),
        "places": _places(row, review),
    }  # fmt: skip


def _places(row: Instance, review: Review | None) -> list[dict[str, Any]]:
    """The reviews of a case by the names of their roles, and which of them are given."""
    case = roles.of(row.definition)
    given = blinding.people_of(review) if review else {}
    places = review.places if review else case.blind
    return [{"name": roles.title(case, place), "finished": place in given} for place in places]


def differences(person: Person, instance: int, wait: int) -> dict[str, Any]:
    """What an adjudicator decides: the clauses whose answers differ, without the names of those who answered."""
    one, row, engagement = work.item(person, instance, wait)
    book = playbooks.of(one.pack)
    review = Review.objects.filter(case=instance).first()
    if one.desk != "review-adjudication" or book is None or review is None:
        raise NotFound(_("This task is not done here."))
    mine = one.row.claimed_by == person.email
    state = blinding.load(review)
    language = reader.language()
    cards = []
    for question in state.with_status("disagreed", "adjudicated") if mine else []:
        clause = book.clauses.get(question.id)
        if clause is None:
            continue
        # In the order of their values, so that the place tells nothing about the person.
        given = zip("ABCDEF", sorted(question.answers, key=lambda answer: answer.value), strict=False)
        cards.append({
            "kind": question.id, "name": clause.name[language], "question": clause.question[language],
            "answers": [(value, texts[language]) for value, texts in clause.answers.items()],
            "given": [(letter, clause.answers[a.value][language], a) for letter, a in given],
            "reasons": list(dict.fromkeys(a.reason for a in question.answers if a.reason)),
            "decision": question.adjudication,
            "decided": question.adjudication and clause.answers[question.adjudication.value][language],
        })  # fmt: skip
    return {
        "one": one, "row": row, "engagement": engagement, "mine": mine, "cards": cards,
        "waiting": sum(card["decision"] is None for card in cards),
        "sources": [{"source": s, "pieces": _pieces(s.text)} for s in findings.sources(row).values()],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the agreement page: its name and its coefficients."""

    name: str
    questions: int
    estimates: tuple[tuple[str, Estimate], ...]


def agreement(person: Person, engagement: str = "") -> dict[str, Any]:
    """Agreement over all reviews a person may see: overall, per clause kind, per label, per reviewer."""
    permissions.require(person, "scorecard.see")
    keys = engine.engagement_keys(person, "scorecard.see")
    rows = Review.objects.filter(engagement__in=[key for key in keys if engagement in ("", key)])
    rows = rows.exclude(case__in=engine.blocked(person)).order_by("case")
    merged = blinding.together(rows)
    table, people = pure.ratings(merged)
    report = review_report.report(merged, seed=0, resamples=RESAMPLES)
    names = engine.people_by_key(set(people))
    labels = sorted({value for row in table for value in row if answered(value)})
    return {
        "reviews": rows.count(), "open": report.waiting, "to_adjudicate": report.to_adjudicate,
        "overall": _row(_("All questions"), table),
        "topics": [_row(topic, pure.ratings(merged, topic)[0]) for topic in report.by_topic],
        "labels": [
            (_row(one, [[None if v is None else v == one for v in row] for row in table]), report.by_label.get(one))
            for one in labels
        ],
        "reviewers": [
            (_row(names.get(one.reviewer, one.reviewer), _against_others(table, people.index(one.reviewer))), one)
            for one in report.by_reviewer
        ],
    }  # fmt: skip


def _against_others(table: list[list[Any]], column: int) -> list[list[Any]]:
    """A person's answers beside those of whoever else answered the same question."""
    return [
        [row[column], other]
        for row in table
        for place, other in enumerate(row)
        if place != column and answered(row[column]) and answered(other)
    ]


def _row(name: str, table: list[list[Any]]) -> Row:
    pairs = [[value for value in row if answered(value)] for row in table]
    two = [(row[0], row[1]) for row in pairs if len(row) == 2]
    estimates = [
        ("raw", raw_agreement(table)),
        ("Cohen κ", cohen_kappa([a for a, _b in two], [b for _a, b in two])),
        ("Fleiss κ", fleiss_kappa(table)),
        ("Krippendorff α", krippendorff_alpha(table, seed=0, resamples=RESAMPLES)),
    ]
    return Row(name, len(table), tuple(estimates))
