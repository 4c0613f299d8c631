"""What a finished review leaves in its case: findings with evidence, deviations, facts in the ledger."""

from __future__ import annotations

from typing import Any

from anyshore.kernel.commands import Command, Write
from anyshore.knowledge import review as pure
from anyshore.knowledge.claims import Claim
from anyshore.web.cases import findings
from anyshore.web.core import reader
from anyshore.web.core.models import Person
from anyshore.web.engine import services
from anyshore.web.engine.changes import change, record
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import host
from anyshore.web.review import blinding, playbooks
from anyshore.web.review.models import Review
from anyshore.web.walls import actions as walls


def case_findings(row: Review, state: pure.Review, case: Instance) -> list[dict[str, Any]]:
    """The findings of the case: those it has, and one per clause that is in the contract."""
    held = findings.claims_of(case)
    fresh = {one.id for one in held}
    return [findings.plain(one) for one in [*held, *(c for c in claims(row, state) if c.id not in fresh)]]


def claims(row: Review, state: pure.Review) -> list[Claim]:
    """A finding per clause in the contract, resting on the quotations of those who gave the answer that holds."""
    book = playbooks.of(services.pack(row.service, row.engagement))
    names = {person.email: person.name for person in blinding.people_of(row).values()}
    found = []
    for one in state.questions.values():
        agreeing = [answer for answer in one.answers if answer.value == one.outcome]
        evidence = tuple(dict.fromkeys(span for answer in agreeing for span in answer.evidence))
        if one.outcome in (None, playbooks.ABSENT) or not evidence:
            continue
        clause = book.clauses.get(one.id) if book else None
        text = clause.answers.get(one.outcome, {}).get(reader.language(), one.outcome) if clause else one.outcome
        name = clause.name[reader.language()] if clause else one.id
        authors = ", ".join(names.get(answer.reviewer, answer.reviewer) for answer in agreeing)
        at = max(answer.at for answer in agreeing)
        found.append(Claim(one.id, f"{name}: {text}", authors, 1.0, evidence, at=at, topic=one.id))
    return found


def deviations(row: Review, state: pure.Review) -> list[dict[str, Any]]:
    """Where the contract leaves the playbook, gravest first; missing clauses among them."""
    book = playbooks.of(services.pack(row.service, row.engagement))
    if book is None:
        return []
    grave = ("high", "medium", "low", "none")
    found = []
    for one in state.questions.values():
        if one.outcome is None or one.id not in book.clauses:
            continue
        means = book.deviation(one.id, one.outcome)
        if means.deviates:
            clause = book.clauses[one.id]
            found.append({
                "clause": one.id, "position": means.position, "severity": means.severity,
                "name": dict(clause.name), "answer": dict(clause.answers.get(one.outcome, {})),
                "advice": dict(means.texts),
            })  # fmt: skip
    return sorted(found, key=lambda one: grave.index(one["severity"]))


def conclude(by: Person, row: Review, state: pure.Review, case: Instance) -> None:
    """Opens the review: findings and deviations become the case's, and the ledger hears what was upheld.

    A finding is the first reviewer's; it is upheld where the answer that holds is the same.
    """
    now = host().clock()

    def opened(held: Instance) -> Command:
        variables = {findings.FINDINGS: case_findings(row, state, held), "deviations": deviations(row, state)}
        return Write(at=now, by=by.email, variables=variables)

    change(case, opened)
    row.concluded = now
    row.save(update_fields=["concluded"])
    walls.unseal(case.pk, now)
    for one in state.questions.values():
        first = one.answers[0] if one.answers[0].reviewer == one.reviewers[0] else one.answers[-1]
        record(case, "case.finding", {
            "finding": one.id, "topic": one.id, "author": first.reviewer, "reviewed": True,
            "upheld": one.outcome == first.value, "adjudicated": one.adjudication is not None,
        })  # fmt: skip
