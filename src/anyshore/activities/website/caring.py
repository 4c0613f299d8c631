"""The activities ``website.weaknesses``, ``website.compare``, ``website.publish`` and ``website.declare``."""

from __future__ import annotations

import json
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext, Values
from anyshore.activities.website import runs
from anyshore.base.errors import DataError
from anyshore.website.checks import accessibility, findings, updates
from anyshore.website.checks.findings import Finding, Followed

VERSION = "page-version"
ADVISORY = "security-advisory"


@dataclass(frozen=True, slots=True)
class WeaknessesInput:
    """Which file.

    Attributes:
        document: digest of a bill of materials (CycloneDX).
    """

    document: str


@dataclass(frozen=True, slots=True)
class WeaknessesOutcome:
    """What has to be updated.

    Attributes:
        parts: how many parts the bill names.
        weaknesses: of those by the advisories in force, worst first.
        problem: why the file could not be used; empty where it could.
    """

    parts: int
    weaknesses: tuple[updates.Weakness, ...]
    problem: str = ""


def weaknesses(data: WeaknessesInput, context: ActivityContext) -> WeaknessesOutcome:
    """Finds which parts of a site have known weaknesses."""
    try:
        parts = updates.components(context.read_document(data.document))
    except DataError as problem:
        return WeaknessesOutcome(0, (), problem.message)
    texts = [str(one.data["text"]) for one in context.records(ADVISORY).find()]
    return WeaknessesOutcome(len(parts), tuple(updates.weaknesses(parts, f"[{','.join(texts)}]".encode())))


def advisories(content: bytes, _name: str) -> list[tuple[str, Values]]:
    """Advisories of a file in OSV, each a row.

    Raises:
        DataError: it is none.
    """
    return [(str(one["id"]), {"text": json.dumps(one)}) for one in updates.advisories(content)]


@dataclass(frozen=True, slots=True)
class CompareInput:
    """Which site.

    Attributes:
        site: whose last two runs of checks are compared: before a change and after it.
    """

    site: str


@dataclass(frozen=True, slots=True)
class CompareOutcome:
    """What a change changed.

    Attributes:
        worse: faults that are there only after it.
        better: how many findings are gone.
        problem: why the runs say nothing; empty where they do.
    """

    worse: tuple[str, ...]
    better: int
    problem: str = ""


def compare(data: CompareInput, context: ActivityContext) -> CompareOutcome:
    """Compares the last two runs of checks; what was looked at before and not after is told as a problem."""
    found = runs.of_site(context, data.site)
    if len(found) < 2:
        return CompareOutcome((), 0, "There are no two runs of checks to compare.")
    before, after = found[-2:]
    known = {one.identity: Followed(one, before.at, before.at, "open", before.at) for one in before.findings}
    changes = findings.follow(known, after.findings, {(one[0], one[1]) for one in after.looked}, after.at)
    worse = tuple(f"{_place(one)}: {one.finding.reason}" for one in changes.new if one.finding.weight == "fault")
    missing = set(before.looked) - set(after.looked)
    problem = f"{len(missing)} places were looked at before and not after." if missing else ""
    return CompareOutcome(worse, len(changes.fixed), problem)


def _place(one: Followed) -> str:
    return f"{one.finding.address} {one.finding.place}".strip()


@dataclass(frozen=True, slots=True)
class PublishInput:
    """A change of a page.

    Attributes:
        path: of the page.
        content: that it gets; None to go back to the version before.
        author: who wrote it, or asked to go back.
        approver: who approved it.
    """

    path: str
    content: str | None
    author: str
    approver: str


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """What stands now.

    Attributes:
        version: its number, from 1.
        content: that the page has.
        replaced: number of the version it replaces; 0 for none.
        problem: why nothing was changed; empty where it was.
    """

    version: int
    content: str
    replaced: int
    problem: str = ""


