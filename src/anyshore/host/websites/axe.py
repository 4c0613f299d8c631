"""axe-core in every frame of a page, and what it says as plain data (axe-core 4.14.1, MPL-2.0, beside this file)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("vendor") / "axe-core-4.14.1" / "axe.min.js"
# Rules are all on, also those of level AAA and on trial: what counts is said where they are read. Beyond axe-core:
# - what Chromium shows for a file of plain XML is its own view and no page;
# - what an open modal dialog makes inert is there for the eye alone (HTML, section 6.4): axe-core tells that by what is
#   drawn where, which fails now and then;
# - a label that differs from the name by a hyphen or an abbreviation, or is drawn by a font of icons, is for a person;
# - signs without a letter or digit say nothing in a human language, so whether their contrast matters is for a person.
_RUN = r"""async () => {
  if (document.getElementById("webkit-xml-viewer-source-xml")) return {violations: [], incomplete: []};
  const rules = Object.fromEntries(axe.getRules().map(rule => [rule.ruleId, {enabled: true}]));
  const found = await axe.run(document, {resultTypes: ["violations", "incomplete"], rules, preload: {
    assets: ["cssom", "media"], timeout: 4000}, frameWaitTime: 4000});
  const of = node => node.target.length === 1 && typeof node.target[0] === "string"
    ? document.querySelector(node.target[0]) : null;
  const modal = [...document.querySelectorAll(":modal")].pop();
  const behind = node => {
    const outer = typeof node.target[0] === "string" ? document.querySelector(node.target[0]) : null;
    return modal && outer && !modal.contains(outer) && !outer.contains(modal);
  };
  const seen = one => one.id.startsWith("color-contrast");
  const words = text => text.toLowerCase().replace(/[\u2010\u2011-]/g, "").split(/\s+/).filter(word => word);
  const alike = (one, other) => one.replace(/[.,…]+$/, "") === other
    || (one.endsWith(".") && other.startsWith(one.slice(0, -1)));
  const near = node => {
    const element = of(node), name = words(element?.getAttribute("aria-label") || "");
    const label = words(element?.innerText || "");
    return element !== null && (/icon|symbol/i.test(getComputedStyle(element).fontFamily)
      || (label.length > 0 && label.length === name.length && label.every((word, at) => alike(word, name[at]))));
  };
  const signs = node => of(node) !== null && !/[\p{L}\p{N}]/u.test(of(node).textContent);
  const told = (one, nodes) => ({id: one.id, impact: one.impact, help: one.help, tags: one.tags, nodes: nodes.map(
    node => ({target: node.target, html: node.html.slice(0, 500)}))});
  const there = one => one.nodes.filter(node => seen(one) || !behind(node));
  const some = one => one.nodes.length > 0;
  const person = (one, node) => seen(one) ? signs(node) : one.id === "label-content-name-mismatch" && near(node);
  const sure = found.violations.map(one => told(one, there(one).filter(node => !person(one, node))));
  const unsure = found.violations.map(one => told(one, there(one).filter(node => person(one, node))));
  const open = found.incomplete.map(one => told(one, there(one)));
  return {violations: sure.filter(some), incomplete: [...open, ...unsure].filter(some)};
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
