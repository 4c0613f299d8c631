"""Draft terms of a sourcing decision: what was decided is filled in, the rest is marked to be agreed.

The draft is a terms file like any other and passes its check; what nobody decided yet (the provider, prices that no
case gives, targets) has a usual value and a comment that says so.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from anyshore.terms import reading

_KEY = re.compile(r"[^a-z0-9]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "é": "e"})
_TEXT, _MOST_KEY = 200, 60


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known when a decision is settled.

    Attributes:
        activity: as the client calls it.
        kind: ``BPO`` or ``KPO``.
        client: name of the client.
        country: of the client, ISO 3166-1 alpha-2.
        shore: onshore, nearshore or offshore.
        data_class: of the work.
        start: first day.
        provider: name; None where it is not chosen.
        provider_country: where it works; the client's where left out.
        zone: IANA time zone of the client.
        currency: ISO 4217.
        price: per item or, for KPO, per signed answer; None where no case gives one.
        unit_cost: what one costs the client today; None where no case says.
        source: of the two.
        reason: why it goes out, for the head of the file.
    """

    activity: str
    kind: Literal["BPO", "KPO"]
    client: str
    country: str
    shore: Literal["onshore", "nearshore", "offshore"]
    data_class: str
    start: date
    provider: str | None = None
    provider_country: str | None = None
    zone: str = "UTC"
    currency: str = "EUR"
    price: Decimal | None = None
    unit_cost: Decimal | None = None
    source: str = ""
    reason: str = ""


def drafted(draft: Draft) -> str:
    """The terms as YAML.

    Raises:
        TermsError: what is known does not fit a terms file, such as a country or time zone that is none.
    """
    text = "\n".join([*_head(draft), *_calendar(draft), *_service(draft), "", "vat: {category: S, rate: 19}", ""])
    reading.loads(text)
    return text


def key(activity: str) -> str:
    """An id out of what the client calls an activity."""
    plain = _KEY.sub("-", activity.lower().translate(_UMLAUTS)).strip("-")[:_MOST_KEY].strip("-")
    return plain or "activity"


def _head(draft: Draft) -> list[str]:
    provider = _text(draft.provider or "Provider")
    return [
        "# Draft terms of a settled sourcing decision. Lines with 'agree' are not decided yet.",
        f"# Check with: anyshore terms check FILE. {_comment(draft.reason)}".rstrip(),
        f"id: {_text(key(draft.activity))}",
        f"title: {_text(draft.activity)}",
        "version: 1",
        f"client: {{name: {_text(draft.client)}, countries: [{draft.country}]}}",
        f"provider: {{name: {provider}, countries: [{draft.provider_country or draft.country}]}}"
        + ("" if draft.provider else "  # agree: who"),
        f"currency: {draft.currency}",
        f"start: {draft.start.isoformat()}",
        f"time_zone: {draft.zone}",
        f"shores: [{draft.shore}]",
        f"data_classes: [{draft.data_class}]",
        "",
    ]


def _calendar(draft: Draft) -> list[str]:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    return [
        "calendars:",
        "  office:",
        f"    time_zone: {draft.zone}",
        "    hours:  # agree: hours of service and whose holidays count",
        *(f'      {day}: ["09:00-17:00"]' for day in days),
        "",
    ]


def _service(draft: Draft) -> list[str]:
    name = _text(key(draft.activity))
    is_bpo = draft.kind == "BPO"
    amount = Decimal(0) if draft.price is None else draft.price
    told = f"  # from {_comment(draft.source)}" if draft.price is not None else "  # agree: no case gives a price"
    priced = (
        "{per: instance, name: Item, price: %s}"
        if is_bpo
        else "{per: milestone, name: Signed, milestone: Signed, price: %s}"
    )
    lines = [
        "services:",
        f"  {name}:",
        f"    kind: {draft.kind.lower()}",
        f"    name: {_text(draft.activity)}",
        "    prices:",
        f"      - {priced % f'{amount:f}'}{told}",
        "    objectives:  # agree: measure and target",
        "      done:",
        "        measure: duration",
        "        name: Done in time",
        "        from: instance.started",
        f"        to: {'instance.completed' if is_bpo else 'case.signed'}",
        f"        within: {{business_hours: {8 if is_bpo else 40}}}",
        "        calendar: office",
        "        target: 95" if is_bpo else "        target: 90",
        "    credits:  # agree: what a missed target takes off",
        "      at_risk: 10",
        "      bands:",
        "        done:",
        f"          - {{below: {95 if is_bpo else 90}, credit: 5}}",
    ]
    if draft.unit_cost is not None and draft.unit_cost > 0:
        source = _text(draft.source or "business case")
        lines.append(f"    baseline: {{unit_cost: {draft.unit_cost:f}, source: {source}}}")
    return lines


def _text(text: str) -> str:
    """A text as YAML: JSON's quotes are YAML's, too."""
    return json.dumps(_comment(text) or "-", ensure_ascii=False)


def _comment(text: str) -> str:
    """On one line, of letters that can be printed: YAML takes no others."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_TEXT]
