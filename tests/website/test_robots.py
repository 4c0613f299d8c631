"""What a robots.txt lets a crawler look at, by RFC 9309."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.website import robots

TEXT = b"""# a shop
User-agent: *
Disallow: /cart
Disallow: /*.pdf$
Allow: /cart/help

User-agent: Probe
User-agent: Walker
Crawl-delay: 5
Disallow: /private/
Sitemap: https://shop.example/sitemap.xml

User-agent: Probe
Allow: /private/open
"""


@pytest.mark.parametrize(
    ("agent", "address", "allowed"),
    [
        ("other", "https://shop.example/", True), ("other", "https://shop.example/cart", False),
        ("other", "https://shop.example/cart/help", True), ("other", "https://shop.example/list.pdf", False),
        ("other", "https://shop.example/list.pdf?page=2", True), ("other", "https://shop.example/Cart", True),
        ("probe", "https://shop.example/cart", True), ("PROBE", "https://shop.example/private/x", False),
        ("walker", "https://shop.example/private/open", False), ("probe", "/private/open", True),
        ("probe", "https://shop.example/a?to=//b/private/", True), ("probe", "https://shop.example", True),
    ],
)  # fmt: skip
def test_the_longest_rule_of_ones_own_group_decides(agent: str, address: str, allowed: bool) -> None:
    assert robots.read(TEXT).allows(agent, address) is allowed


def test_sitemaps_are_told_and_the_rule_is_named() -> None:
    found = robots.read(TEXT)
    assert found.sitemaps == ("https://shop.example/sitemap.xml",)
    rule = found.decides("probe", "/private/x")
    assert rule is not None
    assert (rule.allow, rule.path, rule.line) == (False, "/private/", 10)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84"), ("/foo/bar/%e3%83%84", "/foo/bar/ツ"),
        ("/foo/%62%61%7A", "/foo/baz"), ("/a%2fb", "/a%2Fb"),
    ],
)  # fmt: skip
def test_paths_are_compared_as_section_2_2_2_says(pattern: str, path: str) -> None:
    assert not robots.read(f"user-agent: x\ndisallow: {pattern}".encode()).allows("x", path)


def test_a_reserved_letter_stays_encoded() -> None:
    assert robots.read(b"user-agent: x\ndisallow: /a%2Fb").allows("x", "/a/b")


def test_equals_let_in_and_an_empty_rule_says_nothing() -> None:
    assert robots.read(b"user-agent: x\ndisallow: /a\nallow: /a").allows("x", "/a")
    assert robots.read(b"user-agent: x\ndisallow:").allows("x", "/")


def test_an_index_is_its_folder() -> None:
    found = robots.read(b"user-agent: x\nallow: /shop/index.html\ndisallow: /")
    assert found.allows("x", "/shop/")
    assert found.allows("x", "/shop/index.html")
    assert not found.allows("x", "/shop/other")


def test_what_is_misspelt_is_read_as_meant() -> None:
    assert not robots.read(b"\xef\xbb\xbfuseragent x\rdissallow /").allows("x", "/")


def test_a_pattern_of_many_stars_costs_little() -> None:
    text = b"user-agent: x\ndisallow: /" + b"*a" * 2000 + b"b\n"
    assert robots.read(text).allows("x", "/" + "a" * 20_000)


def test_what_is_beyond_the_limit_is_passed_over() -> None:
    text = b"#" * robots.MOST_BYTES + b"\nuser-agent: x\ndisallow: /\n"
    assert robots.read(text).allows("x", "/")


@given(
    pattern=st.text("ab*$/", max_size=8), path=st.text("ab/$", max_size=8).map(lambda one: f"/{one}"),
)  # fmt: skip
def test_patterns_match_as_their_expression_does(pattern: str, path: str) -> None:
    whole = pattern.endswith("$")
    body = pattern.removesuffix("$") if whole else pattern
    expression = "".join(".*" if one == "*" else re.escape(one) for one in body) + (r"\Z" if whole else "")
    text = f"user-agent: x\ndisallow: {pattern}"
    assert robots.read(text.encode()).allows("x", path) is not bool(pattern and re.match(expression, path))


@given(st.binary(max_size=200))
def test_whatever_it_holds_something_comes_of_it(content: bytes) -> None:
    assert robots.read(content).allows("x", "/") in (True, False)
