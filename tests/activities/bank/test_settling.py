"""Importing, suggesting, booking and undoing, as the service runs them."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.activities.bank import importing, lines, mt940, open_items, settling, suggesting
from anyshore.activities.bank.importing import ReadInput
from anyshore.activities.bank.items import Line
from anyshore.activities.bank.settling import Accounts, BookInput, PostInput, UndoInput
from anyshore.activities.bank.suggesting import ChooseInput, MatchInput, Suggested
from anyshore.activities.common.postings import KIND, Entry, sums
from anyshore.activities.memory import MemoryContext
from anyshore.base.errors import DataError, HostError
from anyshore.base.plain import from_values

SAMPLES = Path(__file__).resolve().parents[3] / "src/anyshore/services/bpo/bank-reconciliation/samples"
ACCOUNTS = Accounts("1200", "1400", "1600", "2309", "1590", "4970")
FIRST = ReadInput("01-proved.sta")


@pytest.fixture
def bank() -> MemoryContext:
    context = MemoryContext(documents={file.name: file.read_bytes() for file in SAMPLES.iterdir()})
    context.load(open_items.KIND, open_items.rows(open_items.read_items(SAMPLES / "open-items.csv")))
    return context


def suggested(bank: MemoryContext, document: str = "01-proved.sta") -> list[Suggested]:
    read = importing.import_statement(ReadInput(document), bank.with_key(f"import {document}"))
    return list(suggesting.match_lines(MatchInput(read.lines), bank).found)


def left(bank: MemoryContext) -> dict[str, Decimal]:
    return {item.id: item.amount for item in open_items.left(bank)}


def book(bank: MemoryContext, one: Suggested, key: str, *, by_person: bool = False) -> settling.BookOutcome:
    return settling.book_match(BookInput(one.line, one.match, ACCOUNTS, by_person), bank.with_key(key))


def test_reading_keeps_nothing(bank: MemoryContext) -> None:
    found = importing.read_statement(FIRST, bank)
    assert (found.readable, found.sound, found.format, len(found.lines)) == (True, True, "mt940", 5)
    assert bank.records(importing.LINE).rows == bank.records(importing.STATEMENT).rows == {}


def test_importing_is_idempotent(bank: MemoryContext) -> None:
    once = importing.import_statement(FIRST, bank.with_key("a"))
    assert importing.import_statement(FIRST, bank.with_key("a")) == once
    again = importing.import_statement(ReadInput("02-some-lines-again.sta"), bank.with_key("b"))
    assert (again.lines, again.repeated, again.sound) == ((), 5, True)
    assert len(bank.records(importing.LINE).rows) == 5


def test_equal_lines_of_one_statement_are_several() -> None:
    text = ":20:A\n:25:1\n:60F:C260102EUR0,\n" + ":61:260105C1,NTRFNONREF\n" * 3 + ":62F:C260105EUR3,\n"
    (statement,) = mt940.read(text.encode()).statements
    assert len({line.id for line in lines.of(statement)}) == 3
    assert lines.of(statement) == lines.of(statement)


def test_gaps_are_found_across_files_and_on_every_attempt(bank: MemoryContext) -> None:
    importing.import_statement(FIRST, bank.with_key("a"))
    later = ReadInput("05-returned-debit.xml")
    seen = importing.read_statement(later, bank.with_key("b"))
    assert [gap.rpartition(": ")[2] for gap in seen.gaps] == ["11501.60 closed, 14894.10 opens", "41 is followed by 43"]
    assert not seen.sound
    kept = importing.import_statement(later, bank.with_key("b"))
    assert kept.gaps == importing.import_statement(later, bank.with_key("b")).gaps == seen.gaps
    between = importing.import_statement(ReadInput("04-batch-and-charges.xml"), bank.with_key("c"))
    assert between.gaps == ()


def test_what_is_no_statement_is_a_result(bank: MemoryContext) -> None:
    found = importing.read_statement(ReadInput("06-not-a-statement.txt"), bank)
    assert (found.readable, found.problems[0].code) == (False, "bank.format")


def test_a_batch_is_taken_apart_and_its_charge_stands_alone(bank: MemoryContext) -> None:
    found = importing.read_statement(ReadInput("04-batch-and-charges.xml"), bank).lines
    assert [(str(line.amount), line.charge) for line in found] == [
        ("2380.00", False), ("714.00", False), ("-1.50", True), ("300.00", False)
    ]  # fmt: skip
    assert sum(line.amount for line in found[:3]) == Decimal("3092.50")


def test_booking_settles_and_undoing_opens_again(bank: MemoryContext) -> None:
    before = left(bank)
    one = suggested(bank)[0]
    done = book(bank, one, "b1")
    assert (done.booked, book(bank, one, "b1")) == (True, done)
    assert set(before) - set(left(bank)) == {"1001"}
    undone = settling.undo_match(UndoInput(one.line.id, "wrong customer"), bank.with_key("u1"))
    assert (undone.undone, undone.items, undone.line) == (True, ("1001",), one.line.id)
    assert settling.undo_match(UndoInput(one.line.id, "wrong customer"), bank.with_key("u1")) == undone
    assert left(bank) == before
    assert not settling.undo_match(UndoInput(one.line.id, "again"), bank.with_key("u2")).undone
    again = suggesting.match_lines(MatchInput((one.line,)), bank).found[0].match
    assert (again.automatic, again.reason) == (False, "was undone before: wrong customer")
    assert _balances(bank) == {"1200": 0, "1400": 0}


def _balances(bank: MemoryContext) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in bank.records(KIND).find():
        posting = from_values(settling.Posting, row.data, KIND)
        assert len(set(sums(posting.entries))) == 1
        for entry in posting.entries:
            found[entry.account] = found.get(entry.account, Decimal(0)) + _signed(entry)
    return found


def _signed(entry: Entry) -> Decimal:
    return entry.amount if entry.side == "debit" else -entry.amount


def test_two_lines_do_not_settle_one_item(bank: MemoryContext) -> None:
    one = suggested(bank)[0]
    twin = Suggested(Line("other", one.line.amount, "EUR"), one.match)
    assert book(bank, one, "b1").booked
    assert not book(bank, twin, "b2").booked
    assert not book(bank, one, "b3").booked
    assert len(bank.records(KIND).rows) == 1
    assert not book(bank, twin, "b2").booked


def test_a_match_counts_while_the_file_shows_what_it_showed(bank: MemoryContext) -> None:
    book(bank, suggested(bank)[0], "b1")
    replaced = MemoryContext(tables={open_items.MATCH: bank.records(open_items.MATCH)})
    items = [replace(item, amount=Decimal("90.00")) for item in open_items.listed(bank).values() if item.id == "1001"]
    replaced.load(open_items.KIND, open_items.rows(items))
    assert left(replaced) == {"1001": Decimal("90.00")}


def test_a_person_chooses_and_is_learned_from(bank: MemoryContext) -> None:
    doubtful = suggested(bank)[2]
    assert doubtful.match.outcome == "none"
    chosen = suggesting.choose(ChooseInput(doubtful.line, "RE-2026-0104"), bank).match
    assert (chosen.outcome, chosen.evidence, chosen.allocations[0].item) == ("exact", "person", "1004")
    assert book(bank, Suggested(doubtful.line, chosen), "b1", by_person=True).booked
    stranger = Line("L2", Decimal(500), "EUR", iban=doubtful.line.iban)
    learned = open_items.learned(bank)
    assert learned.partner(stranger) == "K300"
    assert suggesting.choose(ChooseInput(doubtful.line, "RE-1, 1003"), bank).unknown == ("RE-1",)
    assert suggesting.choose(ChooseInput(doubtful.line, "2001"), bank).match.outcome == "none"


def test_a_part_is_paid_where_a_person_says_so(bank: MemoryContext) -> None:
    part = Line("L1", Decimal(100), "EUR")
    chosen = suggesting.choose(ChooseInput(part, "1001"), bank).match
    assert (chosen.outcome, chosen.allocations[0].cleared) == ("partial", 100)
    assert book(bank, Suggested(part, chosen), "b1", by_person=True).booked
    assert left(bank)["1001"] == 1090


def test_a_returned_debit_opens_its_item(bank: MemoryContext) -> None:
    debit = next(one for one in suggested(bank, "04-batch-and-charges.xml") if one.line.end_to_end == "DD-2026-0106")
    assert book(bank, debit, "b1").booked
    (back,) = suggested(bank, "05-returned-debit.xml")
    assert (back.reopens, back.sure, back.line.returned) == ("b1", True, "MD06")
    undo = UndoInput("b1", "returned: MD06", returned=True, line=back.line)
    assert settling.undo_match(undo, bank.with_key("u1")).items == ("1006",)
    assert left(bank)["1006"] == 714
    assert open_items.learned(bank).undone(debit.line.id, ["1006"]) is None
    mirror = bank.records(KIND).rows["b1/undone"]
    assert str(mirror.data["day"]) == "2026-03-05"
    assert _balances(bank) == {"1200": 0, "1400": 0}


def test_a_fee_is_posted_once(bank: MemoryContext) -> None:
    fee = suggested(bank)[4]
    post = PostInput(fee.line, "4970", ACCOUNTS, "account keeping")
    done = settling.post_line(post, bank.with_key("p1"))
    assert settling.post_line(post, bank.with_key("p1")) == done
    assert not settling.post_line(post, bank.with_key("p2")).booked
    assert _balances(bank) == {"1200": Decimal("-9.90"), "4970": Decimal("9.90")}


def test_a_write_off_and_an_excess_are_posted() -> None:
    context = MemoryContext()
    context.load(open_items.KIND, open_items.rows([open_items.OpenItem("a", "P", Decimal(100), "EUR", "RE-20261")]))
    rules = suggesting.Rules(tolerance_percent=Decimal(2))
    for amount, expected in (
        (Decimal(99), {"1200": 99, "1400": -100, "2309": 1}),
        (Decimal(103), {"1200": 103, "1400": -100, "1590": -3}),
    ):
        fresh = MemoryContext(tables=dict(context.tables))
        fresh.tables.pop(KIND, None)
        fresh.tables.pop(open_items.MATCH, None)
        paid = Line("L", amount, "EUR", text="RE-20261", partner="P")
        (one,) = suggesting.match_lines(MatchInput((paid,), rules), fresh).found
        assert book(fresh, one, "b").booked
        assert _balances(fresh) == expected


def test_a_key_is_not_used_for_two_things(bank: MemoryContext) -> None:
    first, second, *_ = suggested(bank)
    book(bank, first, "b1")
    with pytest.raises(HostError):
        book(bank, second, "b1")
    with pytest.raises(DataError, match="does not make its amount"):
        book(bank, Suggested(first.line, second.match), "b2")


def test_open_items_are_checked() -> None:
    content = "id;partner;name;amount;currency;number;ibans\n1;P;;1,00;EUR;A;DE00\n1;P;;2,00;EUR;B;\n"
    with pytest.raises(DataError) as problem:
        open_items.read_items(content.encode(), "a.csv")
    assert {one.code for one in problem.value.diagnostics} == {"bank.iban", "bank.items"}
