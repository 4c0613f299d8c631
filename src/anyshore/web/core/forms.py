"""What people enter about people. Forms only read; the actions judge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from anyshore.knowledge.languages import LEVELS
from anyshore.web.core import queries
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Credential, Organisation, Person


def attempt(form: forms.Form, action: Any, *arguments: Any) -> bool:
    """Runs an action with a form's data; what it refuses is shown at the fields. Whether it went through."""
    if not form.is_valid():
        return False
    try:
        action(*arguments, **form.cleaned_data)
    except Invalid as error:
        for field, text in error.fields.items():
            form.add_error(field if field in form.fields else None, text)
        return False
    return True


def fitting(upload: UploadedFile) -> None:
    """Refuses a file that is too large, before it is read.

    Raises:
        ValidationError: it is.
    """
    if (upload.size or 0) > settings.MOST_FILE:
        most = settings.MOST_FILE // 1024**2
        raise forms.ValidationError(
            _("%(name)s is too large: at most %(most)d MB.") % {"name": upload.name, "most": most}
        )


class Files(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class Documents(forms.FileField):
    """Several files, as names and contents."""

    default_validators = [fitting]

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        """Each file checked like a single one."""
        uploads = (data if isinstance(data, (list, tuple)) else [data]) or [None]
        checked = [super(Documents, self).clean(each, initial) for each in uploads]
        return [(one.name, one.read()) for one in checked]


class Certify(forms.Form):
    """What a colleague has shown to know."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Credential.Kind)
    subject = forms.CharField(
        label=_("About"), max_length=120, help_text=_("The service, the profession, the language, the channel."),
        widget=forms.TextInput(attrs={"list": "languages"}),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=_("Level"), required=False, help_text=_("Of a language: the level of the European framework (CEFR)."),
        choices=[("", "–"), *((one, one) for one in LEVELS[:-1]), (LEVELS[-1], _("native"))],
    )  # fmt: skip
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class Wall(forms.Form):
    """A conflict-of-interest wall."""

    client: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(None, label=_("Client"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "client", queries.clients(by))


def offer(form: forms.BaseForm, name: str, offered: QuerySet[Any] | Iterable[tuple[Any, Any]]) -> None:
    """Lets a field of a form offer rows, or values with their labels."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField) and isinstance(offered, QuerySet):
        field.queryset = offered
    elif isinstance(field, forms.ChoiceField):
        field.choices = list(offered)
    else:
        raise TypeError(f"{name} offers nothing.")


def posted(request: HttpRequest) -> Any:
    """The form data of a POST, else None."""
    return request.POST if request.method == "POST" else None
