"""Whole reviews entered at once, through the same actions as the pages: for answers that come from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.web.core.models import Person
from anyshore.web.review import actions, playbooks, queries
from anyshore.web.work import queries as work


def answers(by: Person, instance: int, wait: int, given: Mapping[str, Any], minutes: str) -> None:
    """Answers every clause of a reviewer's task and finishes it.

    Args:
        by: the reviewer, who has the task in hand.
        instance: the case.
        wait: the task.
        given: clause kind → ``words`` and ``quotes``, as the text has them; what is not among them, or has no
            quotation, is answered as absent.
        minutes: of work.
    """
    one, _row, _engagement = work.item(by, instance, wait)
    book = playbooks.of(one.pack)
    assert book is not None  # the desk of the task says so
    for kind, clause in book.clauses.items():
        found = given.get(kind) or {}
        quotes, words = found.get("quotes") or [], found.get("words") or ""
        value = clause.answer_for(f"{words} {' '.join(quotes)}") if quotes else playbooks.ABSENT
        reason = words if quotes else ""
        actions.draft(by, instance, wait, kind, value, reason=reason, quotes=quotes, near=0)
    actions.finish(by, instance, wait, minutes)


def decisions(by: Person, instance: int, wait: int, reason: str, minutes: str) -> None:
    """Decides every difference for the reviewer who quotes the text, and finishes the task.

    Raises:
        CommandRejected: two answers differ that both have quotations: nothing tells which one holds.
    """
    for card in queries.differences(by, instance, wait)["cards"]:
        if card["decision"] is not None:
            continue
        quoting = {answer.value for _letter, _text, answer in card["given"] if answer.value != playbooks.ABSENT}
        if len(quoting) != 1:
            raise CommandRejected("review.undecided", f"{card['kind']}: both reviewers quote, and differ.")
        actions.adjudicate(by, instance, wait, card["kind"], quoting.pop(), reason)
    actions.finish_adjudication(by, instance, wait, minutes)
