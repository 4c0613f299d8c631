"""Identifiers of organisations, by their published check digits, and the code lists of EN 16931.

The schemes are those of ISO/IEC 6523 as Peppol's policy for identifiers names them.
"""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

from anyshore.activities.einvoice.rulesets import official

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_LISTED = re.compile(r"'( (?:[^ ']+ )+)'")


def listed(codes: str) -> frozenset[str]:
    """Codes written one after the other, as their lists are."""
    return frozenset(codes.split())


PEPPOL_ADDRESSES = listed(
    "0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 "
    "0190 0191 0192 0193 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 "
    "0215 0216 0217 0218 0221 0225 0230 0235 0240 0244 9901 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 "
    "9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 "
    "9946 9947 9948 9949 9950 9951 9952 9953 9957 9959"
)
"""Schemes an electronic address of Peppol BIS may have (code list EAS, the part Peppol uses)."""


@cache
def codes(rule: str) -> frozenset[str]:
    """The code list a rule of EN 16931 tests against, as the official rules have it.

    Args:
        rule: for example ``BR-CL-20``.
    """
    for found in etree.parse(str(official("EN16931-UBL-validation.xsl"))).iter(f"{_SVRL}failed-assert"):
        if found.findtext(f"{_XSL}attribute[@name='id']") == rule or found.get("id") == rule:
            tests = [found.get("test", ""), *(one.text or "" for one in found.iter(f"{_XSL}attribute"))]
            return frozenset(code for test in tests for listed in _LISTED.findall(test) for code in listed.split())
    raise LookupError(rule)


def gln(text: str) -> bool:
    """A GS1 number: its last digit makes the sum, weighted 3 and 1 from the right, a multiple of ten."""
    if not _digits(text):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(text))) % 10 == 0


def norwegian(text: str) -> bool:
    """Nine digits, modulo 11 with the weights 2 to 7 from the right."""
    if not _digits(text, 9) or int(text) == 0:
        return False
    total = sum(int(digit) * (place % 6 + 2) for place, digit in enumerate(reversed(text[:-1])))
    return (11 - total % 11) % 11 == int(text[-1])


def danish(text: str) -> bool:
    """The eight digits of the CVR number, with or without DK before them."""
    return _digits(text.removeprefix("DK"), 8)


def belgian(text: str) -> bool:
    """Ten digits, the last two of which are 97 less the rest of the first eight by 97."""
    return _digits(text, 10) and 97 - int(text[:8]) % 97 == int(text[8:])


def ipa_code(text: str) -> bool:
    """The six letters or digits of an Italian office."""
    return re.fullmatch(r"[A-Za-z0-9]{6}", text) is not None


def codice_fiscale(text: str) -> bool:
    """The form of an Italian tax code: eleven digits of a company, or sixteen characters of a person."""
    return _digits(text, 11) or (
        re.fullmatch(r"[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z0-9]{3}\d[A-Za-z]", text, re.ASCII) is not None
    )


def partita_iva(text: str) -> bool:
    """An Italian VAT number, IT and eleven digits by Luhn; one of another country is not looked at."""
    return text[:2].upper() != "IT" or (_digits(text[2:], 11) and _luhn(text[2:]))


def swedish(text: str) -> bool:
    """Ten digits by Luhn."""
    return _digits(text, 10) and _luhn(text)


def australian(text: str) -> bool:
    """Eleven digits; less one in front, weighted 10, 1, 3, … 19, they sum to a multiple of 89."""
    if not _digits(text, 11):
        return False
    weights = (10, *range(1, 20, 2))
    total: int = sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True))
    return (total - 10) % 89 == 0


def _luhn(text: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(text)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _digits(text: str, length: int | None = None) -> bool:
    return text.isascii() and text.isdigit() and length in (None, len(text))
