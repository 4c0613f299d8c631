"""Whether a quotation cuts a figure: its digits, sign, percent or multiplier, its currency, a date, a clause number.

``The fee is 5`` stands in *The fee is 5 000 EUR*, word for word, and says something else. A quotation may leave out any
words, but it begins and ends outside figures and what belongs to them. Looked at is the original text, because blanks
and dashes beside a figure decide.
"""

from __future__ import annotations

import re

_REACH = 48  # characters beside an end that are looked at
_CURRENCY = (
    r"(?:US\$|[A-Z]{1,2}\$|[$€£¥₹₽₩₺₴]|(?:EUR|USD|GBP|CHF|JPY|CNY|RMB|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|INR|BRL|MXN|ZAR|SGD"
    r"|HKD|KRW|ILS|TRY|RUB|AED|SAR)(?![A-Za-z])|(?i:euros?|dollars?|pounds?|francs?|franken|kronor|kroner|yen|rupees?"
    r"|rand|pesos?|z[łl]oty|cents?|pence)(?![A-Za-z]))"
)
_MULTIPLIER = (
    r"(?:(?i:hundred|thousand|million|billion|trillion|dozen|lakhs?|crores?|hundert|tausend|million(?:en)?|milliarden?"
    r"|millions?|milliards?|mrd|mio|tsd|mln|mld|bn|mn)(?![A-Za-z])|(?:MM|M|k|K|B)(?![A-Za-z]))"
)
_PERCENT = r"(?:[%‰‱]|(?i:per\s?cent|percent|percentage points?|prozent|basis points?|bps|promille)(?![A-Za-z]))"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "Januar", "Jänner", "Februar", "März", "Mai", "Juni", "Juli", "Oktober", "Dezember",
)  # fmt: skip
"""With a capital: "may" is no month."""
_MONTH = (
    rf"(?:{'|'.join([*_MONTHS, *map(str.upper, _MONTHS)])}"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mär|Okt|Dez)(?![a-z])\.?)"
)
_CLAUSE = (
    r"(?:(?i:clauses?|sections?|articles?|paragraphs?|sub-?sections?|schedule|exhibit|annex|appendix|rule|regulation"
    r"|ziffern?|abschnitte?|artikel|absatz|abs|art|sec|para|satz|nr|nos?)\.?|§{1,2})"
)
_NUMBER_WORD = (
    r"(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|billion)"
)
_DASH = "[-\u2010-\u2015\u2212]"
_FIGURE = re.compile(rf"\d|{_NUMBER_WORD}")
"""What stands near every figure."""

_ENDS = tuple(
    (re.compile(rf"(?:{inside})\Z", re.DOTALL), re.compile(after, re.DOTALL))
    for inside, after in (
        (r"(?<![\d.,])\d{1,3}(?:[ .,\u2009\u202f\u00a0]\d{3})*", r"[^\S\n]\d{3}(?!\d)|\n[ \t]*000(?!\d)"),
        (r"\d", rf"(?:['’ʼ′.,:/·^]|{_DASH})\d|[½¼¾⅓⅔⅛⅜⅝⅞]|\s[½¼¾⅓⅔⅛⅜⅝⅞]|[^\S\n]\d/\d|\s?[×x*]\s?10\b"),
        (r"\d['’ʼ′.,:/·^]", r"\d"),
        (
            r"\d\)?",
            rf"\s?-?{_PERCENT}|\s?-?{_MULTIPLIER}(?!\s?[:)])|[.,]{_DASH}+\s?{_CURRENCY}|\s?{_CURRENCY}(?!\s?\d)",
        ),
        (r"\d", r"\([a-z0-9]{1,4}\)"),
        (rf"{_CLAUSE}\s?\d+(?:\.\d+)*(?:\s?\(\w{{1,4}}\))*", r"\s?\(\w{1,4}\)"),
        (r"§\s?\d+[a-z]?", r"\s(?:Abs\.?|Absatz|Satz|S\.|Nr\.?|lit\.?|Nummer)\s?\d"),
        (rf"\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?", r"\s?,?\s\d{4}(?!\d)"),
        (rf"\b\d{{1,2}}(?:\.|st|nd|rd|th)?(?:\sof|\sday\sof)?\s{_MONTH},?", r"\s?,?\s\d{4}(?!\d)"),
        (r"(?:\A|\s|\()\d{1,2}(?:\.|st|nd|rd|th)?", rf"\s(?:of\s|day of\s)?{_MONTH}\b"),
        (rf"\b{_NUMBER_WORD}", rf"(?:\s|{_DASH})(?:{_MULTIPLIER}|{_PERCENT})|\s?{_DASH}\s?{_NUMBER_WORD}\b"),
        (rf"(?:\A|(?<![A-Za-z0-9])){_CURRENCY}", r"\s?\d"),
        (rf"(?:\A|\s|\(){_DASH}", r"\d"),
    )
)
"""What a quotation ends with, and what must not follow it in the source."""

