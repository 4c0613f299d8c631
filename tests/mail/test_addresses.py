"""The policy on addresses, and registrable domains."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import DataError
from anyshore.mail import addresses, domains


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("jo.miller+x@Customer.EXAMPLE", "jo.miller+x@customer.example"),
        (" jo@x.example (work)", "jo@x.example"),
        ('"jo miller"@x.example', '"jo miller"@x.example'),
        ("jo@müller.example", "jo@xn--mller-kva.example"),
        ("a@io", "a@io"),
    ],
)
def test_what_is_accepted(text: str, read: str) -> None:
    assert str(addresses.read(text)) == read


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("jo", 3),
        ("@x.example", 1),
        ("jo@", 4),
        (".jo@x.example", 1),
        ("jo..m@x.example", 4),
        ("jo@-x.example", 4),
        ("jo@x.123", 4),
        ("jo@x_y.example", 5),
        ("jo @x.example", 3),
        ('"jo@x.example', 1),
        ("(jo@x.example", 1),
        ("jo@[192.0.2.1]", 4),
        ("jo@x.example\r", 13),
        ("jö@x.example", 2),
        ("a" * 65 + "@x.example", 1),
        ("jo@" + "a" * 64 + ".example", 4),
        ("a@b@c.example", 4),
        ("jo@grüße.example", 4),
    ],
)
def test_what_is_refused_and_where(text: str, column: int) -> None:
    with pytest.raises(DataError, match=r"mail\.address") as refused:
        addresses.read(text)
    assert refused.value.location.column == column


def test_addresses_of_machines_only_where_they_are_asked_for() -> None:
    assert str(addresses.read("jo@[IPv6:2001:DB8:0::1]", literals=True)) == "jo@[IPv6:2001:db8::1]"
    assert addresses.read("JO@[192.0.2.1]", literals=True).key == "jo@[192.0.2.1]"


@settings(max_examples=examples(100))
@given(st.text(alphabet='a1.@-_"\\()[] \t\r\n:ü,<>', max_size=30))
def test_what_is_read_can_be_read_again(text: str) -> None:
    if addresses.is_address(text):
        once = addresses.read(text)
        assert addresses.read(str(once)) == once


def test_domains_of_one_organisation() -> None:
    assert domains.registrable("Mail.Desk.co.uk.") == "desk.co.uk"
    assert domains.registrable("co.uk") == domains.registrable("") == domains.registrable("a..b") == ""
    assert domains.same_organisation("a.desk.example", "b.desk.example")
    assert not domains.same_organisation("a.github.io", "b.github.io")
