"""Whether a message may leave: one case per rule, and random histories against rules written another way."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time
from typing import Any

import pytest
from tests.draws import seeds

from anyshore.marketing.caps import Cap
from anyshore.marketing.permission import Event, Limits, Message, hashed, may, proof_kept_until
from anyshore.marketing.quiet import QuietHours

DAY = 86_400_000_000
NOON = 1_772_452_800_000_000  # Monday, 2 March 2026, 12:00 UTC
NEWS = Message("news", "email")
NONE = Limits()


def asked(*events: Event, message: Message = NEWS, **more: Any) -> tuple[bool, str]:
    found = may(message, events, more.pop("sent", ()), more.pop("limits", NONE), "Europe/Berlin", NOON, **more)
    return found.allowed, found.reason


def event(kind: Any, days: float = -1, purpose: str = "", channel: str = "", proof: str = "") -> Event:
    return Event(NOON + int(days * DAY), kind, purpose, channel, proof)


GRANT = event("granted", -9, "news", "email", "d1")


def test_nobody_is_written_to_without_a_ground() -> None:
    assert asked() == (False, "no consent")
    assert asked(event("granted", -9, "offers", "email")) == (False, "no consent"), "of another purpose"
    assert asked(event("granted", -9, "news", "call")) == (False, "no consent"), "by another channel"
    assert asked(event("granted", -9)) == (False, "no consent"), "a consent to everything is none (GDPR recital 32)"


def test_a_consent_carries_its_proof() -> None:
    assert may(NEWS, [GRANT], (), NONE, "UTC", NOON).proof == "d1"
    assert asked(event("granted", 1, "news", "email")) == (False, "no consent"), "what comes later is not known"


def test_double_opt_in_needs_both_steps() -> None:
    first, second = event("asked", -3, "news", "email"), event("confirmed", -2, "news", "email")
    assert asked(first) == (False, "not confirmed")
    assert asked(second) == (False, "no consent"), "nobody asked"
    assert asked(first, second) == (True, "consent")


def test_withdrawal_ends_it_and_a_new_consent_begins_again() -> None:
    withdrawn = event("withdrawn", -5, "news")
    assert asked(GRANT, withdrawn) == (False, "no consent")
    assert asked(GRANT, event("withdrawn", -5)) == (False, "no consent"), "of everything"
    assert asked(GRANT, event("withdrawn", -5, "offers")) == (True, "consent")
    assert asked(GRANT, withdrawn, event("granted", -1, "news", "email")) == (True, "consent")


def test_existing_customers_are_told_of_similar_goods() -> None:
    sale = event("sale", -30, "shoes")
    similar = Message("news", "email", similar_to=frozenset({"shoes"}))
    assert asked(sale, message=similar) == (True, "existing customer")
    assert asked(sale, message=Message("news", "email", similar_to=frozenset({"cars"}))) == (False, "no consent")
    silent = Message("news", "email", similar_to=frozenset({"shoes"}), tells_of_objection=False)
    assert asked(sale, message=silent) == (False, "no consent")
    assert asked(sale, message=Message("news", "call", similar_to=frozenset({"shoes"}))) == (False, "no consent")
    assert asked(sale, event("objected"), message=similar) == (False, "objection")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("objected", "objection"), ("complained", "complaint"), ("hard bounce", "hard bounce"), ("erased", "erased")],
)
def test_what_puts_a_person_out_wins_over_consent(kind: str, reason: str) -> None:
    assert asked(GRANT, event(kind)) == (False, reason)


def test_suppression_outlives_everything_but_a_contract() -> None:
    assert asked(GRANT, suppressed=True) == (False, "suppressed")
    receipt = Message("receipt", "email", advertising=False)
    assert asked(message=receipt, suppressed=True) == (True, "contract")
    assert asked(event("objected"), message=receipt) == (True, "contract")
    assert asked(event("hard bounce"), message=receipt) == (False, "hard bounce")


def test_soft_bounces_count_within_their_days() -> None:
    soft = [event("soft bounce", -days) for days in (1, 2, 40)]
    assert asked(GRANT, *soft) == (True, "consent")
    assert asked(GRANT, *soft, event("soft bounce", -3)) == (False, "soft bounces")


def test_letters_need_no_consent() -> None:
    letter = Message("news", "letter")
    assert asked(message=letter) == (True, "legitimate interest")
    assert asked(event("objected"), message=letter) == (False, "objection")


def test_caps_and_quiet_hours_say_when_to_ask_again() -> None:
    limits = Limits(caps=(Cap(1, 7 * DAY),), quiet=(QuietHours(time(12), time(14)),))
    held = may(NEWS, [GRANT], [(NOON - DAY, "email")], limits, "Europe/Berlin", NOON)
    assert (held.reason, held.until) == ("cap", NOON + 6 * DAY)
    quiet = may(NEWS, [GRANT], [], limits, "Europe/Berlin", NOON)
    assert (quiet.reason, quiet.until) == ("quiet hours", NOON + DAY // 24), "until 14:00 in Berlin"
    receipt = Message("receipt", "email", advertising=False)
    assert may(receipt, [], [(NOON, "email")], limits, "Europe/Berlin", NOON).allowed


def plainly(message: Message, events: list[Event], at: int) -> bool:
    """The same law, told from its end: the last word of a person on this purpose by this channel."""
    past = [one for one in events if one.at <= at]
    if any(one.kind in ("erased", "hard bounce", "complained", "objected") for one in past):
        return False
    if sum(one.kind == "soft bounce" and at - one.at < 30 * DAY for one in past) >= 3:
        return False
    mine = [
        one for one in past if one.kind == "withdrawn" and one.purpose in ("", "news") and one.channel in ("", "email")
    ]
    since = max((one.at for one in mine), default=-1)
    later = [one for one in past if one.at > since]
    own = [one for one in later if (one.purpose, one.channel) == ("news", "email")]
    first = min((one.at for one in own if one.kind == "asked"), default=None)
    confirmed = first is not None and any(one.kind == "confirmed" and one.at > first for one in own)
    bought = any(one.kind == "sale" and one.purpose in message.similar_to for one in later)
    return any(one.kind == "granted" for one in own) or confirmed or bought


@pytest.mark.drawn
def test_random_histories_are_judged_alike() -> None:
    kinds = ("asked", "confirmed", "granted", "withdrawn", "sale", "objected", "complained", "hard bounce",
             "soft bounce", "erased")  # fmt: skip
    weights = (8, 8, 8, 6, 4, 0.4, 0.4, 0.4, 4, 0.2)
    message = Message("news", "email", similar_to=frozenset({"shoes"}))
    seen = {True: 0, False: 0}
    for seed in seeds(2_000, 100_000):
        chance = random.Random(seed)
        times = chance.sample(range(-90, 20), chance.randint(0, 9))
        events = [
            event(chance.choices(kinds, weights)[0], day, chance.choice(("news", "news", "offers", "shoes", "")),
                  chance.choice(("email", "email", "call", "")))
            for day in times
        ]  # fmt: skip
        allowed = may(message, events, (), NONE, "UTC", NOON).allowed
        assert allowed == plainly(message, events, NOON), seed
        seen[allowed] += 1
    assert min(seen.values()) > 200


def test_the_proof_of_a_call_is_kept_five_years_from_each_use() -> None:
    granted = int(datetime(2024, 2, 29, 10, tzinfo=UTC).timestamp()) * 1_000_000
    used = int(datetime(2026, 3, 2, 10, tzinfo=UTC).timestamp()) * 1_000_000
    assert datetime.fromtimestamp(proof_kept_until(granted, []) / 1e6, UTC) == datetime(2029, 2, 28, 10, tzinfo=UTC)
    assert datetime.fromtimestamp(proof_kept_until(granted, [used]) / 1e6, UTC) == datetime(2031, 3, 2, 10, tzinfo=UTC)


def test_an_address_is_known_again_and_not_to_be_read() -> None:
    one = hashed("Ana.Silva@Example.org ", b"key")
    assert one == hashed("ana.silva@example.org", b"key")
    assert one != hashed("ana.silva@example.org", b"other")
    assert "ana" not in one
