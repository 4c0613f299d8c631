"""How values are shown: times, durations, money, shares, badges."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from anyshore.base import sizes
from anyshore.base.errors import TooLargeError
from anyshore.kernel.commands import Command
from anyshore.terms.money import places
from anyshore.web.core import languages, reader
from anyshore.web.core.models import Credential, Person, Role

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=100)
def icon(name: str) -> SafeString:
    """An icon of the house, drawn once for all pages."""
    return render_to_string("site/icons.html", {"icon": name})


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and last word."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def look(reader: object) -> SafeString:
    """The attributes of a page by which it has the colours and the density its reader chose; none for others."""
    if not isinstance(reader, Person):
        return SafeString("")
    theme = format_html(' data-theme="{}"', reader.theme) if reader.theme else ""
    dense = SafeString(' data-density="compact"') if reader.dense else ""
    return SafeString(theme + dense)


@register.filter
def role_names(person: Person) -> str:
    """The person's roles with their organisations."""
    prefetch_related_objects([person], "memberships__organisation")
    return ", ".join(f"{Role(one.role).label}, {one.organisation}" for one in person.memberships.all())


@register.filter
def shown_to_know(one: Credential) -> str:
    """What a credential is about; a language by its name, with its level."""
    if one.kind == Credential.Kind.LANGUAGE:
        return languages.with_level(one.subject, one.level)
    return f"{one.subject} {one.level}".strip()


@register.filter
def moment(at: int | datetime | None, zone: str = "") -> SafeString | str:
    """A time, in microseconds since 1970 UTC or as it is, by the clock of a zone that is named with it.

    Where the reader lives by another clock, theirs stands behind it. Without a zone theirs alone counts, else the
    installation's.
    """
    if at is None:
        return "–"
    known = at if isinstance(at, datetime) else datetime.fromtimestamp(at / 1_000_000, UTC)
    own = reader.zone()
    there = known.astimezone(ZoneInfo(zone or own) if zone or own else _zone())
    here = there.astimezone(ZoneInfo(own)) if own else there
    shown = format_html(
        '<time datetime="{}" title="{}">{} <abbr>{}</abbr></time>', known.astimezone(UTC).isoformat(timespec="seconds"),
        getattr(there.tzinfo, "key", ""), formats.date_format(there, "SHORT_DATETIME_FORMAT"), _clock(there),
    )  # fmt: skip
    if here.utcoffset() == there.utcoffset():
        return shown
    words = "TIME_FORMAT" if here.date() == there.date() else "SHORT_DATETIME_FORMAT"
    text = _("%(time)s your time") % {"time": f"{formats.date_format(here, words)} {_clock(here)}"}
    return format_html('{} <small class="own">{}</small>', shown, text)


def _clock(at: datetime) -> str:
    """What people call the clock of a zone: CET; UTC-03 where it has no name."""
    name = at.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name


@register.filter
def day(micros: int | None, zone: str = "") -> str:
    """Only the date."""
    if micros is None:
        return "–"
    at = datetime.fromtimestamp(micros / 1_000_000, UTC).astimezone(ZoneInfo(zone) if zone else _zone())
    return formats.date_format(at, "SHORT_DATE_FORMAT")


def _zone() -> ZoneInfo:
    return timezone.get_current_timezone()


