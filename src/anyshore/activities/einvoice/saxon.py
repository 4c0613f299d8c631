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
def _compiled(schematron: Path) -> PyXsltExecutable:
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(schematron))


def report(schematron: Path, root: etree._Element, file: str) -> etree._Element:
    """Applies a compiled Schematron to a document and gives the root of its report.

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
            output: str = _compiled(schematron).transform_to_string(xdm_node=node)
        except PySaxonApiError as problem:
            message = f"The rules cannot be evaluated on this document: {problem}"
            raise DataError("einvoice.rules-failed", message, Location(file), "Check its numbers and dates.") from (
                problem
            )
    return etree.fromstring(output.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))
