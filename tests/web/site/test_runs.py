"""Services made ready and run on files: those that come along, folders, and packs of an organisation's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anyshore.base.errors import DataError, PackError, TermsError
from anyshore.cli.main import app
from anyshore.packs import making
from anyshore.web.core.models import Engagement
from anyshore.web.engine.books import entries
from anyshore.web.engine.models import Instance, Pseudonym, Reference, Wait
from anyshore.web.site import runs, services
from anyshore.web.site.runs import Options

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.HOME = str(tmp_path)
    return tmp_path


@pytest.fixture
def refunds(tmp_path: Path) -> Path:
    return making.make("refunds", "bpo", tmp_path)


def test_a_folder_is_put_to_use_as_the_providers_own_pack_once(refunds: Path) -> None:
    ready = services.ready(str(refunds))
    done = runs.run(ready, runs.source(ready, [], None, None))
    assert (done.outcome.received, done.outcome.tally.untouched, done.outcome.sound) == (3, 2, True)
    again = services.ready(str(refunds))
    assert again.target == ready.target
    named = services.ready(f"{ready.engagement.provider.key}/refunds", ready.engagement.key)
    assert (named.target, named.pack.id) == (ready.target, "refunds")
    (refunds / "forms.yaml").write_text((refunds / "forms.yaml").read_text() + "\n# changed\n")
    assert services.ready(str(refunds)).target != ready.target


def test_what_cannot_be_made_ready_is_told(refunds: Path) -> None:
    with pytest.raises(PackError, match="no service pack"):
        services.ready("payrol")
    with pytest.raises(PackError, match="no service pack"):
        services.ready("nobody/refunds")
    with pytest.raises(TermsError, match="no engagement"):
        services.ready("payables", "nowhere")
    (refunds / "terms.yaml").unlink()
    with pytest.raises(PackError, match="no sample terms"):
        services.ready(str(refunds))


def test_a_play_answers_through_the_actions_of_the_pages(refunds: Path) -> None:
    ready = services.ready(str(refunds))
    done = runs.run(ready, runs.source(ready, [], None, None), Options(play=True))
    assert done.outcome.tally.outcomes == {"granted": 2, "refused": 1}
    assert [note["en"] for note in done.notes] == ["No person decided these requests; the play did."]
    taken = [entry for entry in entries(ready.engagement.key) if entry.type in ("work.taken", "work.completed")]
    assert [entry.type for entry in taken] == ["work.taken", "work.completed"]
    assert taken[1].data["performer"] == Pseudonym.objects.get(address__startswith="ada@").word


def test_what_a_pack_does_not_say_is_refused_before_anything_is_received(refunds: Path) -> None:
    text = (refunds / "pack.yaml").read_text()
    (refunds / "pack.yaml").write_text(text[: text.index("\nplay:")])
    ready = services.ready(str(refunds))
    for options in (Options(play=True), Options(simulate=True)):
        with pytest.raises(PackError):
            runs.run(ready, runs.source(ready, [], None, None), options)
    assert not Instance.objects.exists()


def test_a_contract_is_played_to_its_signed_memo_and_again(tmp_path: Path) -> None:
    ready = services.ready("contract-review")
    source = runs.source(ready, [], None, None)
    done = runs.run(ready, source, Options(play=True, out=tmp_path / "memos"))
    tally = done.outcome.tally
    assert (dict(tally.outcomes), done.outcome.problems) == ({"memo-signed": 1}, [])
    assert {name: one.value for name, one in tally.figures.items()} == {
        "findings": 6, "quotations": 6, "adjudicated": 1, "agreement": 0, "asked": 1
    }  # fmt: skip
    (page,) = done.deliverables
    assert page.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    turns = Instance.objects.get(kind="case").turns
    again = runs.run(ready, source, Options(play=True))
    assert (again.outcome.tally, Instance.objects.get(kind="case").turns) == (tally, turns)


def test_without_a_play_a_contract_waits_for_people() -> None:
    ready = services.ready("contract-review")
    tally = runs.run(ready, runs.source(ready, [], None, None)).outcome.tally
    assert tally.waiting.total() == 1
    assert set(Wait.objects.filter(kind="work").values_list("element", flat=True)) == {"check_conflicts", "agree_scope"}


def test_made_up_references_are_named_as_such(tmp_path: Path) -> None:
    ready = services.ready("payables")
    invoices = sorted(ready.pack.samples.glob("*.xml"))
    source = runs.Source(tuple(invoices))
    done = runs.run(ready, source, Options(simulate=True))
    assert done.outcome.tally.outcomes["invoice booked"] > 0
    assert "never to pay" in done.notes[0]["en"]
    assert Reference.objects.filter(engagement="payables", kind="purchase-order").exists()


def test_a_folder_of_real_files_is_the_one_the_pack_names(tmp_path: Path) -> None:
    ready = services.ready("payables")
    (tmp_path / "real" / "einvoice").mkdir(parents=True)
    found = runs.source(ready, [], tmp_path / "real", 7)
    assert (found.files, found.references, found.most) == ((tmp_path / "real" / "einvoice",),) * 1 + (
        tmp_path / "real" / "einvoice", 7
    )  # fmt: skip
    assert runs.source(ready, [], tmp_path / "real" / "einvoice", None).files == (tmp_path / "real" / "einvoice",)
    with pytest.raises(DataError, match="no folder or file"):
        runs.source(ready, [tmp_path / "nowhere"], None, None)


def test_the_ledger_describes_what_is_measured_once(refunds: Path) -> None:
    for _ in range(2):
        ready = services.ready(str(refunds))
    (described,) = [entry for entry in entries(ready.engagement.key) if entry.type == "service.described"]
    assert described.data["measures"]["amount"]["as"] == "sum"
    runs.run(ready, runs.source(ready, [], None, None))
    ends = [entry.data for entry in entries(ready.engagement.key) if entry.type == "instance.completed"]
    assert sorted((one["outcome"], one["measures"]["amount"]) for one in ends) == [("granted", "20"), ("granted", "30")]


def test_the_command_tells_it_all_and_its_status(refunds: Path, tmp_path: Path, monkeypatch) -> None:
    table = tmp_path / "r.csv"
    table.write_text("number,amount\nA,20\nB,\nA,20\n", encoding="utf-8")
    shown = CliRunner().invoke(app, ["run", str(refunds), str(table)])
    assert shown.exit_code == 1
    for text in ("Granted", "already here: case", "r.csv:3", "Not received (1)"):
        assert text in shown.stdout
    found = CliRunner().invoke(app, ["run", str(refunds), "--json", "--most", "1"])
    assert (found.exit_code, json.loads(found.stdout)["outcomes"]) == (0, {"granted": 2})
    ready = services.ready(str(refunds))
    plain = runs.as_dict(ready, runs.run(ready, runs.source(ready, [table], None, None)))
    assert (plain["received"], plain["cases"], len(plain["refused"]), len(plain["repeated"])) == (3, 1, 1, 1)
    assert Engagement.objects.count() == 1
