"""The sums filers state themselves: ``xbrl-filings/*.zip``, each sum of facts of the whole entity a case.

A sum that does not hold is listed with its children: what a reviewer has to look at. The filer, not the reader, is the
reason of most: a child has no value in that context.
"""

from __future__ import annotations

from pathlib import Path

from anyshore.base.decimals import plain
from anyshore.filings import filing, sums
from anyshore.filings.model import local
from anyshore.filings.sums import Sum
from conformance import folders
from conformance.scores import Score


def run(data: Path) -> Score:
    """Checks every sum of every zip below ``xbrl-filings``, or below the folder given."""
    score = Score("xbrl-sums", 0, 0, extra={"filings": 0, "child_missing": 0, "contradicted": 0, "inconsistent": 0})
    root = folders.of_suite(data, "xbrl-filings")
    for file in folders.files(root, ".zip"):
        found = folders.told(lambda file=file: sums.check(filing.read(file)), str)
        if isinstance(found, str):
            score.total += 1
            score.failed.append(f"{file.relative_to(root)}: {found}")
            continue
        score.extra["filings"] += 1
        score.total += len(found)
        score.passed += sum(one.holds for one in found)
        for one in found:
            if not one.holds:
                kind = "contradicted" if one.contradicted else "child_missing" if one.missing else "inconsistent"
                score.extra[kind] += 1
                score.failed.append(f"{file.stem}: {shown(one)}")
    return score


def shown(one: Sum) -> str:
    """A sum with its children on a line."""
    total = one.total
    children = ", ".join(
        f"{plain(child.weight)} × {local(child.concept)} {plain(child.fact.value or 0) if child.fact else '(none)'}"
        for child in one.children
    )
    role = one.role.rpartition("/")[2]
    return (
        f"{role}, {local(total.concept)} {total.aspects.period} ({total.context.id}): {plain(total.value or 0)} where "
        f"the children come to {plain(one.computed)}, off by {plain(one.difference)}: {children}"
    )
