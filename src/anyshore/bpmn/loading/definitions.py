"""Reading a BPMN file: every problem at once, or the processes ready to run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from anyshore.base.errors import BpmnError, Diagnostic
from anyshore.base.xml import XmlDocument, parse
from anyshore.bpmn import rules, vendors
from anyshore.bpmn.loading import processes, told
from anyshore.bpmn.model import Definitions, MessageFlow, Process
from anyshore.bpmn.namespaces import BPMN, FEEL_LANGUAGES, bpmn
from anyshore.bpmn.reading import mappings, vocabulary
from anyshore.bpmn.reading.context import Reading

XPATH = frozenset(("http://www.w3.org/1999/XPath", "http://www.w3.org/TR/XPath", "http://www.w3.org/TR/xpath"))
"""The default of the specification, which modellers write without meaning it; Signavio names the recommendation."""


def read(
    source: bytes | str | Path, *, file: str | None = None, check_rules: bool = True, strict: bool = False
) -> Definitions:
    """Reads a BPMN 2.0 file.

    Args:
        source: a path, or the content.
        file: the name to show in messages.
        check_rules: whether the static rules of the specification are checked too (see ``rules``).
        strict: whether a file is refused, too, for what whole families of modellers write against a rule and what
            changes nothing in a run; else it is a warning.

    Raises:
        BpmnError: the file is not BPMN, breaks a static rule, refers to what is not there, or holds something that is
            not executed; with every problem found.
    """
    path = Path(source) if isinstance(source, str) and not source.lstrip().startswith("<") else source
    document = parse(path, file, error=BpmnError)
    found = [*document.notes, *(rules.check(document, strict=strict) if check_rules else ())]
    translated, untranslated = vendors.translate(document)
    definitions = read_document(translated, [*found, *untranslated], strict=strict)
    definitions.document = document
    return definitions


def read_document(document: XmlDocument, found: Iterable[Diagnostic] = (), *, strict: bool = False) -> Definitions:
    """Reads a BPMN file that is parsed already, for example after a vendor's dialect was translated.

    Args:
        document: the file.
        found: problems that were found before.
        strict: see `read`.

    Raises:
        BpmnError: see `read`.
    """
    root = document.root
    if root.tag != bpmn("definitions"):
        raise BpmnError(
            "bpmn.not-bpmn", f"The file is no BPMN 2.0 file: its root is {etree.QName(root).localname!r}.",
            document.locate(root), f"The root has to be definitions in {BPMN}.",
        )  # fmt: skip
    reading = Reading(document)
    reading.problems.found[:0] = found
    mappings.name_variables(reading)
    definitions = Definitions(document)
    for xml in root.findall(bpmn("process")):
        name = xml.get("id") or ""
        if reading.flag(xml, "isExecutable", False):
            definitions.processes[name] = _process(reading, xml)
        else:
            definitions.described[name] = xml.get("name") or name
    if definitions.processes and (reading.unlabelled or strict):
        _language(reading, root)
    _collaboration(reading, definitions)
    problems = told.once(reading.problems.found)
    errors = [one for one in problems if one.severity == "error"]
    if errors:
        raise BpmnError.of(errors)
    definitions.diagnostics = tuple(problems)
    return definitions


def _process(reading: Reading, xml: etree._Element) -> Process:
    if not xml.get("id"):
        reading.problems.add(xml, "bpmn.no-id", "The process has no id.", "Give it one.")
    vocabulary.check(reading, xml)
    reading.calls, reading.decisions, reading.activities, reading.forms = [], [], [], []
    return processes.read(reading, xml)


def _language(reading: Reading, root: etree._Element) -> None:
    written = root.get("expressionLanguage")
    if written and written not in XPATH | FEEL_LANGUAGES and written.lower() not in FEEL_LANGUAGES:
        reading.problems.add(
            root, "bpmn.language", f"The expressions of the file are in {written!r}, which is not executed.",
            'Write them in FEEL, and expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/".',
        )  # fmt: skip


def _collaboration(reading: Reading, definitions: Definitions) -> None:
    flows: list[MessageFlow] = []
    for collaboration in reading.document.root.findall(bpmn("collaboration")):
        for pool in collaboration.findall(bpmn("participant")):
            process = reading.reference(pool, "processRef")
            if process is not None:
                definitions.participants[pool.get("id", "")] = process
        for xml in collaboration.findall(bpmn("messageFlow")):
            source = reading.reference(xml, "sourceRef", required=True)
            target = reading.reference(xml, "targetRef", required=True)
            if source is not None and target is not None:
                flows.append(MessageFlow(xml.get("id", ""), xml.get("name", ""), source, target))
    definitions.message_flows = tuple(flows)
