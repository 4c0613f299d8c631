from __future__ import annotations

from decimal import Decimal

import pytest

from anyshore.terms.credits import credits_of
from anyshore.terms.model import Band, Credits, Match, Price, Service, Share, Tier
from anyshore.terms.scorecard import ObjectiveScore, Result

BANDS = (Band(Decimal(95), Decimal(3)), Band(Decimal(90), Decimal(6)), Band(Decimal("80.5"), Decimal(12)))


def objective(key: str, least: int = 1) -> Share:
    return Share(key, key, Match("instance.completed"), {"ok": (True,)}, Decimal(95), least)


def service(at_risk: str, *keys: str) -> Service:
    price = Price("p", "instance", (Tier(None, Decimal(1)),))
    credits = Credits(Decimal(at_risk), dict.fromkeys(keys, BANDS))
    return Service("s", "S", "bpo", (price,), tuple(objective(key) for key in keys), credits)


def scored(key: str, met: int, counted: int, least: int = 1) -> ObjectiveScore:
    results = [Result(f"i{n}", "", n < met, n) for n in range(counted)]
    return ObjectiveScore("s", objective(key, least), results)


BY_BAND = [
    (95, 100, None), (100, 100, None), (0, 0, None), (949, 1000, 3), (90, 100, 3), (899, 1000, 6), (805, 1000, 6),
    (804, 1000, 12), (0, 1, 12), (94999, 100000, 3), (95000, 100000, None), (18, 19, 3),
]  # fmt: skip


@pytest.mark.parametrize(("met", "counted", "percent"), BY_BAND)
def test_the_band_reached(met: int, counted: int, percent: int | None) -> None:
    found = credits_of(service("100", "a"), [scored("a", met, counted)], Decimal(1000), "EUR")
    assert [c.amount for c in found] == ([] if percent is None else [Decimal(percent * 10)])


def test_credits_of_a_service_together_are_capped() -> None:
    two = service("10", "a", "b")
    first, second = credits_of(two, [scored("a", 89, 100), scored("b", 85, 100)], Decimal("333.33"), "EUR")
    assert (first.uncapped, first.amount, first.cap) == (Decimal("20.00"), Decimal("20.00"), Decimal("33.33"))
    assert (second.uncapped, second.amount) == (Decimal("20.00"), Decimal("13.33"))


def test_too_few_cases_give_no_credit() -> None:
    assert credits_of(service("10", "a"), [scored("a", 0, 4, least=5)], Decimal(100), "EUR") == []
    assert credits_of(service("10", "a"), [scored("a", 0, 5, least=5)], Decimal(100), "EUR")


def test_no_credits_agreed_and_objectives_without_bands() -> None:
    plain = service("10", "a")
    without = Service("s", "S", "bpo", plain.prices, plain.objectives)
    assert credits_of(without, [scored("a", 0, 5)], Decimal(100), "EUR") == []
    assert credits_of(plain, [scored("other", 0, 5)], Decimal(100), "EUR") == []


@pytest.mark.parametrize(("currency", "amount"), [("EUR", "0.05"), ("JPY", "0"), ("KWD", "0.045")])
def test_rounding_to_the_minor_unit(currency: str, amount: str) -> None:
    (found,) = credits_of(service("100", "a"), [scored("a", 94, 100)], Decimal("1.5"), currency)
    assert found.amount == Decimal(amount)
