"""CAMT messages: statements, entries, signs, statuses and balances against the XML, and a peer's parse where given.

A file is a case. What it holds is counted a second time by XPath on names alone, without our reader. A message without
any statement has to be refused with its place. Where a JSON file of the same name stands beside it, the parse of
genkgo/camt, every field of that parse has to be ours too.

    python -m conformance.camt [data folder]
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

from lxml import etree

from anyshore.activities.bank import camt
from anyshore.activities.bank.model import Message
from anyshore.base.errors import DataError
from conformance import camt_parse, folders
from conformance.scores import Score

_RECORDS = "/*/*[starts-with(local-name(), 'BkToCstmr')]/*[local-name() != 'GrpHdr' and local-name() != 'SplmtryData']"
_STATUS = {"booked": "BOOK", "pending": "PDNG", "information": "INFO", "future": "FUTR"}


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of messages.
    """
    folder = folders.of_suite(data, "bank/camt")
    score = Score("camt", 0, 0, extra={"with_parse": 0, "refused": 0})
    for file in folders.files(folder, ".xml"):
        name = file.relative_to(folder).as_posix()
        wrong = folders.told(lambda file=file: _wrong(file, score), lambda reason: [reason])
        score.total += 1
        score.passed += not wrong
        if wrong:
            score.failed.append(f"{name}: {'; '.join(wrong[:3])}")
    return score


def _wrong(file: Path, score: Score) -> list[str]:
    """What is wrong with how a file was read."""
    root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    records = root.xpath(_RECORDS)
    parse = file.with_suffix(".json")
    score.extra["with_parse"] += parse.is_file()
    try:
        read = camt.read(file.read_bytes(), file.name)
    except DataError as problem:
        score.extra["refused"] += 1
        placed = problem.location.line is not None
        return [] if placed and not records else [f"refused: {problem}"]
    found = _counted(read, records)
    if parse.is_file():
        expected = json.loads(parse.read_text("utf-8"))
        found += camt_parse.differences(expected, camt_parse.message(read))
    return found


def _counted(read: Message, records: list[etree._Element]) -> list[str]:
    if len(read.statements) != len(records):
        return [f"{len(read.statements)} statements instead of {len(records)}"]
    found = []
    for statement, record in zip(read.statements, records, strict=True):
        entries = [(one.money.amount, one.money.currency, _STATUS[one.status]) for one in statement.entries]
        counted = [(*_amount(one), _status(one)) for one in record.xpath("*[local-name()='Ntry']")]
        found += [] if entries == counted else [f"entries {entries} instead of {counted}"]
        balances = [(one.money.amount, one.money.currency, one.kind) for one in statement.balances]
        counted = [(*_amount(one), _kind(one)) for one in record.xpath("*[local-name()='Bal']")]
        found += [] if balances == counted else [f"balances {balances} instead of {counted}"]
        details = [len(one.details) for one in statement.entries]
        inside = [
            int(one.xpath("count(.//*[local-name()='TxDtls'])")) for one in record.xpath("*[local-name()='Ntry']")
        ]
        found += [] if details == inside else [f"details {details} instead of {inside}"]
    return found


def _amount(element: etree._Element) -> tuple[Decimal, str]:
    amount = element.xpath("*[local-name()='Amt']")[0]
    sign = -1 if element.xpath("string(*[local-name()='CdtDbtInd'])") == "DBIT" else 1
    return Decimal(amount.text) * sign, amount.get("Ccy")


def _status(element: etree._Element) -> str:
    return str(element.xpath("normalize-space(*[local-name()='Sts'])"))


def _kind(element: etree._Element) -> str:
    return str(element.xpath("normalize-space(*[local-name()='Tp'])"))


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
