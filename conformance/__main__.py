"""Runs one suite found under a folder and prints its score; the last line is one JSON object."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

SUITES = {
    "dmn-tck": "dmn_tck",
    "betsy": "betsy",
    "betsy-invalid": "betsy_invalid",
    "bpmn-miwg": "bpmn_miwg",
    "cmmn-kit": "cmmn_kit",
    "en16931": "en16931",
    "xrechnung": "xrechnung",
    "mcda": "mcda",
    "cash-flows": "cash_flows",
    "sourcing-kind": "sourcing_kind",
    "event-logs": "event_logs",
    "camt": "camt",
    "mt940": "mt940",
    "bank-matching": "bank_matching",
    "xrechnung-rules": "xrechnung_rules",
    "peppol-rules": "peppol_rules",
    "payroll": "payroll",
    "social-insurance": "social_insurance",
    "zugferd": "zugferd",
    "receivables": "receivables",
    "period-close": "period_close",
    "notice-periods": "notice_periods",
    "urls": "urls",
    "robots": "robots",
    "certificates": "certificates",
    "act": "act",
    "erlang": "erlang",
    "diagnosis": "diagnosis",
    "project-scheduling": "project_scheduling",
    "rosters": "rosters",
    "recruiting": "recruiting",
    "mail-replies": "mail_replies",
    "mail-intake": "mail_intake",
    "bounces": "bounces",
    "mail-address": "mail_address",
    "domains": "domains",
    "invoice-matching": "invoice_matching",
    "gift": "gift",
    "item-analysis": "item_analysis",
    "intents-banking77": "intents_banking77",
    "intents-clinc150": "intents_clinc150",
    "kb-hit5": "kb_hit5",
    "kb-first": "kb_first",
    "entities": "entities",
    "name-checks": "name_checks",
    "cuad-pdf": "cuad_pdf",
    "screening": "screening",
    "sla-clock": "sla_clock",
    "survey-files": "survey_files",
    "survey-table": "survey_table",
    "survey-r": "survey_r",
    "choice": "choice",
    "xbrl-facts": "xbrl_facts",
    "xbrl-sums": "xbrl_sums",
    "tatqa": "tatqa",
    "nist": "nist",
    "ab-tests": "ab_tests",
    "caps": "caps",
    "hmda": "hmda",
    "equal": "equal",
    "properties": "properties",
}
OWN = frozenset({"equal", "properties", "sla-clock"})
"""Suites of the project's own cases, which need no folder."""


def main() -> int:
    """Runs the suite; 0, also where cases fail, 1 where the folder holds none of its cases, 2 for a wrong call."""
    if len(sys.argv) != 3 or sys.argv[1] not in SUITES:
        print(f"usage: python -m conformance NAME DIR; NAME is one of {', '.join(SUITES)}", file=sys.stderr)
        return 2
    name, data = sys.argv[1], Path(sys.argv[2])
    if not data.is_dir() and name not in OWN:
        print(f"{data} is no folder. Give the folder that holds the suites: DATA=DIR.", file=sys.stderr)
        return 2
    score = importlib.import_module(f"conformance.{SUITES[name]}").run(data)
    score.print()
    if score.total:
        return 0
    print(f"{data} holds no case of {name}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
