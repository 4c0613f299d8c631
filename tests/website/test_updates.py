"""Which parts have known weaknesses: versions, ranges, files that are none."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.website.checks.updates import Component, compared, components, weaknesses

IN_ORDER = (
    "0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
    "1.0.1", "1.2", "1.10.0", "2",
)  # fmt: skip


@pytest.mark.parametrize(("one", "other"), list(pairwise(IN_ORDER)))
def test_versions_are_in_the_order_of_semantic_versioning(one: str, other: str) -> None:
    assert compared(one, other) == -1
    assert compared(other, one) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("1.0", "1.0.0"), ("v1.2.3", "1.2.3+build.5"), ("2.0.0-rc.1", "2.0.0-rc.1")]
)
def test_what_is_written_otherwise_is_equal(one: str, other: str) -> None:
    assert compared(one, other) == 0


def advisory(*events: dict[str, str], **more: Any) -> bytes:
    affected = {
        "package": {"ecosystem": "npm", "name": "@a/b"}, "ranges": [{"type": "SEMVER", "events": list(events)}],
    }  # fmt: skip
    return json.dumps({"id": "X-1", "affected": [affected], **more}).encode()


def hit(version: str, content: bytes) -> str | None:
    found = weaknesses([Component("npm", "@a/b", version)], content)
    return found[0].fixed if found else None


@pytest.mark.parametrize(
    ("version", "fixed"),
    [("1.0.0", None), ("1.1.0", "1.1.5"), ("1.1.5", None), ("1.9.9", None), ("2.0.0", "2.0.3"), ("2.0.3", None)],
)
def test_ranges_may_be_several(version: str, fixed: str | None) -> None:
    events = ({"introduced": "1.1.0"}, {"fixed": "1.1.5"}, {"introduced": "2.0.0"}, {"fixed": "2.0.3"})
    assert hit(version, advisory(*events)) == fixed
    assert hit(version, advisory(*reversed(events))) == fixed


def test_what_has_no_mend_is_told_and_what_was_withdrawn_is_not() -> None:
    assert hit("5", advisory({"introduced": "0"})) == ""
    assert hit("5", advisory({"introduced": "0"}, {"last_affected": "5"})) == ""
    assert hit("5.1", advisory({"introduced": "0"}, {"last_affected": "5"})) is None
    assert hit("5", advisory({"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z")) is None
    assert weaknesses([Component("pypi", "@a/b", "5")], advisory({"introduced": "0"})) == []


def test_parts_are_read_from_their_package_urls_also_inside_others() -> None:
    bill = {
        "bomFormat": "CycloneDX",
        "components": [
            {"purl": "pkg:npm/%40a/b@1.0.0?x=y#z", "components": [{"purl": "pkg:pypi/Django@5.2"}]}, {"name": "own"}, 5,
        ],
    }  # fmt: skip
    assert components(json.dumps(bill).encode()) == [
        Component("npm", "@a/b", "1.0.0"),
        Component("pypi", "django", "5.2"),
    ]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"bomFormat": "SPDX"}', b"\xff"])
def test_what_is_no_bill_is_refused(content: bytes) -> None:
    with pytest.raises(DataError):
        components(content)


@given(st.text("0123456789.-abrcv+", max_size=12), st.text("0123456789.-abrcv+", max_size=12))
def test_any_two_versions_have_an_order(one: str, other: str) -> None:
    assert compared(one, other) == -compared(other, one)
    assert compared(one, one) == 0
