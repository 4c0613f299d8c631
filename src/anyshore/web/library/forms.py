"""Uploading process files and saying what they are together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anyshore.packs.uploads import BESIDE
from anyshore.runtime.catalogue import READERS
from anyshore.web.core.forms import Documents, Files, offer
from anyshore.web.core.models import Organisation, Person
from anyshore.web.core.permissions import organisations

_ACCEPTED = ",".join([*(ending for ending in READERS if ending.startswith(".")), ".yaml"])


def _taken() -> str:
    """What is taken in, in the reader's language and not in that of whoever came first."""
    said = gettext("%(endings)s, and from a pack: %(beside)s.")
    return said % {"endings": ", ".join(READERS), "beside": ", ".join(sorted(BESIDE))}


class Upload(forms.Form):
    """Files that belong together."""

    files = Documents(  # type: ignore[assignment]  # a field; Django takes it off the class
        label=_("Files"), widget=Files(attrs={"multiple": True, "accept": _ACCEPTED}),
        help_text=lazy(_taken, str)(),
    )  # fmt: skip


class Deploy(forms.Form):
    """Whose pack the files become; and what they are together, where no ``pack.yaml`` says it."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=_("Organisation"), empty_label=None
    )
    id = forms.CharField(
        label=_("Id"), max_length=80,
        help_text=_("The name of the service in the terms. Used again, it makes a new version."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=[("bpo", "BPO"), ("kpo", "KPO")])
    title = forms.CharField(label=_("Title"), max_length=200)
    title_de = forms.CharField(label=_("Title in German"), max_length=200, required=False)
    starts = forms.ChoiceField(label=_("What a new piece of work starts"))

    def __init__(self, by: Person, starts: list[str], described: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = organisations(by, "process.deploy").filter(kind=Organisation.Kind.PROVIDER)
        offer(self, "organisation", able)
        offer(self, "starts", [(one, one) for one in starts])
        if described:
            for name in ("id", "kind", "title", "title_de", "starts"):
                del self.fields[name]