def publish(data: PublishInput, context: ActivityContext) -> PublishOutcome:
    """Gives a page a new version, or the content of the one before: nothing that stood there is lost."""
    mine = context.records(VERSION).get(context.idempotency_key)
    earlier = [one for one in context.records(VERSION).find(path=data.path) if one.key != context.idempotency_key]
    current = len(earlier)
    if mine is not None:
        version = int(str(mine.data["version"]))
        return PublishOutcome(version, str(mine.data["content"]), version - 1)
    if data.author == data.approver:
        return PublishOutcome(current, "", current, "Who writes a page does not approve it.")
    content, origin = data.content, current + 1
    if content is None:  # back to what stood before whatever stands now was first written
        before = int(str(earlier[-1].data["origin"])) - 1 if earlier else 0
        if before < 1:
            return PublishOutcome(current, "", current, "There is no version to go back to.")
        content, origin = str(earlier[before - 1].data["content"]), int(str(earlier[before - 1].data["origin"]))
    row = {
        "path": data.path, "version": current + 1, "origin": origin, "content": content, "author": data.author,
        "approver": data.approver,
    }  # fmt: skip
    context.records(VERSION).put_once(context.idempotency_key, row)
    return PublishOutcome(current + 1, content, current)


@dataclass(frozen=True, slots=True)
class DeclareInput:
    """Whose declaration.

    Attributes:
        site: which site.
        language: ``de`` or ``en``.
    """

    site: str
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Barrier:
    """A criterion that is not met.

    Attributes:
        criterion: of WCAG.
        pages: on how many pages.
        reasons: what is wrong there.
    """

    criterion: str
    pages: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeclareOutcome:
    """A draft: a person decides and signs.

    Attributes:
        barriers: criteria that fail.
        examine: criteria no check can say anything about, or could not decide.
        text: of the draft, which never says that all is met.
    """

    barriers: tuple[Barrier, ...]
    examine: tuple[str, ...]
    text: str


def declare(data: DeclareInput, context: ActivityContext) -> DeclareOutcome:
    """Drafts the declaration of accessibility of a site from the findings that are open.

    Source: § 12b BGG and § 7 BITV 2.0 for public bodies, § 14 and annex 3 BFSG for firms; Commission Implementing
    Decision (EU) 2018/1523 for the form.
    """
    held = [one.finding for one in runs.on_record(context, data.site).values() if one.state == "open"]
    known = accessibility.criteria(held, ())
    barriers = []
    for one in known:
        if one.failed:
            reasons = {each.reason for each in held if _is_about(each, one.number)}
            barriers.append(Barrier(one.number, len(one.failed), tuple(sorted(reasons))))
    examine = tuple(one.number for one in known if not one.failed)
    return DeclareOutcome(tuple(barriers), examine, _text(data, barriers, examine))


def _is_about(finding: Finding, criterion: str) -> bool:
    return finding.weight == "fault" and criterion in finding.section.removeprefix("WCAG ").split(", ")


_WORDS = {
    "de": (
        "Entwurf einer Erklärung zur Barrierefreiheit für {site}, aus automatischen Prüfungen.",
        "Nicht erfüllt sind:", "{number} auf {pages} Seiten: {reasons}",
        "Von einem Menschen zu prüfen sind: {examine}.",
        "Automatische Prüfungen können nicht feststellen, dass ein Kriterium erfüllt ist.",
        "Die Prüfungen fanden keinen Verstoß.",
    ),
    "en": (
        "Draft of an accessibility statement for {site}, from automatic checks.",
        "Not met are:", "{number} on {pages} pages: {reasons}",
        "To be examined by a person are: {examine}.",
        "Automatic checks cannot establish that a criterion is met.",
        "The checks found no failure.",
    ),
}  # fmt: skip


def _text(data: DeclareInput, barriers: list[Barrier], examine: tuple[str, ...]) -> str:
    title, unmet, line, person, never, none = _WORDS.get(data.language, _WORDS["en"])
    lines = [title.format(site=data.site), unmet if barriers else none]
    for one in barriers:
        lines.append("- " + line.format(number=one.criterion, pages=one.pages, reasons=" ".join(one.reasons)))
    return "\n".join([*lines, person.format(examine=", ".join(examine)), never])