@register.filter
def ago(micros: int | None) -> str:
    """How long ago, in the largest unit that fits."""
    if micros is None:
        return "–"
    past = timezone.now() - datetime.fromtimestamp(micros / 1_000_000, UTC)
    return span(max(past, timedelta(0)) // timedelta(microseconds=1))


@register.filter
def span(micros: int | None) -> str:
    """A length of time, in one or two units."""
    if micros is None:
        return "–"
    minutes, seconds = divmod(int(micros) // 1_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        text = ngettext("%d day", "%d days", days) % days
        return f"{text} {hours} h" if hours and days < 10 else text
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


@register.filter
def minutes(seconds: int | None) -> str:
    """A handling time as minutes and seconds."""
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount in the reader's notation, with the decimals of its currency; two where none is named."""
    if amount is None:
        return "–"
    text = formats.number_format(amount, decimal_pos=places(currency), use_l10n=True, force_grouping=True)
    return f"{text} {currency}".strip()


@register.filter
def price(value: Decimal, currency: str = "") -> str:
    """A price of one in the reader's notation: all its decimals, for what is multiplied must not be rounded."""
    return number(value, max(places(currency), -int(value.normalize().as_tuple().exponent)))


@register.filter
def number(value: Decimal | int | None, places: int | None = None) -> str:
    """A number in the reader's notation."""
    if value is None:
        return "–"
    return formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def percent(value: Decimal | None, places: int = 1) -> str:
    """A percentage that is given as one (97.5 → 97.5 %)."""
    return "–" if value is None else f"{number(value, places)} %"


@register.filter
def get(known: dict[str, str], name: str) -> str:
    """What a dictionary has under a name, or the name."""
    return known.get(name, name)


@register.filter
def entry(known: dict[str, str] | None, name: str) -> str:
    """What a dictionary has under a name, or nothing."""
    return (known or {}).get(name, "")


@register.filter
def severity(word: str) -> SafeString:
    """How bad a problem of a file is, in its colour."""
    tone, text = {"error": ("bad", _("error")), "warning": ("warn", _("warning"))}.get(word, ("", _("hint")))
    return format_html('<span class="badge {}">{}</span>', tone, text)


@register.filter
def absolute(value: Decimal) -> Decimal:
    """Without its sign."""
    return abs(value)


_TONES = {
    "active": "sea", "completed": "ok", "ended": "ok", "occurred": "ok", "broken": "bad", "failed": "bad",
    "suspended": "warn", "terminated": "", "available": "", "enabled": "sea", "met": "ok", "missed": "bad",
    "preferred": "ok", "refused": "bad", "accepted": "ok", "duplicate": "", "missing": "warn",
    "BPO": "sea", "KPO": "violet", "keep": "", "automate first": "sea", "bring back": "warn", "split": "warn",
    "pilot": "warn", "ask": "warn",
}  # fmt: skip


@register.filter
def badge(word: str | None) -> SafeString | str:
    """A lifecycle or decision word in its colour, in the reader's language."""
    if not word:
        return ""
    return format_html('<span class="badge {}">{}</span>', _TONES.get(word, ""), _WORDS.get(word, word))


_WORDS = {
    "accepted": gettext_lazy("accepted"),
    "duplicate": gettext_lazy("here already"),
    "folder": gettext_lazy("folder"),
    "mailbox": gettext_lazy("mailbox"),
    "mails": gettext_lazy("folder of mails"),
    "browser": gettext_lazy("browser"),
    "rest": gettext_lazy("REST"),
    "command": gettext_lazy("command"),
    "active": gettext_lazy("active"),
    "completed": gettext_lazy("completed"),
    "ended": gettext_lazy("ended"),
    "occurred": gettext_lazy("reached"),
    "broken": gettext_lazy("broken"),
    "failed": gettext_lazy("failed"),
    "suspended": gettext_lazy("suspended"),
    "terminated": gettext_lazy("terminated"),
    "available": gettext_lazy("available"),
    "enabled": gettext_lazy("can be started"),
    "disabled": gettext_lazy("set aside"),
    "met": gettext_lazy("met"),
    "missed": gettext_lazy("missed"),
    "keep": gettext_lazy("keep"),
    "automate first": gettext_lazy("automate first"),
    "bring back": gettext_lazy("bring back"),
    "split": gettext_lazy("split"),
    "pilot": gettext_lazy("pilot"),
    "ask": gettext_lazy("ask"),
    "not settled": gettext_lazy("not settled"),
    "condition": gettext_lazy("under a condition"),
    "open": gettext_lazy("open"),
    "duty": gettext_lazy("duty of law"),
    "activities": gettext_lazy("activities"),
    "sites": gettext_lazy("sites"),
    "rates": gettext_lazy("rate card"),
    "log": gettext_lazy("event log"),
    "business case": gettext_lazy("business case"),
    "transfer": gettext_lazy("transfer of data"),
    "core": gettext_lazy("strategic core"),
    "place": gettext_lazy("bound to a place"),
    "tasks": gettext_lazy("tasks like it"),
    "wording": gettext_lazy("wording"),
    "criteria: cognition": gettext_lazy("answers: cognition"),
    "criteria: process": gettext_lazy("answers: process"),
    "criteria: economics": gettext_lazy("answers: economics"),
    "event log": gettext_lazy("event log"),
    "client": gettext_lazy("client"),
    "name": gettext_lazy("name"),
    "process": gettext_lazy("process"),
    "case": gettext_lazy("case"),
    "onshore": gettext_lazy("onshore"),
    "nearshore": gettext_lazy("nearshore"),
    "offshore": gettext_lazy("offshore"),
    "draft": gettext_lazy("draft"),
    "none allowed": gettext_lazy("none allowed"),
    "closed": gettext_lazy("closed"),
    "planned": gettext_lazy("planned"),
    "no-work": gettext_lazy("no case"),
    "too-few": gettext_lazy("too few cases"),
    "cancelled": gettext_lazy("cancelled"),
    "rules": gettext_lazy("rules"),
    "judgement": gettext_lazy("judgement"),
    "predefined": gettext_lazy("predefined"),
    "adaptive": gettext_lazy("adaptive"),
    "low": gettext_lazy("low"),
    "high": gettext_lazy("high"),
    "process expertise": gettext_lazy("process expertise"),
    "knowledge expertise": gettext_lazy("knowledge expertise"),
    "volume": gettext_lazy("volume"),
    "insight": gettext_lazy("insight"),
    "communication": gettext_lazy("communication"),
    "professional": gettext_lazy("professional"),
    "low-level process": gettext_lazy("low-level process"),
    "high-level process": gettext_lazy("high-level process"),
    "cost": gettext_lazy("cost"),
    "knowledge": gettext_lazy("knowledge"),
    "per transaction": gettext_lazy("per transaction"),
    "per fte": gettext_lazy("per full-time equivalent"),
    "per milestone": gettext_lazy("per milestone"),
    "per expert hour": gettext_lazy("per expert hour"),
    "per outcome": gettext_lazy("per outcome"),
    "preferred": gettext_lazy("preferred"),
    "acceptable": gettext_lazy("acceptable"),
    "refused": gettext_lazy("refused"),
    "missing": gettext_lazy("missing"),
    "unknown": gettext_lazy("unknown"),
    "task": gettext_lazy("task"),
    "humanTask": gettext_lazy("human task"),
    "stage": gettext_lazy("stage"),
    "milestone": gettext_lazy("milestone"),
    "caseTask": gettext_lazy("calls a case"),
    "processTask": gettext_lazy("calls a process"),
    "decisionTask": gettext_lazy("decides by rule"),
    "timerEventListener": gettext_lazy("timer"),
    "eventListener": gettext_lazy("event"),
    "userEventListener": gettext_lazy("event by a person"),
    "planFragment": gettext_lazy("part of a plan"),
}
"""The engines' words for people, each translated when it is shown: a list has many rows of the same few."""


@register.filter
def word(text: str | None) -> str:
    """An engine's word for people."""
    return str(_WORDS.get(text or "", text or "–"))


MOST_ITEMS = 20
"""Items of a list that are shown."""


@register.filter
def facts(value: object, depth: int = 0) -> SafeString | str:
    """A FEEL value for people. Contexts and long lists open on demand; what is null is left out."""
    if depth == 0:
        try:
            sizes.check(value, sizes.RECORD)
        except TooLargeError as problem:
            return problem.message
    match value:
        case None:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case int() | Decimal():
            return formats.number_format(value, use_l10n=True, force_grouping=True)
        case str():
            return _shortened(value)
        case dict():
            return _context(value, depth)
        case list():
            return _list(value, depth)
        case _:
            return str(value)


def _shortened(text: str) -> str:
    return text if len(text) <= 400 else text[:400] + " …"


def _context(value: dict[str, object], depth: int) -> SafeString | str:
    rows = [(name.replace("_", " "), item) for name, item in value.items() if item is not None and item not in ([], {})]
    if not rows or depth > 6:
        return "–"
    # The names are those of the model, which is written in English.
    line = "<dt>{}</dt><dd>{}</dd>" if reader.language() == "en" else '<dt lang="en">{}</dt><dd>{}</dd>'
    shown = format_html_join("", line, ((name, facts(item, depth + 1)) for name, item in rows))
    brief = " · ".join(str(facts(item)) for _name, item in rows if not isinstance(item, dict | list))
    return format_html(
        '<details class="fact"><summary>{}</summary><dl class="facts inner">{}</dl></details>',
        Truncator(brief or ", ".join(name for name, _item in rows)).chars(70), shown,
    )  # fmt: skip


def _list(value: list[object], depth: int) -> SafeString | str:
    if not value or depth > 6:
        return "–"
    more = len(value) - MOST_ITEMS
    shown = [facts(one, depth + 1) for one in value[:MOST_ITEMS]]
    if more > 0:
        shown.append(ngettext("and %d more", "and %d more", more) % more)
    if all(not isinstance(one, dict | list) for one in value):
        return ", ".join(str(one) for one in shown)
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((one,) for one in shown)))


