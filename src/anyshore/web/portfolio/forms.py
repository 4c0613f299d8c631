"""Uploading a portfolio, settling an activity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anyshore.web.core.forms import fitting, offer
from anyshore.web.core.models import Organisation, Person
from anyshore.web.core.permissions import organisations


class Upload(forms.Form):
    """A client's activities as CSV or Excel."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=_("Organisation"), empty_label=None
    )
    file = forms.FileField(
        label=_("Activities"),
        help_text=_("CSV or Excel with the columns activity, client_country and data_class at least."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}), validators=[fitting],
    )  # fmt: skip

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", organisations(by, "portfolio.decide"))

    def clean(self) -> dict[str, Any]:
        """The file becomes its name and content, as the action takes them."""
        data = super().clean() or {}
        upload = data.pop("file", None)
        if upload is not None:
            data |= {"name": upload.name, "content": upload.read()}
        return data


class Settle(forms.Form):
    """The decision of a person."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("BPO", "BPO"), ("KPO", "KPO"), ("keep", _("keep"))])
    shore = forms.ChoiceField(
        label=_("Shore"), required=False,
        choices=[("", "–"), ("onshore", _("onshore")), ("nearshore", _("nearshore")), ("offshore", _("offshore"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you decide otherwise than the rules."),
    )  # fmt: skip
