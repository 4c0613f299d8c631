"""What people enter to come in. Forms only read; the actions judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anyshore.web.accounts import tokens
from anyshore.web.core import permissions
from anyshore.web.core.actions import HOURS
from anyshore.web.core.forms import offer
from anyshore.web.core.models import CLIENT_SIDE, Organisation, Person, Role, Theme


def _secret(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class SignIn(forms.Form):
    """Email and password."""

    email = forms.EmailField(
        label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(label=_("Password"), strip=False, widget=_secret("current-password"))


class Clock(forms.Form):
    """Where somebody lives, by the name of its time zone."""

    zone = forms.CharField(
        label=_("Time zone"), required=False, max_length=64, widget=forms.TextInput(attrs={"list": "zones"}),
        help_text=_("As Asia/Kolkata. Times of an engagement are told by its own clock, and by yours beside it."),
    )  # fmt: skip


class Look(forms.Form):
    """How pages look to somebody."""

    theme = forms.ChoiceField(label=_("Colours"), required=False, choices=Theme.choices)
    dense = forms.BooleanField(
        label=_("Rows closer together"), required=False, help_text=_("More of a list without scrolling.")
    )


class Digest(forms.Form):
    """When somebody is mailed what waits for them."""

    hour = forms.TypedChoiceField(
        label=_("Daily mail"), required=False, coerce=int, empty_value=None,
        choices=[("", _("never")), *((hour, f"{hour:02}:00") for hour in HOURS)],
        help_text=_("What waits for you, once a day by your clock. Nothing is sent where nothing waits."),
    )  # fmt: skip


class Password(forms.Form):
    """A new password of one's own."""

    old = forms.CharField(label=_("Password until now"), strip=False, widget=_secret("current-password"))
    new = forms.CharField(
        label=_("New password"), strip=False, widget=_secret("new-password"),
        help_text=_("At least 10 characters, not a common one."),
    )  # fmt: skip
    revoke = forms.BooleanField(label=_("Revoke my tokens, too"), required=False)


class Choose(forms.Form):
    """The password with which a link is opened."""

    password = forms.CharField(
        label=_("Your password"), strip=False, widget=_secret("new-password"),
        help_text=_("At least 10 characters, not a common one."),
    )  # fmt: skip


class Token(forms.Form):
    """A token for a program."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"), widget=forms.CheckboxSelectMultiple, initial=["read"],
        choices=[(key, label) for key, (label, _abilities) in tokens.SCOPES.items()],
    )  # fmt: skip
    services = forms.CharField(
        label=_("For which services?"), required=False, max_length=400,
        help_text=_("Their ids with commas between them; empty: for all."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("For how many days?"), min_value=1, max_value=tokens.LONGEST, initial=tokens.LASTS
    )  # fmt: skip

    def clean_services(self) -> list[str]:
        """The ids."""
        return [one.strip() for one in self.cleaned_data["services"].split(",") if one.strip()]


class Invite(forms.Form):
    """A new colleague."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=_("Organisation"), empty_label=None
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Email"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = permissions.organisations(by, "people.invite")
        offer(self, "organisation", found)
        kinds = set(found.values_list("kind", flat=True))
        sides = {
            Organisation.Kind.CLIENT: list(CLIENT_SIDE),
            Organisation.Kind.PROVIDER: [Role.MANAGER, Role.AGENT, Role.EXPERT],
        }
        offer(self, "role", [(r, Role(r).label) for kind in sides if kind in kinds for r in sides[kind]])


class Introduce(forms.Form):
    """A client and the person who owns the service there."""

    provider: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(None, label=_("Provider"), empty_label=None)
    client = forms.CharField(label=_("Client"), max_length=200)
    name = forms.CharField(label=_("Service owner"), max_length=120)
    email = forms.EmailField(label=_("Email"))

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "provider", permissions.organisations(by, "people.manage"))
