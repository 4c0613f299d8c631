"""A service run on a file of rows as one batch: the command, the queues, the figures of the pages, the proofs."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from anyshore.base.errors import DataError
from anyshore.base.tables.writing import write_csv
from anyshore.cli.main import app
from anyshore.host.batched import living
from anyshore.host.bulk import proving, whole
from anyshore.packs import making
from anyshore.terms.book import Book
from anyshore.terms.figures import figures
from anyshore.terms.invoice import draft
from anyshore.terms.months import month_of
from anyshore.web.core.models import Person
from anyshore.web.engagements import listed
from anyshore.web.engagements import queries as cards
from anyshore.web.engine import books, tally_checks
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.site import bulks, runs, services
from anyshore.web.work import actions, queries, queues

pytestmark = pytest.mark.django_db
AMOUNTS = [10, 20, 49, 50, 51, 60, 99, 100, 15, 45]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.HOME = str(tmp_path)
    return tmp_path


def pack(folder: Path) -> Path:
    """The template, whose rows may come many at once."""
    made = making.make("refunds", "bpo", folder)
    said = (made / "pack.yaml").read_text()
    said = said.replace("    identity: [number]\n", "    identity: each\n    bulk: true\n", 1)
    (made / "pack.yaml").write_text(said)
    return made


def rows(folder: Path, count: int = 40) -> Path:
    """Requests as a CSV: four in ten are to be decided by a person."""
    path = folder / "requests.csv"
    told = [(f"R-{number}", f"{AMOUNTS[number % 10]}.00") for number in range(1, count + 1)]
    path.write_text(write_csv([("number", "amount"), *told]))
    return path


def invoke(*words: str | Path) -> Any:
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def month(ready: services.Ready) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of this month as the pages count them, and as the ledger gives them case by case."""
    zone = ready.engagement.zone
    now = month_of(ready.host.clock(), zone)
    card = cards.card(ready.by, ready.engagement.key, str(now))
    paged = listed.invoice(ready.by, card)
    book = Book.of(books.entries(ready.engagement.key))
    plain = figures(draft(book, now, until=card.counted.until))
    for line in paged["lines"]:
        line.pop("behind")
    for one in paged["objectives"]:
        for name in ("results", "running", "left_out", "unmeasured", "counts"):
            one.pop(name)
    return {name: paged[name] for name in plain}, plain


def test_exceptions_are_pulled_like_any_work_and_the_pages_count_what_the_ledger_says(tmp_path: Path) -> None:
    ready = services.ready(str(pack(tmp_path)))
    row, fresh = bulks.run(ready, rows(tmp_path))
    assert (fresh, row.rows, row.through, row.waiting, row.alone) == (True, 40, 24, 16, 0)
    assert bulks.as_dict(row, fresh)["outcomes"] == {"granted": 24}
    assert Instance.objects.filter(engagement=ready.engagement.key, kind="process").count() == 0
    paged, plain = month(ready)
    assert paged == plain
    assert paged["lines"][0]["quantity"] == "24"
    ada = Person.objects.get(email__startswith="ada@")
    desk = queries.desk(ada, 5)
    queue = next(
        one for one in queues.queues(desk.waiting, desk.fitness, queues.Asked()) if one.key.endswith("decision")
    )
    assert [one.cells[0].text for one in queue.rows][:2] == ["51", "60"]
    assert queue.timed
    pulled = actions.pull(ada)
    assert pulled is not None
    assert Instance.objects.get(pk=pulled[0]).reference == "R-4"
    actions.complete(ada, *pulled, {"decision": "refuse", "reason": "Too much."})
    paged, plain = month(ready)
    assert paged == plain
    assert paged["lines"][0]["quantity"] == "25"
    assert tally_checks.check(ready.engagement.key) == []
    item = Wait.objects.filter(kind="work").order_by("instance").first()
    assert item is not None
    assert queries.item(ada, item.instance, item.wait)[1].pk == item.instance
    assert living.variables(ready.host, [item.instance]) == {}


def test_a_row_is_proved_without_the_others_and_a_changed_one_is_found(tmp_path: Path) -> None:
    folder, path = pack(tmp_path), rows(tmp_path, 300)
    told = invoke("run", folder, path, "--bulk", "--json")[0]
    assert (told["rows"], told["new"]) == (300, True)
    assert invoke("run", folder, path, "--bulk", "--json")[0]["new"] is False
    engagement, number = services.ready(str(folder)).engagement.key, told["first"] + 16
    proof = tmp_path / "row.json"
    invoke("ledger", "prove", engagement, number, "--out", proof, "--json")
    anchor = f"{told['entry']}:{proving.read(proof).entry.hash}"
    checked = invoke("ledger", "check-proof", proof, "--anchor", anchor, "--json")
    assert (checked["row"]["number"], checked["row"]["@rule rule"]) == ("R-17", "2")
    found = proving.read(proof)
    for changed in (found.text.replace("R-17", "R-18"), found.text.replace("100.00", "1.00")):
        found.text = changed
        assert [one.code for one in proving.check(found)] == ["bulk.row"]
    again = proving.read(proof)
    again.row += 1
    assert proving.check(again)
    invoke("ledger", "rows", engagement, told["batch"], "--out", tmp_path / "rows", "--json")
    export = tmp_path / "ledger.jsonl"
    invoke("ledger", "export", engagement, "--out", export, "--json")
    assert invoke("ledger", "verify", export, "--rows", tmp_path / "rows", "--json")["findings"] == []
    document = next((tmp_path / "rows").iterdir())
    document.write_bytes(document.read_bytes()[:-1])
    found = CliRunner().invoke(app, ["ledger", "verify", str(export), "--rows", str(document)])
    assert found.exit_code == 1
    assert "no document of a batch" in " ".join(found.output.split())


def test_what_is_no_batch_is_said_before_there_is_one(tmp_path: Path) -> None:
    ready = services.ready(str(making.make("refunds", "bpo", tmp_path)))
    with pytest.raises(DataError, match="takes in no file of rows as a batch"):
        bulks.run(ready, rows(tmp_path))
    (tmp_path / "more").mkdir()
    ready = services.ready(str(pack(tmp_path / "more")))
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="cannot be read"):
        bulks.run(ready, tmp_path / "broken.parquet")
    with ready.host.store.transaction() as tx:
        assert tx.batches() == []


def test_lines_of_a_csv_that_are_none_are_refused_by_their_number(tmp_path: Path) -> None:
    ready = services.ready(str(pack(tmp_path)))
    path = tmp_path / "some.csv"
    path.write_text("number,amount\nA,12.50\nB,twelve\nC,\nD,51.255\n")
    row, _ = bulks.run(ready, path)
    assert (row.rows, row.through, row.waiting) == (2, 1, 1)
    found = whole.kind_of(ready.pack)
    assert found.bulk
    assert bulks.as_dict(row, True)["refused"] == 2
    number = row.id * 10**9 + 2
    assert living.variables(ready.host, [number])[number]["amount"] == Decimal("51.255")


def test_one_by_one_comes_to_the_same(tmp_path: Path) -> None:
    """The same file received row by row: same outcomes, same lines of the invoice."""
    ready = services.ready(str(pack(tmp_path)))
    bulks.run(ready, rows(tmp_path))
    many = month(ready)[1]["lines"][0]["quantity"]
    done = runs.run(ready, runs.source(ready, [rows(tmp_path)], None, None))
    assert done.outcome.cases == 40
    assert int(month(ready)[1]["lines"][0]["quantity"]) == 2 * int(many)
