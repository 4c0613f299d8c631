"""axe-core in every frame of a page, and what it says as plain data (axe-core 4.14.1, MPL-2.0, beside this file)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("vendor") / "axe-core-4.14.1" / "axe.min.js"
# Rules are all on, also those of level AAA and those on trial: what counts is decided where the terms say so.
_RUN = """async () => {
  for (let turn = 0; window.axe === undefined && turn < 100; turn++) await new Promise(go => setTimeout(go, 10));
  const rules = Object.fromEntries(axe.getRules().map(rule => [rule.ruleId, {enabled: true}]));
  const found = await axe.run(document, {resultTypes: ["violations", "incomplete"], rules, preload: {
    assets: ["cssom", "media"], timeout: 4000}, frameWaitTime: 4000});
  const nodes = one => one.nodes.map(node => ({
    target: node.target, html: node.html.slice(0, 500), summary: (node.failureSummary || "").slice(0, 1000)}));
  const told = one => ({
    id: one.id, impact: one.impact, help: one.help, tags: one.tags, nodes: nodes(one)});
  return {violations: found.violations.map(told), incomplete: found.incomplete.map(told)};
}"""


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def run(page: Page) -> dict[str, Any]:
    """What axe-core finds in a page that is shown: ``violations``, and ``incomplete`` what a person has to look at."""
    from playwright.sync_api import Error  # only where a page is looked at

    for frame in page.frames:
        try:
            frame.evaluate(_script())
        except Error:
            if frame == page.main_frame:
                raise  # another frame may have gone meanwhile
    return dict(page.evaluate(_RUN))
