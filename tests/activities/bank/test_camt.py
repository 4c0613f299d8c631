"""CAMT messages: what every version says, and what none may leave out."""

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.bank import camt, reader
from anyshore.activities.bank.model import Message
from anyshore.base.errors import DataError

ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><RvslInd>true</RvslInd>{status}'
    "<BookgDt><Dt>2026-01-05</Dt></BookgDt>{more}</Ntry>"
)
BALANCE = (
    '<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    "<Dt><Dt>2026-01-05</Dt></Dt></Bal>"
)


def entry(amount: str = "1.00", sign: str = "CRDT", status: str = "<Sts>BOOK</Sts>", more: str = "") -> str:
    return ENTRY.format(amount=amount, sign=sign, status=status, more=more)


def document(body: str, version: str = "camt.053.001.02", names: tuple[str, str] = ("BkToCstmrStmt", "Stmt")) -> bytes:
    root, record = names
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><{root}><GrpHdr><MsgId>M</MsgId>'
        f"<CreDtTm>2026-01-05T08:00:00</CreDtTm></GrpHdr><{record}><Id>S</Id><Acct><Id><IBAN>DE89370400440532013000"
        f"</IBAN></Id></Acct>{body}</{record}></{root}></Document>"
    ).encode()


def read(body: str, *rest: object) -> Message:
    return camt.read(document(body, *rest), "a.xml")  # type: ignore[arg-type]


@pytest.mark.parametrize("number", range(1, 14))
@pytest.mark.parametrize(
    ("kind", "names"),
    [("2", ("BkToCstmrAcctRpt", "Rpt")), ("3", ("BkToCstmrStmt", "Stmt")), ("4", ("BkToCstmrDbtCdtNtfctn", "Ntfctn"))],
)
def test_every_version_of_every_message(number: int, kind: str, names: tuple[str, str]) -> None:
    root = f"{names[0]}V01" if number == 1 else names[0]
    status = "<Sts>BOOK</Sts>" if number < 8 else "<Sts><Cd>BOOK</Cd></Sts>"
    found = read(entry(status=status), f"camt.05{kind}.001.{number:02}", (root, names[1]))
    assert found.format == f"camt.05{kind}.001.{number:02}"
    assert found.statements[0].kind == {"2": "report", "3": "statement", "4": "notification"}[kind]
    assert found.statements[0].entries[0].counts


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1"])
def test_a_message_is_known_in_every_encoding_and_with_a_prefix(encoding: str) -> None:
    plain = document(entry(more="<AddtlNtryInf>Müller</AddtlNtryInf>")).decode()
    prefixed = re.sub(r"<(/?)(\w)", r"<\1p:\2", plain).replace("xmlns=", "xmlns:p=")
    for text in (plain, prefixed):
        content = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        assert reader.read(content).statements[0].entries[0].information == "Müller"


def test_the_end_of_a_day_is_the_first_instant_of_the_next() -> None:
    content = document(entry()).replace(b"2026-01-05T08:00:00", b"2026-01-31T24:00:00+01:00")
    assert str(camt.read(content).created) == "2026-02-01 00:00:00+01:00"
    late = document(entry()).replace(b"2026-01-05T08:00:00", b"2026-01-31T24:00:01")
    with pytest.raises(DataError, match="no point in time"):
        camt.read(late)


def test_only_what_is_booked_counts() -> None:
    statuses = ["<Sts>PDNG</Sts>", "<Sts><Cd>INFO</Cd></Sts>", "<Sts><Cd>FUTR</Cd></Sts>", "<Sts>BOOK</Sts>"]
    found = read("".join(entry(status=one) for one in statuses)).statements[0].entries
    assert [one.counts for one in found] == [False, False, False, True]


def test_a_reversal_has_the_sign_it_says() -> None:
    credit, debit, zero = read(entry() + entry(sign="DBIT") + entry("0.00", "DBIT")).statements[0].entries
    assert (credit.money.amount, debit.money.amount, str(zero.money.amount)) == (Decimal(1), Decimal(-1), "0.00")
    assert credit.reversal
    assert zero.direction == "debit"


