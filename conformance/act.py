"""W3C ACT pages in a real browser: a failed page is reported by a rule that answers its ACT rule, no other page is.

Only pages of the rules axe-core answers (``axe-rules.csv`` beside the pages) are cases. What a person has to decide is
counted apart: failed pages about which nothing at all was said (silent), and good pages that need a person.

python -m conformance.act [data folder]
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from anyshore.host.websites import axe, browser
from anyshore.host.websites.folder import Folder
from anyshore.website.checks import accessibility
from conformance import folders
from conformance.scores import Score

BELOW = "/WAI/content-assets/wcag-act-rules/"
"""Pages name their assets by this path."""
SECONDS = 8.0
"""A page may take; some reload or leave."""
Case = dict[str, str]


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder with such a list of pages.
    """
    score = Score("act", 0, 0)
    counts: Counter[str] = Counter()
    begun = time.monotonic()
    for listed in folders.files(folders.of_suite(data, "accessibility"), "testcases.csv"):
        cases = folders.told(lambda listed=listed: list(_cases(listed)), lambda reason: [({"id": reason}, ())])
        if not cases:
            continue
        folders.told(
            lambda listed=listed, cases=cases: _measure(listed.parent, cases, score, counts), score.failed.append
        )
    score.extra = {
        "failed": f"{counts['reported']} of {counts['failed']}", "others": f"{counts['quiet']} of {counts['other']}",
        "silent": counts["silent"], "good pages that need a person": counts["person"],
        "seconds_a_page": round((time.monotonic() - begun) / max(score.total, 1), 2),
    }  # fmt: skip
    return score


def _measure(folder: Path, cases: list[tuple[Case, tuple[str, ...]]], score: Score, counts: Counter[str]) -> None:
    root = Folder(folder, below=BELOW)
    with browser.opened(root, SECONDS) as shown:
        for case, rules in cases:
            wrong = folders.told(partial(_check, root, shown, case, rules, counts), lambda reason: reason)
            score.total += 1
            score.passed += not wrong
            if wrong:
                score.failed.append(f"{case.get('rule', '')} {case.get('path') or case['id']}: {wrong}")


def _cases(listed: Path) -> Iterator[tuple[Case, tuple[str, ...]]]:
    answered = {
        one["rule"]: tuple(one["axe_rules"].split()) for one in _rows(listed.with_name("axe-rules.csv"))
    }  # fmt: skip
    for one in _rows(listed):
        if one["rule"] in answered:
            yield one, answered[one["rule"]]


def _rows(file: Path) -> list[Case]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _check(root: Folder, shown: browser.Browser, case: Case, rules: tuple[str, ...], counts: Counter[str]) -> str:
    failed = case["expected"] == "failed"
    counts["failed" if failed else "other"] += 1
    found = accessibility.findings(case["path"], _told(root, shown, case), levels=("A", "AA", "AAA", ""))
    reported = {one.code for one in found if one.weight != "person"} & set(rules)
    unsure = {one.code for one in found if one.weight == "person"} & set(rules)
    if failed:
        counts["reported"] += bool(reported)
        counts["silent"] += not reported and not unsure
        return "" if reported else f"a person has to decide ({', '.join(sorted(unsure))})" if unsure else "nothing said"
    counts["quiet"] += not reported
    counts["person"] += bool(unsure and not reported)
    return f"reported by {', '.join(sorted(reported))}" if reported else ""


def _told(root: Folder, shown: browser.Browser, case: Case) -> dict[str, Any]:
    return shown.walk(root.address(case["path"]), axe.run)


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
