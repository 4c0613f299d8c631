"""Draft terms of a settled decision: always a terms file that passes its check."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import TermsError
from anyshore.terms import reading
from anyshore.terms.drafting import Draft, drafted, key

START = date(2027, 1, 1)


def a_draft(**more: object) -> Draft:
    known = {
        "activity": "Accounts payable",
        "kind": "BPO",
        "client": "Musterbau GmbH",
        "country": "DE",
        "shore": "nearshore",
    }
    return Draft(**(known | {"data_class": "internal", "start": START} | more))  # type: ignore[arg-type]


def test_what_was_decided_is_filled_in() -> None:
    text = drafted(a_draft(
        provider="Beispiel sp. z o.o.", provider_country="PL", zone="Europe/Berlin", price=Decimal("2.40"),
        unit_cost=Decimal("4.20"), source="case of 2026", reason="Rules and volume.",
    ))  # fmt: skip
    terms = reading.loads(text)
    service = terms.services["accounts-payable"]
    assert (terms.provider.name, terms.shores, terms.start) == ("Beispiel sp. z o.o.", ("nearshore",), START)
    assert service.baseline is not None
    assert service.baseline.unit_cost == Decimal("4.20")
    assert "price: 2.40" in text
    assert "Rules and volume." in text


@pytest.mark.parametrize("kind", ["BPO", "KPO"])
def test_what_nobody_decided_is_marked(kind: str) -> None:
    text = drafted(a_draft(kind=kind))
    assert "# agree: who" in text
    assert "# agree: no case gives a price" in text
    assert reading.loads(text).services["accounts-payable"].kind == kind.lower()
    assert not reading.check(text)


@given(st.text(min_size=1, max_size=300), st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=examples(40), deadline=None)
def test_any_name_and_reason_gives_a_file_that_holds(activity: str, client: str, reason: str) -> None:
    text = drafted(a_draft(activity=activity, client=client, reason=reason))
    assert list(reading.loads(text).services) == [key(activity)]


def test_what_fits_no_terms_is_refused() -> None:
    for wrong in ({"zone": "Europe/Nowhere"}, {"country": "Germany"}, {"data_class": "weird"}):
        with pytest.raises(TermsError):
            drafted(a_draft(**wrong))
