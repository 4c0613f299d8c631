"""The unit tests of Peppol BIS Billing 3: the general rules by our own, national ones by the folder an operator names.

Where no folder is named, the national expectations are neither passed nor run: how many, the last line says.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anyshore.activities.einvoice import peppol, validation
from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.activities.einvoice.rulesets import peppol_rules
from conformance import expectations, folders
from conformance.scores import Score


def run(data: Path) -> Score:
    """Runs the tests.

    Args:
        data: the folder of all data, or any folder of files of this shape.
    """
    score = Score("peppol-rules", 0, 0)
    national = 0
    for line in expectations.lines(folders.of_suite(data, "einvoice/peppol-rules"), score):
        general = all(rule.startswith("PEPPOL-") for rule, _ in line.expectations())
        if general or peppol_rules() is not None:
            expectations.judge(score, line, _own if general else _official)
        else:
            national += len(line.expectations())
    score.extra["national_not_run"] = national
    return score


def _own(document: InvoiceDocument, _line: dict[str, Any]) -> set[str]:
    return {violation.rule for violation in peppol.violations(document)}


def _official(document: InvoiceDocument, _line: dict[str, Any]) -> set[str]:
    rules = peppol_rules()
    return set() if rules is None else {violation.rule for violation in validation.judged(document, rules)}