@register.filter
def change_words(action: str) -> str:
    """What somebody changed, for people; the code where it has no words."""
    known = {
        "activity.settled": _("sourcing decided"), "assessment.begun": _("test begun"),
        "assessment.ended": _("test handed in"), "certificate.issued": _("certificate won"),
        "certificate.revoked": _("certificate revoked"), "channel.added": _("channel added"),
        "channel.removed": _("channel removed"), "channel.paused": _("channel paused"),
        "channel.resumed": _("channel goes on"), "references.loaded": _("reference data loaded"),
        "client.introduced": _("client introduced"),
        "conflict.declared": _("conflict of interest declared"), "conflict.lifted": _("conflict of interest ended"),
        "conflict.found": _("conflict of interest found"), "interest.ended": _("interest ended"),
        "credential.verified": _("knowledge verified"),
        "course.asked": _("course asked for"),
        "incident.retried": _("incident tried again"), "incidents.retried": _("incidents tried again"),
        "incident.given-up": _("work no case waits for given up"),
        "incidents.cancelled": _("cases with incidents cancelled"), "instance.cancelled": _("case cancelled"),
        "instance.resumed": _("case let go on"), "instance.suspended": _("case put on hold"),
        "instances.migrated": _("cases moved to a newer version"), "instances.resumed": _("cases let go on"),
        "instances.suspended": _("cases put on hold"), "interest.noted": _("interest noted"),
        "invoice.accepted": _("invoice accepted"), "invoice.corrected": _("invoice corrected"),
        "invoice.disputed": _("invoice disputed"), "invoice.issued": _("invoice issued"),
        "invoice.paid": _("payment of an invoice noted"),
        "password.changed": _("password changed"), "password.reset": _("password reset"),
        "person.activated": _("account opened again"),
        "person.added": _("person added"), "person.assigned": _("person assigned"),
        "person.deactivated": _("account closed"), "person.unassigned": _("person taken off"),
        "facts.reported": _("facts reported"), "message.sent": _("message sent"),
        "signal.sent": _("signal sent"), "starters.failed": _("starters could not be opened"),
        "starters.opened": _("starters opened"), "portfolio.decided": _("portfolio decided"),
        "portfolio.decided-again": _("portfolio decided again"), "portfolio.case": _("business case added"),
        "case.held": _("service held against a business case"), "case.parties": _("parties of a case named"),
        "process.deployed": _("processes put to use"), "retention.agreed": _("retention rules agreed"),
        "subject.erased": _("cases about a person erased"), "subject.told": _("told what is kept of a person"),
        "task.erased": _("cases and documents erased by a task"), "terms.accepted": _("terms accepted"),
        "terms.proposed": _("terms proposed"), "token.issued": _("token made"), "token.revoked": _("token revoked"),
        "wall.declared": _("wall declared"), "wall.found": _("wall found"), "wall.lifted": _("wall lifted"),
    }  # fmt: skip
    return known.get(action, action)


