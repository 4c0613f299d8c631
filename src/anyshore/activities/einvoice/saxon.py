"""Runs compiled Schematron through SaxonC: one processor a process, each stylesheet compiled once.

SaxonC 13 keeps one Java isolate a process. Calls from several threads work, but run no faster than one after the
other, and a processor per thread would compile every stylesheet again (0.3–0.7 s, 25–50 MB each): so one processor, and
one lock. The isolate does not outlive a fork: a process that forks workers must not use it before.
"""

from __future__ import annotations

import re
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from anyshore.base.errors import DataError
from anyshore.base.locations import Location

if TYPE_CHECKING:
    from saxonche import PySaxonProcessor, PyXsltExecutable

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_LOCK = threading.Lock()


@cache
def _processor() -> PySaxonProcessor:
    from saxonche import PySaxonProcessor  # starts the isolate

    return PySaxonProcessor(license=False)


@cache
def _compiled(schematron: Path, keep: re.Pattern[str] | None) -> PyXsltExecutable:
    compiler = _processor().new_xslt30_processor()
    if keep is None:
        return compiler.compile_stylesheet(stylesheet_file=str(schematron))
    return compiler.compile_stylesheet(stylesheet_text=only(schematron, keep))


def only(schematron: Path, keep: re.Pattern[str]) -> str:
    """The stylesheet of a Schematron without the assertions that are not wanted.

    A compiled assertion is a choice: nothing when the test holds, a ``failed-assert`` with the rule's ``id`` otherwise.
    Leaving out those whose report would be thrown away halves the time of the Factur-X rules, as the code list
    assertions among them read a further file for every invoice, and one that cannot be evaluated does no harm.
    """
    tree = etree.parse(str(schematron))
    for failed in list(tree.iter(f"{_SVRL}failed-assert")):
        identifier = failed.findtext(f"{_XSL}attribute[@name='id']") or ""
        otherwise = failed.getparent()
        choice = None if otherwise is None else otherwise.getparent()
        parent = None if choice is None else choice.getparent()
        if choice is not None and parent is not None and choice.tag == f"{_XSL}choose" and not keep.match(identifier):
            parent.remove(choice)
    return etree.tostring(tree, encoding="unicode")


def report(schematron: Path, keep: re.Pattern[str] | None, root: etree._Element, file: str) -> etree._Element:
    """Applies a compiled Schematron to a document and gives the root of its report.

    Args:
        schematron: absolute path of the stylesheet.
        keep: matches the identifiers of the rules to apply; all where left out.
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
            output: str = _compiled(schematron, keep).transform_to_string(xdm_node=node)
        except PySaxonApiError as problem:
            message = f"The rules cannot be evaluated on this document: {problem}"
            raise DataError("einvoice.rules-failed", message, Location(file), "Check its numbers and dates.") from (
                problem
            )
    return etree.fromstring(output.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))
