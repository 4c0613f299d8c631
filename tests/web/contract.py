"""A contract under review: three experts, their engagement, the sample contract, and answers to every clause."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from tests.web.beginning import begin

from anyshore.packs import reading
from anyshore.web.core.models import Assignment, Credential, Engagement, Membership, Person, Role
from anyshore.web.engagements import actions as terms_actions
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.review import actions, playbooks
from anyshore.web.walls.models import Declaration
from anyshore.web.work import actions as work_actions
from anyshore.web.work import acts, conflicts
from anyshore.web.work import queries as work_queries

PACK = reading.SHIPPED / "kpo" / "contract-review"
SAMPLE = "maintenance-agreement.txt"
QUOTES = {
    "Governing Law": ("foreign", "This Agreement is governed by the laws of Switzerland."),
    "Cap On Liability": ("capped", "shall be limited to the fees\npaid in the twelve months"),
    "Expiration Date": ("fixed", "shall continue for three years"),
    "Renewal Term": ("automatic", "It renews for successive periods of\none year"),
    "Notice Period To Terminate Renewal": ("short", "notice of ninety (90) days"),
    "Exclusivity": ("bound", "Client shall not have the lifts listed in Annex A maintained by any other company"),
    "Anti-Assignment": ("free", "Provider may assign this Agreement to an affiliate without the consent of Client."),
}


@dataclass
class Desk:
    """A case of contract review and its people."""

    world: Any
    number: int

    def person(self, name: str) -> Person:
        return self.world.people[name]

    def case(self) -> Instance:
        return Instance.objects.get(pk=self.number)

    def wait(self, element: str) -> int:
        return Wait.objects.get(instance=self.number, element=element, kind="work").wait

    def open(self) -> set[str]:
        return set(Wait.objects.filter(instance=self.number, kind="work").values_list("element", flat=True))

    def take(self, name: str, element: str) -> int:
        wait = self.wait(element)
        work_actions.take(self.person(name), self.number, wait)
        if (
            element != "check_conflicts"
            and not Declaration.objects.filter(case=self.number, person=self.person(name)).exists()
        ):
            conflicts.answer(self.person(name), self.number, wait, clear=True)
        return wait

    def shown(self, name: str, wait: int) -> str:
        """What the page of an item has in view, where the item stands for an act."""
        item, row, engagement = work_queries.item(self.person(name), self.number, wait)
        return acts.shown(item.form, row, engagement)

    def do(self, name: str, element: str, **answers: str) -> None:
        wait = self.take(name, element)
        work_actions.complete(self.person(name), self.number, wait, answers, self.shown(name, wait))
        self.world.host.work()

    def review(self, name: str, element: str, changed: dict[str, tuple[str, str]] | None = None) -> int:
        """Answers every clause and gives the review; what is not in ``QUOTES`` is not in the contract."""
        wait = self.take(name, element)
        answers = QUOTES | (changed or {})
        for kind in playbooks.of(reading.named("contract-review")).clauses:
            value, quote = answers.get(kind, ("absent", ""))
            actions.draft(self.person(name), self.number, wait, kind, value, quotes=[quote] if quote else [])
        actions.finish(self.person(name), self.number, wait)
        self.world.host.work()
        return wait


def scene(world: Any) -> Desk:
    """The engagement, three experts, one case that waits for its two reviews."""
    terms = (PACK / "terms.yaml").read_text(encoding="utf-8").replace("Anyshore Services", "Nordlicht Services")
    manager = world.people["manager"]
    terms_actions.propose(manager, world.provider, world.client, terms)
    terms_actions.accept(world.people["owner"], "contract-review", 1)
    engagement = Engagement.objects.get(key="contract-review")
    for name in ("lead", "second", "judge"):
        person = Person.objects.create_user(
            f"{name}@example.org", "a long enough phrase", name=f"{name.title()} Expert"
        )
        Membership.objects.create(person=person, organisation=world.provider, role=Role.EXPERT)
        Assignment.objects.create(person=person, engagement=engagement)
        Credential.objects.create(
            person=person, kind="qualification", subject="contract-review", valid_from=datetime.date(2020, 1, 1),
            verified_by=manager,
        )  # fmt: skip
        world.people[name] = person
    content = (PACK / "samples" / SAMPLE).read_bytes()
    number = begin(
        manager, "contract-review", "contract-review", documents=[(SAMPLE, content)],
        variables={"brief": {"question": "May we sign?"}},
    )  # fmt: skip
    world.host.work()
    desk = Desk(world, number)
    desk.do("lead", "check_conflicts", clear="yes")
    desk.do("lead", "agree_scope", scope="All clauses")
    return desk