@register.filter
def event_name(action: str) -> str:
    """What happened with somebody's access; the code where it has no words."""
    known = {
        "sign-in": _("signed in"), "sign-in.failed": _("wrong password or code"),
        "sign-in.locked": _("too many wrong tries"), "sign-in.unlocked": _("unlocked"),
        "session.ended": _("session ended"), "factor.added": _("second factor added"),
        "factor.removed": _("second factor removed"), "factor.renewed": _("recovery codes renewed"),
        "link.made": _("link to a new password made"), "role.given": _("invitation accepted"),
        "identity.linked": _("sign-in of elsewhere linked"), "person.erased": _("personal data erased"),
        "person.exported": _("personal data exported"), "person.invited": _("person invited"),
        "person.uninvited": _("invitation taken back"), "webhook.added": _("webhook added"),
        "webhook.removed": _("webhook removed"), "webhook.replayed": _("webhook set back"),
    }  # fmt: skip
    return known.get(action) or change_words(action)


@register.filter
def date_of(value: object) -> str:
    """A date, or an ISO text of one, in the reader's notation."""
    try:
        found = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return "–" if value is None else str(value)
    return formats.date_format(found, "SHORT_DATE_FORMAT")


@register.filter
def quantity(value: Decimal | int | None) -> str:
    """A quantity without zeros at its end."""
    if value is None:
        return "–"
    exact = Decimal(value).normalize()
    return number(exact, max(0, -int(exact.as_tuple().exponent)))


