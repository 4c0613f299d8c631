"""A document set as it stands: what comes next, how far it is, whether it may stop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from anyshore.knowledge import elusion, queue, stopping
from anyshore.web.core import permissions
from anyshore.web.core.errors import Denied, NotFound
from anyshore.web.core.models import Person
from anyshore.web.discovery import charts
from anyshore.web.discovery.models import DocumentSet


def sets(person: Person) -> list[DocumentSet]:
    """The sets of the engagements a person plans cases in."""
    permissions.require(person, "case.plan")
    seen = permissions.visible_engagements(person, "case.plan")
    return list(DocumentSet.objects.filter(engagement__in=seen).select_related("engagement").order_by("-pk"))


def one(person: Person, pk: int, ability: str = "case.see") -> DocumentSet:
    """One set.

    Raises:
        NotFound: there is none, or the person may not know of it.
        Denied: the person sees it but lacks the ability.
    """
    found = DocumentSet.objects.filter(pk=pk, engagement__in=permissions.visible_engagements(person))
    row = found.select_related("engagement").first()
    if row is None:
        raise NotFound(_("There is no such set."))
    if not permissions.may(person, ability, row.engagement):
        raise Denied(_("Your role does not allow this."))
    return row


@lru_cache(maxsize=4)
def _ranker(pk: int, count: int, seed: int) -> queue.Ranker:
    del count  # part of the key
    rows = DocumentSet.objects.get(pk=pk).documents.order_by("pk")
    return queue.Ranker(
        [queue.Document(row.key, f"{row.title} {row.text}", row.family) for row in rows.iterator()], seed=seed
    )


@dataclass(frozen=True, slots=True)
class State:
    """Where a set stands.

    Attributes:
        row: the set.
        decisions: in their order, those of the sample left out.
        relevances: of the documents in the order they were first decided.
        found: relevant ones among them.
        unread: documents nobody has decided, the sample included while it is undecided.
        drawn: decisions on the sample, document → relevant.
    """

    row: DocumentSet
    decisions: list[queue.Decision]
    relevances: list[bool]
    found: int
    unread: list[str]
    drawn: dict[str, bool]

    @classmethod
    def of(cls, row: DocumentSet) -> State:
        """As of now."""
        latest: dict[str, bool] = {}
        drawn: dict[str, bool] = {}
        decisions = []
        for one in row.decisions.select_related("person").order_by("pk"):
            if one.sampled:
                drawn[one.document] = one.relevant
            else:
                latest[one.document] = one.relevant
                decisions.append(queue.Decision(one.document, one.relevant, one.person.email, one.at))
        keys = row.documents.order_by("pk").values_list("key", flat=True)
        unread = [key for key in keys if key not in latest and key not in drawn]
        relevances = list(latest.values())
        return cls(row, decisions, relevances, sum(relevances), unread, drawn)

    @property
    def next(self) -> tuple[str, ...]:
        """What to read now: the sample once it is drawn, else the likeliest family."""
        if self.row.sample:
            return tuple(key for key in self.row.sample if key not in self.drawn)[:1]
        ranker = _ranker(self.row.pk, self.row.documents.count(), self.row.seed)
        return ranker.next(self.decisions)

    @property
    def worth_sampling(self) -> bool:
        """Whether it is time to draw the sample."""
        total = len(self.relevances) + len(self.unread)
        return not self.row.sample and (stopping.may_stop(self.relevances, total) or not self.unread)

    @property
    def validation(self) -> elusion.Validation | None:
        """What the sample says; None while it is not wholly decided."""
        if not self.row.sample or len(self.drawn) < len(self.row.sample):
            return None
        total = self.row.documents.count()
        return elusion.validate(
            total, len(self.relevances), self.found, len(self.drawn), sum(self.drawn.values()), target=self.row.target
        )


def page(person: Person, pk: int) -> dict[str, Any]:
    """The page of a set: the document to read, the counts, the curve."""
    row = one(person, pk, "case.plan")
    state = State.of(row)
    total = row.documents.count()
    wanted = state.next if state.unread else ()
    documents = {document.key: document for document in row.documents.filter(key__in=wanted)}
    return {
        "set": row, "state": state, "total": total, "reviewed": len(state.relevances),
        "documents": [documents[key] for key in wanted], "curve": charts.recall(state.relevances, total),
        "validation": state.validation, "left": len(row.sample) - len(state.drawn) if row.sample else None,
    }  # fmt: skip


def report(person: Person, pk: int) -> dict[str, Any]:
    """The validation report of a set, for the other side.

    Raises:
        NotFound: the sample is not wholly decided.
    """
    row = one(person, pk, "case.see")
    state = State.of(row)
    validation = state.validation
    if validation is None:
        raise NotFound(_("The sample is not decided yet."))
    reviewers = sorted({decision.reviewer for decision in state.decisions})
    return {
        "set": row, "validation": validation, "curve": charts.recall(state.relevances, validation.documents),
        "reviewers": reviewers, "seed": row.seed + row.pk, "sample": row.sample,
    }  # fmt: skip
