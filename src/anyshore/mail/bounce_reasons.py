"""Why a mail came back: what servers say, as reasons, and what the enhanced status codes mean (RFC 3463 and its
registry).

A reason is one word for what to do next: `userunknown` takes an address off a list, `mailboxfull` waits, `blocked`
is for the administrator of the sending server. To add a way of saying it: a line in the table of its reason.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

HARD = frozenset({"userunknown", "hostunknown", "hasmoved", "notaccept"})
"""Reasons that do not go away: mail to that address will not arrive. All others may."""
NO_BOUNCE = frozenset({"delivered", "feedback", "vacation", ""})
"""Reasons of reports that are no bounce."""

_STATUS = {
    "1.0": "userunknown", "1.1": "userunknown", "1.2": "hostunknown", "1.3": "userunknown", "1.4": "filtered",
    "1.6": "hasmoved", "1.351": "userunknown", "1.7": "rejected", "1.8": "rejected", "1.9": "systemerror",
    "1.10": "notaccept", "2.0": "filtered", "2.1": "filtered", "2.2": "mailboxfull", "2.3": "exceedlimit",
    "2.4": "filtered", "3.0": "systemerror", "3.1": "systemfull", "3.2": "notaccept", "3.3": "systemerror",
    "3.4": "mesgtoobig", "3.5": "systemerror", "4.0": "networkerror", "4.1": "expired", "4.2": "networkerror",
    "4.3": "systemerror", "4.4": "hostunknown", "4.5": "systemfull", "4.6": "networkerror", "4.7": "expired",
    "5.3": "toomanyconn", "5.4": "systemerror", "5.5": "systemerror", "5.6": "securityerror", "6.0": "contenterror",
    "6.1": "contenterror", "6.2": "contenterror", "6.3": "contenterror", "6.5": "contenterror",
    "6.6": "contenterror", "6.7": "contenterror", "6.8": "contenterror", "6.9": "contenterror",
    "7.0": "securityerror", "7.1": "securityerror", "7.2": "securityerror", "7.3": "securityerror",
    "7.4": "securityerror", "7.5": "securityerror", "7.6": "securityerror", "7.7": "securityerror",
    "7.8": "securityerror", "7.9": "securityerror", "7.10": "securityerror", "7.11": "securityerror",
    "7.13": "suspend", "7.14": "securityerror", "7.15": "securityerror", "7.16": "mesgtoobig", "7.17": "hasmoved",
    "7.18": "hasmoved", "7.19": "securityerror", "7.20": "authfailure", "7.21": "authfailure", "7.22": "authfailure",
    "7.23": "authfailure", "7.24": "authfailure", "7.25": "requireptr", "7.26": "authfailure", "7.27": "notaccept",
    "7.28": "speeding",
}  # fmt: skip
"""Subject and detail of an enhanced status code (RFC 3463; RFC 7372, 7504, 7505; the IANA registry)."""
TELLING = frozenset({
    "userunknown", "hasmoved", "mailboxfull", "rejected", "mesgtoobig", "exceedlimit", "suspend", "authfailure",
    "requireptr",
})  # fmt: skip
"""Meanings of a status code that say more than words around it."""
_TEMPORARY = {"2.1": "suspend", "7.1": "blocked", "4.4": "networkerror", "7.0": "", "3.0": "", "4.0": ""}
"""Where class 4 means something else than class 5."""


def of_status(status: str) -> str:
    """The reason a status code stands for by itself; empty where it says nothing."""
    kind, _, rest = status.partition(".")
    if kind == "2":
        return "delivered"
    if kind == "4" and rest in _TEMPORARY:
        return _TEMPORARY[rest]
    return _STATUS.get(rest, "")


_OPERATORS = {
    "102": "blocked", "103": "blocked", "104": "toomanyconn", "105": "undefined", "107": "undefined",
    "108": "undefined", "109": "undefined", "201": "undefined", "305": "securityerror", "401": "blocked",
    "402": "authfailure",
    "403": "rejected", "405": "rejected", "415": "rejected", "416": "userunknown", "417": "mailboxfull",
    "418": "userunknown", "420": "suspend", "421": "rejected", "422": "mailboxfull", "425": "suspend", "426": "suspend",
    "427": "suspend", "500": "mailboxfull", "501": "spamdetected", "505": "systemerror", "506": "spamdetected",
    "510": "blocked", "513": "mesgtoobig", "514": "mesgtoobig", "515": "mesgtoobig", "630": "policyviolation",
    "632": "mailboxfull", "999": "blocked",
}  # fmt: skip
"""What the numbers of the French operators (Orange, SFR, La Poste; French postmasters' list) stand for."""
_OPERATOR = re.compile(r"\b(?:ofr|lpn|sfr)\d{0,3}_(\d{3})\b")


def certain(text: str) -> str:
    """The reason an operator's own number stands for; empty where none is given."""
    folded = text.lower()
    numbered = _OPERATOR.search(folded)
    if numbered:
        return _OPERATORS.get(numbered[1], "")
    return "userunknown" if "delivery error: dd this user doesn't have" in folded else ""


def said(text: str) -> list[str]:
    """The reasons a text speaks of, the particular before the general."""
    folded = " ".join(text.lower().split())
    return list(dict.fromkeys(reason for reason, phrases in _phrases() if phrases.search(folded)))


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = files("anyshore.mail").joinpath("bounce_phrases.txt").read_text(encoding="utf-8")
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("["):
            found.append((line.strip("[]"), []))
        elif line and not line.startswith("#"):
            found[-1][1].append(f"(?:{line})")
    return tuple((reason, re.compile("|".join(phrases))) for reason, phrases in found)
