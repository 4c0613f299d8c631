"""A portfolio typed in the browser, and a table whose columns are named there."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anyshore.web.portfolio.models import Portfolio

FOREIGN = "Vorgang;Land;Daten;Stück;Bemerkung\nRechnungen;DE;internal;1200;x\nLohn;DE;personal;850;\n".encode()


def typed(world: Any, **rows: str) -> Any:
    body = {"organisation": world.client.pk, "name": "Mine", "rows": "3"} | rows
    return world.browser("owner").post("/sourcing/typed/", body)


def test_what_is_typed_is_decided(world: Any) -> None:
    page = world.browser("owner").get("/sourcing/typed/?rows=3").content.decode()
    assert page.count('name="activity-') == 3
    answer = typed(world, **{
        "activity-0": "Invoices", "client_country-0": "DE", "data_class-0": "internal", "driven_by-0": "rules",
        "activity-2": "Valuation", "client_country-2": "DE", "data_class-2": "secret", "volume_per_month-2": "12",
    })  # fmt: skip
    assert answer.status_code == 302
    found = Portfolio.objects.get()
    assert list(found.decided.values_list("activity", flat=True)) == ["Invoices", "Valuation"]
    assert found.name == "Mine.csv"


def test_what_was_typed_stays_where_something_is_wrong(world: Any) -> None:
    answer = typed(world, **{"activity-0": "Invoices", "client_country-0": "Nowhere", "data_class-0": "internal"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Invoices"' in page
    assert "is no country code" in unescape(page)
    assert typed(world).status_code == 422
    assert not Portfolio.objects.exists()


@pytest.mark.parametrize("rows", ["0", "999999", "x", "-3"])
def test_any_number_of_rows_can_be_asked_for(world: Any, rows: str) -> None:
    assert world.browser("owner").get(f"/sourcing/typed/?rows={rows}").status_code == 200


def upload(world: Any, content: bytes, name: str = "liste.csv") -> Any:
    file = SimpleUploadedFile(name, content, "text/csv")
    return world.browser("owner").post("/sourcing/columns/", {"organisation": world.client.pk, "file": file})


def carried(page: str) -> str:
    return unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)[1])  # type: ignore[index]


def test_columns_of_another_name_are_chosen_previewed_and_decided(world: Any) -> None:
    first = upload(world, FOREIGN)
    assert first.status_code == 200
    body = {
        "organisation": world.client.pk, "name": "liste.csv", "table": carried(first.content.decode()), "activity": "0",
        "client_country": "1", "data_class": "2", "volume_per_month": "3",
    }  # fmt: skip
    shown = world.browser("owner").post("/sourcing/columns/", body | {"preview": "1"})
    assert "Rechnungen · Lohn" in shown.content.decode()
    assert not Portfolio.objects.exists()
    assert world.browser("owner").post("/sourcing/columns/", body | {"decide": "1"}).status_code == 302
    found = Portfolio.objects.get()
    assert [(one.activity, int(one.volume)) for one in found.decided.all()] == [("Rechnungen", 1200), ("Lohn", 850)]


def test_names_that_fit_are_chosen_already(world: Any) -> None:
    page = upload(world, b"Activity,Client Country,data class\nA,DE,public\n").content.decode()
    assert page.count("selected") == 3


@pytest.mark.parametrize(
    ("choice", "told"),
    [({"activity": "0"}, "Choose a column for"),
     ({"activity": "0", "client_country": "0", "data_class": "0"}, "chosen twice"),
     ({"activity": "9", "client_country": "x", "data_class": "1"}, "Choose a column for")],
)  # fmt: skip
def test_a_choice_that_does_not_work_is_told(world: Any, choice: dict[str, str], told: str) -> None:
    body = {"organisation": world.client.pk, "name": "l", "table": FOREIGN.decode(), "decide": "1"} | choice
    answer = world.browser("owner").post("/sourcing/columns/", body)
    assert answer.status_code == 422
    assert told in unescape(answer.content.decode())


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PK\x03\x04broken", b"a\n" * 5_002])
def test_a_table_that_cannot_be_used_is_refused(world: Any, content: bytes) -> None:
    assert upload(world, content).status_code == 422
    body = {"organisation": world.client.pk, "name": "l", "table": ""}
    assert world.browser("owner").post("/sourcing/columns/", body).status_code == 422
