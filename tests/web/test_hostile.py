"""Numbers of thousands of digits, JSON thousands deep, and names that would be markup: every page and endpoint."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.web.test_access import ENDPOINTS, PAGES, SENDING, said, scene

from anyshore.web.engine.models import Instance
from anyshore.web.library import draft_actions as drafts
from anyshore.web.site import shapes

__all__ = ["scene"]
pytestmark = pytest.mark.django_db

DIGITS = ("9" * 19, "9" * 400, "9" * 5000)
DEEP = '{"a":' * 3000 + "1" + "}" * 3000
NUMBER = "1" + "0" * 5000


def numbered(arguments: dict[str, Any]) -> list[str]:
    return [name for name, value in arguments.items() if isinstance(value, int) or value in ROWS]


ROWS = {"open", "stuck", "task", "portfolio", "kept", "draft", "activity", "agent", "invitation", "webhook"}


@pytest.mark.parametrize("name", [name for name, row in PAGES.items() if numbered(row[1])])
def test_a_page_of_a_number_nobody_has(scene: Any, name: str) -> None:
    method, arguments, body, _ = PAGES[name]
    plain = said(scene, arguments)
    for part in numbered(arguments):
        for digits in DIGITS[:2]:
            address = reverse(name, kwargs=plain | {part: int(digits)})
            answer = getattr(scene.browser("manager"), method)(address, said(scene, body))
            assert 400 <= answer.status_code < 500, (part, len(digits))


@pytest.mark.parametrize("endpoint", [one for one, row in ENDPOINTS.items() if numbered(row[0])], ids=" ".join)
def test_an_endpoint_of_a_number_nobody_has(scene: Any, endpoint: tuple[str, str]) -> None:
    method, path = endpoint
    arguments, _body, _ = ENDPOINTS[endpoint]
    plain = said(scene, arguments)
    for part in numbered(arguments):
        for digits in DIGITS:
            address = path.format(**plain | {part: digits})
            answer = scene.browser("manager").generic(method.upper(), address, "{}", content_type="application/json")
            assert 400 <= answer.status_code < 500, (part, len(digits))
            assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("endpoint", SENDING, ids=" ".join)
def test_json_that_is_too_deep_or_holds_endless_numbers(scene: Any, endpoint: tuple[str, str]) -> None:
    method, path = endpoint
    arguments, body, _ = ENDPOINTS[endpoint]
    address = path.format(**said(scene, arguments))
    fields = [*said(scene, body), "variables", "answers"]
    bodies = [DEEP, NUMBER, f"[{NUMBER}]", "1e999999", f'{{"variables": {DEEP}}}', f'{{"x": -1E+{"9" * 30}}}']
    for text in bodies + [f'{{"{field}": {value}}}' for field in fields for value in (NUMBER, "9" * 390, "1e6000")]:
        answer = scene.browser("manager").generic(method.upper(), address, text, content_type="application/json")
        assert answer.status_code < 500, text[:60]
        assert answer.status_code < 300 or answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", [name for name, row in PAGES.items() if row[0] == "get"])
def test_a_page_asked_with_endless_numbers(scene: Any, name: str) -> None:
    address = reverse(name, kwargs=said(scene, PAGES[name][1]))
    asked = dict.fromkeys(("page", "person", "limit", "month", "status", "text", "days", "at", "limit"), "9" * 3000)
    answer = scene.browser("manager").get(address, asked)
    answer.close()
    assert answer.status_code < 500


def test_forms_take_no_endless_numbers_either(scene: Any) -> None:
    for name, (method, arguments, body, _) in PAGES.items():
        if method == "post":
            sent = dict.fromkeys(body, "9" * 5000) | {"pk": "9" * 30}
            answer = scene.browser("manager").post(reverse(name, kwargs=said(scene, arguments)), sent)
            assert answer.status_code < 500, name


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=10,
)  # fmt: skip


@given(plain)
def test_what_is_plain_passes(value: Any) -> None:
    import json

    assert shapes.wrong(json.dumps(value).encode()) is None
    assert shapes.wrong(json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")) is None


@given(plain, st.integers(shapes.DEEPEST + 1, 4 * shapes.DEEPEST))
def test_what_is_deep_does_not(value: Any, depth: int) -> None:
    import json

    inner = json.dumps(value)
    assert shapes.wrong(("[" * depth + inner + "]" * depth).encode())[0] == "request.too-deep"
    assert shapes.wrong(('{"a": ' * depth + inner).encode())[0] == "request.too-deep"
    assert shapes.wrong(json.dumps("[" * depth).encode()) is None, "in a text it is text"


@given(st.binary(max_size=300))
def test_whatever_comes_is_looked_through(noise: bytes) -> None:
    shapes.wrong(noise)


HOSTILE = '"&gt;&lt;/svg&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;'
DIAGRAM = f"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"
             xmlns:html="http://www.w3.org/1999/xhtml">
  <process id="hostile" name='{HOSTILE}' isExecutable="true">
    <documentation>{HOSTILE}</documentation>
    <startEvent id="start" name='{HOSTILE}'><outgoing>a</outgoing></startEvent>
    <sequenceFlow id="a" name='{HOSTILE}' sourceRef="start" targetRef="task"/>
    <userTask id="task" name='{HOSTILE}'><incoming>a</incoming><outgoing>b</outgoing></userTask>
    <sequenceFlow id="b" sourceRef="task" targetRef="end"/>
    <endEvent id="end" name='{HOSTILE}'><incoming>b</incoming></endEvent>
  </process>
</definitions>"""


def test_names_of_a_hostile_diagram_are_text_on_every_page(scene: Any) -> None:
    manager = scene.people["manager"]
    draft = drafts.begin(manager, [("hostile.bpmn", DIAGRAM.encode()), ('"><script>.bpmn', DIAGRAM.encode())]).pk
    scene.host.deploy("hostile", {"hostile.bpmn": DIAGRAM.encode()})
    common = {"engagement": "payables", "zone": "UTC"}
    number = scene.host.start("process:hostile", {}, service="payables", reference="<script>x</script>", **common)
    scene.host.work()
    reference = Instance.objects.get(pk=number).definition
    browser = scene.browser("manager")
    pages = [f"/processes/check/{draft}/", "/processes/", f"/cases/{number}/", "/cases/", "/work/",
             reverse("process", args=[reference]), reverse("process-draft", args=[draft])]  # fmt: skip
    seen = 0
    for page in pages:
        answer = browser.get(page)
        if answer.status_code == 404:
            continue
        text = answer.content.decode()
        seen += "alert(1)" in text or "&lt;script&gt;x" in text
        assert not re.search(r"<script>(alert|x)|<img src=x|onerror=alert\(1\)>|</svg><", text), page
    assert seen >= 2, "the names were on the pages"
    for address in (reverse("process-xml", args=[reference]),
                    reverse("process-draft-file", args=[draft, "hostile.bpmn"])):  # fmt: skip
        raw = browser.get(address)
        assert raw.status_code == 200
        assert raw.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert raw.headers["Content-Disposition"] == "attachment"


def test_nothing_stays_in_shared_caches(scene: Any) -> None:
    browser = scene.browser("manager")
    for address in ("/work/", "/cases/", "/api/me", "/api/instances", "/account/", "/nowhere/", "/api/nowhere"):
        assert "private" in browser.get(address).headers["Cache-Control"], address
    shared = browser.get("/static/site/anyshore.css")
    shared.close()
    assert "private" not in shared.headers["Cache-Control"]
