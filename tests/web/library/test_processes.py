"""Files of a modeller in the browser: checked, looked at, tried, put to use as a pack of one's own, and started."""

from __future__ import annotations

import base64
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web.beginning import begin
from tests.web.conftest import World

from anyshore.base.errors import PackError
from anyshore.packs import reading
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.core.models import AuditEntry, Engagement, Organisation
from anyshore.web.engagements import actions as terms_actions
from anyshore.web.engine import queries as engine
from anyshore.web.engine import running
from anyshore.web.engine.models import Definition, Instance
from anyshore.web.library import draft_actions as drafts
from anyshore.web.library.draft_queries import contents
from anyshore.web.library.models import Draft, DraftFile
from anyshore.web.operations import queries as operations

TEMPLATE = reading.SHIPPED / "_template"
BPMN, DMN, FORMS, TERMS = (
    (TEMPLATE / name).read_bytes() for name in ("request.bpmn", "way.dmn", "forms.yaml", "terms.yaml")
)
PACK = (
    (TEMPLATE / "pack.yaml")
    .read_bytes()
    .replace(b"id: template", b"id: visas")
    .replace(b"skills:\n  certificate: template", b"")
)
FILES = [("request.bpmn", BPMN), ("way.dmn", DMN), ("forms.yaml", FORMS)]
CASE = b"""case: notice
items:
  read: {type: human, name: Read it}
  answer:
    type: human
    name: Answer it
    after: read
optional:
  more: {type: human, name: Ask for more}
"""


def upload(files: list[tuple[str, bytes]]) -> dict[str, Any]:
    return {"files": [SimpleUploadedFile(name, content) for name, content in files]}


def put_to_use(world: World, files: list[tuple[str, bytes]], **given: str) -> int:
    draft = drafts.begin(world.people["manager"], files)
    said = {"id": "visas", "kind": "bpo", "title": "Visas", "title_de": "Visa", "starts": "process:request"} | given
    return drafts.put_to_use(world.people["manager"], draft.pk, world.provider, said).number


def agree(world: World) -> None:
    """A new version of the engagement's terms, with the service of the pack beside the old one."""
    text = TERMS.decode().replace("id: template", "id: visas", 1).replace("  template:", "  visas:", 1)
    terms_actions.propose(world.people["manager"], world.provider, world.client, text)
    terms_actions.accept(world.people["owner"], "visas", 1)


def test_every_problem_is_shown_with_its_place_and_what_to_do(world: World) -> None:
    browser = world.browser("owner")
    broken = BPMN.replace(b'targetRef="', b'targetRef="no', 1)
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'
    files = [("request.bpmn", broken), ("bomb.dmn", bomb), ("x.case.yaml", b"id: [\n"), ("notes.txt", b"hello")]
    answer = browser.post(reverse("process-check"), upload(files), follow=True)
    page = answer.content.decode()
    for shown in ("request.bpmn", "6:", "xml.doctype", "Remove the &lt;!DOCTYPE", "yaml.", "pack.file-kind"):
        assert shown in page
    assert "Put to use" not in page  # an owner checks; the provider puts to use
    german = browser.get(answer.redirect_chain[-1][0], headers={"accept-language": "de"}).content.decode()
    assert "Fehler" in german
    assert "Was nicht stimmt" in german


def test_files_are_drawn_each_in_its_own_way(world: World) -> None:
    files = [*FILES, ("notice.case.yaml", CASE)]
    browser = world.browser("manager")
    answer = browser.post(reverse("process-check"), upload(files), follow=True)
    page = answer.content.decode()
    draft = Draft.objects.get()
    drawn = reverse("process-draft-file", args=[draft.pk, "request.bpmn"])
    assert f'data-diagram="{drawn}"' in page
    assert browser.get(drawn).content == BPMN
    assert "Hit policy: UNIQUE" in page
    assert "Answer it" in page
    assert "Read it: complete" in page
    assert "Ask for more" in page
    assert "may be planned" in page


