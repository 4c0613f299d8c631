"""Letters to applicants, sent after people decided: receipt, offer, rejection; kept as they went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import mailing

SENDER = "recruiting-sender"

Occasion = Literal["offer", "rejection"]

_TEXTS = {
    "en": {
        "offer": (
            "Offer: {title}",
            "we are glad to offer you the position {title} from {starts}, at {salary} EUR a year.\n\n"
            "Please tell us by answering this mail whether you accept.",
        ),
        "rejection": ("Your application: {title}", "{text}"),
    },
    "de": {
        "offer": (
            "Angebot: {title}",
            "wir freuen uns, Ihnen die Stelle {title} ab {starts} mit {salary} EUR im Jahr anzubieten.\n\n"
            "Bitte sagen Sie uns in einer Antwort auf diese Mail, ob Sie annehmen.",
        ),
        "rejection": ("Ihre Bewerbung: {title}", "{text}"),
    },
}
_WORDS = {
    "en": {"hello": "Hello {name},", "unnamed": "Hello,", "bye": "Kind regards"},
    "de": {"hello": "Guten Tag, {name},", "unnamed": "Guten Tag,", "bye": "Mit freundlichen Grüßen"},
}


@dataclass(frozen=True, slots=True)
class WriteInput:
    """What is written to whom.

    Attributes:
        occasion: an offer or a rejection.
        to: address of the applicant; none: it came by no mail, and a person sends the letter.
        name: of the applicant; none: nobody read it, and the letter greets without.
        title: of the vacancy; none: it was for no known one.
        language: ``en``, anything else is German.
        text: of a rejection, as a person approved it.
        salary: of an offer, a year.
        starts: of an offer.
    """

    occasion: Occasion
    to: str | None
    name: str | None
    title: str | None
    language: str = "de"
    text: str = ""
    salary: Decimal | None = None
    starts: date | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, and whether it went into the outbox; where it did not, why."""

    to: str
    subject: str
    text: str
    sent: bool
    why: str


def write(data: WriteInput, context: ActivityContext) -> Letter:
    """Writes a letter to an applicant, and puts it into the outbox where an address and a sender are known."""
    spoken = "en" if data.language.lower().startswith("en") else "de"
    words, (subject, text) = _WORDS[spoken], _TEXTS[spoken][data.occasion]
    day = "" if data.starts is None else f"{data.starts:%d.%m.%Y}" if spoken == "de" else data.starts.isoformat()
    known = {"title": data.title or "–", "starts": day, "salary": _amount(data.salary, spoken), "text": data.text}
    subject, text = (one.format_map(known) for one in (subject, text))
    hello = words["hello"].format(name=data.name) if data.name else words["unnamed"]
    whole = f"{hello}\n\n{text}\n\n{words['bye']}"
    done = mailing.post(context, SENDER, data.to or "", subject, whole, spoken)
    return Letter(data.to or "", subject, whole, done.sent, done.why)


def _amount(value: Decimal | None, language: str) -> str:
    if value is None:
        return ""
    text = f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text
