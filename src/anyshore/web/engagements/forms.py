"""Proposing terms, planning a week, correcting invoices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anyshore.base.errors import AnyshoreError
from anyshore.packs import reading
from anyshore.web.core import queries
from anyshore.web.core.forms import offer
from anyshore.web.core.models import Organisation, Person
from anyshore.web.core.permissions import organisations
from anyshore.web.engagements.actions import MOST_REASON
from anyshore.web.engine import own_packs
from anyshore.workforce.shifts import Shift, parse


class Propose(forms.Form):
    """Who, to whom, and the terms."""

    provider: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(None, label=_("Provider"), empty_label=None)
    client: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(None, label=_("Client"))
    text = forms.CharField(
        label=_("Terms"), strip=False, help_text=_("YAML. Start from the sample of a service and adapt it."),
        widget=forms.Textarea(attrs={"rows": 28, "class": "mono", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "provider", organisations(by, "engagement.create"))
        offer(self, "client", queries.clients(by))


MOST_SHIFTS = 12
"""Shifts a page may plan with: with many more the best plan takes longer than a person waits."""


class Week(forms.Form):
    """What a plan of the coming week rests on, beside the ledger and the terms."""

    service = forms.ChoiceField(label=_("Service"), required=False)
    minutes = forms.FloatField(
        label=_("Minutes per item"), required=False, min_value=0.1, max_value=10_000,
        help_text=_("As the ledger has it, if left out."),
    )  # fmt: skip
    away = forms.FloatField(
        label=_("Paid time away from work, in percent"), required=False, min_value=0, max_value=95,
        help_text=_("Leave, illness, courses, breaks."),
    )  # fmt: skip
    shifts = forms.CharField(
        label=_("Shifts"), required=False, max_length=500,
        help_text=_("For example 08:00-16:00, 12:00-20:00. The opening hours, if left out."),
    )  # fmt: skip

    def __init__(self, services: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "service", services)
        if len(services) < 2:
            del self.fields["service"]

    def clean_shifts(self) -> list[Shift]:
        """The shifts as they are worked."""
        try:
            found = [parse(text) for text in self.cleaned_data["shifts"].split(",") if text.strip()]
        except AnyshoreError as wrong:
            raise forms.ValidationError(_("Write shifts as 08:00-16:00, with commas between them.")) from wrong
        if len(found) > MOST_SHIFTS:
            raise forms.ValidationError(_("At most %(most)d shifts.") % {"most": MOST_SHIFTS})
        return found


class Correct(forms.Form):
    """Why a billed month is corrected, and which differences the person looked at."""

    reason = forms.CharField(label=_("Reason"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    shown = forms.CharField(required=False, widget=forms.HiddenInput())


def sample(by: Person, pack: str) -> str:
    """The sample terms of a service pack, also of an own one of the person's provider; empty where there are none."""
    folders = {folder.name: folder for folder in reading.find()}
    if pack not in folders:
        providers = organisations(by, "engagement.create").values_list("key", flat=True)
        own = next((one for key in providers if (one := own_packs.newest(key, pack)) is not None), None)
        text = own_packs.files(own.deployment).get("terms.yaml", b"") if own is not None else b""
        return text.decode("utf-8", "replace")
    try:
        terms = reading.read(folders[pack]).terms
    except AnyshoreError:
        return ""
    return terms.read_text(encoding="utf-8") if terms else ""
