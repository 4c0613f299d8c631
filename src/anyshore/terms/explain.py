"""Why each figure is what it is, in sentences: "94.7 %: 18 of 19 cases …", in English or German."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyshore.terms.corrections import Correction
from anyshore.terms.credits import Credit
from anyshore.terms.invoice import Invoice, Line
from anyshore.terms.messages import Lang, clock_time, counted, moment, money, number, say
from anyshore.terms.model import Duration, Terms
from anyshore.terms.scorecard import ObjectiveScore, Result


def explain(invoice: Invoice, lang: Lang = "en") -> list[str]:
    """All figures of a month: objectives with their missed cases, lines, credits, totals."""
    zone, currency = invoice.terms.time_zone, invoice.terms.currency
    text = [sentence for score in invoice.scores for sentence in explain_objective(score, zone, lang)]
    text += [explain_line(line, currency, lang) for line in invoice.lines if line.kind != "credit"]
    text += [explain_credit(credit, currency, lang) for credit in invoice.credits]
    return [*text, explain_total(invoice, lang)]


def explain_objective(score: ObjectiveScore, zone: str, lang: Lang = "en") -> list[str]:
    """The figure of an objective in one sentence, then one for each missed case, then who does not count."""
    return explain_some(score, score.missed, zone, lang)


def explain_some(score: ObjectiveScore, missed: Iterable[Result], zone: str, lang: Lang = "en") -> list[str]:
    """The same with a sentence for some of the missed cases only."""
    text = [headline(score, lang), *(_missed(score, result, zone, lang) for result in missed)]
    counts = score.counts
    if counts.running:
        text.append(counted("running", counts.running, lang))
    if counts.left_out:
        text.append(counted("left-out", counts.left_out, lang))
    return text


def headline(score: ObjectiveScore, lang: Lang = "en") -> str:
    """The figure of an objective in one sentence."""
    objective = score.objective
    if score.status == "no-work":
        return say("no-work", lang, name=objective.name)
    values: dict[str, object] = {
        "name": objective.name,
        "attained": attained(score, lang),
        "met": number(score.numerator, lang),
        "counted": number(score.denominator, lang),
        "target": number(objective.target, lang),
        "status": say(score.status, lang, least=objective.minimum_cases),
    }
    if not isinstance(objective, Duration):
        return say("share", lang, **values)
    business = say("business", lang) if objective.calendar else ""
    return say("duration", lang, limit=clock_time(objective.limit), business=business, **values)


def attained(score: ObjectiveScore, lang: Lang = "en") -> str:
    """Attainment, cut to one place more than the target has: a missed target never reads as met."""
    exact = score.attainment
    assert exact is not None
    places = 1 - min(0, int(score.objective.target.normalize().as_tuple().exponent))
    return number(exact.quantize(Decimal(1).scaleb(-places), "ROUND_FLOOR"), lang)


def _missed(score: ObjectiveScore, result: Result, zone: str, lang: Lang) -> str:
    case = f"{result.reference} ({result.instance})" if result.reference else result.instance
    objective = score.objective
    if not isinstance(objective, Duration) or result.elapsed is None or result.deadline is None:
        return "  " + say("not-good", lang, case=case, at=moment(result.at, zone, lang))
    elapsed = clock_time(result.elapsed)
    if result.paused:
        elapsed += say("paused", lang, paused=clock_time(result.paused))
    values = {"case": case, "elapsed": elapsed, "limit": clock_time(objective.limit)}
    deadline = moment(result.deadline, zone, lang)
    if result.ended is not None:
        return "  " + say("late", lang, **values, deadline=deadline, ended=moment(result.ended, zone, lang))
    return "  " + say("late-unfinished" if result.finished else "late-open", lang, **values, deadline=deadline)


def explain_line(line: Line, currency: str, lang: Lang = "en") -> str:
    """A line as its multiplication."""
    amount = money(line.amount, currency, lang)
    if line.kind == "minimum":
        return say("line-minimum", lang, amount=amount)
    cases = line.cases
    values = {"name": line.name, "quantity": number(line.quantity, lang), "amount": amount}
    values["unit_price"] = money(line.unit_price, currency, lang)
    if not cases:
        return say("line-fixed", lang, **values)
    return counted("line", cases, lang, cases=number(cases, lang), **values)


def explain_credit(credit: Credit, currency: str, lang: Lang = "en") -> str:
    """A service credit as band, percentage, fee and cap."""
    text = say(
        "credit", lang, name=credit.score.objective.name, attained=attained(credit.score, lang),
        below=number(credit.band.below, lang), percent=number(credit.band.credit, lang),
        fee=money(credit.fee, currency, lang), uncapped=money(credit.uncapped, currency, lang),
    )  # fmt: skip
    if credit.amount < credit.uncapped:
        amount, cap = money(credit.amount, currency, lang), money(credit.cap, currency, lang)
        text += say("capped", lang, amount=amount, cap=cap)
    return text


def explain_total(invoice: Invoice, lang: Lang = "en") -> str:
    """Net, VAT and gross."""
    currency = invoice.terms.currency
    return say(
        "total", lang, net=money(invoice.net, currency, lang), rate=number(invoice.terms.vat.rate, lang),
        vat=money(invoice.vat, currency, lang), gross=money(invoice.gross, currency, lang),
    )  # fmt: skip


def explain_correction(found: Correction, lang: Lang = "en") -> list[str]:
    """What a correction changes: the document, why the figures are others, each line and objective, the difference."""
    shown, currency = found.difference, found.invoice.terms.currency
    if found.empty:
        gross = money(Decimal(shown["gross"]["new"]), currency, lang)
        return [say("corrected-nothing", lang, month=found.month, gross=gross)]
    numbers = ", ".join(one.number for one in found.preceding)
    text = [say(f"corrected-{found.type_code}", lang, numbers=numbers)]
    if found.late:
        text.append(counted("corrected-late", len(found.late), lang))
    if found.amended:
        text.append(say("corrected-amended", lang, entry=number(found.amended, lang)))
    text += [_corrected_line(row, currency, lang) for row in shown["lines"]]
    text += [_corrected_objective(found, row, lang) for row in shown["objectives"]]
    amounts = {name: money(Decimal(shown[name]["amount"]), currency, lang) for name in ("net", "vat", "gross")}
    total = money(Decimal(shown["gross"]["new"]), currency, lang)
    return [*text, say("corrected-total", lang, total=total, **amounts)]


def _corrected_line(row: dict[str, Any], currency: str, lang: Lang) -> str:
    def side(line: dict[str, Any] | None) -> str:
        if line is None:
            return say("corrected-absent", lang)
        price, amount = (money(Decimal(line[name]), currency, lang) for name in ("unit_price", "amount"))
        return f"{number(Decimal(line['quantity']), lang)} × {price} = {amount}"

    old, new = side(row["old"]), side(row["new"])
    if old == new:
        return say("corrected-cases", lang, name=row["name"], new=new)
    amount = money(Decimal(row["amount"]), currency, lang)
    return say("corrected-line", lang, name=row["name"], old=old, new=new, amount=amount)


def _corrected_objective(found: Correction, row: dict[str, Any], lang: Lang) -> str:
    def side(score: dict[str, Any] | None) -> str:
        if score is None or score["attainment"] is None:
            return "–"
        attained = number(Decimal(score["attainment"]), lang)
        met, all_ = number(score["met"], lang), number(score["counted"], lang)
        return say("corrected-attained", lang, attained=attained, met=met, counted=all_)

    name = objective_name(found.invoice.terms, row)
    old, new = side(row["old"]), side(row["new"])
    if old == new:
        return say("corrected-cases", lang, name=name, new=new)
    return say("corrected-objective", lang, name=name, old=old, new=new)


def objective_name(terms: Terms, row: dict[str, Any]) -> str:
    """The name of a corrected objective in the terms; its key where they have it no more."""
    service = terms.services.get(row["service"])
    names = {one.key: one.name for one in service.objectives} if service else {}
    key = str(row["objective"])
    return names.get(key, key)
