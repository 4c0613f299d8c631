"""Which parts of a site have known weaknesses: a bill of materials (CycloneDX) beside advisories (OSV)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

from anyshore.base.errors import DataError

_LEVELS = ("critical", "high", "moderate", "medium", "low")
Numbers = tuple[tuple[int, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a site.

    Attributes:
        ecosystem: whose names they are: ``npm``, ``packagist``, ``pypi``; in small letters.
        name: of it.
        version: that is in use.
    """

    ecosystem: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Weakness:
    """A weakness of a part that is in use.

    Attributes:
        advisory: its identifier.
        component: which part.
        version: in use.
        fixed: the least version without it; empty where there is none yet.
        severity: as the advisory says: ``critical``, ``high``, ``moderate``, ``low``; empty where it says nothing.
        summary: in one line.
    """

    advisory: str
    component: str
    version: str
    fixed: str
    severity: str
    summary: str


def components(content: bytes) -> list[Component]:
    """The parts of a CycloneDX file in JSON, those inside others too.

    Raises:
        DataError: it is none.
    """
    told = _json(content, "bill of materials")
    if not isinstance(told, dict) or told.get("bomFormat") != "CycloneDX":
        raise DataError("website.sbom", "This is no bill of materials in CycloneDX.", hint="Give one as JSON.")
    return list(_components(told.get("components"), 0))


def _components(listed: Any, depth: int) -> Iterator[Component]:
    for one in listed if isinstance(listed, list) and depth < 50 else ():
        if isinstance(one, dict):
            found = _of_purl(str(one.get("purl") or ""))
            if found is not None:
                yield found
            yield from _components(one.get("components"), depth + 1)


def _of_purl(purl: str) -> Component | None:
    """A part by its package URL: ``pkg:npm/%40scope/name@1.2.3?…#…``."""
    scheme, _, rest = purl.partition(":")
    path, at, version = rest.partition("#")[0].partition("?")[0].rpartition("@")
    kind, _, name = path.strip("/").partition("/")
    if scheme != "pkg" or not at or not name:
        return None
    return Component(kind.lower(), unquote(name).lower(), unquote(version))


def weaknesses(parts: Sequence[Component], content: bytes) -> list[Weakness]:
    """Weaknesses of parts by a file of advisories in OSV: one, or a list.

    Raises:
        DataError: it is none.
    """
    listed = advisories(content)
    found = [hit for one in listed if not one.get("withdrawn") for part in parts for hit in _hits(one, part)]
    return sorted(found, key=lambda one: (_rank(one.severity), one.component, one.advisory))


def advisories(content: bytes) -> list[dict[str, Any]]:
    """The advisories of a file in OSV: one, a list, or what the service of OSV answers.

    Raises:
        DataError: it is none.
    """
    told = _json(content, "file of advisories")
    listed = told if isinstance(told, list) else told.get("vulns", [told]) if isinstance(told, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) and one.get("id") for one in listed):
        raise DataError("website.advisories", "This is no file of advisories.", hint="Give OSV as JSON.")
    return listed


def _hits(advisory: Mapping[str, Any], part: Component) -> Iterator[Weakness]:
    for affected in advisory.get("affected") or ():
        package = affected.get("package") or {}
        known = (str(package.get("ecosystem") or "").partition(":")[0].lower(), str(package.get("name") or "").lower())
        if known != (part.ecosystem, part.name) and _of_purl(f"{package.get('purl') or ''}@0") != Component(
            part.ecosystem, part.name, "0"
        ):
            continue
        fixed = _within(affected, part.version)
        if fixed is not None:
            yield Weakness(
                str(advisory["id"]), f"{part.ecosystem}/{part.name}", part.version, fixed,
                _severity(advisory, affected), str(advisory.get("summary") or "")[:300],
            )  # fmt: skip
            return


def _within(affected: Mapping[str, Any], version: str) -> str | None:
    """The version that mends it where this one is affected, empty for none; None where it is not affected."""
    for span in affected.get("ranges") or ():
        if span.get("type") not in ("SEMVER", "ECOSYSTEM"):
            continue
        inside, fixed = False, ""
        for event in sorted(span.get("events") or (), key=cmp_to_key(_events)):
            if "introduced" in event and (event["introduced"] == "0" or compared(version, event["introduced"]) >= 0):
                inside, fixed = True, ""
            elif inside and "fixed" in event:
                if compared(version, event["fixed"]) >= 0:
                    inside = False
                else:
                    fixed = str(event["fixed"])
                    break
            elif inside and "last_affected" in event and compared(version, event["last_affected"]) > 0:
                inside = False
        if inside:
            return fixed
    return "" if version in (affected.get("versions") or ()) else None


def _events(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    return compared(next(iter(one.values()), ""), next(iter(other.values()), ""))


def compared(one: str, other: str) -> int:
    """Whether a version is before (-1), equal to (0) or after (1) another (Semantic Versioning 2.0.0, section 11)."""
    (first, early), (second, late) = _numbers(one), _numbers(other)
    for left, right in zip_longest(first, second, fillvalue=0):
        if left != right:
            return -1 if left < right else 1
    if not early or not late:
        return (not early) - (not late)  # what is not yet released is before what is
    for here, there in zip(early, late, strict=False):
        if here != there:
            if here.isdigit() and there.isdigit():
                return -1 if int(here) < int(there) else 1
            if here.isdigit() != there.isdigit():
                return -1 if here.isdigit() else 1
            return -1 if here < there else 1
    return (len(early) > len(late)) - (len(early) < len(late))


def _numbers(version: str) -> Numbers:
    core, _, pre = version.strip().removeprefix("v").partition("+")[0].partition("-")
    numbers = tuple(int(one) if one.isdecimal() and len(one) < 10 else 0 for one in core.split("."))
    return numbers, tuple(one for one in pre.split(".") if one)


def _severity(advisory: Mapping[str, Any], affected: Mapping[str, Any]) -> str:
    for place in (advisory.get("database_specific"), affected.get("database_specific")):
        told = str((place or {}).get("severity") or "").lower()
        if told in _LEVELS:
            return told
    return ""


def _rank(severity: str) -> int:
    return _LEVELS.index(severity) if severity in _LEVELS else len(_LEVELS)


def _json(content: bytes, what: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as problem:
        raise DataError("website.json", f"This {what} is no JSON: {problem}.", hint="Give JSON in UTF-8.") from problem
