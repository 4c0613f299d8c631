"""Addresses as browsers resolve them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.website.links import MOST_LETTERS, resolved

PAGE = "https://shop.example/a/b.html?x=1#top"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("c.html", "https://shop.example/a/c.html"), ("/c", "https://shop.example/c"), ("?y", "https://shop.example/a/b.html?y"),
        ("#end", "https://shop.example/a/b.html?x=1#end"), ("//other.example", "https://other.example/"),
        ("../../../c", "https://shop.example/c"), ("mailto:me@shop.example", "mailto:me@shop.example"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"), (" \n/c\t", "https://shop.example/c"),
        ("https:\\\\shop.example\\c", "https://shop.example/c"),
    ],
)  # fmt: skip
def test_a_link_leads_where_a_browser_goes(link: str, address: str) -> None:
    assert resolved(link, PAGE) == address


@pytest.mark.parametrize("link", ["https://", "https://a b/", "https://[::1", "https://shop.example:99999/", "/c"])
def test_what_is_no_address_is_refused(link: str) -> None:
    with pytest.raises(DataError, match="is no address"):
        resolved(link)


def test_a_label_that_is_no_punycode_is_refused() -> None:
    with pytest.raises(DataError):
        resolved("http://xn--99999999999.example/")
    assert resolved("http://xn--bcher-kva.example/") == "http://xn--bcher-kva.example/"


def test_an_endless_link_is_refused() -> None:
    with pytest.raises(DataError, match="too long"):
        resolved("a" * (MOST_LETTERS + 1), PAGE)


@given(st.text(max_size=40))
def test_whatever_stands_there_is_resolved_or_refused(link: str) -> None:
    try:
        once = resolved(link, PAGE)
    except DataError:
        return
    assert resolved(once) == once
