"""Currencies (ISO 4217) and rounding to their minor unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP
CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD
IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UYW UZS VED VES VND VUV WST XAF XCD
XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
"""Codes of currencies in use."""

_PLACES = {
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"], 0),
    **dict.fromkeys(["VUV", "XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}  # fmt: skip

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
"""Money is computed with 60 digits, so that only the named roundings round."""


def places(currency: str) -> int:
    """Decimal places of a currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _PLACES.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole minor units, halves away from zero."""
    return decimals(amount, places(currency))


def decimals(number: Decimal, digits: int) -> Decimal:
    """The number with so many decimal places, halves away from zero; never minus zero."""
    result = number.quantize(Decimal(1).scaleb(-digits), context=_WIDE)
    return result if result else abs(result)


def times(one: Decimal, other: Decimal) -> Decimal:
    """The exact product."""
    return _WIDE.multiply(one, other)


def minus(one: Decimal, other: Decimal) -> Decimal:
    """The exact difference; never minus zero."""
    result = _WIDE.subtract(one, other)
    return result if result else abs(result)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """The exact percentage of an amount."""
    return _WIDE.multiply(amount, percent).scaleb(-2, context=_WIDE)


def ratio(numerator: Decimal | int, denominator: Decimal | int) -> Decimal:
    """A quotient with 60 digits, to be rounded by ``rounded`` or ``decimals``."""
    return _WIDE.divide(Decimal(numerator), Decimal(denominator))
