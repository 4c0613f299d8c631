"""The reference models of the BPMN Model Interchange Working Group: read, written and read again without loss.

A model counts when what is written is canonically the same XML as what was read (elements, attributes, text, comments,
prefixes, order), no element of its diagrams is lost or changed, renaming one element changes nothing but its name,
and, where nothing in it is executable, reading it for execution does not refuse it. Whether an export keeps the static
rules of BPMN is not asked here; the suite ``betsy-invalid`` is about them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from lxml import etree

from anyshore import bpmn
from anyshore.base.errors import BpmnError
from anyshore.bpmn.writing import Document
from conformance.scores import Score

BROKEN = frozenset({"bpmn.duplicate-id", "bpmn.unknown-reference", "bpmn.missing-reference"})
"""What is wrong with a file itself, executed or not; the static rules speak about it too."""


def canonical(document: Document) -> bytes:
    """The canonical form, comments included."""
    return etree.tostring(document.xml.root.getroottree(), method="c14n2", with_comments=True)


def drawn(document: Document) -> list[tuple[str, dict[str, str]]]:
    """The diagram, element by element."""
    return [(str(one.tag), {str(k): str(v) for k, v in one.attrib.items()}) for one in document.diagram_elements()]


def problem(file: Path) -> str | None:
    """What is lost; None where nothing is."""
    try:
        first = Document.open(file)
        original = canonical(first)
        again = Document.open(first.write(), file=file.name)
        if canonical(again) != original or canonical(first) != original:
            return "written and read again it is another model"
        if drawn(again) != drawn(first):
            return "the diagram is not the same"
        return _edited(again, original) or _read(first, file)
    except BpmnError as refused:
        return f"refused: {refused}"
    except Exception as error:  # a crash fails this file, not the run
        return f"{type(error).__name__}: {error}"


def _edited(document: Document, original: bytes) -> str | None:
    ids = Counter(one.get("id") for one in document.elements())
    node = next((one for one in document.elements() if one.get("name") and ids[one.get("id")] == 1), None)
    if node is None or node.get("id") is None:
        return None
    name, old = node.get("id", ""), node.get("name", "")
    document.rename(name, f"{old} (renamed)")
    changed = Document.open(document.write())
    if changed.element(name).get("name") != f"{old} (renamed)":
        return "an edit is not written"
    changed.rename(name, old)
    return None if canonical(changed) == original else "an edit changes more than it should"


def _read(document: Document, file: Path) -> str | None:
    """Reading for execution must not refuse a model in which nothing is executable, but for broken references."""
    if any(process.get("isExecutable") in ("true", "1") for process in document.elements("process")):
        return None
    try:
        bpmn.read(file, check_rules=False)
    except BpmnError as refused:
        found = [one for one in refused.diagnostics if one.code not in BROKEN]
        return f"a drawing is refused: {found[0]}" if found else None
    return None


def run(data: Path) -> Score:
    """Takes every model below ``bpmn-miwg``."""
    files = sorted((data / "bpmn-miwg").rglob("*.bpmn"))
    score = Score("bpmn-miwg", 0, len(files))
    shapes = 0
    for file in files:
        found = problem(file)
        if found is None:
            score.passed += 1
            shapes += len(Document.open(file).diagram_elements())
        else:
            score.failed.append(f"{file.name}: {found}")
    score.extra["diagram_elements"] = shapes
    return score
