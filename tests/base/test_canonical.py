"""The canonical form is that of any JSON library, so that the other side can recompute a digest."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base import canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
)


@given(PLAIN)
def test_the_form_is_that_of_any_json_library(value: object) -> None:
    expected = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical.encode(value) == expected
    assert canonical.digest(value) == hashlib.sha256(expected).hexdigest()


def test_the_order_of_keys_makes_no_difference() -> None:
    assert canonical.digest({"b": 1, "a": [None, "ä"]}) == canonical.digest({"a": [None, "ä"], "b": 1})


def test_half_a_character_has_no_form() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical.encode("\ud800")
