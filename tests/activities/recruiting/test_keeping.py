"""What is kept for a time, on record: disputes stop it, what is due is listed once, and noted when it is gone."""

from datetime import date

from anyshore.activities.common import retention as holds
from anyshore.activities.memory import MemoryContext
from anyshore.activities.recruiting import applications, keeping
from anyshore.activities.recruiting.applications import Given, RecordInput
from anyshore.activities.recruiting.keeping import DeletedInput, DisputeInput, DueInput, KeepInput

REJECTED = date(2026, 3, 31)
DUE = DueInput(date(2026, 10, 1))


def kept(name: str = "A-1", rejected: date = REJECTED, pool_until: date | None = None) -> MemoryContext:
    context = MemoryContext()
    applications.record(RecordInput(name, "V-1", rejected, "", (Given("d1", "cv.pdf"),)), context)
    keeping.keep(KeepInput(name, rejected, pool_until), context)
    return context


def test_what_is_due_is_listed_with_its_documents_until_it_is_gone() -> None:
    context = kept()
    assert keeping.due(DueInput(date(2026, 9, 30)), context).due == ()
    (one,) = keeping.due(DUE, context).due
    assert (one.application, one.delete_on, one.documents) == ("A-1", date(2026, 10, 1), (Given("d1"),))
    assert keeping.deleted(DeletedInput(("A-1",), DUE.day), context).deleted == 1
    assert keeping.deleted(DeletedInput(("A-1",), DUE.day), context).deleted == 0
    assert keeping.due(DUE, context).due == ()


def test_a_dispute_stops_the_clock_and_its_end_lets_it_go_on() -> None:
    context = kept()
    raised = keeping.dispute(DisputeInput("A-1", date(2026, 5, 4)), context)
    assert (raised.known, raised.delete_on) == (True, None)
    assert keeping.due(DUE, context).due == ()
    again = context.with_key("job-2")
    settled = keeping.dispute(DisputeInput("A-1", date(2026, 5, 4), date(2027, 1, 7)), again)
    assert settled.delete_on == date(2027, 1, 8)
    assert keeping.due(DueInput(date(2027, 1, 8)), again).due[0].application == "A-1"


def test_the_first_word_on_an_application_holds_and_the_pool_keeps_it_longer() -> None:
    context = kept(pool_until=date(2028, 1, 1))
    keeping.keep(KeepInput("A-1", date(2026, 1, 1)), context)
    assert keeping.due(DUE, context).due == ()
    assert keeping.due(DueInput(date(2028, 1, 2)), context).due[0].why == "talent pool"


def test_a_talent_pool_keeps_by_consent_alone_what_no_claim_keeps() -> None:
    context = kept(pool_until=date(2028, 1, 1))
    found = {holds.read(row.data) for row in context.records(holds.KIND).find()}
    assert {(one.until, one.consent) for one in found} == {(date(2026, 9, 30), False), (date(2028, 1, 1), True)}


def test_an_application_nobody_keeps_is_unknown() -> None:
    context = kept()
    assert not keeping.dispute(DisputeInput("A-2", REJECTED), context).known
    keeping.keep(KeepInput("A-3"), context)
    assert keeping.due(DueInput(date(2099, 1, 1)), context).due[0].application == "A-1"


def test_a_file_somebody_sent_twice_stays_while_one_application_needs_it() -> None:
    context = kept()
    applications.record(RecordInput("A-2", "V-2", date(2026, 9, 1), "", (Given("d1", "cv.pdf"),)), context)
    assert keeping.due(DUE, context).due[0].documents == ()
    keeping.keep(KeepInput("A-2", REJECTED), context)
    assert [one.documents for one in keeping.due(DUE, context).due] == [(Given("d1"),)] * 2


def test_a_case_is_held_by_its_reference_and_no_name_of_a_file_is_kept() -> None:
    context = kept()
    held = [holds.read(row.data) for row in context.records(holds.KIND).find()]
    assert {(one.document, one.reference, one.until) for one in held} == {
        ("", "A-1", date(2026, 9, 30)), ("d1", "A-1", date(2026, 9, 30))
    }  # fmt: skip
    assert "cv.pdf" not in str([row.data for row in context.records(applications.KIND).find()])