_BEGINS = tuple(
    (re.compile(inside, re.DOTALL), re.compile(rf"(?:{before})\Z", re.DOTALL))
    for inside, before in (
        (r"\d{3}(?!\d)", r"(?<![\d.,])\d{1,3}(?:[ .,\u2009\u202f\u00a0]\d{3})*[^\S\n]"),
        (r"\d", rf"\d(?:['’ʼ′.,:/·^]|{_DASH})|(?<!\S)[.,]"),
        (r"(?:['’ʼ′.,:/·^])\d", r"\d"),
        (r"\d", rf"(?:\A|[\s(\[:=<>~≈]|{_CURRENCY}){_DASH}|[\u2212±]\s?|(?:\A|\s)\+|(?i:\bminus|\bplus)\s|[≤≥<>≈~]\s?"),
        (rf"{_CURRENCY}\s?\d", rf"(?:\A|[\s(\[:=]){_DASH}|[\u2212±]\s?|(?i:\bminus|\bplus)\s"),
        (r"\d", rf"(?<![A-Za-z]){_CURRENCY}\s?|§{{1,2}}\s?|[#№]\s?"),
        (rf"{_PERCENT}|{_MULTIPLIER}", rf"\d\)?[\s-]?|\b{_NUMBER_WORD}(?:\s|{_DASH})"),
        (rf"{_CURRENCY}(?!\s?\d)", r"\d\s?"),
        (rf"{_MONTH}\b", r"(?<![\w,.])\d{1,2}(?:\.|st|nd|rd|th)?\s(?:of\s|day of\s)?"),
        (r"\d{4}(?!\d)", rf"\b{_MONTH}(?:\s\d{{1,2}}(?:st|nd|rd|th)?)?,?\s"),
        (r"\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}(?!\d)", rf"\b{_MONTH}\s"),
        (r"\(\w{1,4}\)", rf"\b{_CLAUSE}\s?\d+(?:\.\d+)*(?:\(\w{{1,4}}\))*\s?"),
    )
)
"""What a quotation begins with, and what must not stand before it in the source."""


def cut_figure(text: str, start: int, end: int) -> str | None:
    """The figure of a source that a quotation from ``start`` to ``end`` cuts, as it stands there; None for none."""
    inside, after = text[max(start, end - _REACH) : end], text[end : end + _REACH]
    if _FIGURE.search(inside) or _FIGURE.search(after):
        for ending, following in _ENDS:
            found = ending.search(inside)
            cut = following.match(after) if found else None
            if found and cut:
                return f"{found.group().strip()}{cut.group()}"
    inside, before = text[start : min(end, start + _REACH)], text[max(start - _REACH, 0) : start]
    if _FIGURE.search(inside) or _FIGURE.search(before):
        for beginning, preceding in _BEGINS:
            found = beginning.match(inside)
            cut = preceding.search(before) if found else None
            if found and cut:
                return f"{cut.group()}{found.group()}".strip()
    return None
