"""Pages and REST of batches: who may see and hand over, what is told, what is refused."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web.site.test_bulks import pack, rows
from tests.web.site.test_recruiting import person

from anyshore.web.core.models import Role
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance
from anyshore.web.site import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(tmp_path: Path, settings: Any) -> Any:
    settings.HOME = str(tmp_path)
    yield services.ready(str(pack(tmp_path)))
    running.forget()


def visit(ready: Any, role: str) -> Client:
    found = Client()
    found.force_login(person(ready.engagement, role))
    return found


def handed(browser: Client, base: str, path: Path) -> Any:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return browser.post(f"{base}/", {"service": "refunds:ask", "file": file})


def test_a_batch_from_its_file_to_its_rows(ready: Any, tmp_path: Path) -> None:
    base = f"/engagements/{ready.engagement.key}/batches"
    browser = visit(ready, Role.MANAGER)
    first = handed(browser, base, rows(tmp_path))
    assert first.status_code == 302
    assert handed(browser, base, rows(tmp_path)).url == first.url
    shown = browser.get(first.url).content.decode()
    assert "granted" in shown
    assert browser.get(f"{first.url}?row=3").url == f"{first.url}rows/3/"
    assert browser.get(f"{first.url}rows/41/").status_code == 404
    document = browser.get(f"{first.url}parts/1/")
    (tmp_path / "part.parquet").write_bytes(document.content)
    assert pl.read_parquet(tmp_path / "part.parquet")["@element"].to_list().count("granted") == 24
    assert browser.get(f"{first.url}parts/2/").status_code == 404
    assert browser.post(f"{first.url}rows/1/take-out/").status_code == 302
    assert Instance.objects.get().status == "ended"
    assert browser.post(f"{first.url}rows/2/reopen/", {"reason": ""}).url == f"{first.url}rows/2/"
    assert browser.post(f"{first.url}rows/4/reopen/", {"reason": "It waits."}).url == f"{first.url}rows/4/"
    assert browser.post(f"{first.url}rows/2/reopen/", {"reason": "Wrong."}).status_code == 302
    assert Instance.objects.count() == 2


def test_who_may_not_is_refused(ready: Any, tmp_path: Path) -> None:
    base = f"/engagements/{ready.engagement.key}/batches"
    made = handed(visit(ready, Role.MANAGER), base, rows(tmp_path)).url
    owner, agent = visit(ready, Role.OWNER), visit(ready, Role.AGENT)
    assert [owner.get(f"{base}/").status_code, owner.get(made).status_code] == [200, 200]
    assert [agent.get(f"{base}/").status_code, agent.get(made).status_code] == [403, 403]
    for one in (owner, agent):
        assert handed(one, base, rows(tmp_path)).status_code == 403
        for act in ("take-out", "reopen"):
            assert one.post(f"{made}rows/1/{act}/", {"reason": "x"}).status_code == 403
    assert agent.get(f"{made}parts/1/").status_code == 403
    assert Client().get(made).status_code == 302


def test_a_program_hands_a_file_over(ready: Any, tmp_path: Path) -> None:
    base = f"/api/engagements/{ready.engagement.key}/batches"
    browser = visit(ready, Role.MANAGER)

    def post(name: str, content: bytes, service: str = "refunds") -> Any:
        given = {"service": service, "name": name, "content": base64.b64encode(content).decode()}
        return browser.post(base, given, content_type="application/json")

    first = post("rows.csv", rows(tmp_path).read_bytes())
    assert first.status_code == 201, first.content
    told = first.json()
    assert (told["rows"], told["outcomes"], told["left"]) == (40, {"granted": 24}, [{"element": "decide", "rows": 16}])
    assert post("rows.csv", rows(tmp_path).read_bytes()).status_code == 200
    again = post("more.csv", rows(tmp_path).read_bytes() + b"41;5\n").json()
    first = browser.get(f"{base}?limit=1")
    following = first.headers["Link"].partition(">")[0].removeprefix("<http://testserver")
    assert [one["id"] for page in (first, browser.get(following)) for one in page.json()] == [again["id"], told["id"]]
    assert browser.get(f"{base}?limit=501").status_code == 422
    assert browser.get(f"{base}/{told['id']}").json()["root"] == told["root"]
    assert browser.get(f"{base}/{again['id'] + 1}").status_code == 404
    assert post("rows.parquet", b"PAR1").status_code == 422
    assert post("rows.csv", b"number;amount\n", "payables").status_code == 422


def test_a_change_is_tried_on_the_rows_of_a_batch(ready: Any, tmp_path: Path) -> None:
    base = f"/engagements/{ready.engagement.key}/batches"
    browser = visit(ready, Role.MANAGER)
    made = handed(browser, base, rows(tmp_path)).url
    table = (ready.pack.folder / "way.dmn").read_text().replace("&lt;= 50", "&lt;= 60").replace("&gt; 50", "&gt; 60")

    def tried(name: str, text: str) -> Any:
        return browser.post(f"{made}try/", {"file": SimpleUploadedFile(name, text.encode())})

    shown = tried("way.dmn", table)
    assert shown.status_code == 200
    assert [(one.before, one.after, one.rows, one.example) for one in shown.context["found"].changes] == [
        ("Decide", "granted", 8, 4), ("rule 2: ask", "rule 1: grant", 8, 4),
    ]  # fmt: skip
    assert tried("other.dmn", table).status_code == tried("way.dmn", "<x/>").status_code == 422
    assert visit(ready, Role.OWNER).get(f"{made}try/").status_code == 403
    assert browser.get(f"{made}try/").status_code == 200
    assert Instance.objects.count() == 0
