"""``report:`` of a pack: how its work ends, why people see it, what the trade measures of it."""

from __future__ import annotations

from collections.abc import Mapping

from anyshore.base.errors import Diagnostic
from anyshore.packs.expressions import Reader
from anyshore.runtime.reports import GIVEN, Detail, Measure, Report

SECTION = "report"


def read(reader: Reader) -> Report:
    """The section of a pack; problems are noted in the reader."""
    found = reader.value((SECTION,)) or {}
    _known_directions(reader, found.get("measures", {}))
    return Report(
        outcome=reader.expression((SECTION, "outcome")), outcomes=found.get("outcomes", {}),
        reason=reader.expression((SECTION, "reason")), reasons=found.get("reasons", {}),
        untouched=reader.expression((SECTION, "untouched")),
        details={name: _detail(reader, name) for name in found.get("details", {})},
        measures={name: _measure(reader, name) for name in found.get("measures", {})},
    )  # fmt: skip


def _detail(reader: Reader, name: str) -> Detail:
    path = (SECTION, "details", name)
    return Detail(
        reader.value((*path, "title")), reader.required((*path, "of")), reader.expression((*path, "when"))
    )  # fmt: skip


def _measure(reader: Reader, name: str) -> Measure:
    path = (SECTION, "measures", name)
    found = reader.value(path)
    kind = found.get("as", "mean")
    return Measure(
        found["title"], reader.required((*path, "of")), reader.expression((*path, "when")), kind,
        found.get("unit", "%" if kind == "share" else ""), found.get("direction", ""), found.get("standard", ""),
    )  # fmt: skip


def _known_directions(reader: Reader, measures: Mapping[str, Mapping[str, str]]) -> None:
    """A share is told in per cent: another unit would be a mistake of a hundredfold."""
    for name, one in measures.items():
        if one.get("as") == "share" and one.get("unit", "%") != "%":
            place = reader.document.at((SECTION, "measures", name, "unit"))
            message = f"The share {name!r} is told in per cent, not in {one['unit']!r}."
            reader.problems.append(Diagnostic("pack.unit", message, place, "Leave the unit out."))


def variables(report: Report) -> set[str]:
    """The names of variables the expressions of a report read."""
    asked = [report.outcome, report.reason, report.untouched]
    for detail in report.details.values():
        asked += [detail.of, detail.when]
    for measure in report.measures.values():
        asked += [measure.of, measure.when]
    return {name for expression in asked if expression is not None for name in expression.free_names} - GIVEN
