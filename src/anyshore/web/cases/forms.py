"""Finding and starting work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anyshore.web.core.forms import offer
from anyshore.web.core.models import Person
from anyshore.web.core.permissions import visible_engagements
from anyshore.web.core.queries import told_apart


class Find(forms.Form):
    """Which instances to list."""

    engagement = forms.ChoiceField(label=_("Engagement"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False,
        choices=[
            ("", _("all")), ("active", _("active")), ("suspended", _("suspended")), ("ended", _("ended")),
            ("broken", _("broken")),
        ],
    )  # fmt: skip
    text = forms.CharField(label=_("Reference"), required=False, widget=forms.TextInput(attrs={"type": "search"}))

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible_engagements(by, "case.see").order_by("title", "key").values_list("key", "title")
        offer(self, "engagement", [("", _("all")), *told_apart(rows).items()])


class Finding(forms.Form):
    """A finding and the words it rests on."""

    document = forms.ChoiceField(label=_("Document"))
    quote = forms.CharField(
        label=_("Quotation"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Copy the words from the source. Leave parts out with […]."),
    )  # fmt: skip
    text = forms.CharField(label=_("Finding"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    topic = forms.CharField(label=_("Topic"), max_length=120, required=False)
    confidence = forms.DecimalField(
        label=_("How sure are you, from 0 to 1?"), min_value=0, max_value=1, decimal_places=2, initial="0.9"
    )
    near = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput())
    place = forms.IntegerField(label=_("Which place, if there are several?"), min_value=1, required=False)

    def __init__(self, sources: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "document", list(sources.items()))

    def clean_place(self) -> int:
        """0 where none was chosen."""
        return self.cleaned_data["place"] or 0


class AddTask(forms.Form):
    """A task the expert adds to the plan."""

    name = forms.CharField(label=_("Task"), max_length=200)
    description = forms.CharField(
        label=_("What is to be done?"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    person = forms.ChoiceField(label=_("For"), required=False)
    due = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    stage = forms.TypedChoiceField(label=_("Stage"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, stages: list[tuple[int, str]], people: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "stage", stages)
        offer(self, "person", [("", _("whoever takes it")), *((one.email, one.name) for one in people)])


class Sign(forms.Form):
    """A signature under the findings."""

    statement = forms.CharField(
        label=_("What do you stand for?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput())
