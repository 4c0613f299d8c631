"""What is written on a command line for a survey is read, or refused with how to write it."""

from __future__ import annotations

import pytest

from anyshore.base.errors import DataError
from anyshore.surveys import sheets


def test_shares_and_caps_are_read() -> None:
    assert sheets.shares("1:49,2:51") == {"1": 49, "2": 51}
    assert sheets.caps("0.3:3") == (0.3, 3)


@pytest.mark.parametrize("read", [sheets.shares, sheets.caps])
def test_what_is_no_number_is_told(read: object) -> None:
    assert callable(read)
    with pytest.raises(DataError, match="'1:x' are no"):
        read("1:x")
