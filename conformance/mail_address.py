"""Addresses of mail and registrable domains.

- ``is_email*.csv``: an address is a case. What RFC 5321 and 5322 forbid (``ISEMAIL_ERR``) has to be refused, what is
  valid accepted, and what lies between decided as the policy of ``anyshore.mail.addresses`` says, told here in the
  suite's words.
- ``public_suffix*.csv``, suite ``domains``: a host is a case; its registrable domain has to come out.

    python -m conformance.mail_address [data folder]
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from anyshore.mail import addresses, domains
from conformance import folders
from conformance.scores import Score

Row = dict[str, str]
_ACCEPTED = frozenset({
    "ISEMAIL_CFWS_COMMENT", "ISEMAIL_CFWS_FWS",  # taken away around the address
    "ISEMAIL_RFC5321_QUOTEDSTRING", "ISEMAIL_RFC5321_TLD",  # RFC 5321 sends to them
    "ISEMAIL_DNSWARN_NO_RECORD", "ISEMAIL_DNSWARN_NO_MX_RECORD",  # nothing is looked up
})  # fmt: skip
"""Diagnoses between valid and forbidden whose addresses the policy accepts; all others are refused."""


def run(data: Path) -> Score:
    """Runs the suite of addresses.

    Args:
        data: the folder of all data, or any folder of such tables.
    """
    score = Score("mail-address", 0, 0, extra={"forbidden": 0, "valid": 0, "by_policy": 0})
    for file, row in _rows(data, "address_json"):
        kind = {"ISEMAIL_ERR": "forbidden", "ISEMAIL_VALID_CATEGORY": "valid"}.get(row.get("category", ""), "by_policy")
        wrong = folders.told(lambda row=row, kind=kind: _wrong(row, kind), lambda reason: reason)
        score.total += 1
        score.passed += not wrong
        score.extra[kind] += not wrong
        if wrong:
            score.failed.append(f"{file.name}: {row.get('id')}: {wrong}")
    return score


def run_domains(data: Path) -> Score:
    """Runs the suite of domains; the same folders."""
    score = Score("domains", 0, 0)
    for file, row in _rows(data, "registrable_domain"):
        found = folders.told(lambda row=row: domains.registrable(row["host"]), lambda reason: reason)
        right = found == row["registrable_domain"]
        score.total += 1
        score.passed += right
        if not right:
            score.failed.append(f"{file.name}: {row['host']!r}: {found!r} instead of {row['registrable_domain']!r}")
    return score


def _rows(data: Path, column: str) -> list[tuple[Path, Row]]:
    found: list[tuple[Path, Row]] = []
    for file in folders.files(folders.of_suite(data, "mail-address"), ".csv"):
        rows = folders.told(lambda file=file: _table(file), lambda reason: [{column: reason, "category": reason}])
        found += [(file, row) for row in rows if column in row]
    return found


def _table(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def _wrong(row: Row, kind: str) -> str:
    text = json.loads(row["address_json"])
    right = kind == "valid" or (kind == "by_policy" and row["diagnosis"] in _ACCEPTED)
    found = addresses.is_address(text)
    return "" if found == right else f"{text!r} ({row['diagnosis']}) is {'accepted' if found else 'refused'}"


if __name__ == "__main__":
    for result in (one(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")) for one in (run, run_domains)):
        result.print()
