from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from anyshore.activities.common.credit_transfer import NAMESPACE, Account, Payment, credit_transfer
from anyshore.base.errors import DataError

BOSS = Account("Musterbau & Söhne GmbH", "DE89 3704 0044 0532 0130 00")
MADE = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The official schema, as sepaxml carries it."""
    pytest.importorskip("sepaxml")
    content = files("sepaxml").joinpath("schemas", "pain.001.001.09.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(content))


def pay(amount: str = "1234.50", name: str = "Zoë Šimunović-Größer", text: str = "Gehalt März 2026") -> Payment:
    return Payment("1001/2026-03", Account(name, "AT611904300234573201"), Decimal(amount), text)


def test_a_message_is_valid_and_adds_up(schema: etree.XMLSchema) -> None:
    root = etree.fromstring(
        credit_transfer("PAY-2026-03-7", MADE, BOSS, date(2026, 3, 31), [pay(), pay("0.01")], "SALA")
    )
    schema.assertValid(root)
    found = {one.tag.rpartition("}")[2]: one.text for one in root.iter() if one.text and one.text.strip()}
    assert found["CtrlSum"] == "1234.51"
    assert found["NbOfTxs"] == "2"
    assert found["Dt"] == "2026-03-31"
    assert [one.text for one in root.iter(f"{{{NAMESPACE}}}Nm")] == [
        "Musterbau + Soehne GmbH", "Musterbau + Soehne GmbH", "Zoe Simunovic-Groesser", "Zoe Simunovic-Groesser",
    ]  # fmt: skip


@given(st.text(min_size=1, max_size=200), st.text(max_size=300), st.integers(1, 10**11))
def test_whatever_people_are_called_the_message_is_valid(name: str, text: str, cents: int) -> None:
    pytest.importorskip("sepaxml")
    content = files("sepaxml").joinpath("schemas", "pain.001.001.09.xsd").read_bytes()
    amount = str(Decimal(cents).scaleb(-2))
    root = etree.fromstring(credit_transfer("M", MADE, BOSS, date(2026, 3, 31), [pay(amount, name, text)], "SUPP"))
    _SCHEMAS.setdefault("one", etree.XMLSchema(etree.fromstring(content))).assertValid(root)


_SCHEMAS: dict[str, etree.XMLSchema] = {}


@pytest.mark.parametrize("payments", [[], [pay("0")], [pay("-5")], [pay("1.001")]])
def test_what_cannot_be_paid_is_refused(payments: list[Payment]) -> None:
    with pytest.raises(DataError) as found:
        credit_transfer("M", MADE, BOSS, date(2026, 3, 31), payments, "SALA")
    assert found.value.code == "payment.refused"


def test_every_account_that_is_none_is_named() -> None:
    wrong = Payment("1", Account("Anna", "DE88370400440532013000"), Decimal(1), "x")
    with pytest.raises(DataError, match=r"Boss: no IBAN; Anna: DE88"):
        credit_transfer("M", MADE, Account("Boss", ""), date(2026, 3, 31), [wrong], "SUPP")
