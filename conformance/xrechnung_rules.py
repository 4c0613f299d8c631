"""The unit tests of XRechnung's own rules: which of them fire, and which stay silent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from anyshore.activities.einvoice import validation
from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.activities.einvoice.rulesets import RULE_SETS
from conformance import expectations, folders
from conformance.scores import Score


def run(data: Path) -> Score:
    """Runs the tests.

    Args:
        data: the folder of all data, or any folder of files of this shape.
    """
    score = Score("xrechnung-rules", 0, 0)
    for line in expectations.lines(folders.of_suite(data, "einvoice/xrechnung-rules"), score):
        expectations.judge(score, line, _broken)
    return score


def _broken(document: InvoiceDocument, _line: dict[str, Any]) -> set[str]:
    # Some break the very identifier by which the rules are chosen, and some what EN 16931 needs to be evaluated at all:
    # XRechnung's own rules are applied by name and alone, as KoSIT applies them.
    rules = RULE_SETS[f"{document.syntax} xrechnung"]
    rules = replace(rules, stylesheets=rules.stylesheets[-1:])
    return {violation.rule for violation in validation.judged(document, rules)}
