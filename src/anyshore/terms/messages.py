"""The sentences of explanations, in English and German, and how numbers and times are written in each."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from anyshore.terms.calendars import local_time
from anyshore.terms.clocks import HOUR, MINUTE, SECOND

Lang = Literal["en", "de"]

MESSAGES: dict[str, dict[Lang, str]] = {
    "duration": {
        "en": "{name}: {attained} %: {met} of {counted} cases within {limit}{business} (target {target} %): {status}",
        "de": "{name}: {attained} %: {met} von {counted} Fällen in {limit}{business} (Ziel {target} %): {status}",
    },
    "share": {
        "en": "{name}: {attained} %: {met} of {counted} (target {target} %): {status}",
        "de": "{name}: {attained} %: {met} von {counted} (Ziel {target} %): {status}",
    },
    "no-work": {
        "en": "{name}: no case counts in this month, so it is not assessed",
        "de": "{name}: In diesem Monat zählt kein Fall, daher wird nicht bewertet",
    },
    "business": {"en": " of business time", "de": " Geschäftszeit"},
    "met": {"en": "met", "de": "erreicht"},
    "missed": {"en": "missed", "de": "verfehlt"},
    "too-few": {"en": "not assessed, fewer than {least} cases", "de": "nicht bewertet, weniger als {least} Fälle"},
    "late": {
        "en": "{case}: {elapsed} instead of {limit}; due {deadline}, ended {ended}",
        "de": "{case}: {elapsed} statt {limit}; fällig {deadline}, beendet {ended}",
    },
    "late-open": {
        "en": "{case}: {elapsed} instead of {limit}; due {deadline}, still open at the end of the month",
        "de": "{case}: {elapsed} statt {limit}; fällig {deadline}, am Monatsende noch offen",
    },
    "late-unfinished": {
        "en": "{case}: {elapsed} instead of {limit}; due {deadline}, finished without the end agreed",
        "de": "{case}: {elapsed} statt {limit}; fällig {deadline}, ohne das vereinbarte Ende abgeschlossen",
    },
    "paused": {"en": " ({paused} excluded)", "de": " ({paused} ausgenommen)"},
    "not-good": {"en": "{case}: not as agreed, {at}", "de": "{case}: nicht wie vereinbart, {at}"},
    "running": {
        "en": "{count} cases are open within their limit and count in a later month",
        "de": "{count} Fälle sind innerhalb ihrer Frist offen und zählen in einem späteren Monat",
    },
    "running-one": {
        "en": "{count} case is open within its limit and counts in a later month",
        "de": "{count} Fall ist innerhalb seiner Frist offen und zählt in einem späteren Monat",
    },
    "left-out": {
        "en": "{count} cases do not count (outcome left out, or cancelled within the limit)",
        "de": "{count} Fälle zählen nicht (Ergebnis ausgenommen oder innerhalb der Frist abgebrochen)",
    },
    "left-out-one": {
        "en": "{count} case does not count (outcome left out, or cancelled within the limit)",
        "de": "{count} Fall zählt nicht (Ergebnis ausgenommen oder innerhalb der Frist abgebrochen)",
    },
    "credit": {
        "en": "Service credit, {name}: {attained} % lies below {below} %: {percent} % of {fee} fee = {uncapped}",
        "de": "Gutschrift, {name}: {attained} % liegen unter {below} %: {percent} % von {fee} Entgelt = {uncapped}",
    },
    "capped": {
        "en": "; capped at {amount}, for at most {cap} of this fee is at risk",
        "de": "; begrenzt auf {amount}, denn höchstens {cap} dieses Entgelts stehen im Risiko",
    },
    "line": {
        "en": "{name}: {quantity} × {unit_price} = {amount} ({cases} cases)",
        "de": "{name}: {quantity} × {unit_price} = {amount} ({cases} Fälle)",
    },
    "line-one": {
        "en": "{name}: {quantity} × {unit_price} = {amount} ({cases} case)",
        "de": "{name}: {quantity} × {unit_price} = {amount} ({cases} Fall)",
    },
    "line-fixed": {
        "en": "{name}: {quantity} × {unit_price} = {amount}",
        "de": "{name}: {quantity} × {unit_price} = {amount}",
    },
    "line-minimum": {
        "en": "Minimum charge: {amount} more, up to the minimum agreed",
        "de": "Mindestentgelt: {amount} mehr, bis zum vereinbarten Mindestbetrag",
    },
    "total": {
        "en": "Net {net} + VAT {rate} % {vat} = {gross}",
        "de": "Netto {net} + USt. {rate} % {vat} = {gross}",
    },
    "corrected-381": {
        "en": "Credit note (381) to {numbers}",
        "de": "Kaufmännische Gutschrift (381) zu {numbers}",
    },
    "corrected-384": {
        "en": "Corrected invoice (384) to {numbers}",
        "de": "Rechnungskorrektur (384) zu {numbers}",
    },
    "corrected-nothing": {
        "en": "Nothing to correct: on all entries {month} comes to what was billed, {gross}",
        "de": "Nichts zu berichtigen: Über alle Einträge ergibt {month}, was berechnet wurde, {gross}",
    },
    "corrected-late": {
        "en": "{count} entries of that time came after the last document",
        "de": "{count} Einträge aus dieser Zeit kamen nach dem letzten Beleg",
    },
    "corrected-late-one": {
        "en": "{count} entry of that time came after the last document",
        "de": "{count} Eintrag aus dieser Zeit kam nach dem letzten Beleg",
    },
    "corrected-amended": {
        "en": "The terms of this month were signed anew in entry {entry}",
        "de": "Die Bedingungen dieses Monats wurden mit Eintrag {entry} neu unterzeichnet",
    },
    "corrected-line": {"en": "{name}: {old} → {new}: {amount}", "de": "{name}: {old} → {new}: {amount}"},
    "corrected-cases": {
        "en": "{name}: {new}, as billed, on other cases",
        "de": "{name}: {new}, wie berechnet, aus anderen Fällen",
    },
    "corrected-absent": {"en": "nothing", "de": "nichts"},
    "corrected-objective": {"en": "{name}: {old} → {new}", "de": "{name}: {old} → {new}"},
    "corrected-attained": {"en": "{attained} % ({met} of {counted})", "de": "{attained} % ({met} von {counted})"},
    "corrected-total": {
        "en": "Difference: net {net} + VAT {vat} = {gross}; the month comes to {total}",
        "de": "Unterschied: netto {net} + USt. {vat} = {gross}; der Monat ergibt {total}",
    },
}  # fmt: skip


def say(key: str, lang: Lang, **values: object) -> str:
    """A sentence of the table with its values filled in."""
    return MESSAGES[key][lang].format(**values)


def counted(key: str, count: int, lang: Lang, **values: object) -> str:
    """A sentence about a number of cases, in the singular for one."""
    return say(f"{key}-one" if count == 1 else key, lang, count=number(count, lang), **values)


def number(value: Decimal | int, lang: Lang) -> str:
    """A number with the language's decimal mark and groups of thousands, without trailing zeros."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return _marks(text, lang)


def money(value: Decimal, currency: str, lang: Lang) -> str:
    """An amount with its currency; its decimal places are kept."""
    return f"{_marks(f'{value:,f}', lang)} {currency}"


def _marks(text: str, lang: Lang) -> str:
    return text.translate(str.maketrans(",.", ".,")) if lang == "de" else text


def clock_time(micros: int) -> str:
    """A duration as hours and minutes, with seconds and their fraction only where there are such."""
    hours, rest = divmod(micros, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, fraction = divmod(rest, SECOND)
    text = f"{hours}:{minutes:02}"
    if rest:
        text += f":{seconds:02}" + (f".{fraction:06}" if fraction else "")
    return f"{text} h"


def moment(at: int, zone: str, lang: Lang) -> str:
    """An instant as local date and time."""
    return local_time(zone, at).strftime("%d.%m.%Y %H:%M" if lang == "de" else "%Y-%m-%d %H:%M")
