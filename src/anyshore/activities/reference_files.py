"""Reference data that people keep in files: a reader per kind of record."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anyshore.activities.activity import Values
from anyshore.activities.payables import orders, sellers

READERS: Mapping[str, Callable[[bytes, str], list[tuple[str, Values]]]] = {
    orders.KIND: lambda content, file: orders.rows(orders.read_orders(content, file)),
    sellers.KIND: lambda content, file: sellers.rows(sellers.read_sellers(content, file)),
}
"""From content and file name to rows (key, data), or ``DataError`` with every problem located."""

FILES: Mapping[str, str] = {"purchase-orders.csv": orders.KIND, "sellers.csv": sellers.KIND}
"""The names under which they are found in a folder."""
