"""The report on adverse impact to be looked at: groups in sums alone, small ones left out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common.sheet import Row, Section, Sheet, both
from anyshore.activities.recruiting.declaring import ImpactOutcome

_COLUMNS = (
    {"en": "Applied", "de": "Beworben"},
    {"en": "Selected", "de": "Ausgewählt"},
    {"en": "Selection rate", "de": "Auswahlquote"},
    {"en": "Against the highest", "de": "Zur höchsten"},
    {"en": "Chance (Fisher's exact test)", "de": "Zufall (exakter Test nach Fisher)"},
    {"en": "Adverse impact", "de": "Benachteiligung"},
)
_RULE = "29 CFR § 1607.4 D"
_WORDS = {
    "yes": {"en": "yes", "de": "ja"}, "no": {"en": "no", "de": "nein"},
    "by chance?": {"en": "below four fifths, maybe by chance", "de": "unter vier Fünfteln, vielleicht Zufall"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShowInput:
    """What was reported, of which characteristic in which period."""

    impact: ImpactOutcome
    characteristic: str
    period: str


def show(data: ShowInput, context: ActivityContext) -> Sheet:
    """The report as a sheet: the four-fifths rule, and how likely chance would be as uneven."""
    del context
    found = data.impact
    rows = tuple(
        Row(
            both(one.group),
            (Decimal(one.applicants), Decimal(one.selected), one.rate, one.ratio, one.p, _WORDS[one.adverse]),
            f"{one.selected} / {one.applicants} = {one.rate}; {one.rate} / {_best(found)} = {one.ratio}", _RULE,
            ("0.8 = four fifths",),
        )
        for one in found.lines
    )  # fmt: skip
    return Sheet(_COLUMNS, (Section(both(f"{data.characteristic}, {data.period}"), rows),), tuple(_notes(found)))


def _best(found: ImpactOutcome) -> str:
    return next((str(one.rate) for one in found.lines if one.group == found.best), "0")


def _notes(found: ImpactOutcome) -> list[dict[str, str]]:
    if not found.suppressed:
        return []
    return [
        {
            "en": f"Not shown, so that nobody is recognised: {found.suppressed} groups (fewer than {found.least}).",
            "de": f"Nicht gezeigt, damit niemand erkennbar ist: {found.suppressed} Gruppen (unter {found.least}).",
        }
    ]
