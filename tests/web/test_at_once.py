"""People who change one case at the same moment: everything is kept, on both databases, and nobody gets a 500."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.test import Client
from django.utils import translation
from tests.host.conftest import open_database
from tests.host.invariants import rows_are_the_waits
from tests.host.servers import Postgresql
from tests.web.beginning import begin
from tests.web.conftest import CONTRACT, Clock, World, build
from tests.web.contract import QUOTES, Desk, scene

from anyshore.base.errors import CommandRejected, HostError, InternalError
from anyshore.host import driver
from anyshore.kernel.commands import Write
from anyshore.kernel.state import ROOT
from anyshore.knowledge.claims import Claim
from anyshore.packs import reading
from anyshore.web.cases import deliverable, findings, signing
from anyshore.web.cases import sources as source_actions
from anyshore.web.core.errors import NotFound, status_of
from anyshore.web.core.models import Assignment, Credential, Engagement, Person
from anyshore.web.discovery import actions as set_actions
from anyshore.web.engine import queries as engine
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance, LedgerEntry
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.forecasts import actions as forecast_actions
from anyshore.web.forecasts.models import Forecast
from anyshore.web.review import actions, playbooks
from anyshore.web.review.models import Answer, Draft, Review, Reviewer
from anyshore.web.site import databases, problems
from anyshore.web.talk import actions as talk_actions
from anyshore.web.work import actions as work_actions

ROUNDS = 20
EXPERTS = ("lead", "second")
PASSAGES = [line for line in CONTRACT.splitlines() if line.endswith(".")]


@dataclass
class Place:
    """A world in a database that many connections use at once."""

    world: World
    desk: Desk
    numbers: Iterator[int]

    def person(self, name: str) -> Person:
        return Person.objects.get(email=f"{name}@example.org")

    def case(self) -> int:
        """A case of two documents without a plan of its own pack, in which experts may do everything."""
        number = next(self.numbers)
        texts = {f"{name}-{number}.txt": f"{CONTRACT}\n{name} {number}\n".encode() for name in ("one", "two")}
        made = begin(self.world.people["manager"], "contract-review", "contract-review", documents=list(texts.items()))
        self.world.host.work()
        return made

    def free(self) -> int:
        """A case that is signed on its own page."""
        number = self.world.host.start("case:review", {}, engagement="payables", service="review", zone="UTC")
        self.world.host.work()
        return number


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path_factory: Any, django_db_blocker: Any) -> Iterator[Place]:
    """The world in a file of SQLite, and in a cluster of PostgreSQL, as the database of every thread."""
    server = None
    if request.param == "sqlite":
        settings = databases.sqlite(tmp_path_factory.mktemp("at-once") / "store.sqlite3")
    else:
        try:
            server = Postgresql(synced=False)
        except LookupError as absent:
            pytest.skip(str(absent))
        settings = databases.postgresql(server.address)
    try:
        with django_db_blocker.unblock():
            open_database("at_once", settings)
            with as_default(settings), translation.override("en"):
                yield prepared()
            connections["at_once"].close()
            del connections["at_once"], connections.settings["at_once"]
    finally:
        if server is not None:
            server.remove()


@contextmanager
def as_default(settings: dict[str, Any]) -> Iterator[None]:
    """Another database in the place of the tests' own, for every thread."""
    whole = connections.configure_settings({"default": settings})["default"]
    before, usual = connections["default"], connections.settings["default"]
    connections.settings["default"] = whole
    del connections["default"]
    try:
        yield
    finally:
        running.forget()
        connections["default"].close()
        connections.settings["default"], connections["default"] = usual, before


