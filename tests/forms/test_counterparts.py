"""Counterparts: found in variables and reference data, compared field by field and line by line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from anyshore import forms
from anyshore.base.errors import FormError
from anyshore.forms.counterparts import Compared, compare

TEXT = """
forms:
  decide:
    title: {en: Decide}
    counterpart:
      order:
        title: {en: Order}
        none: {en: No such order.}
        lookup: {kind: orders, key: bill.order}
        of: record.order
        case: counterpart.case
        rows:
          - {title: {en: Supplier}, document: bill.supplier, counterpart: counterpart.supplier}
          - {title: {en: Net}, document: bill.net, counterpart: counterpart.net, kind: amount}
          - title: {en: Account}
            document: bill.accounts
            counterpart: counterpart.accounts
            same: every a in given satisfies list contains(known, a)
          - {title: {en: Note}, document: bill.note, counterpart: counterpart.note}
        lines:
          document: bill.lines
          counterpart: counterpart.lines
          pair: line.item = other.item
          title: if line != null then line.item else other.item
          rows:
            - {title: {en: Quantity}, document: line.quantity, counterpart: other.quantity, kind: number}
      earlier:
        title: {en: Earlier}
        of: earlier
        rows:
          - {title: {en: Net}, document: bill.net, counterpart: counterpart.net}
      contact:
        title: {en: Contact}
        lookup: {kind: people, where: {name: bill.supplier, active: true}}
        rows:
          - {title: {en: Mail}, document: bill.mail, counterpart: counterpart.mails}
    fields: []
"""
ORDER = {
    "supplier": "Nordlicht  GmbH", "net": Decimal("90.0"), "accounts": ["A", "B"], "case": Decimal(18),
    "lines": [{"item": "paper", "quantity": Decimal(2)}, {"item": "ink", "quantity": Decimal(1)}],
}  # fmt: skip
BILL = {
    "order": "PO-1", "supplier": "nordlicht gmbh", "net": Decimal("90"), "accounts": ["B"], "mail": "b@x",
    "lines": [{"item": "toner", "quantity": Decimal(1)}, {"item": "paper", "quantity": Decimal(3)}],
}  # fmt: skip
asked: list[Any] = []


def find(kind: str, key: str | None, where: Mapping[str, object]) -> Mapping[str, object] | None:
    asked.append((kind, key, dict(where)))
    if (kind, key) == ("orders", "PO-1"):
        return {"order": ORDER}
    return {"mails": ["a@x", "b@x"]} if where == {"name": "nordlicht gmbh", "active": True} else None


def compared(name: str, **known: object) -> list[Compared]:
    what = next(one for one in forms.loads(TEXT)["decide"].counterparts if one.id == name)
    return compare(what, known, find)


def test_fields_are_compared_as_people_read_them() -> None:
    [order] = compared("order", bill=BILL)
    assert order.found
    assert order.case == 18
    assert [(pair.title["en"], pair.same) for pair in order.pairs] == [
        ("Supplier", True), ("Net", True), ("Account", True)
    ], "case and spaces tell nothing, 90 is 90.0, and what neither has is left out"  # fmt: skip


def test_lines_find_their_own_and_what_is_left_over_is_told() -> None:
    [order] = compared("order", bill=BILL)
    assert [(line.title, line.alone) for line in order.lines] == [
        ("toner", "document"), ("paper", ""), ("ink", "counterpart")
    ]  # fmt: skip
    assert [[(pair.document, pair.counterpart) for pair in line.pairs] for line in order.lines] == [
        [(Decimal(1), None)], [(Decimal(3), Decimal(2))], [(None, Decimal(1))]
    ]  # fmt: skip
    assert order.differences == 3


def test_two_lines_of_one_item_take_two_lines() -> None:
    twice = BILL | {"lines": [{"item": "paper", "quantity": Decimal(n)} for n in (2, 1)]}
    [order] = compared("order", bill=twice)
    assert [(line.title, line.alone) for line in order.lines] == [
        ("paper", ""), ("paper", "document"), ("ink", "counterpart")
    ]  # fmt: skip


def test_a_rule_of_its_own_decides_whether_two_are_the_same() -> None:
    [order] = compared("order", bill=BILL | {"accounts": ["B", "C"]})
    assert [pair.same for pair in order.pairs] == [True, True, False]


@pytest.mark.parametrize("bill", [{"order": "PO-2"}, {"order": None}, {"order": 7}, {}, None])
def test_none_is_said_where_that_is_worth_saying(bill: object) -> None:
    [order] = compared("order", bill=bill)
    assert not order.found
    assert order.what.none["en"] == "No such order."
    assert compared("earlier", bill=bill) == []


def test_a_list_of_counterparts_is_compared_one_by_one() -> None:
    found = compared("earlier", bill=BILL, earlier=[{"net": Decimal(90)}, {"net": Decimal(91)}])
    assert [one.differences for one in found] == [0, 1]
    assert compared("earlier", bill=BILL, earlier=[]) == []


def test_a_record_is_found_by_its_fields_where_all_are_known() -> None:
    [contact] = compared("contact", bill=BILL)
    assert contact.pairs[0].same, "one of several on record is enough"
    asked.clear()
    assert compared("contact", bill={}) == []
    assert asked == [], "nothing is asked for by a field that is not known"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("pair: line.item = other.item", "pair: line.item = ", "feel.syntax"),
        ("        of: earlier\n", "", "form.counterpart"),
        ("key: bill.order}", "key: bill.order, where: {a: b}}", "form.lookup"),
        ("lookup: {kind: orders, key: bill.order}", "lookup: {kind: orders}", "form.lookup"),
        ("          title: if line != null then line.item else other.item\n", "", "yaml.missing-key"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, code: str) -> None:
    assert old in TEXT
    with pytest.raises(FormError) as caught:
        forms.loads(TEXT.replace(old, new), file="forms.yaml")
    [found] = [one for one in caught.value.diagnostics if one.code == code]
    assert found.location.line
