"""Handing files over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anyshore.host.intake.parcels import Kind
from anyshore.host.intake_ports import ACCEPTED, DUPLICATE, REFUSED
from anyshore.web.core import reader
from anyshore.web.core.forms import Documents, Files, offer
from anyshore.web.intake.queries import Door

STATUS_WORDS = ((ACCEPTED, _("accepted")), (DUPLICATE, _("here already")), (REFUSED, _("refused")))


class Start(forms.Form):
    """A service, and files for it."""

    service = forms.ChoiceField(label=_("Service"))
    documents = Documents(
        label=_("Files"), widget=Files(attrs={"multiple": True}),
        help_text=_("Each is answered for by name: it starts work, is here already, or is refused with its reason."),
    )  # fmt: skip

    def __init__(self, doors: list[Door], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = reader.language()
        offered = [
            (one.service, f"{one.pack.title.get(language, one.service)} ({one.takes})")
            for one in doors
            if one.takes_files
        ]
        offer(self, "service", offered)


class Values(forms.Form):
    """Work that begins by values alone."""

    service = forms.ChoiceField(label=_("Service"))
    reference = forms.CharField(
        label=_("Reference"), max_length=200, help_text=_("What people call this piece of work.")
    )

    def __init__(self, doors: list[Door], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = reader.language()
        offer(self, "service", [(one.service, one.pack.title.get(language, one.service)) for one in doors])


class Filter(forms.Form):
    """Which receipts to list."""

    status = forms.ChoiceField(label=_("Answer"), required=False, choices=[("", _("all")), *STATUS_WORDS])


class Load(forms.Form):
    """A file of reference data."""

    file = Documents(label=_("File"), help_text=_("It replaces all rows of this kind, or nothing changes."))


class Batch(forms.Form):
    """A file of rows that are decided at once."""

    service = forms.ChoiceField(label=_("Service"))
    file = Documents(label=_("File"), help_text=_("CSV, Parquet or Arrow. The same file again is the same batch."))

    def __init__(self, kinds: list[tuple[str, Kind, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = reader.language()
        offer(self, "service", [(f"{one}:{kind.name}", kind.title.get(language, one)) for one, kind, _pack in kinds])


class Try(forms.Form):
    """Changed files of a pack."""

    file = Documents(
        label=_("Changed files"), widget=Files(attrs={"multiple": True}),
        help_text=_("Under their names in the pack: decision tables, processes."),
    )  # fmt: skip


class _Channel(forms.Form):
    service = forms.ChoiceField(label=_("Service"))

    def __init__(self, services: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "service", [(one, one) for one in services])


class AddMailbox(_Channel):
    """A mailbox that is looked into."""

    host = forms.CharField(label=_("Mail server"), max_length=200)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65_535, initial=993)
    user = forms.CharField(label=_("User"), max_length=200)
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("It is kept in a file beside the database, never in it."),
    )  # fmt: skip
    mailbox = forms.CharField(label=_("Mailbox"), max_length=200, initial="INBOX")
    security = forms.ChoiceField(
        label=_("Encryption"),
        choices=[("tls", "TLS"), ("starttls", "STARTTLS"), ("none", _("none, on this machine alone"))],
    )


class AddFolder(_Channel):
    """A folder that is watched."""

    path = forms.CharField(label=_("Name of the folder"), max_length=60)
    kind = forms.ChoiceField(label=_("Holds"), choices=[("folder", _("files")), ("mails", _("mails"))])
