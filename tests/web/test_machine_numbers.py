"""Numbers that programs read are plain digits on every page, in both languages; numbers people read are grouped.

The world is large: ids, versions, counts and offsets lie above 1,000, so that a separator would show.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import AutoField
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from tests.web.beginning import begin
from tests.web.conftest import BROKEN, CONTRACT, HOUR, Clock, World, build, confirm, full
from tests.web.contract import QUOTES, Desk, scene
from tests.web.discovery.test_sets import table
from tests.web.engagements.test_corrections import PLAIN, agree, back_dated
from tests.web.test_access import CSV, PAGES

from anyshore.host.driver import NewWork
from anyshore.kernel import codec
from anyshore.packs import reading
from anyshore.web.accounts import tokens
from anyshore.web.cases import findings, plan
from anyshore.web.core.models import Organisation, Person
from anyshore.web.discovery import actions as set_actions
from anyshore.web.discovery import queries as set_queries
from anyshore.web.engagements import actions as terms_actions
from anyshore.web.engine import running
from anyshore.web.engine.models import Document, Instance, Wait
from anyshore.web.forecasts import actions as forecast_actions
from anyshore.web.library import draft_actions as drafts
from anyshore.web.portfolio import actions as portfolio
from anyshore.web.review import actions, playbooks
from anyshore.web.screening import actions as walls
from anyshore.web.talk import actions as talk_actions
from anyshore.web.work import actions as work_actions

pytestmark = pytest.mark.django_db

FAR = 41_000
"""Where the ids of this world begin."""

MANY = 1_001

HEAD = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">"""

WAITING = (
    HEAD
    + b"""
  <process id="wait" isExecutable="true">
    <startEvent id="start"><outgoing>a</outgoing></startEvent>
    <sequenceFlow id="a" sourceRef="start" targetRef="ask"/>
    <userTask id="ask" name="Look"><incoming>a</incoming><outgoing>b</outgoing></userTask>
    <sequenceFlow id="b" sourceRef="ask" targetRef="end"/>
    <endEvent id="end"><incoming>b</incoming></endEvent>
  </process>
</definitions>"""
)

FAILING = (
    HEAD
    + b"""
  <process id="fail" isExecutable="true">
    <startEvent id="start"><outgoing>a</outgoing></startEvent>
    <sequenceFlow id="a" sourceRef="start" targetRef="fork"/>
    <exclusiveGateway id="fork"><incoming>a</incoming><outgoing>b</outgoing><outgoing>c</outgoing>
    </exclusiveGateway>
    <sequenceFlow id="b" sourceRef="fork" targetRef="end"><conditionExpression>amount &lt; 0</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="c" sourceRef="fork" targetRef="end"><conditionExpression>amount &lt; -1</conditionExpression>
    </sequenceFlow>
    <endEvent id="end"><incoming>b</incoming><incoming>c</incoming></endEvent>
  </process>
</definitions>"""
)


