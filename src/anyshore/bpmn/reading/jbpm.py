"""Which extensions of jBPM change nothing in a run: those that describe, and those that say what is so anyway.

Source: jBPM 7, BPMN2 extensions (``drools`` namespace), as its modellers write them. Everything else of it is refused.
"""

from __future__ import annotations

from lxml import etree

_DRAWN = frozenset(
    ["bgcolor", "bordercolor", "color_background", "color_border", "fontcolor", "fontsize", "packageName", "selectable",
     "shape", "version", "icon", "dtype", "erefname", "esccode", "msgref", "modelid", "modelroot", "ruleFlowGroupName"]
)  # fmt: skip
"""Attributes for the modeller, and names that stand on the element once more."""

_USUAL = {
    "adHoc": "false",
    "independent": "false",
    "waitForCompletion": "true",
    "async": "false",
    "dynamic": "false",
    "slaDueDate": "",
}
"""Attributes and the value that says what happens here without them."""

_DESCRIBING = frozenset(
    ["elementname", "customDescription", "customTags", "customProcessTags", "Description", "UniqueId", "x", "y",
     "width", "height", "hidden", "customGlobalTags"]
)  # fmt: skip
"""Names of ``metaData`` that describe."""

_USUAL_DATA = {
    "customAsync": "false",
    "customAutoStart": "false",
    "customAbortParent": "true",
    "customSLADueDate": "",
    "customCaseIdPrefix": "",
    "customCaseRoles": "",
    "customActivationCondition": "",
}
"""Names of ``metaData`` and the value that says what happens here without them."""

_DATA_ELEMENTS = frozenset(["import", "global"])
"""Names of classes and globals for scripts and expressions of Java and MVEL; these are refused where they stand."""


def changes_nothing(xml: etree._Element, name: etree.QName) -> bool:
    """Whether an attribute of jBPM changes nothing."""
    local = name.localname
    return local in _DRAWN or (local in _USUAL and (xml.get(name.text) or "").strip() == _USUAL[local])


def element_changes_nothing(xml: etree._Element) -> bool:
    """Whether an extension element of jBPM changes nothing."""
    tag = etree.QName(xml).localname
    if tag in _DATA_ELEMENTS:
        return True
    name = xml.get("name") or ""
    if tag != "metaData":
        return False
    namespace = etree.QName(xml).namespace
    value = (xml.findtext(f"{{{namespace}}}metaValue") or "").strip()
    return name in _DESCRIBING or (name in _USUAL_DATA and value == _USUAL_DATA[name])
