import subprocess
import sys
from dataclasses import is_dataclass

import pytest

from anyshore.activities import families
from anyshore.activities.activity import Activity
from anyshore.activities.memory import MemoryContext
from anyshore.base.errors import DataError, DefinitionError, HostError
from anyshore.base.plain import to_value

ACCOUNTS = {"expense_account": "6815", "vat_account": "1406", "payables_account": "3300"}


@pytest.mark.parametrize("activity", families.ACTIVITIES.values(), ids=lambda a: a.name)
def test_rows_are_complete(activity: Activity[object, object]) -> None:
    assert is_dataclass(activity.input)
    assert is_dataclass(activity.output)
    assert activity.summary.endswith(".")
    assert {*activity.reads, *activity.writes} <= set(families.record_kinds())


def test_a_family_is_imported_when_something_of_it_is_asked_for() -> None:
    """Who starts the program does not wait for processors of XSLT and models of texts."""
    program = """
import sys
import anyshore.cli.main, anyshore.host.driver, anyshore.host.memory, anyshore.packs.reading
from anyshore.activities import families
heavy = {"saxonche", "sklearn", "scipy", *families.FAMILIES.values()}
anyshore.host.driver.Host(anyshore.host.memory.MemoryStore(), families.ACTIVITIES)
print(sorted(heavy & set(sys.modules)))
families.get("einvoice.read")
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['anyshore.activities.einvoice.table']"]


def test_every_row_stands_in_the_family_its_name_begins_with() -> None:
    for name in families.FAMILIES:
        found = families.family(name)
        assert found.activities
        assert {one.name.partition(".")[0] for one in found.activities} == {name}
        assert {key.partition(".")[0] for key in found.readers} <= {name}
    assert len(families.ACTIVITIES) == len(list(families.ACTIVITIES)) == len(set(families.ACTIVITIES))
    assert families.written_kinds() <= set(families.record_kinds())
    with pytest.raises(DefinitionError, match="no family"):
        families.family("payable")


def test_a_reader_is_found_by_its_name() -> None:
    assert families.reader("payables.sellers")(b"vat_id,name,iban,expense_account\n", "sellers.csv") == []
    for wrong in ("payables.seller", "payable.sellers", "sellers"):
        with pytest.raises(DefinitionError, match=r"no reader") as caught:
            families.reader(wrong)
        assert "payables.sellers" in (caught.value.hint or "")


def test_unknown_activity_lists_the_known() -> None:
    with pytest.raises(DefinitionError, match=r"payables\.book"):
        families.run("payables.pay", {}, MemoryContext())


def test_input_that_does_not_fit_is_refused(context: MemoryContext) -> None:
    with pytest.raises(DataError) as caught:
        families.run("einvoice.read", {"documnet": "x"}, context)
    assert {d.code for d in caught.value.diagnostics} == {"plain.unknown-field", "plain.missing-field"}


def test_a_document_the_host_does_not_have_is_a_failure(context: MemoryContext) -> None:
    with pytest.raises(HostError, match=r"no document 'none\.xml'"):
        families.run("einvoice.read", {"document": "none.xml"}, context)


def test_what_a_sender_got_wrong_is_a_result(context: MemoryContext) -> None:
    read = families.run("einvoice.read", {"document": "07-schema-broken-ubl.xml"}, context)
    assert read["readable"] is False
    assert [(p["code"], p["element"], int(p["line"])) for p in read["problems"]] == [  # type: ignore[attr-defined]
        ("einvoice.not-a-date", "IssueDate", 7)
    ]
    checked = families.run("einvoice.validate", {"document": "08-not-xml.xml"}, context)
    assert (checked["valid"], checked["rules"]) == (False, None)
    assert checked["problems"]


def _run(context: MemoryContext, name: str) -> dict[str, object]:
    """All activities over one sample, each as a job of its own; results are plain values throughout."""
    results: dict[str, object] = {}

    def job(activity: str, values: dict[str, object]) -> dict[str, object]:
        result = families.run(activity, values, context.with_key(f"{name}/{activity}"))
        assert to_value(result) == result
        results[activity] = result
        return result

    if not job("einvoice.validate", {"document": name})["valid"]:
        return results
    invoice = job("einvoice.read", {"document": name})["invoice"]
    seller = job("payables.check-seller", {"invoice": invoice})
    found = job("payables.find-duplicates", {"invoice": invoice, "document": name})
    match = job("payables.match-order", {"invoice": invoice})
    clean = seller["known"] and seller["account_agrees"] and not found["exact"] and not found["near"]
    if clean and match["outcome"] == "found" and not match["discrepancies"]:
        allocations = match["allocations"]
        job("payables.book", {"invoice": invoice, "order": match["order"], "allocations": allocations, **ACCOUNTS})
    return results


BOOKED = {
    "01-matching-ubl.xml",
    "02-matching-cii.xml",
    "11-credit-note-ubl.xml",
    "12-two-rates-cii.xml",
    "13-reverse-charge-cii.xml",
    "15-factur-x.pdf",
    "16-delivered-in-part-ubl.xml",
}


def test_samples_meet_every_branch(context: MemoryContext) -> None:
    results = {name: _run(context, name) for name in sorted(context.documents)}
    assert {name for name, result in results.items() if "payables.book" in result} == BOOKED
    assert {name for name, result in results.items() if len(result) == 1} == {
        "06-wrong-total-ubl.xml",
        "07-schema-broken-ubl.xml",
        "08-not-xml.xml",
    }
    duplicates = {
        name: (found["exact"], found["near"], [d["id"] for d in found["duplicates"]])  # type: ignore[index]
        for name, result in results.items()
        if (found := result.get("payables.find-duplicates")) and found["duplicates"]  # type: ignore[index]
    }
    assert duplicates == {
        "09-duplicate-of-01-ubl.xml": (True, False, ["01-matching-ubl.xml/payables.find-duplicates"]),
        "10-near-duplicate-of-02-cii.xml": (False, True, ["02-matching-cii.xml/payables.find-duplicates"]),
    }


def test_a_second_run_of_every_job_changes_nothing(context: MemoryContext) -> None:
    names = sorted(context.documents)
    first = {name: _run(context, name) for name in names}
    rows = {kind: dict(records.rows) for kind, records in context.tables.items()}
    again = {name: _run(context, name) for name in names}
    assert {kind: records.rows for kind, records in context.tables.items()} == rows
    for name in names:
        booked = first[name].get("payables.book")
        if booked:
            assert again[name]["payables.book"] == booked | {"booked": False}  # type: ignore[operator]
        assert again[name].get("payables.find-duplicates") == first[name].get("payables.find-duplicates")