def far_ids() -> None:
    """Every id that the database gives from now on lies above ``FAR``."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            key = model._meta.pk
            if not isinstance(key, AutoField):
                continue
            name = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, key.column, FAR])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, FAR])
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval('engine_instance_number', %s)", [FAR])


def crowd(world: World) -> None:
    """More than a thousand pieces of work that wait for people, and as many that stand still."""
    for name, content in (("wait", WAITING), ("fail", FAILING)):
        world.host.deploy(name, {f"{name}.bpmn": content})
        world.host.start_all(
            [
                NewWork(f"process:{name}", {"amount": number}, engagement="payables", service="payables")
                for number in range(MANY)
            ],
            at_once=True,
        )


def far_case(world: World) -> int:
    """A case whose plan items and waits are numbered from above ``FAR``."""
    number = world.host.start("case:review", {}, engagement="payables", service="review", reference="Far")
    world.host.work()
    with world.host.store.transaction() as tx:
        row = tx.load([number])[number]
        state = codec.decode_state(row.state)
        state.next_id = FAR
        row.state = codec.encode_state(state)
        tx.save([row])
    stage = next(node.id for node in state.nodes.values() if node.element == "intake")
    plan.change(
        world.people["expert"], number, "add", "It was left out.", node=stage,
        data={"item": {"type": "human", "name": "Read the annexes"}},
    )  # fmt: skip
    return number


def reviewed(world: World) -> dict[str, Any]:
    """Three contracts: one whose reviews differ, one that is concluded and has findings, one that is open."""
    desk = scene(world)
    desk.review("lead", "first_review", {"Anti-Assignment": ("absent", "")})
    desk.review("second", "second_review")
    judging = desk.take("judge", "adjudicate")

    other = Desk(world, _another(world, "second.txt"))
    lead, second = desk.person("lead"), desk.person("second")
    other.do("lead", "check_conflicts", clear="yes")
    other.do("lead", "agree_scope", scope="All clauses")
    other.review("lead", "first_review")
    other.review("second", "second_review")
    other.do("lead", "write_memo", memo="It may be signed.")
    talk_actions.comment(second, other.number, "Page 1 is missing.")
    question = talk_actions.ask(lead, other.number, "Which side?")
    forecast_actions.make(lead, other.number, "courts", "The court agrees.", 0.1251, "2027-01-01")
    done = forecast_actions.make(second, other.number, "courts", "The court decides.", 0.9, "2026-01-07")
    world.clock.now += 48 * HOUR
    forecast_actions.resolve(second, other.number, done.pk, True)
    wall = walls.declare(world.people["manager"], other.number, "judge@example.org", "Knows the lessor.")

    third = Desk(world, _another(world, "third.txt"))
    third.do("lead", "check_conflicts", clear="yes")
    third.do("lead", "agree_scope", scope="All clauses")
    reading_it = third.take("lead", "first_review")
    kinds = list(playbooks.of(reading.named("contract-review")).clauses)
    for kind in kinds[:5]:
        value, quote = QUOTES.get(kind, ("absent", ""))
        actions.draft(lead, third.number, reading_it, kind, value, quotes=[quote] if quote else [])
    answering = third.wait("second_review")
    work_actions.take(second, third.number, answering)
    signing = other.take("lead", "sign_off")
    return {
        "differing": desk.number, "judging": judging, "reviewed": other.number, "wall": wall.pk,
        "question": question.pk, "third": third.number, "reading": reading_it, "signing": signing,
        "answering": answering,
    }  # fmt: skip


def _another(world: World, name: str) -> int:
    text = (reading.named("contract-review").folder / "samples" / "maintenance-agreement.txt").read_text("utf-8")
    content = f"{text}\n{'This page is left blank. ' * 200}\n{name}\n".encode()
    number = begin(world.people["manager"], "contract-review", "contract-review", documents=[(name, content)])
    world.host.work()
    return number


def document_set(world: World) -> int:
    """A set whose sample is decided, so that it has a report."""
    lead = world.people["lead"]
    made, _left_out = set_actions.upload(
        lead, "contract-review", "Claims", "Liability?", [("set.csv", table(1_400))], 0.8
    )
    for number in range(0, 1_400, 7):
        set_actions.decide(lead, made.pk, f"d{number}", True)
    set_actions.sample(lead, made.pk)
    while wanted := set_queries.State.of(made := type(made).objects.get(pk=made.pk)).next:
        for key in wanted:
            set_actions.decide(lead, made.pk, key, int(key[1:]) % 7 == 0)
    return made.pk


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The busy world with large numbers everywhere, once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        far_ids()
        world = build(Clock())
        with world.host.store.transaction() as tx:
            for counter in ("instance", "deployment"):
                tx.allocate(counter, FAR)
        first = 1 + tx_last(world)
        full(world)
        crowd(world)
        client = Organisation.objects.get(key="musterbau")
        found = portfolio.decide(world.people["owner"], client, "activities.csv", CSV)
        world.host.deploy("stumble", {"stumble.bpmn": BROKEN.replace(b"Call nothing", b"Call something")})
        world.first = first
        case = Wait.objects.get(instance=first + 2, kind="work")
        world.words = {
            "open": Wait.objects.get(instance=first + 1, kind="work").wait,
            "stuck": Wait.objects.get(instance=first + 3, kind="incident").wait,
            "task": case.wait - 1,
            "held": Document.objects.exclude(name="contract.txt").order_by("name").last().digest,
            "portfolio": found.pk,
            "kept": found.files.get().pk,
            "draft": drafts.begin(world.people["manager"], [("stumble.bpmn", BROKEN)]).pk,
            "behind": Instance.objects.get(pk=first + 3).definition,
            "activity": found.decided.get().pk,
            "agent": Person.objects.get(email="agent@example.org").pk,
            "process:payables@1": Instance.objects.get(pk=first).definition,
        }
        digest = hashlib.sha256(CONTRACT.encode()).hexdigest()
        quote = "The liability of the supplier is limited to the fees of the last twelve months."
        findings.add(
            world.people["expert"], first + 2, digest, quote, "The liability is limited.", "Liability",
            confidence=Decimal("0.875"),
        )  # fmt: skip
        work_actions.take(world.people["agent"], first + 1, world.words["open"])
        tokens.issue(world.people["manager"], "for a program")
        world.words |= {"far": far_case(world)}
        world.words |= reviewed(world) | {"set": document_set(world)}
        bill(world, first)
        yield world
        transaction.set_rollback(True)
    running.forget()


def tx_last(world: World) -> int:
    """The newest number of an instance."""
    with world.host.store.transaction() as tx:
        return tx.new_instances(1)[0]


def bill(world: World, first: int) -> None:
    """January is billed, then corrected."""
    agree(world, PLAIN)
    world.clock.now += 30 * 24 * HOUR
    terms_actions.issue_invoice(world.people["manager"], "payables", "2026-01")
    back_dated(world, first + 1, "instance.completed", 20, outcome="invoice booked")
    terms_actions.issue_correction(world.people["manager"], "payables", "2026-01", "It came late.")
    back_dated(world, first + 4, "instance.completed", 20, outcome="invoice booked")


MORE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a review that is read": ("lead", "review-desk", {"instance": "third", "wait": "reading"}),
    "a review that is decided": ("judge", "review-adjudication", {"instance": "differing", "wait": "judging"}),
    "a review that is open": ("lead", "review-result", {"number": "reviewed"}),
    "a case of many steps": ("expert", "instance", {"number": "far"}),
    "a task added to many": ("expert", "case-add-task", {"number": "far"}),
    "a case with everything": ("lead", "instance", {"number": "reviewed"}),
    "a signature as a task": ("lead", "work-item", {"instance": "reviewed", "wait": "signing"}),
    "a question about conflicts": ("second", "work-conflicts", {"instance": "third", "wait": "answering"}),
    "comments": ("lead", "case-comments", {"number": "reviewed"}),
    "forecasts of a case": ("lead", "case-forecasts", {"number": "reviewed"}),
    "calibration": ("lead", "forecasts", {}),
    "sources": ("lead", "case-sources", {"number": "reviewed"}),
    "walls of a case": ("manager", "case-walls", {"number": "reviewed"}),
    "questions to a client": ("owner", "questions", {}),
    "news": ("lead", "notifications", {}),
    "document sets": ("lead", "document-sets", {}),
    "a document set": ("lead", "document-set", {"pk": "set"}),
    "its report": ("lead", "document-set-report", {"pk": "set"}),
    "experts": ("manager", "staffing", {"key": "contract-review"}),
    "agreement": ("lead", "reviews", {}),
    "a correction": ("manager", "correction", {"key": "payables", "month": "2026-01"}),
    "an issued correction": (
        "manager", "correction-issued", {"key": "payables", "month": "2026-01", "document": "payables-0002"}),
    "a document that bills": ("manager", "invoice-document", {"key": "payables", "document": "payables-0001"}),
    "work in hand": ("agent", "work-item", {"instance": 2, "wait": "open"}),
    "a service of experts": ("owner", "engagement", {"key": "contract-review"}),
}  # fmt: skip
"""Pages that need more than the table of accesses has: who sees them, their name, their address."""


def visible(statuses: str) -> str | None:
    """Somebody who sees a page, by the table of accesses."""
    roles = (None, "owner", "manager", "agent", "expert", "idle", "rival", "stranger")
    return next((role for role, code in zip(roles, statuses.split(), strict=True) if role and code == "200"), None)


OTHERS_EACH_TIME = {"mfa_activate_totp", "mfa_add_webauthn"}
"""Pages with a secret of their own, and with a name for a key proposed in the reader's language."""

