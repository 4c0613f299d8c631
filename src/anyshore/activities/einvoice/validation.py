"""Checks an invoice against the official rules: XSD first, then the compiled Schematron of EN 16931."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lxml import etree

from anyshore.activities.einvoice import currencies, editions, peppol, saxon, severities
from anyshore.activities.einvoice.documents import InvoiceDocument, open_document
from anyshore.activities.einvoice.rulesets import RuleSet, rule_set_for, rules_folder
from anyshore.activities.einvoice.texts import is_decimal
from anyshore.activities.einvoice.violations import Violation, from_svrl, place
from anyshore.activities.einvoice.xpath import evaluating, nodes
from anyshore.base.errors import DataError
from anyshore.base.locations import Location


@dataclass(frozen=True, slots=True)
class Validation:
    """The result of a check.

    Attributes:
        rules: name of the rule set that was applied.
        violations: what was found, in the order of the rules.
        rules_applied: whether the business rules were applied; they are not where they cannot be evaluated on what the
            schema refuses.
    """

    rules: str
    violations: tuple[Violation, ...]
    rules_applied: bool

    @property
    def valid(self) -> bool:
        """Whether nothing fatal was found."""
        return not self.fatal

    @property
    def fatal(self) -> tuple[Violation, ...]:
        """The violations that make the invoice invalid."""
        return tuple(v for v in self.violations if v.flag == "fatal")


def validate(source: InvoiceDocument | bytes | Path, file: str | None = None) -> Validation:
    """Checks an invoice against the schema of its syntax, then against the rules of EN 16931 or its profile.

    Args:
        source: a document, a path, or the content.
        file: the name to show in messages.

    Raises:
        DataError: the file is no electronic invoice at all, or the rules cannot be evaluated on it.
    """
    document = source if isinstance(source, InvoiceDocument) else open_document(source, file)
    rules = rule_set_for(document)
    broken = check_schema(document)
    if not broken:
        return Validation(rules.name, check_rules(document), rules_applied=True)
    # The sender gets all problems at once, as far as the rules can be evaluated on what the schema refuses.
    if not _numbers_are_numbers(document):
        return Validation(rules.name, broken, rules_applied=False)
    try:
        return Validation(rules.name, broken + check_rules(document), rules_applied=True)
    except DataError:
        return Validation(rules.name, broken, rules_applied=False)


def _numbers_are_numbers(document: InvoiceDocument) -> bool:
    """Whether the rules can compute: they cast the text of these elements without testing it first."""
    return all(
        is_decimal(element.text or "")
        for element in document.xml.root.iter(etree.Element)
        if etree.QName(element).localname.endswith(("Amount", "Quantity", "Percent", "Numeric"))
    )


def check_schema(document: InvoiceDocument) -> tuple[Violation, ...]:
    """What the XML schema refuses. Rule identifier is ``XSD``."""
    schema = _schema(rules_folder() / rule_set_for(document).schema)
    if schema.validate(document.xml.root):
        return ()
    entries: Iterable[etree._LogEntry] = schema.error_log  # type: ignore[assignment]  # lxml-stubs lacks __iter__
    return tuple(_schema_violation(entry, document) for entry in entries)


def check_rules(document: InvoiceDocument) -> tuple[Violation, ...]:
    """Which business rules are broken, whether or not the document fits its schema.

    Raises:
        DataError: the rules cannot be evaluated, as some cast text to numbers without testing it first.
    """
    return judged(document, rule_set_for(document))


def judged(document: InvoiceDocument, rules: RuleSet) -> tuple[Violation, ...]:
    """Which rules of a set are broken, whatever the document names, and how bad each is by what it names.

    Raises:
        DataError: as ``check_rules``.
    """
    changed = severities.changed(document)
    return tuple(
        replace(v, flag="information") if currencies.was_in_use(v, document)
        else replace(v, flag="warning") if v.flag == "fatal" and editions.cannot_be_held_to(v, document)
        else replace(v, flag=changed[v.rule]) if v.rule in changed
        else v
        for v in _rule_violations(document, rules)
    )  # fmt: skip


def _rule_violations(document: InvoiceDocument, rules: RuleSet) -> Iterator[Violation]:
    if rules.peppol:
        yield from peppol.violations(document)
    read = nodes.read(document.xml.root)
    for stylesheet in rules.schematron():
        compiled = evaluating.rules_of(stylesheet)
        found = compiled.findings(read) if compiled is not None else None
        if found is not None:
            yield from (_violation(one, document) for one in found)
            continue
        report, assertions = saxon.report(stylesheet, document.xml.root, document.xml.file)
        yield from from_svrl(report, document.xml, assertions)


def _violation(found: evaluating.Finding, document: InvoiceDocument) -> Violation:
    said = found.said
    location = document.xml.locate(found.element, etree.QName(found.element).localname)
    return Violation(said.rule, said.flag, said.test, found.text, found.xpath, location)


@cache
def _schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(path)))


def _schema_violation(entry: etree._LogEntry, document: InvoiceDocument) -> Violation:
    location = place(document.xml, entry.path or "").within(Location(line=entry.line or None))
    return Violation("XSD", "fatal", "", entry.message, entry.path or "", location)