def test_a_decision_is_tried_with_given_inputs(world: World) -> None:
    draft = drafts.begin(world.people["owner"], FILES)
    given = {"file": "way.dmn", "decision": "Way", "input": ["amount"], "value": ["20"]}
    address = reverse("process-draft-decide", args=[draft.pk])
    page = world.browser("owner").post(address, given).content.decode()
    assert "<code>&quot;grant&quot;</code>" in page
    assert "rule 1 matched" in page
    page = world.browser("owner").post(address, given | {"value": ["lots"]}).content.decode()
    assert "grant&quot;</code>" not in page


def test_files_are_replaced_by_name_and_limits_hold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = world.people["owner"]
    draft = drafts.begin(owner, [("a.bpmn", b"<a/>")])
    drafts.add(owner, draft.pk, [("a.bpmn", BPMN), ("way.dmn", DMN)])
    assert contents(draft) == {"a.bpmn": BPMN, "way.dmn": DMN}
    monkeypatch.setattr(drafts, "MOST_FILES", 2)
    monkeypatch.setattr(drafts, "MOST_BYTES", len(BPMN))
    monkeypatch.setattr(drafts, "MOST_TOGETHER", len(BPMN) + len(DMN))
    refused = [[("b.bpmn", b"<b/>")], [("a.bpmn", BPMN + b" ")], [], [("way.dmn", DMN + b" ")], [("a" * 201, b"")]]
    for files in refused:
        with pytest.raises(Invalid):
            drafts.add(owner, draft.pk, files)
    assert len(contents(draft)) == 2
    for _ in range(drafts.KEPT + 3):
        drafts.begin(owner, [("a.bpmn", BPMN)])
    assert owner.drafts.count() == drafts.KEPT
    assert DraftFile.objects.count() == drafts.KEPT


