"""Counts on a diagram with their sentences, for pointers and screen readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import ngettext


def titled(counts: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Element → its name and its counts, each with a sentence in the reader's language."""
    found = {}
    for element, one in counts.items():
        active, passed, incidents = (one.get(name, 0) for name in ("active", "passed", "incidents"))
        found[element] = {
            **one,
            "name": names.get(element, element),
            "active_title": ngettext("%d is here", "%d are here", active) % active,
            "passed_title": ngettext("%d passed", "%d passed", passed) % passed,
            "incidents_title": ngettext("%d incident", "%d incidents", incidents) % incidents,
        }
    return found
