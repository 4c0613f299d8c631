"""Direct debit messages are valid by the official schema, and creditor identifiers by their check digits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from anyshore.activities.common.credit_transfer import Account
from anyshore.activities.common.direct_debit import NAMESPACE, Collection, Creditor, direct_debit, is_creditor_id
from anyshore.base.errors import DataError

WHO = Creditor(Account("Nordwerk & Söhne GmbH", "DE89 3704 0044 0532 0130 00"), "DE98ZZZ09999999999")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ONE = Collection(
    "RE-101", Account("Zoë Größer", "AT611904300234573201"), Decimal("119.00"), "Rechnung RE-101", "M-1",
    date(2025, 1, 7), "FRST", "CORE", date(2026, 3, 16),
)  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The official schema, as sepaxml carries it."""
    pytest.importorskip("sepaxml")
    return etree.XMLSchema(etree.fromstring(files("sepaxml").joinpath("schemas", "pain.008.001.08.xsd").read_bytes()))


def values(root: etree._Element, name: str) -> list[str | None]:
    return [one.text for one in root.iter(f"{{{NAMESPACE}}}{name}")]


def test_a_message_is_valid_and_has_a_block_for_each_day_scheme_and_sequence(schema: etree.XMLSchema) -> None:
    more = [
        replace(ONE, id="RE-102", sequence="RCUR", amount=Decimal("0.01")),
        replace(ONE, id="RE-103", sequence="RCUR", day=date(2026, 3, 17)),
        replace(ONE, id="RE-104", scheme="B2B"),
        replace(ONE, id="RE-105"),
    ]
    root = etree.fromstring(direct_debit("D" * 31, MADE, WHO, [ONE, *more]))
    schema.assertValid(root)
    blocks = list(zip(values(root, "ReqdColltnDt"), values(root, "SeqTp"), strict=True))
    assert blocks == [("2026-03-16", "FRST"), ("2026-03-16", "FRST"), ("2026-03-16", "RCUR"), ("2026-03-17", "RCUR")]
    assert values(root, "CtrlSum") == ["476.01", "119.00", "238.00", "0.01", "119.00"]
    assert values(root, "NbOfTxs")[0] == "5"
    assert set(values(root, "MndtId")) == {"M-1"}
    assert len(set(values(root, "PmtInfId"))) == 4


@example("0", "", "/", 1)  # nothing is left of the mandate
@example("0", "", "M" * 34 + "/1", 1)  # a slash at the end once it is cut
@given(
    st.text(min_size=1, max_size=200), st.text(max_size=300), st.text(min_size=1, max_size=60), st.integers(1, 10**10)
)
def test_whatever_people_are_called_the_message_is_valid(name: str, text: str, mandate: str, cents: int) -> None:
    pytest.importorskip("sepaxml")
    one = replace(
        ONE, debtor=replace(ONE.debtor, name=name), text=text, mandate=mandate, amount=Decimal(cents).scaleb(-2)
    )
    if "one" not in _SCHEMAS:
        content = files("sepaxml").joinpath("schemas", "pain.008.001.08.xsd").read_bytes()
        _SCHEMAS["one"] = etree.XMLSchema(etree.fromstring(content))
    root = etree.fromstring(direct_debit("D", MADE, WHO, [one]))
    _SCHEMAS["one"].assertValid(root)
    (reference,) = values(root, "MndtId")
    assert reference is not None
    assert reference == reference.strip("/")
    assert "//" not in reference


_SCHEMAS: dict[str, etree.XMLSchema] = {}


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("DE98ZZZ09999999999", True),
        ("de98 zzz0 9999 9999 99", True),
        ("DE98ABC09999999999", True),  # the business code is not checked
        ("AT61ZZZ01234567890", True),
        ("DE97ZZZ09999999999", False),
        ("DE98ZZZ09999999998", False),
        ("DE98", False),
        ("", False),
    ],
)
def test_a_creditor_identifier_has_check_digits(text: str, valid: bool) -> None:
    assert is_creditor_id(text) is valid


@pytest.mark.parametrize(
    ("who", "collections"),
    [
        (WHO, []),
        (WHO, [replace(ONE, amount=Decimal(0))]),
        (WHO, [replace(ONE, amount=Decimal("1.001"))]),
        (WHO, [replace(ONE, debtor=Account("X", "DE00"))]),
        (replace(WHO, id="DE97ZZZ09999999999"), [ONE]),
    ],
)
def test_what_cannot_be_collected_is_refused(who: Creditor, collections: list[Collection]) -> None:
    with pytest.raises(DataError) as found:
        direct_debit("D", MADE, who, collections)
    assert found.value.code == "payment.refused"
