"""Writes business terms of EN 16931 as XRechnung (UBL or CII) and as Factur-X: the syntax is that of ``factur-x``."""

from __future__ import annotations

import copy
from typing import Any, Literal

Data = dict[str, Any]
Syntax = Literal["ubl", "cii"]

EN_16931 = "urn:cen.eu:en16931:2017"
XRECHNUNG = f"{EN_16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def xrechnung(content: Data, syntax: Syntax = "ubl") -> bytes:
    """The XML of XRechnung 3.

    Args:
        content: business terms by their numbers, as ``outgoing.content`` gives.
        syntax: UBL 2.1 or UN/CEFACT CII.
    """
    found = _written(content | {"BT-23": _PROCESS}, syntax)
    # The library names profiles of its own only; BT-24 is the first element that says so.
    return found.replace(f">{EN_16931}<".encode(), f">{XRECHNUNG}<".encode(), 1)


def en16931(content: Data, syntax: Syntax = "cii") -> bytes:
    """The XML of EN 16931 itself, which in CII is the profile of that name of Factur-X."""
    return _written(content, syntax)


def _written(content: Data, syntax: Syntax) -> bytes:
    from facturx.generate_xml import generate_xml  # costs 0.3 s: only those who send an invoice pay

    flavor = "ubl-2.1" if syntax == "ubl" else "factur-x"
    # It changes what it is given.
    written = generate_xml(
        copy.deepcopy(content), flavor=flavor, level="en16931", check_xsd=False, check_schematron=False
    )
    return bytes(written)
