"""What learners are written: invitation, waiting list, reminder, result; in English or German."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import mailing
from anyshore.activities.training.plan import Course, Learner

SENDER = "training-sender"

_PLACE = re.compile(r"\{([a-z]+)\}")

Occasion = Literal["invitation", "waiting", "reminder", "certificate", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail, and whether it went into the outbox; where it did not, why."""

    to: str
    subject: str
    text: str
    sent: bool
    why: str


@dataclass(frozen=True, slots=True)
class WriteInput:
    """What it is about; what is not known is left out.

    Attributes:
        occasion: what for.
        language: ``de``, anything else is English.
        name: of the learner.
        email: of the learner.
        title: of the course.
        day: of the session, or the last day of a certificate.
        place: of the session.
        material: where to prepare.
        number: of the certificate.
    """

    occasion: Occasion
    language: str
    name: str
    email: str
    title: str
    day: date | None = None
    place: str = ""
    material: str = ""
    number: str = ""


_TEXTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "invitation": ("Invitation: {title}", "you have a seat in {title}{on}{at}.", "{prepare}"),
        "waiting": ("Waiting list: {title}", "{title} is full; you are on the waiting list."),
        "reminder": ("Reminder: {title}", "{title} takes place{on}{at}.", "{prepare}"),
        "certificate": ("Passed: {title}", "you have passed {title}, certificate {number}{until}."),
        "failed": ("Not passed: {title}", "you have not passed {title}. We will plan another date."),
        "cancelled": ("Cancelled: {title}", "your seat in {title}{on} was given back."),
        "open": ("Please take: {title}", "your role asks for {title}{by}."),
        "overdue": ("Overdue: {title}", "your role asks for {title}, which was due{by}."),
        "expiring": ("Expires soon: {title}", "your certificate for {title} ends{on}. Please renew it before."),
        "expired": ("Expired: {title}", "your certificate for {title} ended{on}. Please renew it now."),
    },
    "de": {
        "invitation": ("Einladung: {title}", "Sie haben einen Platz in {title}{on}{at}.", "{prepare}"),
        "waiting": ("Warteliste: {title}", "{title} ist voll; Sie stehen auf der Warteliste."),
        "reminder": ("Erinnerung: {title}", "{title} findet statt{on}{at}.", "{prepare}"),
        "certificate": ("Bestanden: {title}", "Sie haben {title} bestanden, Zertifikat {number}{until}."),
        "failed": ("Nicht bestanden: {title}", "Sie haben {title} nicht bestanden. Wir planen neu."),
        "cancelled": ("Abgesagt: {title}", "Ihr Platz in {title}{on} wurde zurückgegeben."),
        "open": ("Bitte absolvieren: {title}", "Ihre Rolle verlangt {title}{by}."),
        "overdue": ("Überfällig: {title}", "Ihre Rolle verlangt {title}, fällig war das{by}."),
        "expiring": ("Läuft bald ab: {title}", "Ihr Zertifikat für {title} endet{on}. Bitte erneuern Sie es vorher."),
        "expired": ("Abgelaufen: {title}", "Ihr Zertifikat für {title} endete{on}. Bitte erneuern Sie es jetzt."),
    },
}  # fmt: skip
_PARTS = {
    "en": {
        "hello": "Hello {name},", "on": " on {day}", "at": " at {place}", "by": " by {day}",
        "until": ", valid until {day}", "prepare": "Please prepare with: {material}",
    },
    "de": {
        "hello": "Guten Tag, {name},", "on": " am {day}", "at": ", Ort: {place}", "by": " bis {day}",
        "until": ", gültig bis {day}", "prepare": "Bitte bereiten Sie sich vor: {material}",
    },
}  # fmt: skip


def write(data: WriteInput, context: ActivityContext) -> Sent:
    """Writes a mail to a learner, and puts it into the outbox where a sender is on record."""
    letter = _letter(
        data.occasion,
        data.language,
        data.name,
        data.email,
        data.title,
        data.day,
        data.place,
        data.material,
        data.number,
    )
    done = post(letter, data.language, context)
    return Sent(letter.to, letter.subject, letter.text, done.sent, done.why)


def post(letter: Letter, language: str, context: ActivityContext, part: str = "") -> mailing.Posted:
    """Puts a mail into the outbox."""
    return mailing.post(context, SENDER, letter.to, letter.subject, letter.text, _spoken(language), part)


def _spoken(language: str) -> str:
    return "de" if language.lower().startswith("de") else "en"


def reminder(who: Learner, course: Course, due: date | None, state: str) -> Letter:
    """Writes a reminder of a duty: its state is the occasion."""
    return _letter(state, who.language, who.name, who.email, course.title, due, "", course.material, "")


def _letter(
    occasion: str,
    language: str,
    name: str,
    email: str,
    title: str,
    day: date | None,
    place: str,
    material: str,
    number: str,
) -> Letter:
    spoken = _spoken(language)
    told = "" if day is None else day.strftime("%d.%m.%Y") if spoken == "de" else day.isoformat()
    known = {"name": name, "title": title, "day": told, "place": place, "material": material, "number": number}
    parts = {key: _part(text, known) for key, text in _PARTS[spoken].items()}
    subject, *lines = (_filled(text, {**known, **parts}) for text in _TEXTS[spoken][occasion])
    return Letter(email, subject, "\n\n".join([parts["hello"], *(line for line in lines if line)]))


def _part(text: str, known: Mapping[str, str]) -> str:
    """A part of a sentence; none where what it tells is not known."""
    return "" if any(f"{{{name}}}" in text and not value for name, value in known.items()) else _filled(text, known)


def _filled(text: str, known: Mapping[str, str]) -> str:
    """A text with its places filled; what is filled in is never read as a place."""
    return _PLACE.sub(lambda found: known.get(found[1], ""), text)
