"""The activities ``einvoice.read``, ``einvoice.suggest`` and ``einvoice.validate``.

What a sender got wrong is a result, not a failure: it goes back to the sender or to a person. Only a document that the
host does not have is a failure.
"""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common.problems import Problem, problems
from anyshore.activities.einvoice.documents import open_document
from anyshore.activities.einvoice.model import Invoice, Kind
from anyshore.activities.einvoice.picture import Difference, Suggestion, differences, suggestion, text_of
from anyshore.activities.einvoice.reader import read
from anyshore.activities.einvoice.rulesets import is_supported, profile_of
from anyshore.activities.einvoice.validation import validate
from anyshore.activities.einvoice.violations import Violation
from anyshore.base.errors import DataError


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """Names the invoice.

    Attributes:
        document: name of the document in the host.
    """

    document: str


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What reading gave.

    Attributes:
        readable: whether there is an invoice.
        invoice: the invoice.
        credit_note: whether its amounts are owed to the buyer.
        kind: what the document is, by its type code (BT-3).
        problems: why it is not readable.
        picture: what the picture around it says otherwise; the XML is the invoice.
    """

    readable: bool
    invoice: Invoice | None = None
    credit_note: bool = False
    kind: Kind | None = None
    problems: tuple[Problem, ...] = ()
    picture: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class ValidateOutcome:
    """What the check against the official rules gave.

    Attributes:
        valid: whether nothing fatal was found.
        supported: whether the rules are known here that the document follows by the specification it names (BT-24); one
            that follows others is not judged.
        profile: the profile of Factur-X or ZUGFeRD it names, where it names one.
        rules: name of the rule set applied; none where the document is no electronic invoice.
        rules_applied: whether the business rules could be applied.
        fatal_rules: identifiers of the rules that make it invalid, each once, in order.
        violations: everything found, warnings too.
        problems: why the document is no electronic invoice.
    """

    valid: bool
    supported: bool = True
    profile: str | None = None
    rules: str | None = None
    rules_applied: bool = False
    fatal_rules: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_task(data: DocumentInput, context: ActivityContext) -> ReadOutcome:
    """Reads an electronic invoice."""
    content = context.read_document(data.document)
    try:
        invoice = read(content, data.document)
    except DataError as error:
        return ReadOutcome(readable=False, problems=problems(error.diagnostics))
    return ReadOutcome(
        True, invoice, invoice.is_credit_note, invoice.kind, picture=differences(content, invoice, data.document)
    )


def suggest_task(data: DocumentInput, context: ActivityContext) -> Suggestion:
    """Says what the text of a PDF without electronic invoice says, for a person who looks at it."""
    return suggestion(text_of(context.read_document(data.document), data.document))


def validate_task(data: DocumentInput, context: ActivityContext) -> ValidateOutcome:
    """Checks an electronic invoice against the official rules of its syntax and profile."""
    try:
        document = open_document(context.read_document(data.document), data.document)
        if not is_supported(document):
            return ValidateOutcome(valid=False, supported=False)
        result = validate(document)
    except DataError as error:
        return ValidateOutcome(valid=False, problems=problems(error.diagnostics))
    fatal = tuple(dict.fromkeys(v.rule for v in result.fatal))
    return ValidateOutcome(
        result.valid, True, profile_of(document), result.rules, result.rules_applied, fatal, result.violations
    )
