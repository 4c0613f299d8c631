"""Invoices survive the plain form in which processes hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from anyshore.activities.einvoice import Invoice, read
from anyshore.base.plain import from_values, to_values


@pytest.mark.parametrize("name", ["01-matching-ubl.xml", "02-matching-cii.xml", "11-credit-note-ubl.xml"])
def test_invoices_go_there_and_back(samples: Path, name: str) -> None:
    invoice = read(samples / name)
    assert from_values(Invoice, to_values(invoice)) == invoice
