"""Proposing terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anyshore.base.errors import AnyshoreError
from anyshore.packs import reading
from anyshore.web.core import queries
from anyshore.web.core.models import Person
from anyshore.web.core.permissions import organisations


class Propose(forms.Form):
    """Who, to whom, and the terms."""

    provider = forms.ModelChoiceField(None, label=_("Provider"), empty_label=None)
    client = forms.ModelChoiceField(None, label=_("Client"))
    text = forms.CharField(
        label=_("Terms"), strip=False, help_text=_("YAML. Start from the sample of a service and adapt it."),
        widget=forms.Textarea(attrs={"rows": 28, "class": "mono", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = organisations(by, "engagement.create")
        self.fields["client"].queryset = queries.clients(by)


def sample(pack: str) -> str:
    """The sample terms of a service pack; empty where there are none."""
    folders = {folder.name: folder for folder in reading.find()}
    if pack not in folders:
        return ""
    try:
        terms = reading.read(folders[pack]).terms
    except AnyshoreError:
        return ""
    return terms.read_text(encoding="utf-8") if terms else ""
