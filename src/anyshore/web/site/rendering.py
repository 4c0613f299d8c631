"""How templates write numbers: plainly. Most of a page is read by programs, the browser first of all.

Django writes ``{{ 10000 }}`` in the notation of the reader, ``10,000`` or ``10.000``, also where a browser reads it: in
``maxlength`` (which then ends at 10), in addresses, in data for scripts. Here a number is written as digits with a
decimal point, and what people read says so: ``{{ total|number }}``, ``|money``, ``|percent``, ``|quantity``.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends import django as backend
from django.template.context import make_context
from django.utils.safestring import SafeString


class Template(backend.Template):
    """A template whose numbers and dates are not localised unless a filter does it."""

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        """The text; included templates and form fields follow the same rule."""
        made = make_context(context, request, autoescape=self.backend.engine.autoescape)
        made.use_l10n = False
        try:
            return self.template.render(made)
        except TemplateDoesNotExist as missing:
            backend.reraise(missing, self.backend)
            raise


class Templates(backend.DjangoTemplates):
    """Django's engine with that rule; see ``TEMPLATES`` in the settings."""

    def from_string(self, template_code: str) -> Template:
        """A template from its text."""
        return Template(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        """A template by its name."""
        return Template(super().get_template(template_name).template, self)
