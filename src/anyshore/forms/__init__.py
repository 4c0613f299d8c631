"""Forms: what a person is asked for when finishing a work item. Model, reading and validation; no HTML."""

from anyshore.forms.model import Choice, Field, Form
from anyshore.forms.reading import loads, read
from anyshore.forms.validation import needed, validate

__all__ = ["Choice", "Field", "Form", "loads", "needed", "read", "validate"]
