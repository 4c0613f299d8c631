"""How form fields look: label, help, error and input, tied together for screen readers."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields by our template."""

    field_template_name = "site/field.html"
