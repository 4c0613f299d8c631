"""Writing a model back. The document the model was read from is what is written, so nothing is lost: comments,
diagram (DMNDI), extensions and foreign attributes stay where they were.

A copy in the namespaces of another version is for tools that know only that version; dmn-js, for example, reads 1.3.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from lxml import etree

from anyshore.base.errors import Diagnostic, DmnError
from anyshore.dmn.elements import Definitions
from anyshore.dmn.model import Model
from anyshore.dmn.namespaces import DIAGRAM, FEEL, MODEL

# What a version brought. Boxed expressions of 1.4 and typeConstraint of 1.5 mean nothing to an older reader.
_SINCE = {
    "conditional": "1.4",
    "filter": "1.4",
    "for": "1.4",
    "some": "1.4",
    "every": "1.4",
    "typeConstraint": "1.5",
    "functionItem": "1.3",
    "annotation": "1.2",
}

# The URIs stand in namespace declarations, importType and expressionLanguage: inside tags, and always in double quotes.
_TAG = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?]]>|<[^>]*>", re.DOTALL)
_URI = re.compile(r'"([^"]*)"')


def write(model: Model, version: str | None = None) -> bytes:
    """The file of a model as UTF-8 bytes, without what it imports.

    Args:
        model: what to write.
        version: ``"1.3"`` for a copy in the namespaces of DMN 1.3, and so on; its own version where left out.

    Raises:
        DmnError: the version is unknown, or the model uses what that version does not have.
    """
    definitions = model.definitions
    root = definitions.document.root
    if version is not None and version != definitions.version:
        root = _translated(definitions, version)
    tree = root.getroottree()
    # Without a word on it in the file, none is written.
    options: dict[str, Any] = {} if tree.docinfo.standalone is None else {"standalone": tree.docinfo.standalone}
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", **options))


def _translated(definitions: Definitions, version: str) -> etree._Element:
    if version not in MODEL or version == "1.1":
        raise DmnError("dmn.version", f"DMN {version} cannot be written.", hint="1.2 to 1.6 can.")
    if definitions.version == "1.1":
        raise DmnError("dmn.version", "DMN 1.1 has no diagram and another type syntax; it can only be kept as it is.")
    _refuse_newer(definitions, version)
    names = {
        space[definitions.version]: space[version]
        for space in (MODEL, DIAGRAM, FEEL)
        if space[definitions.version] != space[version]
    }
    written = etree.QName(definitions.document.root).namespace
    if written is not None:
        names[written] = MODEL[version]
    text = etree.tostring(copy.deepcopy(definitions.document.root.getroottree()), encoding="unicode")

    def renamed(tag: re.Match[str]) -> str:
        return tag[0] if tag[0].startswith("<!") else _URI.sub(lambda uri: f'"{names.get(uri[1], uri[1])}"', tag[0])

    return etree.fromstring(_TAG.sub(renamed, text).encode())


def _refuse_newer(definitions: Definitions, version: str) -> None:
    namespace = f"{{{etree.QName(definitions.document.root).namespace}}}"
    problems = [
        Diagnostic(
            "dmn.version",
            f"DMN {version} has no {str(node.tag).removeprefix(namespace)}; it came with {since}.",
            definitions.locate(node),
            "Write a later version, or model it as a literal expression.",
        )
        for name, since in _SINCE.items()
        if since > version
        for node in definitions.document.root.iter(namespace + name)
    ]
    if problems:
        raise DmnError.of(problems)