def prepared() -> Place:
    world = build(Clock())
    desk = scene(world)
    template = Path(__file__).with_name("review.case.yaml").read_bytes()
    world.host.deploy("review", {"review.case.yaml": template})
    for name in EXPERTS:
        Assignment.objects.create(person=world.people[name], engagement=world.engagement)
        Credential.objects.create(
            person=world.people[name], kind="qualification", subject="attorney", valid_from="2020-01-01",
            verified_by=world.people["manager"],
        )  # fmt: skip
    return Place(world, desk, count(1))


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of the works gives, all begun at the same moment, each on a connection of its own; errors are given."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            barrier.wait(30)
            with translation.override("en"):
                return work()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def holding(store: DatabaseStore, instance: int, meanwhile: Callable[[threading.Event], Any]) -> Any:
    """Runs something while another worker holds an instance, which it lets go when the event is set."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with store.transaction() as tx:
                tx.allocate("held", 1)
                assert tx.load([instance])
                held.set()
                assert release.wait(30)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(hold)
        assert held.wait(30)
        try:
            return meanwhile(release)
        finally:
            release.set()
            other.result()


def browser(place: Place, name: str) -> Client:
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(place.person(name))
    return client


def told(number: int, kind: str) -> int:
    return LedgerEntry.objects.filter(instance=number, type=kind).count()


def test_no_finding_is_lost(place: Place) -> None:
    number = place.case()
    document = next(iter(engine.documents(Instance.objects.get(pk=number))))
    clients = {name: browser(place, name) for name in EXPERTS}

    def add(name: str, round: int) -> Callable[[], int]:
        given = {
            "document": document, "quote": PASSAGES[round % len(PASSAGES)], "text": f"{name} {round}",
            "topic": "Law", "confidence": "0.9",
        }  # fmt: skip
        return lambda: clients[name].post(f"/cases/{number}/findings/add/", given).status_code

    for round in range(ROUNDS):
        assert at_once(*(add(name, round) for name in EXPERTS)) == [302, 302]
    claims = findings.claims_of(Instance.objects.get(pk=number))
    assert sorted(one.text for one in claims) == sorted(f"{name} {n}" for name in EXPERTS for n in range(ROUNDS))
    assert [one.id for one in claims] == [f"F{n}" for n in range(1, 2 * ROUNDS + 1)]
    assert told(number, "case.finding") == 2 * ROUNDS


def test_findings_made_elsewhere_are_added_once(place: Place) -> None:
    number = place.case()
    row = Instance.objects.get(pk=number)
    source = next(iter(findings.sources(row).values()))
    [span] = findings.anchors.anchor(source, PASSAGES[0])

    def claim(id: str) -> Claim:
        return Claim(id, "Irish law.", "Somebody", 0.9, (span,), (), 1, "Law")

    lists = [["A", "B"], ["B", "C"], ["C", "A", "D"]]
    done = at_once(
        *(lambda ids=ids: findings.add_all(place.person("lead"), number, [claim(id) for id in ids]) for ids in lists)
    )
    assert done == [None] * 3
    assert sorted(one.id for one in findings.claims_of(Instance.objects.get(pk=number))) == list("ABCD")
    assert told(number, "case.finding") == 4


def test_no_signature_is_lost(place: Place) -> None:
    number = place.free()
    place.world.host.change(number, lambda _held: Write(at=place.world.clock(), variables={"summary": "Sign it."}))
    row, payables = Instance.objects.get(pk=number), Engagement.objects.get(key="payables")
    shown = signing.in_view(row, deliverable.report(row, payables))
    done = at_once(
        *(
            lambda name=name: signing.sign(place.person(name), number, f"{name} stands for it", shown)
            for name in EXPERTS
        )
    )
    assert {one.person for one in done} == {"Lead Expert", "Second Expert"}
    assert {one.person for one in deliverable.signatures(Instance.objects.get(pk=number))} == {
        "Lead Expert", "Second Expert"}  # fmt: skip
    assert told(number, "case.signed") == 2


def test_a_signature_and_a_finding_at_once_leave_no_signature_on_what_was_not_seen(place: Place) -> None:
    for _round in range(5):
        number = place.free()
        place.world.host.change(number, lambda _held: Write(at=place.world.clock(), variables={"summary": "Sign it."}))
        row, payables = Instance.objects.get(pk=number), Engagement.objects.get(key="payables")
        shown = signing.in_view(row, deliverable.report(row, payables))
        signed, written = at_once(
            lambda number=number, shown=shown: signing.sign(place.person("lead"), number, "I stand for it", shown),
            lambda number=number: place.world.host.change(
                number, lambda _held: Write(at=place.world.clock(), variables={"summary": "Do not sign it."})
            ),
        )
        assert not isinstance(written, Exception), written
        after = deliverable.report(Instance.objects.get(pk=number), payables)
        assert after.composed.deliverable.signoffs == ()  # under the new text stands nobody's name
        if isinstance(signed, signing.Changed):
            assert [one.text for one in signed.differences] == ["Sign it.", "Do not sign it."]
        else:
            assert [one.person for one in after.outdated] == ["Lead Expert"]


def test_no_replaced_source_is_lost(place: Place) -> None:
    number = place.case()
    one, two = engine.documents(Instance.objects.get(pk=number))
    done = at_once(
        *(
            lambda old=old, name=name: source_actions.replace(
                place.person("lead"), number, old, name, f"{CONTRACT} new {name}".encode()
            )
            for old, name in ((one, "first.txt"), (two, "second.txt"))
        )
    )
    known = engine.variables(Instance.objects.get(pk=number))
    assert {(row["old"], row["new"]) for row in known[findings.REPLACED]} == {(one, done[0]), (two, done[1])}
    assert len(known["documents"]) == 4


def test_two_reviews_begin_are_drafted_and_end_at_once(place: Place) -> None:
    text = (reading.named("contract-review").folder / "samples" / "maintenance-agreement.txt").read_bytes()
    number = begin(
        place.world.people["manager"], "contract-review", "contract-review", documents=[("at-once.txt", text)]
    )
    place.world.host.work()
    desk = Desk(place.world, number)
    desk.do("lead", "check_conflicts", clear="yes")
    desk.do("lead", "agree_scope", scope="All clauses")
    waits = [desk.take("lead", "first_review"), desk.take("second", "second_review")]
    begun = at_once(
        *(
            lambda name=name, wait=wait: actions.begin(place.person(name), number, wait).pk
            for name, wait in zip(EXPERTS, waits, strict=True)
        )
    )
    assert len(set(begun)) == 1
    for kind in playbooks.of(reading.named("contract-review")).clauses:
        value, quote = QUOTES.get(kind, ("absent", ""))
        drafted = at_once(
            *(
                lambda name=name, wait=wait, kind=kind, value=value, quote=quote: (
                    actions.draft(place.person(name), number, wait, kind, value, quotes=[quote] if quote else []).value
                )
                for name, wait in zip(EXPERTS, waits, strict=True)
            )
        )
        assert drafted == [value, value]
    ended = at_once(
        *(
            lambda name=name, wait=wait: actions.finish(place.person(name), number, wait)
            for name, wait in zip(EXPERTS, waits, strict=True)
        )
    )
    assert ended == [None, None]
    place.world.host.work()
    review = Review.objects.get(case=number)
    assert (review.concluded is not None, Reviewer.objects.filter(review=review).count()) == (True, 2)
    assert (Answer.objects.filter(review=review).count(), Draft.objects.filter(review=review).count()) == (30, 0)
    assert len(findings.claims_of(Instance.objects.get(pk=number))) == len(QUOTES)
    assert told(number, "case.finding") == 15
    assert desk.open() == {"write_memo"}


def test_a_task_that_is_finished_twice_at_once_is_finished_once(place: Place) -> None:
    desk = Desk(place.world, place.case())
    wait = desk.take("lead", "check_conflicts")
    done = at_once(
        *(
            lambda: work_actions.complete(place.person("lead"), desk.number, wait, {"clear": "yes", "minutes": "5"})
            for _ in range(3)
        )
    )
    assert done.count(None) == 1
    assert all(isinstance(one, CommandRejected | NotFound) for one in done if one is not None), done
    assert told(desk.number, "work.completed") == 1


def test_a_task_that_is_given_back_while_it_is_finished_is_one_or_the_other(place: Place) -> None:
    for _round in range(5):
        desk = Desk(place.world, place.case())
        wait = desk.take("lead", "check_conflicts")
        done, _given = at_once(
            lambda desk=desk, wait=wait: work_actions.complete(
                place.person("lead"), desk.number, wait, {"clear": "yes"}
            ),
            lambda desk=desk, wait=wait: work_actions.give_back(place.world.people["manager"], desk.number, wait),
        )
        if done is None:
            assert "check_conflicts" not in desk.open()
        else:
            assert isinstance(done, CommandRejected), done
            assert "check_conflicts" in desk.open()


def test_a_question_is_asked_and_answered_while_the_case_moves(place: Place) -> None:
    number = place.case()
    asked = at_once(
        *(lambda n=n: talk_actions.ask(place.person("lead"), number, f"Question {n}?").pk for n in range(3)),
        lambda: place.world.host.change(
            number, lambda _held: Write(at=place.world.clock(), variables={"x": Decimal(1)})
        ),
    )
    assert not [one for one in asked if isinstance(one, Exception)]
    assert told(number, "work.opened") == 3 + 2  # two of the plan


def test_a_forecast_is_resolved_once(place: Place) -> None:
    number = place.case()
    made = forecast_actions.make(place.person("lead"), number, "courts", "It is upheld.", 0.7, "2026-01-07")
    before, place.world.clock.now = place.world.clock.now, place.world.clock.now + 30 * 86_400_000_000
    done = at_once(
        *(
            lambda outcome=outcome: forecast_actions.resolve(place.person("lead"), number, made.pk, outcome).outcome
            for outcome in (True, False)
        )
    )
    place.world.clock.now = before
    kept = [one for one in done if isinstance(one, bool)]
    assert kept == [Forecast.objects.get(pk=made.pk).outcome]


def test_a_sample_is_drawn_once(place: Place) -> None:
    rows = "id,title,abstract\n" + "".join(f"d{n},t,words {n}\n" for n in range(40))
    lead = place.person("lead")
    made, _ = set_actions.upload(lead, "contract-review", "Set", "Relevant?", [("s.csv", rows.encode())], 0.5)
    set_actions.decide(lead, made.pk, "d0", True)
    done = at_once(*(lambda: set_actions.sample(place.person("lead"), made.pk).sample for _ in range(2)))
    assert {type(one) for one in done} == {list, CommandRejected}, done


def test_somebody_who_has_the_case_for_a_moment_is_waited_for(place: Place) -> None:
    number = place.case()
    lead = place.person("lead")
    store = DatabaseStore()

    def meanwhile(release: threading.Event) -> Any:
        with ThreadPoolExecutor(1) as pool:

            def plan() -> Any:
                try:
                    return place.world.host.change(
                        number, lambda held: Write(at=1, by=lead.email, variables={"seen": len(held.variables[ROOT])})
                    )
                finally:
                    connections.close_all()

            asked = pool.submit(plan)
            release.set()
            return asked.result(30)

    assert holding(store, number, meanwhile) is not None


def test_a_case_that_another_keeps_is_asked_for_again_later(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "PATIENCE", 0.1)
    number = place.case()
    wait = Desk(place.world, number).take("lead", "check_conflicts")
    client = browser(place, "lead")
    document = next(iter(engine.documents(Instance.objects.get(pk=number))))
    finding = {
        "document": document, "quote": PASSAGES[0], "text": "Irish law.", "topic": "Law", "confidence": "0.9",
    }  # fmt: skip

    def meanwhile(_release: threading.Event) -> list[Any]:
        if connections["default"].vendor == "sqlite":  # one writer for the whole file: everybody waits for it
            with connections["default"].cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 100")
        return [
            client.post(f"/cases/{number}/findings/add/", finding),
            client.post(f"/work/{number}/{wait}/", {"clear": "yes"}),
            client.post(f"/api/work/{number}/{wait}/complete", {"answers": {"clear": "yes"}}, "application/json"),
        ]

    answers = holding(DatabaseStore(), number, meanwhile)
    connections["default"].close()
    assert [one.status_code for one in answers] == [503, 503, 503]
    assert [one.headers["Retry-After"] for one in answers] == ["2", "2", "2"]
    assert "send it again in a moment" in answers[0].content.decode()
    assert answers[2].json()["code"] == "store.busy"
    assert client.post(f"/cases/{number}/findings/add/", finding).status_code == 302


def test_a_change_that_fails_leaves_nothing(place: Place) -> None:
    number = place.free()

    def build(_held: Any) -> Write:
        Forecast.objects.create(
            case=number, person=place.person("lead"), topic="t", event="e", probability=0.5, made=1, resolves=2
        )
        raise CommandRejected("test.refused", "No.")

    with pytest.raises(CommandRejected):
        place.world.host.change(number, build)
    assert not Forecast.objects.filter(case=number).exists()
    with pytest.raises(HostError) as unknown:
        place.world.host.change(10**9, build)
    assert unknown.value.code == "instance.unknown"


def test_a_database_that_is_away_answers_503(django_db_blocker: Any, tmp_path: Path) -> None:
    away = databases.postgresql(f"postgresql://nobody@/nothing?host={tmp_path}")
    with django_db_blocker.unblock(), as_default(away):
        client = Client(headers={"accept-language": "de"}, raise_request_exception=False)
        client.cookies["sessionid"] = "a session that has to be looked up"
        pages = [client.get("/work/"), client.get("/api/work")]
    assert [one.status_code for one in pages] == [503, 503]
    assert [one.headers["Retry-After"] for one in pages] == ["30", "30"]
    assert "Nichts von dem, was Sie gesendet haben, wurde behalten" in pages[0].content.decode()
    assert pages[1].json()["code"] == "store.unavailable"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (HostError("store.busy", "x"), 503), (HostError("store.full", "x"), 507),
        (HostError("instance.unknown", "x"), 404), (HostError("document.unknown", "x"), 404),
        (HostError("instance.broken", "x"), 409), (HostError("store.bad-state", "x"), 409),
        (IntegrityError("UNIQUE constraint failed"), 409), (InternalError("turn.wrong", "x"), 500),
    ],
)  # fmt: skip
def test_an_error_of_the_host_is_none_of_the_server(error: Exception, status: int) -> None:
    assert status_of(problems.typed(error)) == status


def test_what_can_be_found_is_what_is_waited_for(place: Place) -> None:
    rows_are_the_waits(place.world.host)
