"""The figures of an invoice as plain data: in short for the ledger, in full with every case for people and programs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyshore.base import zones
from anyshore.terms import bulk
from anyshore.terms.credits import Credit
from anyshore.terms.invoice import Behind, Invoice, Line
from anyshore.terms.ledger import plain
from anyshore.terms.model import Duration
from anyshore.terms.scorecard import ObjectiveScore, Result

Data = dict[str, Any]


def figures(invoice: Invoice) -> Data:
    """What an ``invoice.issued`` entry records under ``figures``: every figure, and a digest of the cases behind it.

    Plain data: texts, integers, lists and dicts. Both sides compute the same from the same entries.
    """
    return shown(invoice, [_objective(score) for score in invoice.scores], [_line(line) for line in invoice.lines])


def shown(invoice: Invoice, objectives: list[Data], lines: list[Data]) -> Data:
    """The figures of an invoice around those of its objectives and lines, as plain data."""
    terms = invoice.terms
    data = {
        "month": str(invoice.month),
        "currency": terms.currency,
        "terms": {"version": terms.version, "entry": invoice.terms_sequence},
        "objectives": objectives,
        "credits": [_credit(credit) for credit in invoice.credits],
        "lines": lines,
        "closed_days": {name: [day.isoformat() for day in days] for name, days in invoice.closed_days.items()},
        "net": invoice.net,
        "vat": {"category": terms.vat.category, "rate": terms.vat.rate, "amount": invoice.vat},
        "gross": invoice.gross,
    }
    told: Data = plain(data, "figures")
    return told


def details(invoice: Invoice, most: int | None = None) -> Data:
    """The figures with every case behind them.

    Args:
        invoice: the month.
        most: how many cases are listed of each kind; all of them where left out.
    """
    data = figures(invoice)
    for shown, score in zip(data["objectives"], invoice.scores, strict=True):
        shown |= listed(score, most)
    for shown, line in zip(data["lines"], invoice.lines, strict=True):
        shown["behind"] = [behind(one) for one in line.behind[:most]]
    return data | beside(invoice)


def beside(invoice: Invoice) -> Data:
    """What is told of an invoice beside its figures."""
    findings = [finding.as_dict() for finding in invoice.findings]
    return {"free": invoice.free, "time_zones": zones.VERSION, "findings": findings}


def listed(score: ObjectiveScore, most: int | None = None) -> Data:
    """The cases of an objective as plain data, at most so many of each kind, and how many there are."""
    counts = score.counts
    return {
        "results": [result(one) for one in score.results[:most]],
        "running": score.running[:most],
        "left_out": score.left_out[:most],
        "unmeasured": score.unmeasured[:most],
        "counts": {"running": counts.running, "left_out": counts.left_out, "unmeasured": counts.unmeasured},
    }


def behind(one: Behind) -> Data:
    """A case behind a line as plain data."""
    told = {"instance": one.instance, "reference": one.reference, "at": one.at, "units": plain(one.units)}
    return told | ({"cases": one.number} if one.number > 1 else {})


def digest(cases: Iterable[tuple[str, int, str]]) -> str:
    """SHA-256 over the sorted cases, one per line: shows whether two figures rest on the same cases.

    Args:
        cases: see ``bulk.lines``.
    """
    return hashlib.sha256("\n".join(sorted(bulk.lines(cases))).encode()).hexdigest()


def _objective(score: ObjectiveScore) -> Data:
    cases, missed = ([(one.instance, one.number, "") for one in some] for some in (score.results, score.missed))
    return objective(score, digest(cases), digest(missed))


def objective(score: ObjectiveScore, cases: str, missed: str) -> Data:
    """The figure of an objective, with the digests of the cases that count and of those missed."""
    objective = score.objective
    return {
        "service": score.service,
        "objective": objective.key,
        "measure": "duration" if isinstance(objective, Duration) else "share",
        "target": objective.target,
        "met": score.numerator,
        "counted": score.denominator,
        "attainment": score.attainment,
        "status": score.status,
        "cases": cases,
        "missed": missed,
    }


def _credit(credit: Credit) -> Data:
    return {
        "service": credit.service,
        "objective": credit.score.objective.key,
        "below": credit.band.below,
        "percent": credit.band.credit,
        "fee": credit.fee,
        "uncapped": credit.uncapped,
        "cap": credit.cap,
        "amount": credit.amount,
    }


def _line(line: Line) -> Data:
    cases = sum(one.number for one in line.behind)
    return of_line(line, cases, units_digest((b.instance, b.number, b.units) for b in line.behind))


def units_digest(behind: Iterable[tuple[str, int, Decimal]]) -> str:
    """The digest of what is behind a line: cases, how many each stands for, and their units together."""
    return digest((instance, number, f" {_trimmed(units / number)}") for instance, number, units in behind)


def of_line(line: Line, cases: int, digest: str) -> Data:
    """The figure of a line, with how many are behind it and their digest."""
    return {
        "service": line.service,
        "kind": line.kind,
        "name": line.name,
        "quantity": _trimmed(line.quantity),
        "unit_price": line.unit_price,
        "amount": line.amount,
        "cases": cases,
        "digest": digest,
    }


def result(one: Result) -> Data:
    """A case of an objective as plain data."""
    return {
        "instance": one.instance, "reference": one.reference, "met": one.met, "at": one.at,
        "started": one.started, "ended": one.ended, "elapsed": one.elapsed, "paused": one.paused,
        "deadline": one.deadline,
    }  # fmt: skip


def _trimmed(number: Decimal) -> str:
    """The number without trailing zeros: one figure, one text."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def differences(recorded: object, computed: object, path: str = "") -> list[tuple[str, object, object]]:
    """Every place where two plain structures differ: its path, the recorded and the computed value."""
    if isinstance(recorded, dict) and isinstance(computed, dict):
        keys = [*recorded, *(key for key in computed if key not in recorded)]
        pairs = [(f"{path}.{k}" if path else str(k), recorded.get(k), computed.get(k)) for k in keys]
    elif isinstance(recorded, list) and isinstance(computed, list):
        longest = range(max(len(recorded), len(computed)))
        pairs = [(f"{path}[{i}]", _at(recorded, i), _at(computed, i)) for i in longest]
    else:
        same = recorded == computed and isinstance(recorded, bool) == isinstance(computed, bool)
        return [] if same else [(path, recorded, computed)]
    return [found for below, one, other in pairs for found in differences(one, other, below)]


def _at(items: list[Any], index: int) -> object:
    return items[index] if index < len(items) else None
