"""The DMN Technology Compatibility Kit, levels 2 and 3 (https://github.com/dmn-tck/tck).

Every ``.xml`` beside a ``.dmn`` holds cases: inputs by name, and for each decision the value it must yield. A case
passes when all its results do. Numbers agree within 1e-8; where an error is expected, null must come.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from lxml import etree

from anyshore import dmn
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from conformance import folders
from conformance.scores import Score

TEST = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
TOLERANCE = Decimal("1e-8")


@dataclass
class Case:
    """A test case: what goes in and what must come out."""

    folder: Path
    model: str
    id: str
    invocable: str | None
    inputs: dict[str, object]
    results: list[tuple[str, object]]

    @property
    def expects_null(self) -> bool:
        """Whether every result of the case is null."""
        return all(expected is None for _, expected in self.results)


def run(data: Path) -> Score:
    """Runs every case below ``dmn-tck``, or below the folder given, and prints passed of total per folder."""
    score = Score("dmn-tck", 0, 0, extra={"value_passed": 0, "value_total": 0, "null_passed": 0, "null_total": 0})
    root = folders.of_suite(data, "dmn-tck")
    for folder in sorted({file.parent for file in folders.files(root, ".xml")}):
        before = dict(score.extra)
        run_folder(folder, score)
        counts = [score.extra[key] - before[key] for key in score.extra]
        if any(counts):
            name = folder.relative_to(root).as_posix()
            print(f"{name}: values {counts[0]}/{counts[1]}, nulls {counts[2]}/{counts[3]}")
    return score


def run_folder(folder: Path, score: Score) -> None:
    """Runs the cases of one folder, adding to the score."""
    models: dict[str, dmn.Model | Exception] = {}
    for file in sorted(path for path in folder.glob("*.xml") if not path.is_dir()):
        place = f"{folder.parent.name}/{folder.name} {file.stem}"
        try:
            cases = list(read_cases(file))
        except (etree.XMLSyntaxError, OSError) as problem:
            score.total += 1
            score.failed.append(f"{place}: {file.name} cannot be read: {problem}")
            continue
        for case in cases:
            if case.model not in models:
                models[case.model] = _read(folder / case.model)
            problem = run_case(models[case.model], case)
            kind = "null" if case.expects_null else "value"
            score.total += 1
            score.extra[f"{kind}_total"] += 1
            if problem is None:
                score.passed += 1
                score.extra[f"{kind}_passed"] += 1
            else:
                score.failed.append(f"{place} {case.id}: {problem}")


def _read(path: Path) -> dmn.Model | Exception:
    try:
        return dmn.read(path)
    except Exception as error:  # fails the cases of this model, not the run
        return error


def run_case(model: dmn.Model | Exception, case: Case) -> str | None:
    """What is wrong with a case, or nothing."""
    if isinstance(model, Exception):
        return f"the model cannot be read: {type(model).__name__}: {model}"
    for name, expected in case.results:
        try:
            result = model.decide(case.invocable or name, case.inputs, now=time.time_ns() // 1000)
        except Exception as error:  # a crash fails this case, not the run
            return f"{name}: {type(error).__name__}: {error}"
        actual = result.value
        # Of a service with several output decisions, a result may be one of them, by name.
        if case.invocable and isinstance(actual, dict) and name in actual and same(expected, actual[name]):
            continue
        if not same(expected, actual):
            why = f" ({result.diagnostics[0].message})" if result.diagnostics else ""
            return f"{name}: expected {expected!r}, got {actual!r}{why}"
    return None


def same(expected: object, actual: object) -> bool:
    """Whether a result is the expected value."""
    match expected, actual:
        case bool(), _:
            return expected is actual
        case Decimal(), Decimal():
            return abs(expected - actual) <= TOLERANCE
        case list(), list():
            return len(expected) == len(actual) and all(map(same, expected, actual))
        case dict(), dict():
            return expected.keys() == actual.keys() and all(same(expected[key], actual[key]) for key in expected)
        case _:
            return type(expected) is type(actual) and expected == actual


def read_cases(file: Path) -> Iterator[Case]:
    """The cases of a test file; a file of another kind has none.

    Raises:
        XMLSyntaxError: it is no XML.
        OSError: it cannot be opened.
    """
    root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    model = root.findtext(f"{TEST}modelName") or f"{file.stem}.dmn"
    for node in root.iterchildren(f"{TEST}testCase"):
        kind = node.get("type", "decision")
        yield Case(
            file.parent,
            model,
            node.get("id", ""),
            node.get("invocableName") if kind != "decision" else None,
            _inputs(node),
            [(result.get("name", ""), _expected(result)) for result in node.iterchildren(f"{TEST}resultNode")],
        )


def _inputs(node: etree._Element) -> dict[str, object]:
    return {child.get("name", ""): value_of(child) for child in node.iterchildren(f"{TEST}inputNode")}


def _expected(result: etree._Element) -> object:
    expected = result.find(f"{TEST}expected")
    return None if expected is None else value_of(expected)


def value_of(node: etree._Element) -> object:
    """The FEEL value of an element that holds ``value``, ``list`` or ``component``."""
    if node.get(f"{XSI}nil") == "true":
        return None
    components = node.findall(f"{TEST}component")
    if components:
        return {child.get("name", ""): value_of(child) for child in components}
    items = node.find(f"{TEST}list")
    if items is not None:
        if items.get(f"{XSI}nil") == "true":
            return None
        return [value_of(item) for item in items.iterchildren(f"{TEST}item")]
    value = node.find(f"{TEST}value")
    if value is None or value.get(f"{XSI}nil") == "true":
        return None
    return _simple(value.text or "", (value.get(f"{XSI}type") or "").split(":")[-1])


def _simple(text: str, kind: str) -> object:
    try:
        return _converted(text, kind)
    except (ValueError, ArithmeticError):
        return text  # not what its type says; the case then fails, not the run


def _converted(text: str, kind: str) -> object:
    match kind:
        case "decimal" | "double" | "float" | "integer" | "int" | "long":
            return Decimal(text.strip())
        case "boolean":
            return text.strip() in ("true", "1")
        case "date":
            return Date.parse(text.strip())
        case "time":
            return Time.parse(text.strip())
        case "dateTime":
            return DateTime.parse(text.strip())
        case "duration" | "dayTimeDuration" | "yearMonthDuration":
            return _duration(text.strip())
        case _:
            return text


def _duration(text: str) -> object:
    try:
        return DaysDuration.parse(text)
    except ValueError:
        return MonthsDuration.parse(text)


if __name__ == "__main__":
    import sys

    run(Path(sys.argv[1])).print()
