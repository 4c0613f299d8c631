"""MT940 and MT942: every statement, every entry with its sign and days, or a refusal with the line."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.bank import mt940
from anyshore.activities.bank.model import Entry, Message
from anyshore.base.errors import DataError

HEAD = ":20:A\n:25:10020030/1234567\n:28C:1/1\n:60F:C260102EUR100,\n"
FOOT = ":62F:C260105EUR100,\n-\n"


def entries(*lines: str) -> tuple[Entry, ...]:
    text = HEAD + "".join(f"{line}\n" for line in lines) + FOOT
    (statement,) = mt940.read(text.encode(), "a.sta").statements
    return statement.entries


@pytest.mark.parametrize(
    ("line", "amount", "reversal", "status"),
    [
        (":61:260105C12,50NTRFNONREF", "12.50", False, "booked"),
        (":61:260105D12,NTRFNONREF", "-12", False, "booked"),
        (":61:260105RC12,50NTRFNONREF", "-12.50", True, "booked"),
        (":61:260105RD12,50NTRFNONREF", "12.50", True, "booked"),
        (":61:2601050105RCR12,50NTRFNONREF", "-12.50", True, "booked"),
        (":61:2601050105RDR0,08NTRFNONREF", "0.08", True, "booked"),
        (":61:2601050105CR12,5NTRFNONREF", "12.5", False, "booked"),
        (":61:260105    DD12,50NTRFNONREF//", "-12.50", False, "booked"),
        (":61:260105EC12,50NTRFNONREF", "12.50", False, "future"),
        (":61:260105D,50NTRFNONREF", "-0.50", False, "booked"),
    ],
)
def test_marks_and_amounts(line: str, amount: str, reversal: bool, status: str) -> None:
    (entry,) = entries(line)
    assert (str(entry.money.amount), entry.reversal, entry.status) == (amount, reversal, status)
    assert entry.line == 5


@pytest.mark.parametrize(
    ("value", "booked", "expected"),
    [
        ("260102", "1231", date(2025, 12, 31)),
        ("251231", "0102", date(2026, 1, 2)),
        ("260301", "0301", date(2026, 3, 1)),
        ("240301", "0229", date(2024, 2, 29)),
        ("990104", "0104", date(1999, 1, 4)),
    ],
)
def test_the_day_of_entry_takes_the_nearest_year(value: str, booked: str, expected: date) -> None:
    (entry,) = entries(f":61:{value}{booked}C1,NTRFNONREF")
    assert entry.booked is not None
    assert entry.booked.day == expected


def test_the_thirtieth_of_february_is_told() -> None:
    text = HEAD + ":61:2602300301D6,00N024NONREF\n" + FOOT
    (statement,) = mt940.read(text.encode()).statements
    assert statement.entries[0].value is not None
    assert statement.entries[0].value.day == date(2026, 2, 28)
    assert "260230" in statement.notes[0]


def test_references_and_what_follows_them() -> None:
    first, second, third = entries(
        ":61:260105C1,NTRFK-4711//B-1\nmore", ":61:260105D1,N0440121470966      W.P. Jansen", ":61:260105D1,NTRFNONREF"
    )
    assert first.details[0].references == {"customer": "K-4711"}
    assert (first.bank_reference, first.information) == ("B-1", "more")
    assert (second.details[0].references, second.information) == ({"customer": "0121470966"}, "W.P. Jansen")
    assert (third.details[0].references, third.bank_reference) == ({}, None)


def test_a_file_holds_as_many_statements_as_it_says() -> None:
    text = "{1:F01X}{4:\n" + HEAD + FOOT.rstrip() + "}{5:}\nABNANL2A\n940\n" + HEAD.replace("1234567", "7654321") + FOOT
    read = mt940.read(text.encode())
    assert [one.account.number for one in read.statements] == ["1234567", "7654321"]
    assert [one.account.bank for one in read.statements] == ["10020030", "10020030"]


def test_a_time_that_the_bank_wrapped_is_no_field() -> None:
    (entry,) = entries(":61:260105C1,NTRFNONREF", ":86:106?20EREF+X 2026-01-05T16", ":20:37 Fo?21lgenr. 7")
    assert entry.details[0].references["EndToEndId"] == "X 2026-01-05T16:20:37 Folgenr. 7"


def test_several_fields_86_are_one_text() -> None:
    (entry,) = entries(":61:260105D1,N044NONREF", ":86:Terugboeking", ":86:KOSTEN JUNI")
    assert entry.details[0].unstructured == ("Terugboeking\nKOSTEN JUNI",)


def test_mt942_knows_its_currency_and_totals() -> None:
    text = ":20:A\n:25:GJB1\n:28C:1/1\n:34F:USD0,00\n:13D:2601051730+0000\n:61:260105D2,30NTRFNONREF\n:90D:1USD2,30\n"
    read = mt940.read(text.encode())
    (statement,) = read.statements
    assert (read.format, statement.kind) == ("mt942", "report")
    assert statement.entries[0].money.currency == "USD"
    assert (statement.totals[0].direction, statement.totals[0].count) == ("debit", 1)


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("nothing\n", 1, "bank.mt940.nothing"),
        (":61:260105C1,NTRFNONREF\n", 1, "bank.mt940.before"),
        (":20:A\n:28C:1\n", 1, "bank.mt940.account"),
        (HEAD + ":61:260105X1,NTRF\n" + FOOT, 5, "bank.mt940.entry"),
        (HEAD + ":61:261305C1,NTRFNONREF\n" + FOOT, 5, "bank.mt940.day"),
        (HEAD + ":61:2601050231C1,NTRFNONREF\n" + FOOT, 5, "bank.mt940.day"),
        (HEAD + f":61:260105C{'9' * 16},NTRFNONREF\n" + FOOT, 5, "bank.mt940.amount"),
        (HEAD + ":25:166?00GUTSCHRIFT\n" + FOOT, 5, "bank.mt940.twice"),
        (HEAD + FOOT + ":61:260105C1,NTRFNONREF\n", 7, "bank.mt940.outside"),
        (HEAD + ":62F:C260105EUR100,\n:61:260105C1,NTRFNONREF\n", 6, "bank.mt940.after"),
        (HEAD + ":17X:what\n" + FOOT, 5, "bank.mt940.field"),
        (":20:A\n:25:1\n:60F:Z260102EUR1,\n", 3, "bank.mt940.balance"),
        (":20:A\n:25:1\n:61:260105C1,NTRFNONREF\n", 3, "bank.mt940.currency"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: int, code: str) -> None:
    with pytest.raises(DataError) as problem:
        mt940.read(text.encode(), "a.sta")
    assert (problem.value.code, problem.value.location.file, problem.value.location.line) == (code, "a.sta", line)


TAGS = [
    ":20:A",
    ":25:1/2",
    ":28C:1/1",
    ":60F:C260102EUR1,",
    ":61:260105C1,NTRF",
    ":86:166?20SVWZ+a?31",
    ":62F:D260105EUR1,",
    "-",
    ":64:",
]


@settings(max_examples=examples(150))
@given(st.lists(st.one_of(st.sampled_from(TAGS), st.text(max_size=12)), max_size=14), st.sampled_from(["\n", "\r\n"]))
def test_whatever_arrives_is_read_or_refused(lines: list[str], end: str) -> None:
    content = end.join(lines).encode("utf-8", "surrogatepass")
    heads = [line for line in content.decode("utf-8", "replace").split("\n") if line.startswith(":20:")]
    answer = _read_or_refused(content)
    assert len(answer.statements) == len(heads) if isinstance(answer, Message) else answer is not None


def _read_or_refused(content: bytes) -> Message | int | None:
    """What is read, or the line at which it is refused."""
    try:
        return mt940.read(content, "in.sta")
    except DataError as problem:
        return problem.location.line


@settings(max_examples=examples(100))
@given(
    st.lists(
        st.tuples(st.decimals(0, 10**9, places=2), st.sampled_from(["C", "D", "RC", "RD"])), min_size=1, max_size=9
    )
)
def test_what_is_written_is_read(rows: list[tuple[Decimal, str]]) -> None:
    lines = [
        f":61:2601050105{mark}{str(amount).replace('.', ',')}NTRFNONREF//{n}" for n, (amount, mark) in enumerate(rows)
    ]
    read = entries(*lines)
    signs = [amount if mark in ("C", "RD") else -amount for amount, mark in rows]
    assert [entry.money.amount for entry in read] == signs
    assert [entry.bank_reference for entry in read] == [str(n) for n in range(len(rows))]
