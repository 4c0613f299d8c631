"""A service whose rows are decided over columns: a table, a gateway, a person, a timer, a message."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl

from anyshore.dmn.grids import Column, Table, to_xml

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:anyshore="https://anyshore.org/bpmn" '
    'targetNamespace="urn:x" expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/">'
)
PROCESS = """<message id="reply" name="reply"/>
<process id="payable" isExecutable="true">
  <startEvent id="start"/>
  <businessRuleTask id="check" anyshore:decision="Check" anyshore:result="outcome"/>
  <exclusiveGateway id="where" default="to_paid"/>
  <userTask id="approve" name="Approve it"/>
  <intermediateCatchEvent id="later"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>
  </intermediateCatchEvent>
  <receiveTask id="asked" messageRef="reply" anyshore:correlation="reference"/>
  <endEvent id="paid"/><endEvent id="done"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="check"/>
  <sequenceFlow id="f2" sourceRef="check" targetRef="where"/>
  <sequenceFlow id="to_approve" sourceRef="where" targetRef="approve">
    <conditionExpression>outcome = "approve"</conditionExpression></sequenceFlow>
  <sequenceFlow id="to_later" sourceRef="where" targetRef="later">
    <conditionExpression>outcome = "later"</conditionExpression></sequenceFlow>
  <sequenceFlow id="to_asked" sourceRef="where" targetRef="asked">
    <conditionExpression>outcome = "ask"</conditionExpression></sequenceFlow>
  <sequenceFlow id="to_paid" sourceRef="where" targetRef="paid"/>
  <sequenceFlow id="f3" sourceRef="approve" targetRef="done"/>
  <sequenceFlow id="f4" sourceRef="later" targetRef="done"/>
  <sequenceFlow id="f5" sourceRef="asked" targetRef="done"/>
</process></definitions>"""


def files() -> Mapping[str, bytes]:
    columns = [
        Column("input", "zone", "string"), Column("input", "amount", "number"), Column("output", "f", "string"),
    ]  # fmt: skip
    cells = [
        ['"EU"', "<= 200", '"paid"'], ['"EU"', "> 200", '"approve"'], ['"US"', "-", '"later"'],
        ['"UK"', "-", '"ask"'], ['"CH"', "<= 100", '"refused"'],
    ]  # fmt: skip
    table = to_xml([Table("Check", "U", columns, cells)], "checks", "urn:checks")
    return {
        "payable.bpmn": (HEAD + PROCESS).encode(),
        "checks.dmn": table if isinstance(table, bytes) else table.encode(),
    }


def frame(height: int, seed: int = 14) -> pl.DataFrame:
    """Rows of all kinds; some have no zone the table knows, and go as instances of their own."""
    random = Random(seed)
    zones = [random.choice(["EU"] * 6 + ["US", "UK", "CH", "XX"]) for _ in range(height)]
    amounts = [Decimal(random.randint(100, 30_000)) / 100 for _ in range(height)]
    return pl.DataFrame({
        "reference": [f"R-{number}" for number in range(1, height + 1)], "zone": zones,
        "amount": pl.Series(amounts, dtype=pl.Decimal(12, 2)),
    })  # fmt: skip


def parquet(folder: Path, height: int) -> Path:
    """The rows in a file."""
    path = folder / "rows.parquet"
    frame(height).write_parquet(path)
    return path


PAYROLL = """<process id="payable" isExecutable="true">
  <startEvent id="start"/>
  <businessRuleTask id="rate" anyshore:decision="Rate" anyshore:result="rate"/>
  <scriptTask id="tax" scriptFormat="text/feel" anyshore:result="tax">
    <script>round half up(amount * rate, 2)</script></scriptTask>
  <scriptTask id="net" scriptFormat="text/feel" anyshore:result="net"><script>amount - tax</script></scriptTask>
  <scriptTask id="out" scriptFormat="text/feel" anyshore:result="outcome">
    <script>if net &gt; 150 then "approve" else "paid"</script></scriptTask>
  <exclusiveGateway id="where" default="to_paid"/>
  <userTask id="approve" name="Release it"/>
  <endEvent id="paid"/><endEvent id="done"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="rate"/><sequenceFlow id="f2" sourceRef="rate" targetRef="tax"/>
  <sequenceFlow id="f3" sourceRef="tax" targetRef="net"/><sequenceFlow id="f4" sourceRef="net" targetRef="out"/>
  <sequenceFlow id="f5" sourceRef="out" targetRef="where"/>
  <sequenceFlow id="to_approve" sourceRef="where" targetRef="approve">
    <conditionExpression>outcome = "approve"</conditionExpression></sequenceFlow>
  <sequenceFlow id="to_paid" sourceRef="where" targetRef="paid"/>
  <sequenceFlow id="f6" sourceRef="approve" targetRef="done"/>
</process></definitions>"""
SEGMENTS = """<process id="payable" isExecutable="true">
  <startEvent id="start"/>
  <scriptTask id="word" scriptFormat="text/feel" anyshore:result="word">
    <script>if starts with(zone, "U") then "sea" else if contains(zone, "X") then "none" else "land"</script>
  </scriptTask>
  <businessRuleTask id="segment" anyshore:decision="Segment" anyshore:result="outcome"/>
  <exclusiveGateway id="where" default="to_paid"/>
  <endEvent id="paid"/><endEvent id="left"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="word"/><sequenceFlow id="f2" sourceRef="word" targetRef="segment"/>
  <sequenceFlow id="f3" sourceRef="segment" targetRef="where"/>
  <sequenceFlow id="to_left" sourceRef="where" targetRef="left">
    <conditionExpression>outcome = "refused"</conditionExpression></sequenceFlow>
  <sequenceFlow id="to_paid" sourceRef="where" targetRef="paid"/>
</process></definitions>"""


def service(name: str) -> Mapping[str, bytes]:
    """The definitions of a service: of payables, a payroll, or the segments of a campaign."""
    if name == "payables":
        return files()
    if name == "payroll":
        columns = [Column("input", "zone", "string"), Column("output", "r", "number")]
        cells = [['"EU"', "0.195"], ['"US","UK"', "0.22"], ['not("EU","US","UK")', "0.0725"]]
        table, process = Table("Rate", "U", columns, cells), PAYROLL
    else:
        columns = [
            Column("input", "word", "string"), Column("input", "amount", "number"), Column("output", "s", "string"),
        ]  # fmt: skip
        cells = [['"none"', "-", '"refused"'], ["-", "> 150", '"paid"'], ['"sea"', "-", '"later"'], ["-", "-", '"ask"']]
        table, process = Table("Segment", "F", columns, cells), SEGMENTS
    written = to_xml([table], "tables", "urn:tables")
    return {
        "payable.bpmn": (HEAD + process).encode(),
        "tables.dmn": written if isinstance(written, bytes) else written.encode(),
    }
