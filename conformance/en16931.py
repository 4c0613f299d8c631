"""The EN 16931 unit tests (rule by rule, must pass and must fail) and the XRechnung business cases.

A unit test file is a ``testSet`` (the format of the VEFA validator): each ``test`` holds assertions and one invoice,
usually a fragment with only what the rule needs. ``<success>R</success>``: rule R is not broken; ``<error>R</error>``:
it is, and fatal; ``<warning>R</warning>``: it is, as a warning; ``number="n"``: n times. An assertion is a case. Any
other file in the folder is a whole invoice that has to be free of fatal violations; so is every XRechnung business case
of the standard.

    python -m conformance.en16931 [data folder]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lxml import etree

from anyshore.activities.einvoice import documents, read_document, validation
from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.activities.einvoice.rulesets import RULE_SETS, rule_set_for
from anyshore.base import xml
from anyshore.base.errors import AnyshoreError, DataError
from conformance import folders
from conformance.scores import Score

VEFA = "{http://difi.no/xsd/vefa/validator/1.0}"
_OF_USAGE = [rules for name, rules in RULE_SETS.items() if name.endswith((" xrechnung", " peppol"))]
_FLAG_OF = {"error": "fatal", "fatal": "fatal", "warning": "warning"}


@dataclass(frozen=True)
class UnitTest:
    """One ``test`` of a ``testSet``.

    Attributes:
        name: file and position.
        expectations: (``success``, ``error``, ``fatal`` or ``warning``; rule; how often, where given).
        document: the invoice inside.
    """

    name: str
    expectations: tuple[tuple[str, str, int | None], ...]
    document: InvoiceDocument


def run(data: Path) -> Score:
    """Runs the unit tests.

    Args:
        data: the folder of all data, or any folder of files of this shape.
    """
    folder = folders.of_suite(data, "einvoice/en16931-test")
    score = Score("en16931", 0, 0)
    _count_all(folder, score, score.extra, general=True)
    return score


def run_xrechnung(data: Path) -> Score:
    """Runs the standard business cases of the XRechnung test suite: no fatal violation, and readable.

    Args:
        data: the folder of all data, or any folder of invoices.
    """
    folder = folders.of_suite(data, "einvoice/xrechnung-testsuite/business-cases/standard")
    score = Score("xrechnung", 0, 0)
    _count_all(folder, score, {}, general=False)
    return score


def _count_all(folder: Path, score: Score, extra: dict[str, int], *, general: bool) -> None:
    for file in folders.files(folder, ".xml"):
        name = file.relative_to(folder).as_posix()
        cases = folders.told(partial(_listed, file, name, extra, general), partial(_broken, name))
        for case, passed in cases:
            _count(score, case, passed)


def _listed(file: Path, name: str, extra: dict[str, int], general: bool) -> list[tuple[str, bool]]:
    return list(_cases(file, name, extra, general))


def _broken(name: str, reason: str) -> list[tuple[str, bool]]:
    return [(f"{name}: {reason}", False)]


@dataclass
class FolderCounts:
    """What became of the invoices of a folder; seconds are of reading and checking, by the clock."""

    files: int = 0
    documents: int = 0
    refused: int = 0
    read: int = 0
    valid: int = 0
    invalid: int = 0
    seconds: float = 0.0


def count_folder(folder: Path) -> FolderCounts:
    """Reads and checks every invoice of a folder, those inside unit tests too."""
    counts = FolderCounts()
    for file in folders.files(folder, ".xml"):
        counts.files += 1
        for document in _documents_in(file):
            _count_document(counts, document)
    return counts


def _count_document(counts: FolderCounts, document: InvoiceDocument) -> None:
    counts.documents += 1
    started = time.perf_counter()
    try:
        read_document(document)
        counts.read += 1
    except DataError:
        counts.refused += 1
    if validation.validate(document).valid:
        counts.valid += 1
    else:
        counts.invalid += 1
    counts.seconds += time.perf_counter() - started


def _documents_in(file: Path) -> Iterator[InvoiceDocument]:
    document = xml.parse(file, error=DataError)
    if document.root.tag == f"{VEFA}testSet":
        yield from (test.document for test in unit_tests(document))
    else:
        yield documents.classify(document)


def _cases(file: Path, name: str, extra: dict[str, int], general: bool) -> Iterator[tuple[str, bool]]:
    """The cases of a file. One that cannot be read is a failed case; a document of another kind is none."""
    try:
        document = xml.parse(file, name, error=DataError)
    except DataError as problem:
        yield f"{name}: {problem}", False
        return
    if document.root.tag == f"{VEFA}testSet":
        for test in unit_tests(document):
            yield from _assertions(test, extra)
    elif (etree.QName(document.root).namespace, etree.QName(document.root).localname) in documents.ROOTS:
        extra["whole_invoices"] = extra.get("whole_invoices", 0) + 1
        yield _whole_invoice(documents.classify(document), name, general)
    else:
        extra["other_documents"] = extra.get("other_documents", 0) + 1


def _assertions(test: UnitTest, extra: dict[str, int]) -> Iterator[tuple[str, bool]]:
    syntax = "cii" if test.document.syntax == "CII" else "ubl"
    extra[f"{syntax}_assertions"] = extra.get(f"{syntax}_assertions", 0) + len(test.expectations)
    try:
        found = Counter((v.rule, v.flag) for v in validation.check_rules(test.document))
    except DataError as problem:
        yield from ((f"{test.name}: {kind} {rule}: {problem}", False) for kind, rule, _ in test.expectations)
        return
    for kind, rule, number in test.expectations:
        yield f"{test.name}: {kind} {rule}", _as_expected(found, kind, rule, number)


def _as_expected(found: Counter[tuple[str, str]], kind: str, rule: str, number: int | None) -> bool:
    if kind == "success":
        return not any(broken == rule for broken, _ in found)
    times = found[(rule, _FLAG_OF[kind])]
    return times > 0 if number is None else times == number


def _whole_invoice(document: InvoiceDocument, name: str, general: bool) -> tuple[str, bool]:
    try:
        rules = rule_set_for(document)
        if general and rules in _OF_USAGE:  # what it demands beyond EN 16931 is for another suite; many here break it
            rules = RULE_SETS[document.syntax]
        broken = validation.check_schema(document) + validation.judged(document, rules)
        read_document(document)
    except AnyshoreError as problem:
        return f"{name}: {problem}", False
    fatal = [violation.rule for violation in broken if violation.flag == "fatal"]
    return f"{name}: {', '.join(fatal)}", not fatal


def unit_tests(document: xml.XmlDocument) -> Iterator[UnitTest]:
    """The tests of a ``testSet``."""
    for position, test in enumerate(document.root.iterfind(f"{VEFA}test"), start=1):
        expectations = tuple(
            (etree.QName(entry).localname, (entry.text or "").strip(), int(n) if (n := entry.get("number")) else None)
            for entry in test.iterfind(f"{VEFA}assert/*")
            if etree.QName(entry).localname in {"success", *_FLAG_OF}
        )
        for child in test.iterchildren(etree.Element):
            if etree.QName(child).namespace != etree.QName(VEFA + "test").namespace:
                name = f"{document.file}#{position}"
                content = etree.tostring(child, with_tail=False)
                yield UnitTest(name, expectations, documents.classify(xml.parse(content, name, error=DataError)))


def _count(score: Score, name: str, passed: bool) -> None:
    score.total += 1
    score.passed += passed
    if not passed:
        score.failed.append(name)


if __name__ == "__main__":
    chosen = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    scores = [run(chosen), run_xrechnung(chosen)]
    for result in scores:
        result.print()
    sys.exit(any(result.failed for result in scores))
