"""References to works, as databases export them (RIS, and MEDLINE's ``.nbib``), and which of them are the same work.

Both are lines of a tag, a dash and a value; lines without a tag go on with the value before. RIS (Research Information
Systems) has two letters, ``TY`` first and ``ER`` last; PubMed's format has up to four and a blank line between records.
Same work: an equal DOI or PubMed number; or else, where neither speaks against it, an equal title with year and first
author that do not differ. A short title (*Editorial*) also needs an equal journal and page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables.writing import write_csv
from anyshore.base.telling import Sheet
from anyshore.knowledge import documents

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) *-(?: (.*)|\s*)\Z")
_RIS = re.compile(r"(?m)^\ufeff?TY {1,2}- ")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_LONG = 20
"""Letters and digits of a title that says by itself which work it is."""
_FIELDS = {
    "title": ("TI", "T1", "CT", "BT"), "abstract": ("AB", "N2"), "journal": ("JT", "T2", "JO", "JF", "JA", "TA"),
    "page": ("SP", "PG"), "year": ("PY", "Y1", "DA", "DP", "DEP"), "author": ("AU", "A1", "FAU"),
}  # fmt: skip
"""Tags by field, the first that is there counts."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A work as a database has it.

    Attributes:
        title: empty where the record has none.
        abstract: empty where it has none.
        author: family name of the first.
        year: four digits; empty without.
        page: the first.
        doi: without a resolver before it, in small letters; empty without.
        pmid: PubMed number; empty without.
        place: file and line it begins at.
    """

    title: str
    abstract: str
    author: str
    year: str
    journal: str
    page: str
    doi: str
    pmid: str
    place: Location

    @property
    def id(self) -> str:
        """Its identity in the databases; empty where none gave it one."""
        return f"PMID:{self.pmid}" if self.pmid else self.doi and f"doi:{self.doi}"


@dataclass(frozen=True, slots=True)
class Merged:
    """A work: the fullest record of it, what it lacks from the others; and the others."""

    kept: Reference
    others: tuple[Reference, ...]


def is_references(name: str) -> bool:
    """Whether a file is called like one."""
    return name.lower().endswith((".ris", ".nbib"))


def read(data: bytes, name: str) -> list[Reference]:
    """The references of a file.

    Raises:
        DataError: no text, a line before the first record, a RIS record that does not end, no record at all.
    """
    text = documents.from_text(data, name).text.lstrip("\ufeff")
    records = _records(text, name, ris=bool(_RIS.search(text)))
    found = [_reference(tags, Location(file=name, line=line)) for line, tags in records]
    if not found:
        message = "There is no reference in the file."
        raise DataError("bibliography.none", message, Location(file=name), "Export as RIS, or from PubMed as .nbib.")
    return found


def _records(text: str, name: str, *, ris: bool) -> list[tuple[int, list[tuple[str, str]]]]:
    """Line and tags of each record."""
    records: list[tuple[int, list[tuple[str, str]]]] = []
    within = False
    for number, line in enumerate(text.splitlines(), 1):
        match = _TAG.match(line)
        if not line.strip():
            within = within and ris  # a blank line within a RIS record means nothing
        elif match is None or (ris and len(match[1]) != 2):
            if not within:
                if ris:  # what a database says before and between its records
                    continue
                message = f"The line belongs to no reference: {line.strip()[:60]!r}."
                raise DataError(
                    "bibliography.line", message, Location(file=name, line=number), "Export the file again."
                )
            tags = records[-1][1]
            tags[-1] = (tags[-1][0], f"{tags[-1][1]} {line.strip()}")
        elif ris and match[1] == "ER":
            within = False
        else:
            if not within or (ris and match[1] == "TY"):
                if ris and match[1] != "TY":
                    message = f"The reference begins with {match[1]}, not with TY."
                    raise DataError("bibliography.line", message, Location(file=name, line=number), "Export it again.")
                records.append((number, []))
                within = True
            records[-1][1].append((match[1], (match[2] or "").strip()))
    return records


def _reference(tags: Sequence[tuple[str, str]], place: Location) -> Reference:
    def first(field: str) -> str:
        return next((value for tag in _FIELDS[field] for own, value in tags if own == tag and value), "")

    pmid = next((value for tag, value in tags if tag == "PMID"), "")
    if not pmid and any(tag in ("DB", "DP") and "pubmed" in value.lower() for tag, value in tags):
        pmid = next((value for tag, value in tags if tag == "AN"), "")
    year, author = _YEAR.search(first("year")), first("author")
    return Reference(
        " ".join(first("title").split()), " ".join(first("abstract").split()),
        author.partition(",")[0] if "," in author else re.sub(r"\s+[A-Z]{1,4}\Z", "", author),
        year[1] if year else "", first("journal"), first("page").split("-")[0].strip(), _doi(tags),
        pmid if pmid.isdigit() else "", place,
    )  # fmt: skip


def _doi(tags: Sequence[tuple[str, str]]) -> str:
    """The DOI: of its own tag, of PubMed's identifiers marked as one, or of a link to the resolver."""
    for tag, value in tags:
        fits = tag in ("DO", "DI") or (tag in ("LID", "AID") and value.endswith("[doi]"))
        if (fits or (tag in ("UR", "L3") and "doi.org/" in value)) and (found := _DOI.search(value)):
            return found[0].rstrip(".,;").lower()
    return ""