def test_a_draft_becomes_a_pack_that_an_engagement_starts(world: World) -> None:
    draft = drafts.begin(world.people["manager"], FILES)
    given = {"organisation": world.provider.pk, "id": "visas", "kind": "bpo", "title": "Visas",
             "title_de": "Visa", "starts": "process:request"}  # fmt: skip
    address = reverse("process-draft-deploy", args=[draft.pk])
    refused = world.browser("manager").post(address, given | {"id": "Visas!"})
    assert refused.status_code == 422
    assert b"small letters" in refused.content
    answer = world.browser("manager").post(address, given, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    assert not Draft.objects.exists()
    entry = AuditEntry.objects.get(action="process.deployed")
    assert (entry.person, entry.organisation) == (world.people["manager"], world.provider)
    assert b"visas" in world.browser("manager").get(reverse("library")).content
    assert b"visas" not in world.browser("stranger").get(reverse("library")).content

    with pytest.raises(Invalid):  # no terms name it
        begin(world.people["manager"], "payables", "visas", variables={"amount": 200})
    agree(world)
    number = begin(world.people["manager"], "visas", "visas", "V-1", variables={"amount": 200})
    world.host.work()
    started = Instance.objects.get(pk=number)
    assert (started.status, started.key) == ("active", "request")
    item = world.open_item()
    page = world.browser("manager").get(reverse("work-item", args=[item.instance, item.wait])).content.decode()
    assert "What shall happen?" in page
    assert "Visas" in page


def test_a_new_version_takes_new_work_and_old_work_may_move(world: World) -> None:
    first = put_to_use(world, FILES)
    agree(world)
    old = begin(world.people["manager"], "visas", "visas", "V-1", variables={"amount": 200})
    world.host.work()
    second = put_to_use(world, [("request.bpmn", BPMN.replace(b"Apply the rule", b"Look up the rule")), *FILES[1:]])
    new = begin(world.people["manager"], "visas", "visas", "V-2", variables={"amount": 200})
    world.host.work()
    assert [Instance.objects.get(pk=one).definition for one in (old, new)] == [
        f"process:request@{number}" for number in (first, second)
    ]
    behind = [one for one in operations.versions(world.people["manager"]) if one.behind]
    assert [(one.reference, one.newest) for one in behind] == [
        (f"process:request@{first}", f"process:request@{second}")
    ]
    plan = operations.move(world.people["manager"], "visas", f"process:request@{first}")["plan"]
    assert plan.target == f"process:request@{second}"


def test_versions_are_counted_by_pack(world: World) -> None:
    world.start("01-matching-ubl.xml")  # numbers of deployments run through all packs: these are taken
    manager = world.browser("manager")
    pages = []
    for name in (b"Apply the rule", b"Look up the rule"):
        files = [("request.bpmn", BPMN.replace(b"Apply the rule", name)), *FILES[1:]]
        draft = drafts.begin(world.people["manager"], files)
        given = {"id": "visas", "kind": "bpo", "title": "Visas", "starts": "process:request"}
        given["organisation"] = str(world.provider.pk)
        answer = manager.post(reverse("process-draft-deploy", args=[draft.pk]), given, follow=True)
        pages.append(answer.content.decode())
    assert "In use as visas, version 1." in pages[0]
    assert "In use as visas, version 2." in pages[1]
    agree(world)
    begin(world.people["manager"], "visas", "visas", "V-1", variables={"amount": 200})
    world.host.work()
    for address in ("processes", "versions"):
        page = " ".join(re.sub(r"<[^>]*>", " ", manager.get(reverse(address)).content.decode()).split())
        assert re.search(r"version 2 · process:request@\d", page)
        assert "version 1 · process:payables@" in page or address == "versions"
    assert "2 · nordlicht" in manager.get(reverse("library")).content.decode()


def test_own_processes_are_started_with_values(world: World) -> None:
    put_to_use(world, FILES)
    agree(world)
    manager = world.browser("manager")
    address = reverse("work-start", args=["visas"])
    assert "By values" in manager.get(address).content.decode()
    given = {
        "by": "values", "service": "visas", "reference": "V-7", "name": ["amount", "day", "city", "urgent", ""],
        "value": ["480.00", "2026-12-31", "Bad Homburg", "true", ""],
    }  # fmt: skip
    page = manager.post(address, given, follow=True).content.decode()
    assert "1 started." in page
    world.host.work()
    started = Instance.objects.get(reference="V-7")
    known = engine.variables(started)
    assert known["amount"] == Decimal("480.00")
    assert (str(known["day"]), known["city"], known["urgent"]) == ("2026-12-31", "Bad Homburg", True)
    given["value"][0] = "[1, "
    given["value"][1] = "[1, ]"
    refused = manager.post(address, given)
    assert refused.status_code == 422
    assert "is no FEEL value." in refused.content.decode()
    assert 'value="Bad Homburg"' in refused.content.decode()  # what was written stays


def test_an_own_pack_never_reaches_into_anybody_elses_work(world: World) -> None:
    """It may define what others define too; the newest of a key is still that of the installed packs."""
    hijack = BPMN.replace(b'"request"', b'"payables"')
    assert hijack != BPMN
    put_to_use(world, [("request.bpmn", hijack), *FILES[1:]], starts="process:payables")
    number = world.start("04-no-order-ubl.xml")
    pack = Definition.objects.filter(deployment=int(Instance.objects.get(pk=number).definition.rpartition("@")[2]))
    assert {one.pack for one in pack} == {"payables"}
    assert world.host.catalogue.latest("process:payables").reference == Instance.objects.get(pk=number).definition


def test_an_own_pack_that_cannot_be_read_any_more_stops_nobody_else(world: World) -> None:
    broken = put_to_use(world, FILES)
    Definition.objects.filter(deployment=broken, name="request.bpmn").update(content=b"<nonsense/>")
    running.forget()
    running.host()
    assert world.browser("manager").get(reverse("library")).status_code == 200
    assert Instance.objects.get(pk=world.start("04-no-order-ubl.xml")).status == "active"


def test_sample_terms_of_an_own_pack_are_offered_to_its_provider(world: World) -> None:
    terms = TERMS.replace(b"id: template", b"id: visas", 1).replace(b"  template:", b"  visas:", 1)
    put_to_use(world, [*FILES, ("terms.yaml", terms)])
    address = f"{reverse('engagement-propose')}?pack=visas"
    assert address in world.browser("manager").get(reverse("library")).content.decode()
    assert b"Decided request" in world.browser("manager").get(address).content
    assert b"Decided request" not in world.browser("stranger").get(address).content


def test_a_pack_belongs_to_the_provider_of_the_engagement(world: World) -> None:
    """Another provider's pack of the same id is not what these terms mean."""
    foreign = Organisation.objects.get(key="fern")
    draft = drafts.begin(world.people["stranger"], [*FILES, ("pack.yaml", PACK)])
    with pytest.raises(Exception, match="organisation"):
        drafts.put_to_use(world.people["stranger"], draft.pk, world.provider, {})
    drafts.put_to_use(world.people["stranger"], draft.pk, foreign, {})
    agree(world)
    with pytest.raises(Invalid):
        begin(world.people["manager"], "visas", "visas", variables={"amount": 20})


def test_a_pack_that_is_not_whole_is_refused(world: World) -> None:
    with pytest.raises(PackError) as refused:
        put_to_use(world, FILES[:1])
    assert {"pack.unknown-form", "pack.unknown-decision"} <= {one.code for one in refused.value.diagnostics}
    assert {one.location.file for one in refused.value.diagnostics} <= {None, "pack.yaml", "request.bpmn"}
    with pytest.raises(Invalid):
        put_to_use(world, FILES, id="payables")
    with pytest.raises(Denied):
        drafts.deploy(world.people["agent"], world.provider, dict(FILES))
    assert not Definition.objects.filter(pack__contains="/").exists()
    assert not Engagement.objects.filter(key="visas").exists()


def sent(files: list[tuple[str, bytes]]) -> dict[str, Any]:
    return {"files": [{"name": name, "content": base64.b64encode(content).decode()} for name, content in files]}


def test_a_program_checks_and_puts_to_use(world: World) -> None:
    browser = world.browser("manager")
    found = browser.post("/api/processes/check", sent(FILES), content_type="application/json").json()
    assert found == {"usable": True, "problems": [], "starts": ["process:request"]}
    broken = BPMN.replace(b'targetRef="', b'targetRef="no', 1)
    found = browser.post("/api/processes/check", sent([("a.bpmn", broken)]), content_type="application/json").json()
    assert not found["usable"]
    assert {"file", "element", "line", "column", "hint", "code"} <= set(found["problems"][0])
    answer = browser.post(
        "/api/organisations/nordlicht/packs", sent([*FILES, ("pack.yaml", PACK)]), content_type="application/json"
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["pack"] == "visas"
    assert answer.json()["definitions"] == [f"process:request@{answer.json()['version']}"]
    names = browser.post("/api/processes/check", sent([("../a.bpmn", BPMN)]), content_type="application/json").json()
    assert names["usable"]  # a name is only a name until it is a pack's
    refused = browser.post(
        "/api/organisations/nordlicht/packs", sent([*FILES, ("pack.yaml", PACK), ("../../x.bpmn", BPMN)]),
        content_type="application/json",
    )  # fmt: skip
    assert refused.status_code == 422


def test_the_page_of_a_process_that_can_never_go_on_says_so(world: World) -> None:
    blocked = BPMN.replace(
        b"</process>",
        b"""<startEvent id="bs"/><exclusiveGateway id="bx" default="bn"/>
      <parallelGateway id="bj" name="Both"/><endEvent id="be"/><sequenceFlow id="b1" sourceRef="bs" targetRef="bx"/>
      <sequenceFlow id="bn" sourceRef="bx" targetRef="bj"/><sequenceFlow id="by" sourceRef="bx" targetRef="bj">
      <conditionExpression>false</conditionExpression></sequenceFlow>
      <sequenceFlow id="b2" sourceRef="bj" targetRef="be"/></process>""",
    )
    blocked = blocked[: blocked.index(b"<process ")] + re.sub(
        rb'(<process [^>]*>).*?(<startEvent id="bs")', rb"\1\2", blocked[blocked.index(b"<process ") :], flags=re.DOTALL
    )
    blocked = re.sub(rb"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", b"", blocked, flags=re.DOTALL)
    put_to_use(world, [("request.bpmn", blocked)])
    agree(world)
    number = begin(world.people["manager"], "visas", "visas", "V-1", variables={"amount": 200})
    world.host.work()
    page = world.browser("manager").get(reverse("instance", args=[number])).content.decode()
    assert "It can never go on" in page
    assert "before &#x27;Both&#x27; for others that cannot come" in page
