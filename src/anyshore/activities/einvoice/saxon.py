"""Runs compiled Schematron through SaxonC: one processor a process, each stylesheet compiled once.

SaxonC 13 keeps one Java isolate a process. Calls from several threads work, but run no faster than one after the
other, and a processor per thread would compile every stylesheet again (0.3–0.7 s, 25–50 MB each): so one processor, and
one lock. The isolate does not outlive a fork: a process that forks workers must not use it before.
"""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from anyshore.activities.einvoice.schematron import Assertion, shortened
from anyshore.base.errors import DataError
from anyshore.base.locations import Location

if TYPE_CHECKING:
    from saxonche import PySaxonProcessor, PyXsltExecutable

_LOCK = threading.Lock()


@cache
def _processor() -> PySaxonProcessor:
    from saxonche import PySaxonProcessor  # starts the isolate

    return PySaxonProcessor(license=False)


@cache
def _compiled(schematron: Path) -> tuple[PyXsltExecutable, tuple[Assertion, ...]]:
    text, assertions = shortened(schematron)
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_text=text), assertions


def report(schematron: Path, root: etree._Element, file: str) -> tuple[etree._Element, tuple[Assertion, ...]]:
    """Applies a compiled Schematron to a document: the root of its report, and the assertions it says by number.

    Args:
        schematron: absolute path of the stylesheet.
        root: document element of the input.
        file: name of the input for messages.

    Raises:
        DataError: the stylesheet cannot be evaluated on this document, for example because a number in it is none.
    """
    from saxonche import PySaxonApiError

    text = etree.tostring(root, encoding="unicode", with_tail=False)
    with _LOCK:
        try:
            node = _processor().parse_xml(xml_text=text)
            executable, assertions = _compiled(schematron)
            output: str = executable.transform_to_string(xdm_node=node)
        except PySaxonApiError as problem:
            message = f"The rules cannot be evaluated on this document: {problem}"
            raise DataError("einvoice.rules-failed", message, Location(file), "Check its numbers and dates.") from (
                problem
            )
    return etree.fromstring(output.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True)), assertions
