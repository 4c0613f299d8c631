"""No list asks the database more often because it is longer."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.beginning import begin
from tests.web.conftest import BROKEN, CONTRACT, Clock, build, full
from tests.web.operations.test_operations import stuck

from anyshore.web.core.models import Credential, Membership, Organisation, Person
from anyshore.web.discovery.models import DocumentSet
from anyshore.web.engine.models import Instance, Notification, Wait
from anyshore.web.portfolio import actions as portfolio
from anyshore.web.review.models import Answer, Review, Reviewer
from anyshore.web.talk.models import Checkpoint, Comment
from anyshore.web.walls.models import Access, Interest, Seal, Staff, Wall

LISTS = {
    "owner": [
        "/work/", "/cases/", "/cases/?status=ended", "/engagements/", "/engagements/payables/",
        "/engagements/payables/objectives/payables/decided/", "/engagements/payables/invoices/2026-01/",
        "/engagements/payables/invoices/2026-01/lines/1/", "/sourcing/", "/processes/", "/questions/",
        "/reviews/agreement/", "/notifications/", "/changes/", "/cases/3/comments/", "/forecasts/",
        "/api/instances", "/api/engagements", "/api/notifications", "/api/cases/3/comments",
        "/api/engagements/payables/scorecard", "/api/engagements/payables/invoices/2026-01",
    ],
    "manager": [
        "/work/", "/cases/", "/cases/3/", "/engagements/", "/people/", "/walls/", "/staffing/", "/interests/",
        "/operations/",
        "/operations/incidents/", "/operations/retries/", "/operations/held/", "/operations/versions/", "/services/",
        "/changes/", "/cases/3/walls/", "/engagements/payables/staffing/", "/api/incidents", "/api/versions",
        "/api/people", "/api/interests",
    ],
    "agent": ["/work/", "/work/done/", "/cases/", "/api/work"],
    "expert": ["/work/", "/documents/", "/notifications/", "/cases/3/", "/cases/3/comments/"],
}  # fmt: skip


def grow(world: Any, count: int, mark: str) -> None:
    """More of everything that stands in a list."""
    now, client = world.clock.now, world.client
    owner, manager, expert = (world.people[name] for name in ("owner", "manager", "expert"))
    content = (world.samples / "04-no-order-ubl.xml").read_text(encoding="utf-8")
    matching = (world.samples / "01-matching-ubl.xml").read_text(encoding="utf-8")
    for number in range(count):
        name = f"{mark}-{number}"
        for text in (content, matching):
            world.begin(f"{name}.xml", text.replace("RE-2026-", f"{name}-").encode())
        person = Person.objects.create_user(f"{name}@example.org", name=f"Person {name}")
        Membership.objects.create(person=person, organisation=world.provider, role="expert")
        person.assignments.create(engagement=world.engagement)
        Credential.objects.create(
            person=person, kind="qualification", subject="attorney", verified_by=manager,
            valid_from=datetime.date(2020, 1, 1),
        )  # fmt: skip
        Interest.objects.create(person=person, party=f"Party {name}", relation="holding", since=now, by=manager.email)
        Wall.objects.create(case=3, person=person, kind="declared", reason=name, since=now, by=manager.email)
        Access.objects.create(at=now, person=person, case=3, action="instance", denied=True)
        case = world.host.start(
            "case:review", {"document": world.digest}, service="review", reference=name,
            engagement=world.engagement.key,
        )  # fmt: skip
        Seal.objects.create(case=case, since=now)
        Staff.objects.create(case=case, role="first_reader", person=person, at=now, by=manager.email)
        review = Review.objects.create(
            case=case, engagement="payables", service="review", playbook="x", created=now, concluded=now,
            places=["first_reader", "second_reader"],
            questions=[{"kind": "Law", "text": "Which law?", "answers": ["yes", "no"]}],
        )  # fmt: skip
        for place, who in (("first_reader", person), ("second_reader", expert)):
            Reviewer.objects.create(review=review, place=place, person=who, finished=now)
            Answer.objects.create(review=review, person=who, question="Law", value="yes", at=now)
        for about in (3, case):
            said = Comment.objects.create(case=about, person=person, text=name, at=now)
            said.mentioned.add(expert)
            Checkpoint.objects.create(case=about, asked_by=expert, question=name, at=now)
            for reader in (owner, expert):
                Notification.objects.create(person=reader, case=about, kind="mentioned", comment=said.pk, at=now)
        DocumentSet.objects.create(engagement=world.engagement, name=name, question="Relevant?", created=now, by=expert)
        csv = "activity,client_country,data_class,driven_by,process\n" + f"A {name},DE,internal,rules,predefined\n"
        portfolio.decide(owner, client, f"{name}.csv", csv.encode())
    stuck(world, count)
    world.host.deploy("stumble", {"stumble.bpmn": BROKEN.replace(b"Call nothing", f"Call {mark}".encode())})
    for number in range(count):
        world.host.start("process:stumble", {}, service="payables", reference=f"{mark}r{number}", engagement="payables")
    world.host.work()
    for row in Wait.objects.filter(kind="work", element="clarify")[1 : count + 1]:
        world.browser("manager").post(f"/cases/{row.instance}/hold/", {"held": "yes"})


@pytest.fixture(scope="module")
def growing(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Queries per list, before and after everything has grown."""
    from django.db import transaction
    from tests.web.conftest import PAYABLES

    from anyshore.web.engine import running

    with django_db_blocker.unblock(), transaction.atomic():
        world = full(build(Clock()))
        world.samples = PAYABLES / "samples"
        import hashlib

        world.digest = hashlib.sha256(CONTRACT.encode()).hexdigest()
        world.begin = lambda name, content: begin(
            world.people["manager"], "payables", "payables", name, documents=[(name, content)]
        )
        grow(world, 2, "few")
        before = counted(world)
        grow(world, 5, "many")
        after = counted(world)
        assert Instance.objects.count() > 25
        assert Organisation.objects.count() == 4
        yield before, after
        transaction.set_rollback(True)
    running.forget()


def counted(world: Any) -> dict[tuple[str, str], list[str]]:
    found = {}
    for role, paths in LISTS.items():
        browser = world.browser(role)
        for path in paths:
            assert browser.get(path).status_code == 200, path  # caches are warm
            with CaptureQueriesContext(
                connection,
            ) as asked:
                browser.get(path)
            found[role, path] = [one["sql"] for one in asked.captured_queries]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "path"), [(role, path) for role, paths in LISTS.items() for path in paths])
def test_a_longer_list_asks_no_more(growing: Any, role: str, path: str) -> None:
    before, after = (found[role, path] for found in growing)
    more = "\n".join(sql[:200] for sql in after if after.count(sql) > before.count(sql))[:3000]
    assert len(after) <= len(before), f"{len(before)} queries became {len(after)}, for example\n{more}"
