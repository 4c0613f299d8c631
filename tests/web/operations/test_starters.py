"""What begins by itself: opened with the terms, shown, held, told what is the case; over pages and REST."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.host import processes as bpmn
from tests.host.fixtures import ALARM, MESSAGES
from tests.host.test_starters import every, process, when
from tests.web.conftest import HOUR, PAYABLES

from anyshore.packs import reading
from anyshore.web.core.models import AuditEntry
from anyshore.web.engagements import actions as terms_actions
from anyshore.web.engine import services
from anyshore.web.engine.models import Instance

NIGHTLY = process(s=every("R/PT1H"), c=when("stock &lt; 10"))["nightly.bpmn"]
HEARS = bpmn.process(
    "nightly",
    {
        "s": ("startEvent", {}, '<messageEventDefinition messageRef="order"/>'),
        "t": ("startEvent", {}, ALARM[2]), "b": bpmn.user(), "z": bpmn.end(),
    },
    "s -> b\nt -> b\nb -> z",
    MESSAGES,
).encode()  # fmt: skip
AHEAD = {"place": "payables/payables"}


@pytest.fixture
def pack(world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The payables pack with one more process, that begins by itself."""
    folder = tmp_path / "payables"
    shutil.copytree(PAYABLES, folder)
    (folder / "nightly.bpmn").write_bytes(NIGHTLY)
    monkeypatch.setattr(services, "_installed", lambda _service, _second: reading.read(folder))
    return folder


def begun() -> list[Instance]:
    return list(Instance.objects.filter(kind="process", key="nightly").order_by("id"))


def standing() -> list[Instance]:
    return list(Instance.objects.filter(kind="starter", status__in=["active", "suspended"]).order_by("id"))


def test_terms_that_are_accepted_open_what_begins_by_itself(world: Any, pack: Path) -> None:
    terms = (
        (pack / "terms.yaml")
        .read_text(encoding="utf-8")
        .replace("version: 1", "version: 2", 1)
        .replace("title: ", "title: Again ", 1)
    )
    terms_actions.propose(world.people["manager"], world.provider, world.client, terms)
    terms_actions.accept(world.people["owner"], "payables", 2)
    (starter,) = standing()
    assert (starter.engagement, starter.service, starter.zone) == ("payables", "payables", "Europe/Berlin")
    world.clock.now += HOUR
    world.host.work()
    assert [(one.engagement, one.service) for one in begun()] == [("payables", "payables")]


def test_a_faulty_pack_does_not_stand_against_the_terms(world: Any, pack: Path) -> None:
    (pack / "nightly.bpmn").write_text("<definitions/>", encoding="utf-8")
    terms = (
        (pack / "terms.yaml")
        .read_text(encoding="utf-8")
        .replace("version: 1", "version: 2", 1)
        .replace("title: ", "title: Again ", 1)
    )
    terms_actions.propose(world.people["manager"], world.provider, world.client, terms)
    assert terms_actions.accept(world.people["owner"], "payables", 2).accepted is not None
    assert AuditEntry.objects.filter(action="starters.failed").count() == 1


def test_work_that_is_started_opens_it_too_and_once(world: Any, pack: Path) -> None:
    for sample in ("01-matching-ubl.xml", "02-matching-cii.xml"):
        world.start(sample)
    assert len(standing()) == 1


