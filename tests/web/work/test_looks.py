"""Two who have the same item open are both told."""

from __future__ import annotations

from django.urls import reverse
from tests.web.conftest import World

from anyshore.web.work import actions, looks
from anyshore.web.work.models import Look

SECOND = 1_000_000


def told(world: World, name: str, pair: tuple[int, int]) -> str:
    answer = world.browser(name).post(reverse("work-looking", args=pair))
    assert answer.status_code == 200
    return answer.content.decode()


def test_both_are_told_until_one_leaves(world: World) -> None:
    world.start("04-no-order-ubl.xml")
    row = world.open_item()
    pair = (row.instance, row.wait)
    agent, manager = world.people["agent"], world.people["manager"]
    assert (
        reverse("work-looking", args=pair)
        in world.browser("agent").get(reverse("work-item", args=pair)).content.decode()
    )
    assert "open, too" not in told(world, "agent", pair)
    assert f"{agent.name} has this open, too." in told(world, "manager", pair)
    assert f"{manager.name} has this open, too." in told(world, "agent", pair)
    actions.take(agent, *pair)
    assert "has taken it" in told(world, "manager", pair)
    world.clock.now += looks.GONE + SECOND
    assert "open, too" not in told(world, "manager", pair)
    assert Look.objects.count() == 1


def test_the_longest_stands_first_and_each_item_is_by_itself(world: World) -> None:
    world.start("04-no-order-ubl.xml")
    world.start("05-unknown-seller-cii.xml")
    row = world.open_item()
    agent, manager = world.people["agent"], world.people["manager"]
    begun = world.clock.now
    looks.look(agent, row.instance, row.wait)
    world.clock.now += 20 * SECOND
    looks.look(agent, row.instance, row.wait)
    (other,) = looks.look(manager, row.instance, row.wait)
    assert (other.person, other.since, other.holds) == (agent, begun, False)
    assert looks.look(manager, row.instance + 1, row.wait) == []


def test_neither_side_is_told_what_the_other_looks_at(world: World) -> None:
    world.start("04-no-order-ubl.xml")
    row = world.open_item()
    pair = (row.instance, row.wait)
    told(world, "agent", pair)
    assert "open, too" not in told(world, "owner", pair)
    assert "open, too" not in told(world, "agent", pair)
