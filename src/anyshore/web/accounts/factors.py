"""Second factors: what is noted of them, and how guessing their codes is slowed down."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.utils.translation import gettext as _

from anyshore.web.accounts import security, throttle
from anyshore.web.core.models import Person


class _Throttled(forms.Form):
    """Refuses a code without looking at it where too many were wrong lately."""

    user: Person

    def clean_code(self) -> str:
        """The code, where it is right."""
        if throttle.locked(self.user.email, context.request):
            raise forms.ValidationError(_("Too many attempts. Wait a quarter of an hour."))
        return super().clean_code()  # type: ignore[misc]


class Code(_Throttled, AuthenticateForm):
    """A code after the password."""


class CodeAgain(_Throttled, ReauthenticateForm):
    """A code to confirm what is about to be done."""


def listen() -> None:
    """Connects what is noted to what happens."""
    signals.authenticator_added.connect(_added)
    signals.authenticator_removed.connect(_removed)
    signals.authenticator_reset.connect(_reset)
    signals.authentication_failed.connect(_failed)


def _added(sender: Any, user: Any, authenticator: Any, **_rest: Any) -> None:
    security.note("factor.added", user, by=user, kind=authenticator.type)


def _removed(sender: Any, user: Any, authenticator: Any, **_rest: Any) -> None:
    security.note("factor.removed", user, by=user, kind=authenticator.type)


def _reset(sender: Any, user: Any, authenticator: Any, **_rest: Any) -> None:
    security.note("factor.renewed", user, by=user, kind=authenticator.type)


def _failed(sender: Any, user: Any, request: Any, authenticator: Any, **_rest: Any) -> None:
    throttle.failed(user.email, request, how=str(authenticator.type))