COMMON = {
    name: (role, name, row[1])
    for name, row in PAGES.items()
    if name not in OTHERS_EACH_TIME and row[0] == "get" and (role := visible(row[3])) is not None
}
FOR_PEOPLE = frozenset(
    {
        "title",
        "data-label",
        "aria-label",
        "alt",
        "placeholder",
        "data-confirm",
        "data-absent",
        "data-failed",
        "data-text",
        "label",
        "lang",
    }
)
"""Attributes that people read or hear, or put into a field with a click."""

GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[,\u00a0\u202f'\u2019 ]\d{3})+(?![\d])")
HASHED = re.compile("^[0-9a-f]{64}(?=@)")
"""A deliverable in view, which is written in the reader's language."""
POINTS = frozenset({"points", "d", "viewbox", "transform"})
"""Lists of coordinates, in which a comma separates."""
LAID_OUT = frozenset({"x", "width"})
"""Places in a drawing that leave room for words, which are longer in one language than in the other."""


class Machine(HTMLParser):
    """What programs read of a page: attributes, form values, scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.language = ""
        self._inside: str | None = None
        self._suggested = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._suggested = tag == "datalist" or (self._suggested and tag == "option")
        if self._suggested:
            return  # words a person may write, in their language
        if tag == "html":
            self.language = given.get("lang") or ""
        if given.get("name") == "csrfmiddlewaretoken":
            return
        read = [(name, value or "") for name, value in attrs if name not in FOR_PEOPLE]
        self.found += [(tag, name, HASHED.sub("…", value)) for name, value in read if "CSRF" not in value]
        self._inside = tag if tag in ("script", "textarea", "style") else None

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside == "script" and data.strip():
            self.found += [("script", path, repr(number)) for path, number in numbers(json.loads(data))]
        elif self._inside == "textarea":
            self.found.append((self._inside, "text", data))


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """The numbers among the data of a page for its scripts; texts in it are for people."""
    match value:
        case dict() | list():
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                yield from numbers(inner, f"{path}/{key}")
        case int() | float():
            yield path, value


def read(world: World, role: str, address: str, language: str) -> Machine | None:
    """A page as programs read it; None where it is no page."""
    browser = Client(headers={"accept-language": language})
    browser.force_login(world.people[role])
    confirm(browser, world.people[role])
    answer = browser.get(address)
    assert answer.status_code == 200, (answer.status_code, address)
    if not answer.headers["Content-Type"].startswith("text/html"):
        return None
    machine = Machine()
    machine.feed(answer.content.decode())
    assert machine.language == language
    return machine


def address_of(world: World, name: str, arguments: dict[str, Any]) -> str:
    """The address in this world of a page of the table; its small numbers are instances."""
    values = {}
    for key, value in arguments.items():
        if isinstance(value, int) and key in ("number", "instance"):
            value = world.first + value - 1
        values[key] = world.words.get(value, value) if isinstance(value, str) else value
    return reverse(name, kwargs=values)


def test_every_page_is_read() -> None:
    looked_at = {name for _, name, _ in (COMMON | MORE).values()}
    sent = {name for name, row in PAGES.items() if row[0] == "post"}
    by_anybody = {"home", "sign-in", "link", "link-open"} | OTHERS_EACH_TIME
    # Steps of signing in and of second factors nobody in this world stands at: they lead on, or are not there.
    of_library = ("account_", "mfa_", "openid_", "saml_", "socialaccount_")
    by_anybody |= {name for name, row in PAGES.items() if name.startswith(of_library) and visible(row[3]) is None}
    files = {
        "case-deliverable",
        "month-report-pdf",
        "portfolio-terms",
        "invoice-document-file",
        "batch-document",
        "instance-attachment",
    }
    own = {
        "learning-test",
        "learning-pdf",
        "learning-badge",
        "check-certificate",
        "unsubscribe",  # tests/web/intake
        "instance-sheet",
        "instance-paper",
        "courses",
        "course",
        "course-material",
        "course-todo",
        "batch",  # tests/web/intake, and the next two
        "batch-row",
        "batch-try",
    }  # of who learns and is certified, tests/web/learning
    forms = {"work-start-form"}  # no service that comes with Anyshore has one: its fields are those of a work item
    assert set(PAGES) - sent - by_anybody - files - own - forms == looked_at - by_anybody - files


@pytest.mark.parametrize("page", [*COMMON, *MORE])
def test_programs_read_the_same_numbers_in_both_languages(large: World, page: str) -> None:
    role, name, arguments = (COMMON | MORE)[page]
    address = address_of(large, name, arguments)
    english, german = (read(large, role, address, language) for language in ("en", "de"))
    if english is None or german is None:
        return
    differing = [Counter(one for one in page.found if one[1] not in LAID_OUT) for page in (english, german)]
    assert differing[0] - differing[1] == Counter()
    assert differing[1] - differing[0] == Counter()
    grouped = [one for one in english.found if one[1] not in POINTS and GROUPED.search(one[2])]
    assert grouped == []


@pytest.mark.parametrize(("language", "shown"), [("en", "1,001 instances"), ("de", "1.001 Vorgänge")])
def test_people_read_grouped_numbers(large: World, language: str, shown: str) -> None:
    reference = Instance.objects.filter(key="wait").first().definition
    browser = Client(headers={"accept-language": language})
    browser.force_login(large.people["manager"])
    page = browser.get(reverse("process", kwargs={"reference": reference})).content.decode()
    assert shown in page
    assert '"active": 1001' in page  # what the diagram's script reads


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_template_writes_a_number_plainly_unless_it_is_asked_to(language: str) -> None:
    template = engines["django"].from_string(
        '<i data-n="{{ n }}" data-d="{{ d }}">{{ n|number }}</i>{% blocktranslate %}{{ n }}{% endblocktranslate %}'
    )
    with override(language):
        text = template.render({"n": 3865, "d": Decimal("1234.5")})
    grouped = {"en": "3,865", "de": "3.865"}[language]
    assert text == f'<i data-n="3865" data-d="1234.5">{grouped}</i>3865'