_UNITS = {
    "C62": "", "EA": "", "H87": "", "NAR": "", "XPP": "", "PR": "", "KGM": "kg", "GRM": "g", "TNE": "t", "MTR": "m",
    "KMT": "km", "CMT": "cm", "MTK": "m²", "MTQ": "m³", "LTR": "l", "KWH": "kWh", "P1": "%", "MIN": "min", "HUR": "h",
    "SET": gettext_lazy("set"), "DAY": gettext_lazy("days"), "MON": gettext_lazy("months"),
    "ANN": gettext_lazy("years"), "LS": gettext_lazy("lump sum"), "XBX": gettext_lazy("boxes"),
    "XPK": gettext_lazy("packages"),
}  # fmt: skip
"""UN/ECE Recommendation 20 codes of units → what people write; pieces need no word."""


@register.filter
def unit(code: str | None) -> str:
    """A unit code for people; the code where it is not a common one."""
    return str(_UNITS.get(code or "", code or ""))


@register.filter
def command_words(command: Command) -> str:
    """What was asked of an instance, for people."""
    known = {
        "Start": _("started"), "Resolve": _("task completed"), "Fail": _("an activity gave up"),
        "Write": _("variables written"),
        "Act": _("plan changed"), "Retry": _("tried again"), "Cancel": _("cancelled"), "Suspend": _("put on hold"),
        "Resume": _("resumed"), "Continue": _("continued"), "Migrate": _("moved to another version"),
    }  # fmt: skip
    return known.get(type(command).__name__, type(command).__name__)


@register.filter
def share(value: float | None) -> str:
    """A share as a percentage."""
    return "–" if value is None or math.isnan(value) else f"{formats.number_format(100 * value, 1)} %"


@register.filter
def local(email: str) -> str:
    """The first part of an address."""
    return email.partition("@")[0]
