"""Every numeric fact of whole filings: ``xbrl-filings/*.zip``, each filing a case.

The other reading is by XPath alone: every element with a ``unitRef`` in the instance, its name, context, unit, content
and whether it is nil, with entity, period and members of its context. A filing passes where both readings give the same
facts in the same order. Pages with inline XBRL are counted by XPath, and their values are compared where they have the
plainest of formats.
"""

from __future__ import annotations

import io
import time
import zipfile
from decimal import Decimal
from pathlib import Path

from lxml import etree

from anyshore.filings import filing
from anyshore.filings.model import Fact
from conformance import folders
from conformance.scores import Score

NS = {
    "x": "http://www.xbrl.org/2003/instance", "d": "http://xbrl.org/2006/xbrldi",
    "i": "http://www.xbrl.org/2013/inlineXBRL", "s": "http://www.w3.org/2001/XMLSchema-instance",
}  # fmt: skip
NIL = f"{{{NS['s']}}}nil"


def run(data: Path) -> Score:
    """Reads every zip below ``xbrl-filings``, or below the folder given."""
    score = Score("xbrl-facts", 0, 0, extra={"facts": 0, "numeric": 0, "seconds_longest": 0.0})
    root = folders.of_suite(data, "xbrl-filings")
    for file in folders.files(root, ".zip"):
        problem = folders.told(lambda file=file: check(file, score), str)
        score.total += 1
        score.passed += problem is None
        if problem is not None:
            score.failed.append(f"{file.relative_to(root)}: {problem}")
    return score


def check(file: Path, score: Score) -> str | None:
    """What is wrong with the reading of a filing; None where it passes."""
    content = file.read_bytes()
    begun = time.process_time()
    found = filing.read(content, file.stem)
    taken = time.process_time() - begun
    numeric = [fact for fact in found.facts if fact.numeric]
    score.extra["facts"] += len(found.facts)
    score.extra["numeric"] += len(numeric)
    score.extra["seconds_longest"] = round(max(score.extra["seconds_longest"], taken), 3)
    roots = [one for one in documents(content) if one.tag == f"{{{NS['x']}}}xbrl"]
    expected = [row for one in roots for row in rows(one)]
    if roots:
        read = [row_of(fact) for fact in numeric]
    else:
        expected = [row for one in documents(content) for row in inline_rows(one)]
        read = [row_of(fact)[:1] + row_of(fact)[1:3] for fact in numeric]
    if len(read) != len(expected):
        return f"{len(read)} numeric facts where XPath counts {len(expected)}"
    wrong = [f"{mine} where {other} stands" for mine, other in zip(read, expected, strict=True) if mine != other]
    return f"{len(wrong)} facts differ, the first: {wrong[0]}" if wrong else None


def documents(content: bytes) -> list[etree._Element]:
    """The roots of the XML files of a zip that can be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [
            name for name in sorted(archive.namelist()) if name.lower().endswith((".xml", ".htm", ".html", ".xhtml"))
        ]
        found = [folders.told(lambda name=name: etree.fromstring(archive.read(name), parser), str) for name in names]
    return [one for one in found if not isinstance(one, str)]


def rows(root: etree._Element) -> list[tuple[object, ...]]:
    """The numeric facts of an instance by XPath."""
    contexts = {}
    for context in root.xpath("//x:context", namespaces=NS):
        dates = [text.strip() for text in context.xpath("x:period/*/text()", namespaces=NS)]
        members = context.xpath("count(.//d:explicitMember) + count(.//d:typedMember)", namespaces=NS)
        who = context.xpath("string(x:entity/x:identifier)", namespaces=NS).strip()
        contexts[context.get("id")] = (who, "/".join(dates), int(members))
    return [
        (
            etree.QName(one).localname, one.get("contextRef"), one.get("unitRef"),
            None if one.get(NIL) in ("true", "1") else Decimal(one.xpath("string()").strip()),
            *contexts[one.get("contextRef")],
        )
        for one in root.xpath("//*[@unitRef]")
    ]  # fmt: skip


def row_of(fact: Fact) -> tuple[object, ...]:
    """A fact as the other reading gives it."""
    aspects = fact.aspects
    when = "/".join(aspects.period.times) or str(aspects.period)
    return (
        fact.concept.rpartition("}")[2], fact.context.id, fact.unit.id if fact.unit else None, fact.value,
        aspects.entity[1], when, len(aspects.dimensions),
    )  # fmt: skip


def inline_rows(root: etree._Element) -> list[tuple[object, ...]]:
    """Name, context and unit of the numeric facts of a page with inline XBRL."""
    return [
        (one.get("name").rpartition(":")[2], one.get("contextRef"), one.get("unitRef"))
        for one in root.xpath("//i:nonFraction | //i:fraction", namespaces=NS)
    ]
