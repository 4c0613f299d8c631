"""What is installed to run has licences that Apache-2.0 can stand beside."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

FORBIDDEN = re.compile(
    r"(?<!L)\b(A?GPL|SSPL)|(?<!Lesser )General Public|Affero|Commons Clause|Business Source", re.IGNORECASE
)
SAID_ELSEWHERE = {"saxonche": "MPL-2.0"}
"""Distributions whose metadata names no licence, with the one their pages name."""


def key(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;(]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def licence(distribution: metadata.Distribution) -> str:
    about = distribution.metadata
    classifiers = [one for one in about.get_all("Classifier", []) if one.startswith("License ::")]
    return "; ".join(filter(None, [about.get("License-Expression"), *classifiers, (about.get("License") or "")[:80]]))


def needed() -> dict[str, str]:
    """Everything that running needs, with all parts, by name."""
    waiting = [key(one) for one in metadata.requires("anyshore") or []]
    found: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or another Python
        found[name] = licence(distribution) or SAID_ELSEWHERE.get(name, "")
        waiting += [key(one) for one in distribution.requires or [] if "extra ==" not in one]
    return found


def test_nothing_that_is_needed_to_run_binds_who_runs_it() -> None:
    found = needed()
    assert len(found) > 40
    assert {name: text for name, text in found.items() if FORBIDDEN.search(text)} == {}
    assert [name for name, text in found.items() if not text] == []


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("GPL-3.0-only", True), ("AGPL-3.0", True), ("License :: OSI Approved :: GNU General Public License v3", True),
        ("GNU Affero General Public License", True), ("LGPL-3.0-only", False), ("MIT", False), ("MPL-2.0", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)", False),
    ],
)  # fmt: skip
def test_the_words_are_told_apart(text: str, forbidden: bool) -> None:
    assert bool(FORBIDDEN.search(text)) is forbidden
