"""Reading the address of a person, by RFC 5321 and 5322 and a policy on what those leave open.

The policy, in full (the grammar of RFC 5322 is wider than what a mail can be sent to):

- Accepted: a dot-atom or a quoted string before the ``@`` (RFC 5321, 4.1.2), a domain name behind it, also one of a
  single label (``test@io``; RFC 5321, 2.3.5). White space and comments before and after the address, as RFC 5322, 3.2.2
  allows them, are taken away. Whether a domain exists is no question of syntax: nothing is looked up.
- Refused although RFC 5322 can read it: obsolete forms, which must not be generated (section 4); white space and
  comments around the ``@`` (3.4.1: "SHOULD NOT"); domains that are no host names (RFC 1123, 2.1) or whose last label is
  a number (RFC 3696, 2); parts longer than RFC 5321, 4.5.3.1 allows (64 before the ``@``, 255 of the domain, 254 of the
  whole, 63 of a label); addresses of a machine (``user@[192.0.2.1]``), unless they are asked for; control characters.
- Letters outside ASCII: a domain becomes its A-labels, where RFC 3490 and RFC 5891 mean the same (not with ß);
  before the ``@`` they need SMTPUTF8 (RFC 6531), which not every server on the way has: refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from anyshore.base.errors import DataError
from anyshore.base.locations import Location

MAX_LOCAL, MAX_DOMAIN, MAX_ADDRESS, MAX_LABEL = 64, 255, 254, 63
"""Octets (RFC 5321, 4.5.3.1; the whole: 256 less its angle brackets)."""

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_QUOTED = re.compile(r'"(?:[ \t\x21\x23-\x5b\x5d-\x7e]|\\[ \t\x21-\x7e])*"')
_COMMENT_TEXT = re.compile(r"[\x21-\x27\x2a-\x5b\x5d-\x7e]|\\[ \t\x21-\x7e]")
_FOLD = re.compile(r"(?:[ \t]*\r\n)?[ \t]+")
"""Folding white space (RFC 5322, 3.2.2), at most one fold: more are obsolete."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address mail can be sent to.

    Attributes:
        local: the part before the ``@``, as it was written: only its host may say that capitals do not matter.
        domain: in small letters and A-labels; an address of a machine in brackets.
    """

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """By what two addresses are one person's: without regard to capitals, as practically every host has it."""
        return str(self).casefold()


def read(text: str, *, literals: bool = False) -> Address:
    """Reads an address without a display name.

    Args:
        text: what was written.
        literals: whether addresses of a machine count.

    Raises:
        DataError: it is none, or one the policy refuses; the location's column is where that shows.
    """
    start = _around(text, 0)
    at, local = _local(text, start)
    if at >= len(text) or text[at] != "@":
        why = "an @ is missing" if at >= len(text) else f"{text[at]!r} does not belong there"
        raise _refused(text, at, why)
    end, domain = _literal(text, at + 1, literals) if text[at + 1 : at + 2] == "[" else _domain(text, at + 1)
    after = _around(text, end)
    if after != len(text):
        raise _refused(text, after, f"{text[after]!r} does not belong there")
    if len(local) > MAX_LOCAL:
        raise _refused(text, start, f"more than {MAX_LOCAL} characters stand before the @")
    found = Address(local, domain)
    if len(str(found)) > MAX_ADDRESS:
        raise _refused(text, start, f"it is longer than {MAX_ADDRESS} characters")
    return found


def is_address(text: str) -> bool:
    """Whether the policy accepts an address."""
    try:
        read(text)
    except DataError:
        return False
    return True


def _refused(text: str, position: int, why: str) -> DataError:
    message = f"{text[:80]!r} is no address mail can be sent to: {why}."
    place = Location(column=position + 1)
    return DataError("mail.address", message, place, "Give an address such as name@example.org.")


def _around(text: str, at: int) -> int:
    """The position behind white space and comments (CFWS)."""
    while at < len(text):
        fold = _FOLD.match(text, at)
        if fold:
            at = fold.end()
            if _FOLD.match(text, at):
                raise _refused(text, at, "lines are folded twice, which is obsolete")
        elif text[at] == "(":
            at = _comment(text, at)
        else:
            break
    return at


def _comment(text: str, at: int) -> int:
    depth, start = 0, at
    while at < len(text):
        if text[at] == "(":
            depth, at = depth + 1, at + 1
        elif text[at] == ")":
            depth, at = depth - 1, at + 1
            if depth == 0:
                return at
        else:
            found = _COMMENT_TEXT.match(text, at) or _FOLD.match(text, at)
            if found is None:
                raise _refused(text, at, f"{text[at]!r} cannot stand in a comment")
            at = found.end()
    raise _refused(text, start, "a comment is not closed")


def _local(text: str, at: int) -> tuple[int, str]:
    if text[at : at + 1] == '"':
        found = _QUOTED.match(text, at)
        if found is None:
            raise _refused(text, at, "a quoted name is not closed, or holds what it may not")
        return found.end(), found[0]
    end = _dotted(text, at, _ATOM, "before the @")
    return end, text[at:end]


def _domain(text: str, at: int) -> tuple[int, str]:
    stop = min((found for found in (text.find(one, at) for one in " \t\r\n(") if found >= 0), default=len(text))
    written = text[at:stop]
    if not written.isascii():
        try:
            coded = written.encode("idna").decode("ascii")
            same = coded.encode("ascii").decode("idna") == written.lower()
        except UnicodeError as problem:
            raise _refused(text, at, "its domain cannot be written in A-labels") from problem
        if not same:
            raise _refused(text, at, f"its domain is {coded} by the old rules and another by the new: write A-labels")
        written = coded
    end = _dotted(written, 0, _LABEL, "in the domain", told=(text, at))
    if end != len(written):
        raise _refused(text, at + end, f"{written[end]!r} cannot stand in a domain name")
    labels = written.lower().split(".")
    if any(len(label) > MAX_LABEL for label in labels) or len(written) > MAX_DOMAIN:
        raise _refused(text, at, "its domain is longer than a domain may be")
    if labels[-1].isdigit():
        raise _refused(text, at, "the last part of its domain is a number")
    return stop, written.lower()


def _dotted(text: str, at: int, part: re.Pattern[str], where: str, told: tuple[str, int] | None = None) -> int:
    """The position behind parts with single dots between them."""
    whole, offset = told or (text, 0)
    while True:
        found = part.match(text, at)
        if found is None:
            why = "two dots follow each other or stand at an end" if text[at : at + 1] in (".", "") else ""
            shown = repr(text[at : at + 1])
            raise _refused(whole, offset + at, f"{why or f'{shown} cannot stand there'} {where}")
        at = found.end()
        if text[at : at + 1] != ".":
            return at
        at += 1


def _literal(text: str, at: int, wanted: bool) -> tuple[int, str]:
    end = text.find("]", at)
    if end < 0:
        raise _refused(text, at, "the address of a machine is not closed")
    inside = text[at + 1 : end]
    try:
        machine = (
            IPv6Address(inside[5:]).compressed if inside[:5].lower() == "ipv6:" else IPv4Address(inside).compressed
        )
    except AddressValueError as problem:
        raise _refused(text, at, "what stands in brackets is no address of a machine") from problem
    if not wanted:
        raise _refused(text, at, "it is that of a machine, not of a domain")
    return end + 1, f"[IPv6:{machine}]" if ":" in machine else f"[{machine}]"
