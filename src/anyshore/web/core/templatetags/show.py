"""How values are shown: times, durations, money, shares, badges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anyshore.kernel.commands import Command
from anyshore.web.core.models import Person, Role

register = template.Library()


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and last word."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def role_names(person: Person) -> str:
    """The person's roles with their organisations."""
    memberships = person.memberships.select_related("organisation")
    return ", ".join(f"{Role(one.role).label}, {one.organisation}" for one in memberships)


@register.filter
def moment(micros: int | None, zone: str = "") -> str:
    """A time in microseconds since 1970 UTC as date and time of a zone (default: the installation's)."""
    if micros is None:
        return "–"
    at = datetime.fromtimestamp(micros / 1_000_000, UTC).astimezone(ZoneInfo(zone) if zone else None or _zone())
    return formats.date_format(at, "SHORT_DATETIME_FORMAT")


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
def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount with two decimals in the reader's notation."""
    if amount is None:
        return "–"
    text = formats.number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{text} {currency}".strip()


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


_TONES = {
    "active": "sea", "completed": "ok", "ended": "ok", "occurred": "ok", "broken": "bad", "failed": "bad",
    "suspended": "warn", "terminated": "", "available": "", "enabled": "sea", "met": "ok", "missed": "bad",
    "BPO": "sea", "KPO": "violet", "keep": "", "not enough evidence": "warn",
}  # fmt: skip


@register.filter
def badge(word: str | None) -> SafeString | str:
    """A lifecycle or decision word in its colour, in the reader's language."""
    if not word:
        return ""
    return format_html('<span class="badge {}">{}</span>', _TONES.get(word, ""), words().get(word, word))


def words() -> dict[str, str]:
    """The engines' words for people."""
    return {
        "active": _("active"), "completed": _("completed"), "ended": _("ended"), "occurred": _("reached"),
        "broken": _("broken"), "failed": _("failed"), "suspended": _("suspended"), "terminated": _("terminated"),
        "available": _("available"), "enabled": _("can be started"), "disabled": _("set aside"), "met": _("met"),
        "missed": _("missed"), "keep": _("keep"), "not enough evidence": _("not enough evidence"),
        "process": _("process"), "case": _("case"), "onshore": _("onshore"), "nearshore": _("nearshore"),
        "offshore": _("offshore"), "draft": _("draft"), "none allowed": _("none allowed"), "closed": _("closed"),
    }  # fmt: skip


@register.filter
def word(text: str | None) -> str:
    """An engine's word for people."""
    return words().get(text or "", text or "–")


@register.filter
def facts(value: object, depth: int = 0) -> SafeString | str:
    """A FEEL value for people: contexts and lists as nested lists, everything else in the reader's notation."""
    match value:
        case None:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case int() | Decimal():
            return formats.number_format(value, use_l10n=True, force_grouping=True)
        case str():
            return value if len(value) <= 600 else value[:600] + " …"
        case dict():
            if not value or depth > 4:
                return "–"
            rows = format_html_join(
                "", "<dt>{}</dt><dd>{}</dd>", ((name, facts(item, depth + 1)) for name, item in value.items())
            )
            return format_html('<dl class="facts">{}</dl>', rows)
        case list():
            if not value or depth > 4:
                return "–"
            if len(value) > MOST_ITEMS:
                return facts([*value[:MOST_ITEMS], "…"], depth)
            return format_html(
                "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((facts(one, depth + 1),) for one in value))
            )
        case _:
            return str(value)


MOST_ITEMS = 20
"""Items of a list that are shown."""


@register.filter
def command_words(command: Command) -> str:
    """What was asked of an instance, for people."""
    known = {
        "Start": _("started"), "Resolve": _("went on"), "Fail": _("an activity gave up"), "Write": _("written"),
        "Act": _("plan changed"), "Retry": _("tried again"), "Cancel": _("cancelled"), "Suspend": _("put on hold"),
        "Resume": _("resumed"), "Continue": _("went on"), "Migrate": _("moved to another version"),
    }  # fmt: skip
    return known.get(type(command).__name__, type(command).__name__)
