"""Databases from before the rooms were moved: everything in them is read by the models of the new rooms."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from tests.host.servers import Postgresql

from anyshore.web.discovery.models import DocumentSet, Relevance, SetDocument
from anyshore.web.engine.models import Notification
from anyshore.web.forecasts.models import Forecast
from anyshore.web.review.models import Review
from anyshore.web.site import databases
from anyshore.web.staffing.models import Profile
from anyshore.web.talk.models import Checkpoint, Comment
from anyshore.web.walls.models import Access, Interest, Party, Seal, Staff, Wall

ALIAS = "before_the_rooms"
BEFORE = [
    ("core", "0003_channels"), ("cases", "0002_parties"), ("review", "0002_places"), ("engine", "0005_arrivals"),
]  # fmt: skip
MOVED = (
    "cases_wall", "cases_interest", "cases_party", "cases_access", "cases_staff", "cases_seal", "review_comment",
    "review_comment_mentioned", "review_checkpoint", "review_notification", "review_documentset",
    "review_setdocument", "review_relevance", "review_forecast", "review_profile",
)  # fmt: skip


ADDED = {"review_notification": {"engagement": ""}}
"""Columns that came since, with what stands in them for a row from before."""

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def moved(request: pytest.FixtureRequest, tmp_path_factory: Any, django_db_blocker: Any) -> Iterator[tuple[Rows, Rows]]:
    """A database with a row in every table that changed its room, moved: what stood in the tables before and after."""
    server = None
    if request.param == "sqlite":
        settings = databases.sqlite(tmp_path_factory.mktemp("rooms") / "store.sqlite3")
    else:
        try:
            server = Postgresql(synced=False)
        except LookupError as absent:
            pytest.skip(str(absent))
        settings = databases.postgresql(server.address)
    connections.settings[ALIAS] = connections.configure_settings({"default": {}, ALIAS: settings})[ALIAS]
    try:
        with django_db_blocker.unblock():
            executor = MigrationExecutor(connections[ALIAS])
            executor.migrate(BEFORE)
            fill(executor.loader.project_state(BEFORE).apps)
            before = rows()
            call_command("migrate", database=ALIAS, verbosity=0)
            yield before, rows()
            connections[ALIAS].close()
    finally:
        del connections[ALIAS], connections.settings[ALIAS]
        if server is not None:
            server.remove()


def fill(models: Any) -> None:
    def make(app: str, model: str, **values: Any) -> Any:
        return models.get_model(app, model).objects.using(ALIAS).create(**values)

    one, two = (make("core", "Person", email=f"{name}@example.org", name=name) for name in ("one", "two"))
    client, provider = (make("core", "Organisation", key=kind, name=kind, kind=kind) for kind in ("client", "provider"))
    engagement = make("core", "Engagement", key="e", title="E", client=client, provider=provider)
    make("cases", "Wall", case=1, person=one, kind="declared", reason="shares", since=5, by="two@example.org")
    make("cases", "Interest", person=one, party="Northwind", relation="holding", since=6, by="one@example.org")
    make("cases", "Party", case=1, name="Northwind")
    make("cases", "Access", at=7, person=one, case=1, action="GET case", denied=True)
    for person, role in ((one, "first"), (two, "second"), (two, "judge")):
        make("cases", "Staff", case=1, role=role, person=person, taken=True, at=8, by=person.email)
    make("cases", "Seal", case=1, since=9)
    review = make(
        "review", "Review", case=1, engagement="e", service="s", playbook="p", questions=[], places=["first", "second"],
        secret="00", created=9,
    )  # fmt: skip
    make("review", "Reviewer", review=review, place="first", person=one, finished=10)
    said = make("review", "Comment", case=1, person=one, text="Look, @two", at=11)
    said.mentioned.add(two)
    make("review", "Checkpoint", case=1, asked_by=one, question="May we?", at=12)
    make("review", "Notification", person=two, case=1, kind="mentioned", comment=said, at=13)
    make("review", "Notification", person=two, case=1, kind="assigned", at=14)
    found = make("review", "DocumentSet", engagement=engagement, name="Claims", question="Liable?", created=15, by=one)
    make("review", "SetDocument", set=found, key="d0", text="damages")
    make("review", "Relevance", set=found, document="d0", relevant=True, person=one, at=16)
    make(
        "review", "Forecast", case=1, person=one, topic="t", event="e", probability=0.5, made=17,
        resolves=int(datetime.datetime(2026, 12, 31, tzinfo=datetime.UTC).timestamp()),
    )  # fmt: skip
    make("review", "Profile", person=one, shore="offshore", hours=3)


def rows() -> Rows:
    """What stands in the tables, by column: a table that was built anew has them in another order."""
    with connections[ALIAS].cursor() as cursor:
        found = {}
        for table in MOVED:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            columns = [column[0] for column in cursor.description]
            found[table] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


def test_a_database_from_before_is_read_in_the_new_rooms(moved: tuple[Rows, Rows], django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        compare(*moved)


def compare(before: Rows, after: Rows) -> None:
    assert all(before.values())
    assert {name: found for name, found in after.items() if name != "cases_staff"} == {
        name: [row | ADDED.get(name, {}) for row in found] for name, found in before.items() if name != "cases_staff"
    }
    # Whoever gave a review has its place for good; nothing else of the record of staff changes.
    staff = Staff.objects.using(ALIAS).order_by("pk")
    assert [(one.role, one.taken) for one in staff] == [("first", False), ("second", True), ("judge", True)]
    [said] = Comment.objects.using(ALIAS).all()
    assert [one.email for one in said.mentioned.all()] == ["two@example.org"]
    told = Notification.objects.using(ALIAS).order_by("at")
    assert [(one.kind, one.comment) for one in told] == [("mentioned", said.pk), ("assigned", None)]
    assert Review.objects.using(ALIAS).get().reviewers.get().person.email == "one@example.org"
    assert DocumentSet.objects.using(ALIAS).get().documents.get().key == "d0"
    for model in (Wall, Interest, Party, Access, Seal, Checkpoint, SetDocument, Relevance, Forecast, Profile):
        assert model.objects.using(ALIAS).count() == 1


@pytest.mark.usefixtures("moved")
def test_the_new_rooms_write_on_where_the_old_ones_stopped(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        write_on()


def write_on() -> None:
    [said] = Comment.objects.using(ALIAS).all()
    more = Comment.objects.using(ALIAS).create(case=2, person_id=said.person_id, text="More", at=20)
    Notification.objects.using(ALIAS).create(person_id=said.person_id, case=2, kind="mentioned", comment=more.pk, at=20)
    assert more.pk > said.pk
    connections[ALIAS].check_constraints()


@pytest.mark.django_db
def test_the_migrations_tell_the_models_as_they_are() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
