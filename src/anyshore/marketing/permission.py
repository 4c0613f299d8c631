"""Whether a message may leave to a person now: consent with its proof, objection, suppression, caps, quiet hours.

Asked at the moment of leaving, of everything known then; whoever asks keeps what is asked and what leaves in one
transaction. Sources: UWG § 7 (advertising), § 7 (3) (existing customers), § 7a (proof of consent to calls); GDPR Art. 7
and 21 (2), (3) (withdrawal; objection to direct marketing); BGH, 10 February 2011, I ZR 164/09 (double opt-in).
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from anyshore.marketing import caps, quiet
from anyshore.marketing.caps import Cap
from anyshore.marketing.quiet import QuietHours

Kind = Literal[
    "asked",
    "confirmed",
    "granted",
    "withdrawn",
    "sale",
    "objected",
    "complained",
    "hard bounce",
    "soft bounce",
    "erased",
]
CALL = "call"
MAIL = "email"
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person did, or that came back from them.

    Attributes:
        at: microseconds since 1970 UTC.
        kind: what it was. ``asked`` is a request that is not confirmed yet (double opt-in); ``granted`` a consent with
            proof of its own, in writing or recorded; ``sale`` makes an existing customer of somebody who was told of
            their right to object.
        purpose: of a consent or its withdrawal; empty for all. Of a sale: what kind of goods.
        channel: of a consent or its withdrawal; empty for all.
        proof: digest of what proves it: wording, time, address, and the mail that was answered.
    """

    at: int
    kind: Kind
    purpose: str = ""
    channel: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message about to leave.

    Attributes:
        purpose: what it is about, as people consented to.
        channel: ``email``, ``call``, ``letter``, …
        advertising: False for what a contract asks for: a receipt, a confirmation, a recall.
        similar_to: kinds of own goods it advertises, for existing customers (UWG § 7 (3) 2).
        tells_of_objection: whether it says that one may object at any time (UWG § 7 (3) 4).
    """

    purpose: str
    channel: str
    advertising: bool = True
    similar_to: frozenset[str] = frozenset()
    tells_of_objection: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for all campaigns of a client.

    Attributes:
        caps: how often a person may be reached.
        quiet: when nobody is.
        soft_bounces: how many, and in how many days, put an address out.
    """

    caps: tuple[Cap, ...] = ()
    quiet: tuple[QuietHours, ...] = ()
    soft_bounces: tuple[int, int] = (3, 30)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a message may leave.

    Attributes:
        allowed: it may, now.
        reason: why not, or on what it rests: ``consent``, ``existing customer``, ``contract``.
        proof: digest of what proves a consent.
        until: when to ask again, in microseconds; None where waiting changes nothing.
    """

    allowed: bool
    reason: str
    proof: str = ""
    until: int | None = None


def may(
    message: Message, events: Sequence[Event], sent: Sequence[caps.Sent], limits: Limits, zone: str, at: int,
    *, suppressed: bool = False,
) -> Verdict:  # fmt: skip
    """Whether a message may leave to a person at a moment.

    Args:
        message: the message.
        events: all that is known of the person, in any order; what is later than ``at`` is not known yet.
        sent: what has left to them or stands before leaving, oldest first.
        limits: that hold for all campaigns.
        zone: IANA time zone of the person.
        at: the moment, in microseconds since 1970 UTC.
        suppressed: whether the address is among those that are never written to (see ``hashed``).

    Raises:
        DataError: the zone is none.
    """
    known = sorted((one for one in events if one.at <= at), key=lambda one: one.at)
    if out := _out(message, known, limits, at, suppressed=suppressed):
        return Verdict(False, out)
    ground = _ground(message, known)
    if not ground.allowed:
        return ground
    return _now(message, sent, limits, zone, at) or ground


def _out(message: Message, known: Sequence[Event], limits: Limits, at: int, *, suppressed: bool) -> str:
    """Why an address is out for good; empty where it is not."""
    kinds = {one.kind for one in known}
    if "erased" in kinds:
        return "erased"
    if message.channel == MAIL and "hard bounce" in kinds:
        return "hard bounce"
    most, days = limits.soft_bounces
    soft = [one for one in known if one.kind == "soft bounce" and one.at > at - days * _DAY]
    if message.channel == MAIL and len(soft) >= most:
        return "soft bounces"
    if not message.advertising:
        return ""
    if suppressed:
        return "suppressed"
    if "complained" in kinds:
        return "complaint"
    return "objection" if "objected" in kinds else ""


def _ground(message: Message, known: Sequence[Event]) -> Verdict:
    """On what a message rests, by what is known."""
    if not message.advertising:
        return Verdict(True, "contract")
    consent, asked = None, False
    customer: frozenset[str] = frozenset()
    for one in known:
        fits = one.purpose in ("", message.purpose) and one.channel in ("", message.channel)
        match one.kind:
            case "granted" | "confirmed" if one.purpose == message.purpose and one.channel == message.channel:
                consent = one if one.kind == "granted" or asked else consent
            case "asked" if one.purpose == message.purpose and one.channel == message.channel:
                asked = True
            case "withdrawn" if fits:
                consent, asked = None, False
                customer = frozenset()
            case "sale":
                customer |= {one.purpose}
            case _:
                """Says nothing of this purpose by this channel."""
    if consent is not None:
        return Verdict(True, "consent", consent.proof)
    if message.channel == MAIL and message.tells_of_objection and customer & message.similar_to:
        return Verdict(True, "existing customer")
    if message.channel == "letter":
        return Verdict(
            True, "legitimate interest"
        )  # a letter asks for no consent (GDPR recital 47), only for no objection
    return Verdict(False, "not confirmed" if asked else "no consent")


def _now(message: Message, sent: Sequence[caps.Sent], limits: Limits, zone: str, at: int) -> Verdict | None:
    """What holds a message back for a while; caps and quiet hours are for advertising."""
    if not message.advertising:
        return None
    held = caps.latest(limits.caps, sent, at, message.channel)
    if held is None or held > at:
        return Verdict(False, "cap", until=held)
    opens = quiet.open_from(limits.quiet, at, zone, message.channel)
    return Verdict(False, "quiet hours", until=opens) if opens > at else None


def proof_kept_until(granted: int, used: Sequence[int]) -> int:
    """Until when the proof of a consent to calls is kept: five years from its grant and from each use (UWG § 7a (2)).

    Args:
        granted: microseconds since 1970 UTC.
        used: of each call that rested on it.

    Returns:
        microseconds since 1970 UTC.
    """
    last = datetime.fromtimestamp(max([granted, *used]) / 1_000_000, UTC)
    # The five years of somebody who consented on 29 February end with 28 February (BGB § 188 (3)).
    leap = last.month == 2 and last.day == 29
    ends = last.replace(year=last.year + 5, day=28) if leap else last.replace(year=last.year + 5)
    return int(ends.timestamp()) * 1_000_000


def hashed(address: str, key: bytes) -> str:
    """An address as a suppression list keeps it after the person is erased: recognised, and not to be read.

    Case is passed over before the at sign, too: nobody has two people under addresses that differ in nothing else.

    Args:
        address: an address of mail or a number.
        key: a secret of the client; with another key the hash is another.
    """
    plain = unicodedata.normalize("NFKC", address).strip().casefold()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()
