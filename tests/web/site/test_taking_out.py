"""Every table of a page as a file: what its reader sees, whole, and nothing that runs as a formula."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pypdfium2
import pytest
from django.test import Client
from django.utils import translation
from tests.web.test_access import scene  # noqa: F401 - a fixture

from anyshore.web.core import paging, taken_out
from anyshore.web.core.models import AuditEntry
from anyshore.web.core.templatetags.tables import takeable

pytestmark = pytest.mark.django_db

PAGE = """<html><body><h1>Bills <small>open</small></h1><table><thead><tr>
<th scope="col"><span class="visually-hidden">Tick</span></th><th>Supplier</th><th class="number">Net</th><th>Open</th>
<th><span class="visually-hidden">Actions</span></th></tr></thead><tbody>
<tr><td><input type="checkbox"></td><th><a href="/x">=HYPERLINK("x")</a></th><td class="number">1,234.50 EUR</td>
<td class="number">2 days</td><td><form><button>Pay</button></form></td></tr>
<tr><td></td><th>Kern &amp; Söhne<br><small>Ulm</small></th><td class="number">−5.00 EUR</td><td class="number">–</td>
<td></td></tr><tr><td></td><th>Nobody</th><td class="number">–</td><td class="number">3 days</td><td></td></tr>
</tbody></table><h2>None</h2><table><tr><th>A</th></tr><tr><td class="empty">Nothing.</td></tr></table></body></html>"""


def test_a_table_is_what_its_reader_sees_with_numbers_where_a_column_holds_such() -> None:
    found = taken_out.table(PAGE, 1)
    assert found is not None
    assert found.name == "Bills open"
    assert [list(row) for row in found.rows] == [
        ["Supplier", "Net (EUR)", "Open"], ['=HYPERLINK("x")', Decimal("1234.50"), "2 days"],
        ["Kern & Söhne Ulm", Decimal("-5.00"), "–"], ["Nobody", "", "3 days"],
    ]  # fmt: skip
    assert [list(row) for row in taken_out.table(PAGE, 2).rows] == [["A"]]  # type: ignore[union-attr]
    assert taken_out.table(PAGE, 3) is None


def test_numbers_are_read_as_the_page_writes_them() -> None:
    page = '<h1>X</h1><table><tr><th>N</th></tr><tr><td class="number">1.234,5 %</td></tr></table>'
    with translation.override("de"):
        assert taken_out.table(page, 1).rows[1] == [Decimal("1234.5")]  # type: ignore[union-attr]
    assert taken_out.table(page, 1).rows[1] == ["1.234,5 %"]  # type: ignore[union-attr]


def test_the_names_offered_are_those_of_the_files() -> None:
    assert [one.name for one in takeable(PAGE)] == ["Bills open", "None"]
    assert takeable("<p>Nothing</p>") == []


def read(browser: Client, address: str) -> list[list[str]]:
    answer = browser.get(address)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_file_holds_the_whole_list_within_what_one_may_see(scene: Any) -> None:  # noqa: F811
    manager = scene.people["manager"]
    for number in range(paging.SIZE + 5):
        AuditEntry.objects.create(person=manager, action="=cmd()", object=f"-{number}+1", organisation=scene.provider)
    page = scene.browser("manager").get("/changes/").content.decode()
    assert "export=csv" in page
    lines = read(scene.browser("manager"), "/changes/?export=csv&table=1")
    assert len(lines) > paging.SIZE + 5
    assert next(line for line in lines if " -3+1" in line)[2:4] == [" =cmd()", " -3+1"]
    assert scene.browser("agent").get("/changes/?export=csv&table=1").status_code == 403
    assert Client().get("/changes/?export=csv&table=1").status_code == 302


def test_where_a_list_goes_on_its_file_says_so(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(paging, "MOST", 2)
    lines = read(scene.browser("manager"), "/cases/?export=csv")
    assert len(lines) == 4
    assert lines[3] == ["Only the first 2 rows: narrow the list for the others."]


def test_a_file_has_the_filter_of_its_page(scene: Any) -> None:  # noqa: F811
    browser = scene.browser("manager")
    every, ended = (read(browser, f"/cases/?export=csv&table=1{more}") for more in ("", "&status=ended"))
    assert 1 < len(ended) < len(every)


def test_as_workbook_and_as_paper(scene: Any) -> None:  # noqa: F811
    browser = scene.browser("owner")
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/cases/?export=xlsx").content))
    assert book.active.cell(1, 1).value == "Reference"
    answer = browser.get("/cases/?export=pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases.pdf"'
    assert "Reference" in pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()


def test_what_is_no_table_is_not_found(scene: Any) -> None:  # noqa: F811
    for query in ("export=csv&table=99", "export=csv&table=x", "export=xlsx&table=0"):
        assert scene.browser("owner").get(f"/cases/?{query}").status_code == 404
    assert scene.browser("owner").get("/cases/?export=exe").headers["Content-Type"].startswith("text/html")