def test_a_batch_has_its_transactions() -> None:
    one = (
        "<TxDtls><Refs><EndToEndId>{0}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy='EUR'>{0}</Amt></TxAmt></AmtDtls>"
        "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf><Chrgs><Amt Ccy='EUR'>0.5</Amt></Chrgs></TxDtls>"
    )
    batch = (
        f"<NtryDtls><Btch><PmtInfId>P</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>{one.format(3)}{one.format(4)}</NtryDtls>"
    )
    (found,) = read(entry("7", more=batch)).statements[0].entries
    assert (found.batch, found.transactions, len(found.details)) == ("P", 2, 2)
    assert [detail.references["EndToEndId"] for detail in found.details] == ["3", "4"]
    assert sum(detail.transaction.amount for detail in found.details if detail.transaction) == found.money.amount
    first = found.details[0]
    assert first.returned is not None
    assert first.returned.code == "AC04"
    assert first.charges is not None
    assert first.charges.records[0].money.amount == Decimal("-0.5")


def test_a_party_is_a_choice_since_version_eight() -> None:
    names = ("<Nm>A</Nm>", "<Pty><Nm>A</Nm></Pty>", "<Agt><FinInstnId><Nm>B</Nm></FinInstnId></Agt>")
    inside = [f"<NtryDtls><TxDtls><RltdPties><Dbtr>{one}</Dbtr></RltdPties></TxDtls></NtryDtls>" for one in names]
    found = read("".join(entry(more=more) for more in inside)).statements[0].entries
    assert [one.details[0].parties[0].name for one in found] == ["A", "A", "B"]
    assert [one.details[0].parties[0].financial for one in found] == [False, False, True]


def test_days_and_times() -> None:
    more = "<ValDt><DtTm>2026-01-06T00:30:00.123456789+01:00</DtTm></ValDt>"
    (found,) = read(entry(more=more)).statements[0].entries
    assert found.value is not None
    assert found.value.day == date(2026, 1, 6)
    assert found.value.at is not None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (entry(status=""), "bank.camt.missing"),
        (entry(status="<Sts>DONE</Sts>"), "bank.camt.status"),
        (entry(sign="PLUS"), "bank.camt.sign"),
        (entry("-1.00"), "bank.camt.amount"),
        (entry("1,00"), "bank.camt.amount"),
        (entry("1" * 19), "bank.camt.amount"),
        (entry().replace('Ccy="EUR"', ""), "bank.camt.currency"),
        (entry().replace("2026-01-05", "2026-02-30"), "bank.camt.day"),
        (entry().replace("<Dt>2026-01-05</Dt>", ""), "bank.camt.day"),
        (entry(more="<ValDt><DtTm>2026-01-05T25:00:00</DtTm></ValDt>"), "bank.camt.time"),
        (BALANCE.format(kind="OPBD", amount="1").replace("<Cd>OPBD</Cd>", ""), "bank.camt.missing"),
    ],
)
def test_what_is_missing_or_wrong_is_refused_with_its_place(body: str, code: str) -> None:
    with pytest.raises(DataError) as problem:
        read(body)
    assert problem.value.code == code
    assert problem.value.location.line is not None
    assert problem.value.location.file == "a.xml"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>', "bank.camt.format"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>', "bank.camt.empty"),
        (document("").replace(b"GrpHdr", b"Header"), "bank.camt.header"),
        (document("").replace(b"Acct>", b"Konto>"), "bank.camt.account"),
        (b"<", "xml.malformed"),
    ],
)
def test_what_is_no_message_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(DataError) as problem:
        camt.read(content, "a.xml")
    assert problem.value.code == code


WHOLE = document(BALANCE.format(kind="OPBD", amount="1") + entry() + BALANCE.format(kind="CLBD", amount="2"))


@settings(max_examples=examples(120))
@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.sampled_from([b"", b"<Cd>", b"</Amt>", b"x", b"-", b"\xff"]))
def test_whatever_arrives_is_read_or_refused(start: int, length: int, put: bytes) -> None:
    content = WHOLE[:start] + put + WHOLE[start + length :]
    with suppress(DataError):
        assert camt.read(content, "in.xml").statements
