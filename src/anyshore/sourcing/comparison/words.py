"""Words of the drawings and the paper, in both languages."""

from __future__ import annotations

from anyshore.sourcing.comparison.differences import Language

_WORDS = {
    "title": ("BPO and KPO: ten differences", "BPO und KPO: zehn Unterschiede"),
    "bpo": ("BPO: rule work", "BPO: Arbeit nach Regeln"),
    "kpo": ("KPO: judgement work", "KPO: Arbeit mit Urteil"),
    "yours": ("your activities", "Ihre Tätigkeiten"),
    "unknown": ("not known", "nicht bekannt"),
    "more": ("and {n} more", "und {n} weitere"),
    "map": ("The portfolio: kind, shore and value", "Das Portfolio: Art, Standort und Wert"),
    "rules": ("rules", "Regeln"),
    "judgement": ("judgement", "Urteil"),
    "onshore": ("onshore", "Inland"),
    "nearshore": ("nearshore", "Nahes Ausland"),
    "offshore": ("offshore", "Fernes Ausland"),
    "stays": ("stays, or is open", "bleibt, oder ist offen"),
    "hours": ("{n} hours a month", "{n} Stunden im Monat"),
    "items": ("{n} items a month", "{n} Vorgänge im Monat"),
    "area hours": ("Area: hours of work a month", "Fläche: Arbeitsstunden im Monat"),
    "area items": ("Area: items a month", "Fläche: Vorgänge im Monat"),
    "paper": ("Decision paper: which work goes out", "Entscheidungsvorlage: welche Arbeit nach außen geht"),
    "prepared": ("Prepared for", "Vorgelegt für"),
    "date": ("Date", "Datum"),
    "proposal": ("Proposal", "Vorschlag"),
    "proposed": (
        "Of {all} activities {bpo} are proposed as BPO, {kpo} as KPO; {rest} stay or are open. {settled} are settled "
        "by a named person.",
        "Von {all} Tätigkeiten werden {bpo} als BPO und {kpo} als KPO vorgeschlagen; {rest} bleiben oder sind offen. "
        "{settled} hat ein benannter Mensch entschieden.",
    ),
    "activity": ("Activity", "Tätigkeit"),
    "kind": ("Kind", "Art"),
    "shore": ("Shore", "Standort"),
    "share": ("Judgement", "Urteilsanteil"),
    "work hours": ("Hours a month", "Stunden im Monat"),
    "work items": ("Items a month", "Vorgänge im Monat"),
    "why": ("Why", "Warum"),
    "money": ("What it brings", "Was es bringt"),
    "case": (
        "Net present value over {years} years at {rate}: {p10} in the tenth-worst of a hundred futures, {p50} "
        "in the middle, {p90} in the tenth-best; above zero in {gains} of {draws} draws.",
        "Kapitalwert über {years} Jahre bei {rate}: {p10} in der zehntschlechtesten von hundert Zukünften, {p50} in "
        "der mittleren, {p90} in der zehntbesten; über null in {gains} von {draws} Ziehungen.",
    ),
    "no_case": (
        "No business case is attached: this paper decides kind and shore, not money.",
        "Es liegt keine Wirtschaftlichkeitsrechnung bei: diese Vorlage entscheidet Art und Standort, nicht Geld.",
    ),
    "uncertain": ("How sure this is", "Wie sicher das ist"),
    "interval": ("Interval", "Spanne"),
    "flips": ("What would change it", "Was es ändern würde"),
    "no_flips": ("nothing known", "nichts bekannt"),
    "sources": ("Sources", "Quellen"),
    "signature": ("Decided", "Entschieden"),
    "page": ("page", "Seite"),
    "keep": ("keep", "behalten"),
    "not enough evidence": ("not enough evidence", "zu wenig belegt"),
    "automate first": ("automate first", "erst automatisieren"),
    "bring back": ("bring back", "zurückholen"),
    "pilot": ("pilot", "erproben"),
    "split": ("split", "teilen"),
    "ask": ("ask", "nachfragen"),
}


def words(language: Language) -> dict[str, str]:
    """All of them in a language."""
    at = 1 if language == "de" else 0
    return {name: both[at] for name, both in _WORDS.items()}