def _key(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in plain if one.isalnum())


def merged(references: Iterable[Reference]) -> list[Merged]:
    """One entry per work, in the order in which works come first.

    A record belongs to a work if it is the same as any record of it, and speaks against none.
    """
    works: list[list[Reference]] = []
    known: dict[tuple[str, str], list[int]] = {}
    for one in references:
        keys = [key for key in (("doi", one.doi), ("pmid", one.pmid), ("title", _key(one.title))) if key[1]]
        near = dict.fromkeys(place for key in keys for place in known.get(key, ()))
        fits = (place for place in near if all(_agree(one, own) for own in works[place])
                and any(_same(one, own) for own in works[place]))  # fmt: skip
        place = next(fits, len(works))
        if place == len(works):
            works.append([])
        works[place].append(one)
        for key in keys:
            known.setdefault(key, []).append(place)
    return [_merged(work) for work in works]


def _agree(one: Reference, other: Reference) -> bool:
    """Whether no identity of the two differs."""
    pairs = (one.doi, other.doi), (one.pmid, other.pmid)
    return all(not mine or not own or mine == own for mine, own in pairs)


def _same(one: Reference, other: Reference) -> bool:
    if (one.doi and one.doi == other.doi) or (one.pmid and one.pmid == other.pmid):
        return True
    title = _key(one.title)
    if not title or title != _key(other.title):
        return False
    years = one.year and other.year and abs(int(one.year) - int(other.year)) > 1  # online one year, in print the next
    names = _key(one.author), _key(other.author)
    if years or (all(names) and names[0] != names[1]):
        return False
    return len(title) >= _LONG or bool(
        one.page and one.page == other.page and _key(one.journal) and _key(one.journal) == _key(other.journal)
    )


def _merged(work: Sequence[Reference]) -> Merged:
    kept = max(work, key=lambda one: (bool(one.abstract), bool(one.id), len(one.abstract)))
    others = [one for one in work if one is not kept]
    lacking: dict[str, Any] = {
        field: next((value for one in others if (value := getattr(one, field))), "")
        for field in ("abstract", "doi", "pmid", "year", "author", "journal", "page") if not getattr(kept, field)
    }  # fmt: skip
    kept = replace(kept, **lacking)
    return Merged(kept, tuple(others))


def rows(works: Sequence[Merged]) -> list[tuple[str, str, str]]:
    """Identity (``R00001`` where databases gave none, or two works the same), title and abstract of each work."""
    taken: set[str] = set()
    found = []
    for number, work in enumerate(works, 1):
        key = work.kept.id if work.kept.id and work.kept.id not in taken else f"R{number:05d}"
        taken.add(key)
        found.append((key, work.kept.title, work.kept.abstract))
    return found


def table(works: Sequence[Merged]) -> str:
    """The same as CSV."""
    return write_csv([("id", "title", "abstract"), *rows(works)])


def plain(works: Sequence[Merged]) -> dict[str, object]:
    """What was kept and left out, as data."""
    left_out = [{"kept": kept, "record": place, "title": title} for kept, place, title in _doubles(works)]
    return {"records": len(works) + len(left_out), "works": len(works), "left_out": left_out}


def sheet(works: Sequence[Merged]) -> Sheet:
    """What was left out, a line per record."""
    left_out = _doubles(works)
    title = f"{len(works) + len(left_out):,} records, {len(works):,} works"
    return Sheet(title, ("Kept", "Left out", "Title"), left_out)


def _doubles(works: Sequence[Merged]) -> list[tuple[str, str, str]]:
    return [(str(one.kept.place), str(other.place), other.title) for one in works for other in one.others]
