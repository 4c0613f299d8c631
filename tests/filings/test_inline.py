"""Facts in pages: formats, scale, sign, continuations, what is hidden, what is excluded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.filings.samples import page

from anyshore.filings import filing
from anyshore.filings.transformations import transform


def shown(text: str, more: str = "") -> str:
    return f'<ix:nonFraction name="g:Sales" contextRef="y" unitRef="usd" decimals="0" {more}>{text}</ix:nonFraction>'


def read(body: str, hidden: str = "") -> filing.Filing:
    return filing.read({"page.htm": page(body, hidden=hidden)})


@pytest.mark.parametrize(
    ("text", "more", "value"),
    [
        ("1,234.5", 'format="ixt:num-dot-decimal"', "1234.5"), ("1.234,5", 'format="ixt:num-comma-decimal"', "1234.5"),
        ("12.5", 'scale="6"', "12500000"), ("3", 'sign="-"', "-3"), ("5", 'scale="-2"', "0.05"),
        ("—", 'format="ixt:fixed-zero"', "0"), ("-", 'format="ixt:zerodash"', "0"),
        ("1 234", 'format="ixt:numspacedot"', "1234"),
        ("no", 'format="ixt-sec:numwordsen"', "0"), ("two hundred and five", 'format="ixt-sec:numwordsen"', "205"),
        ("<b>1</b>2", "", "12"), ("0", 'sign="-"', "0"),
    ],
)  # fmt: skip
def test_a_number_in_a_page(text: str, more: str, value: str) -> None:
    (one,) = read(f"<p>{shown(text, more)}</p>").facts
    assert one.value == Decimal(value)
    assert (one.concept, one.hidden) == ("{http://public.example/gaap}Sales", False)


def test_a_number_within_a_number_is_two_facts() -> None:
    outer = shown(shown("40", 'scale="3"'), 'scale="3"')
    assert [one.value for one in read(outer).facts] == [Decimal(40000), Decimal(40000)]


def test_nil_in_a_page_is_not_zero() -> None:
    (one,) = read(shown("", 'xsi:nil="true"')).facts
    assert (one.nil, one.value) == (True, None)


def test_a_hidden_fact_is_marked() -> None:
    assert read("", hidden=shown("7")).facts[0].hidden


def test_text_goes_on_in_its_continuations_without_what_is_excluded() -> None:
    body = (
        '<p><ix:nonNumeric name="g:Policy" contextRef="y" continuedAt="c1">We <ix:exclude>12</ix:exclude>sell'
        ' </ix:nonNumeric></p><ix:continuation id="c2"> and repair.</ix:continuation>'
        '<ix:continuation id="c1" continuedAt="c2">machines</ix:continuation>'
    )
    (one,) = read(body).facts
    assert (one.text, one.value, one.numeric) == ("We sell machines and repair.", None, False)


def test_escaped_text_keeps_its_markup() -> None:
    body = '<ix:nonNumeric name="g:Policy" contextRef="y" escape="true"><p class="a">5 &lt; 6</p></ix:nonNumeric>'
    assert read(body).facts[0].text == '<p class="a">5 &lt; 6</p>'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (shown("1.5.2"), "is no number"), (shown("-5"), "without a sign"), (shown("x", 'format="ixt:nothing"'),
        "unknown"),
        (shown("1", 'format="ixt:fixed-zero" scale="9999"'), "scale"),
        ('<ix:nonNumeric name="g:P" contextRef="y" continuedAt="c">a</ix:nonNumeric>', "no continuation"),
        ('<ix:nonNumeric name="g:P" contextRef="y" continuedAt="c">a</ix:nonNumeric>'
         '<ix:continuation id="c" continuedAt="c">b</ix:continuation>', "comes back"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(body: str, said: str) -> None:
    found = read(body)
    assert found.facts == []
    (problem,) = found.problems
    assert said in problem.message
    assert problem.location.line


@pytest.mark.parametrize(
    ("rule", "text", "value"),
    [
        ("date-day-monthname-year-en", "31 December 2025", "2025-12-31"),
        ("datemonthdayyear", "12/31/2025", "2025-12-31"),
        ("date-day-month-year", "31.12.25", "2025-12-31"),
        ("date-monthname-day-year-en", "Dec. 31, 2025", "2025-12-31"),
        ("date-day-monthname-year-de", "31. März 2025", "2025-03-31"), ("datemonthdayen", "June 30", "--06-30"),
        ("datedaymonthdk", "", None), ("fixed-true", "Yes", "true"), ("nocontent", "anything", ""),
        ("boolballotbox", "☒", "true"), ("boolballotbox", "☐", "false"), ("duryear", "2.5", "P2Y6M"),
        ("durmonth", "18 months", "P18M"), ("durday", "ten", "P10D"), ("numdotdecimal", "1.000,00", None),
        ("date-month-day-year", "13/31/2025", None), ("numwordsen", "many", None), ("zerodash", "x", None),
        ("num-unit-decimal", "5 pounds 20 pence", "5.20"),
    ],
)  # fmt: skip
def test_the_rules_of_the_registry(rule: str, text: str, value: str | None) -> None:
    if value is None:
        with pytest.raises((ValueError, KeyError)):
            transform(rule, text)
    else:
        assert transform(rule, text) == value