def test_a_manager_opens_holds_and_reports_on_the_page(world: Any, pack: Path) -> None:
    browser = world.browser("manager")
    assert "Nothing begins by itself." in browser.get("/operations/starters/").content.decode()
    opened = browser.post("/operations/starters/", AHEAD | {"do": "open"}, follow=True).content.decode()
    assert "1 process begins by itself." in opened
    (starter,) = standing()
    assert "stock &lt; 10" in opened
    assert f"/cases/{starter.pk}/" in opened
    report = AHEAD | {"do": "report", "name": "stock", "value": "5"}
    assert "1 starter was told." in browser.post("/operations/starters/", report, follow=True).content.decode()
    world.host.work()
    assert len(begun()) == 1
    held = {"case": [starter.pk], "held": "yes", "from": "starters"}
    assert "on hold" in browser.post("/operations/held/all/", held, follow=True).content.decode()
    world.clock.now += 3 * HOUR
    world.host.work()
    assert len(begun()) == 1
    assert browser.get(f"/cases/{starter.pk}/").status_code == 200
    wrong = browser.post("/operations/starters/", report | {"value": "5 +"})
    assert wrong.status_code == 422
    assert "no FEEL value" in wrong.content.decode()
    assert browser.post("/operations/starters/", {"place": "payables/none", "do": "open"}).status_code == 422
    assert browser.post("/operations/starters/", {"place": "strange/payables", "do": "open"}).status_code == 404


def test_a_starter_is_no_case_in_lists_counts_and_versions(world: Any, pack: Path) -> None:
    browser = world.browser("manager")
    before = browser.get("/operations/").content.decode()
    browser.post("/operations/starters/", AHEAD | {"do": "open"})
    (starter,) = standing()
    assert browser.get("/operations/").content.decode().count("under way") == before.count("under way")
    assert f"/cases/{starter.pk}/" not in browser.get("/cases/").content.decode()
    assert "starter:nightly" not in browser.get("/operations/versions/").content.decode()


def test_only_those_who_look_after_the_operation_see_and_only_managers_open(world: Any, pack: Path) -> None:
    for name in ("agent", "owner"):
        browser = world.browser(name)
        assert browser.get("/operations/starters/").status_code == 403
        assert browser.post("/operations/starters/", AHEAD | {"do": "open"}).status_code == 403
    stranger = world.browser("stranger")
    assert stranger.post("/operations/starters/", AHEAD | {"do": "open"}).status_code == 404
    assert not standing()


def test_a_service_without_such_a_process_has_nothing_to_open(world: Any) -> None:
    answer = world.browser("manager").post("/operations/starters/", AHEAD | {"do": "open"})
    assert answer.status_code == 422
    assert "Nothing in this service begins by a timer or a condition." in answer.content.decode()


def test_the_same_over_rest(world: Any, pack: Path) -> None:
    browser = world.browser("manager")

    def post(path: str, **given: Any) -> Any:
        return browser.post(f"/api/engagements/payables/{path}", json.dumps(given), content_type="application/json")

    (number,) = post("starters", service="payables").json()["instances"]
    (one,) = browser.get("/api/starters").json()
    assert one["instance"] == number
    assert one["conditions"] == [{"element": "c", "condition": "stock < 10"}]
    assert one["timers"] == [{"element": "s", "due": world.clock.now + HOUR}]
    assert post("facts", variables={"stock": 3}).json() == {"told": 1}
    world.host.work()
    assert len(begun()) == 1
    assert post("facts", variables={}).status_code == 422
    assert post("starters", service="none").status_code == 422


def test_messages_and_signals_begin_what_starts_with_them_under_the_service(world: Any, pack: Path) -> None:
    (pack / "nightly.bpmn").write_bytes(HEARS)
    browser = world.browser("manager")

    def post(path: str, **given: Any) -> Any:
        return browser.post(f"/api/engagements/payables/{path}", json.dumps(given), content_type="application/json")

    assert post("messages", name="order", service="payables", variables={"amount": 5}).json() == {"heard": 1}
    assert post("signals", name="alarm", service="payables").json() == {"heard": 1}
    assert post("messages", name="nobody waits", service="payables", lifetime=60).json() == {"heard": 0}
    assert post("messages", name="order", service="none").status_code == 422
    world.host.work()
    assert [(one.service, one.zone) for one in begun()] == [("payables", "Europe/Berlin")] * 2
    actions = AuditEntry.objects.filter(action__in=["message.sent", "signal.sent"])
    assert actions.count() == 3
