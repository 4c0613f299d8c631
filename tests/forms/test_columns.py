"""Columns: values over the variables of the work, their order, and what is wrong with them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anyshore import forms
from anyshore.base.errors import FormError
from anyshore.base.temporal import Date
from anyshore.forms.columns import order

TEXT = """
forms:
  decide:
    title: {en: Decide}
    columns:
      supplier: {title: {en: Supplier, de: Lieferant}, of: bill.seller.name}
      amount: {title: {en: Amount}, of: bill.due, kind: amount, currency: bill.currency}
      by: {title: {en: By}, of: date(bill.until), kind: date}
      parts: {title: {en: Parts}, of: count(bill.lines), kind: number}
    fields: []
"""
BILL = {"seller": {"name": "Mill"}, "due": Decimal("12.50"), "currency": "EUR", "until": "2026-05-01", "lines": [1, 2]}


def test_columns_are_computed_from_the_variables() -> None:
    columns = forms.loads(TEXT)["decide"].columns
    assert [one.id for one in columns] == ["supplier", "amount", "by", "parts"]
    known = {"bill": BILL}
    assert [one.value(known) for one in columns] == ["Mill", Decimal("12.50"), Date.parse("2026-05-01"), Decimal(2)]
    assert columns[1].currency_of(known) == "EUR"
    assert columns[0].currency_of(known) == ""


@pytest.mark.parametrize("known", [{}, {"bill": None}, {"bill": 7}, {"bill": {"due": None, "currency": 1}}])
def test_what_is_not_there_is_not_shown(known: dict[str, object]) -> None:
    columns = forms.loads(TEXT)["decide"].columns
    assert [one.value(known) for one in columns[:3]] == [None, None, None]
    assert columns[1].currency_of(known) == ""


def test_values_are_sorted_as_people_do_and_what_is_missing_comes_last() -> None:
    given = [None, Decimal("10"), Decimal("9.5"), Decimal("-1"), True]
    assert sorted(given, key=order) == [Decimal("-1"), True, Decimal("9.5"), Decimal("10"), None]
    assert sorted(["beta", "Alpha", "alpha"], key=order) == ["Alpha", "alpha", "beta"]
    dates = [Date.parse("2026-10-01"), Date.parse("2026-09-30")]
    assert sorted(dates, key=order) == dates[::-1]
    mixed = ["text", Decimal(3), None, [1], {"a": 1}]
    assert sorted(mixed, key=order)[0] == Decimal(3)
    assert sorted(mixed, key=order)[-1] is None


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("of: bill.seller.name", "of: bill.", "feel.syntax"),
        ("kind: amount, currency", "kind: number, currency", "form.currency"),
        ("kind: date", "kind: day", "yaml.value"),
        ("title: {en: By}", "title: {fr: By}", "yaml.missing-key"),
        ("columns:", "colums:", "yaml.unknown-key"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, code: str) -> None:
    assert old in TEXT
    with pytest.raises(FormError) as caught:
        forms.loads(TEXT.replace(old, new), file="forms.yaml")
    found = [one for one in caught.value.diagnostics if one.code == code]
    assert found
    assert found[0].location.file == "forms.yaml"
    assert found[0].location.line == 1 + TEXT[: TEXT.index(old)].count("\n")


def test_a_desk_and_a_view_are_words_of_the_format() -> None:
    given = TEXT.replace(
        "    columns:", "    desk: review\n    view: {as: einvoice, of: bill, document: scan}\n    columns:"
    )
    form = forms.loads(given)["decide"]
    assert form.desk == "review"
    assert form.view is not None
    assert (form.view.kind, form.view.variables) == ("einvoice", {"bill"})
    assert form.view.document.evaluate({"scan": "abc"}) == "abc"
    with pytest.raises(FormError, match="desk"):
        forms.loads(given.replace("desk: review", "desk: kitchen"))
    with pytest.raises(FormError, match="as"):
        forms.loads(given.replace("as: einvoice", "as: photo"))
