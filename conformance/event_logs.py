"""Figures of event logs against those of pm4py: a log passes when all of ``pm4py_expected.json`` are equal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from anyshore.sourcing.event_log.counts import Counts, count
from anyshore.sourcing.event_log.reading import ENDINGS, read
from conformance.folders import of_suite, told
from conformance.scores import Score

EXPECTED = "pm4py_expected.json"


def run(data: Path) -> Score:
    """Counts every log of which figures are expected, from each file it is given as."""
    score = Score("event-logs", 0, 0)
    for expected in sorted(of_suite(data, "event-logs").rglob(EXPECTED)):
        for name, wanted in json.loads(expected.read_text(encoding="utf-8")).items():
            score.total += 1
            wrong = told(lambda f=expected.parent, n=name, w=wanted: _wrong(f, n, w), lambda why: why)
            if wrong:
                score.failed.append(f"{name}: {wrong}")
            else:
                score.passed += 1
    return score


def _wrong(folder: Path, name: str, wanted: dict[str, Any]) -> str:
    """What differs; empty where nothing does."""
    paths = [path for ending in ENDINGS if (path := folder / f"{name}{ending}").is_file()]
    if not paths:
        return "there is no file of this log"
    differing = [f"{path.name} {key}" for path in paths for key in _differing(count(read(path)), wanted)]
    return ", ".join(differing)


def _differing(found: Counts, wanted: dict[str, Any]) -> list[str]:
    most = found.largest_variants
    plain = {
        "events": found.events, "cases": found.cases, "activities": found.activities, "variants": found.variants,
        "cases_in_ten_most_frequent_variants": sum(most), "most_frequent_variant_cases": most[0],
        "directly_follows_pairs": len(found.follows), "directly_follows_total": sum(found.follows.values()),
    }  # fmt: skip
    differing = [key for key, value in plain.items() if key in wanted and wanted[key] != value]
    if abs(found.median_duration_s - wanted.get("median_case_duration_s", found.median_duration_s)) > 1e-6:
        differing.append("median_case_duration_s")
    pairs = {(first, second): times for first, second, times in wanted.get("top_directly_follows", ())}
    listed = {
        "start_activities": found.starts, "end_activities": found.ends, "rework_cases_per_activity": found.rework,
    }  # fmt: skip
    differing += [key for key, values in listed.items() if key in wanted and not _tops(values, wanted[key])]
    if "top_directly_follows" in wanted and not _tops(found.follows, pairs):
        differing.append("top_directly_follows")
    known = {*plain, *listed, "median_case_duration_s", "top_directly_follows"}
    return differing + sorted(f"{key} (not counted)" for key in wanted.keys() - known)


def _tops(found: dict[Any, int], top: dict[Any, int]) -> bool:
    """Whether a list of the most frequent is right: the values are, and none that is left out is above the last."""
    if any(found.get(key) != times for key, times in top.items()):
        return False
    rest = [times for key, times in found.items() if key not in top]
    return max(rest, default=0) <= min(top.values(), default=0)
