"""Webhooks against a receiver that runs here: signed, in order, again until taken, from any entry on."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from tests.host.outgoing.servers import serving

from anyshore.base.errors import HostError
from anyshore.web.accounts import tokens
from anyshore.web.core.models import Membership
from anyshore.web.engine.models import LedgerEntry
from anyshore.web.walls import actions as walls
from anyshore.web.webhooks import delivering
from anyshore.web.webhooks.delivering import Deliverer
from anyshore.web.webhooks.models import Webhook

ADDRESS = "/api/engagements/payables/webhooks"


@dataclass
class Receiver:
    """A program that takes messages, or says why not."""

    port: int = 0
    status: str = "204 No Content"
    heads: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"

    def talk(self, connection: socket.socket, head: bytes) -> None:
        top, _, body = head.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in top.decode().split("\r\n")[1:]]
        said = {name.lower(): value for name, _colon, value in lines}
        while len(body) < int(said["content-length"]):
            body += connection.recv(65536)
        self.heads.append(said)
        self.bodies.append(body)
        connection.sendall(f"HTTP/1.1 {self.status}\r\nContent-Length: 0\r\n\r\n".encode())

    @property
    def told(self) -> list[int]:
        return [json.loads(one)["data"]["sequence"] for one in self.bodies]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("ANYSHORE_OUTGOING", "127.0.0.1")
    found = Receiver()
    with serving(found.talk) as found.port:
        yield found


def add(world: Any, url: str, by: str = "manager", **more: Any) -> Any:
    body = json.dumps({"url": url} | more)
    return world.browser(by).post(ADDRESS, body, content_type="application/json")


def replay(world: Any, number: int, after: int, by: str = "manager") -> Any:
    body = json.dumps({"after": after})
    return world.browser(by).post(f"{ADDRESS}/{number}/replay", body, content_type="application/json")


def sequences() -> list[int]:
    found = LedgerEntry.objects.filter(engagement="payables").order_by("sequence")
    return list(found.values_list("sequence", flat=True))


def test_every_entry_from_now_on_is_told_in_order_and_signed(world: Any, receiver: Receiver) -> None:
    before = len(sequences())
    made = add(world, receiver.url).json()
    assert made["secret"] not in str(Webhook.objects.values()), "it stands sealed"
    world.start("01-matching-ubl.xml")
    assert Deliverer().work() == len(sequences()) - before > 1
    assert receiver.told == sequences()[before:]
    assert Deliverer().work() == 0
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))
    for head, body in zip(receiver.heads, receiver.bodies, strict=True):
        signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        assert head["webhook-signature"] == f"v1,{expected}"
        assert int(head["webhook-timestamp"]) == world.clock.now // 1_000_000
    first = json.loads(receiver.bodies[0])
    assert set(first) == {"type", "timestamp", "data"}
    assert first["type"] == first["data"]["type"]


def test_what_is_not_taken_is_told_again_with_growing_pauses_and_holds_up_the_rest(
    world: Any, receiver: Receiver
) -> None:
    add(world, receiver.url)
    world.start("01-matching-ubl.xml")
    receiver.status = "503 Busy"
    for pause in delivering.AGAIN[:3]:
        assert Deliverer().work() == 0
        assert Deliverer().work() == 0, "not before its time"
        world.clock.now += pause * 1_000_000
    assert len(set(receiver.told)) == 1
    assert len({head["webhook-id"] for head in receiver.heads}) == 1, "the receiver sees that it is the same"
    receiver.status = "200 OK"
    Deliverer().work()
    assert receiver.told[3:] == list(range(receiver.told[0], sequences()[-1] + 1))
    assert world.browser("manager").get(ADDRESS).json()[0]["problem"] is None


@pytest.mark.parametrize("status", ["500 No", "410 Gone"])
def test_who_never_takes_anything_is_told_no_more_until_somebody_asks(
    world: Any, receiver: Receiver, status: str
) -> None:
    made = add(world, receiver.url).json()
    world.start("01-matching-ubl.xml")
    receiver.status = status
    for pause in (*delivering.AGAIN, 0):
        Deliverer().work()
        world.clock.now += pause * 1_000_000
    row = world.browser("manager").get(ADDRESS).json()[0]
    assert (row["paused"], row["problem"]) == (True, f"HTTP {status[:3]}")
    told = len(receiver.heads)
    assert told == (1 if status.startswith("410") else len(delivering.AGAIN) + 1)
    Deliverer().work()
    assert len(receiver.heads) == told
    receiver.status = "200 OK"
    assert replay(world, made["id"], 0).status_code == 200
    Deliverer().work()
    assert receiver.told[told:] == sequences()


def test_it_may_be_told_again_from_any_entry(world: Any, receiver: Receiver) -> None:
    made = add(world, receiver.url).json()
    world.start("01-matching-ubl.xml")
    Deliverer().work()
    whole, ids = receiver.told.copy(), [head["webhook-id"] for head in receiver.heads]
    assert replay(world, made["id"], whole[0]).json()["told_until"] == whole[0]
    Deliverer().work()
    assert receiver.told[len(whole) :] == whole[1:]
    assert [head["webhook-id"] for head in receiver.heads][len(whole) :] == ids[1:]
    assert replay(world, made["id"], 10**6).status_code == 422


def test_only_the_types_that_were_asked_for(world: Any, receiver: Receiver) -> None:
    add(world, receiver.url, types=["instance.completed"])
    world.start("01-matching-ubl.xml")
    Deliverer().work()
    assert [json.loads(one)["type"] for one in receiver.bodies] == ["instance.completed"]
    assert Webhook.objects.get().cursor == sequences()[-1]
    assert add(world, receiver.url, types=["no.such"]).status_code == 422


def test_nobody_is_told_what_a_wall_keeps_from_who_asked(world: Any, receiver: Receiver) -> None:
    add(world, receiver.url)
    number = world.start("04-no-order-ubl.xml")
    walls.screen(world.people["manager"], number, "declared", "Held shares", "test", world.clock.now)
    Deliverer().work()
    assert all(json.loads(one)["data"]["instance"] != str(number) for one in receiver.bodies)
    assert LedgerEntry.objects.filter(instance=number).exists()


def test_who_may_not_see_it_any_more_is_told_nothing(world: Any, receiver: Receiver) -> None:
    add(world, receiver.url)
    world.start("01-matching-ubl.xml")
    Membership.objects.filter(person=world.people["manager"]).update(role="agent")
    assert Deliverer().work() == 0
    assert receiver.heads == []
    assert Webhook.objects.get().paused


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/", "http://10.0.0.1/", "ftp://a.example/", "https://me:x@a.example/", "https://", "x",
     "https://a.example:0/", "https://ä.example/", "https://a.example/ b", "https://a.example/" + "x" * 500],
)  # fmt: skip
def test_what_is_no_address_to_be_told(world: Any, receiver: Receiver, url: str) -> None:
    assert add(world, url).status_code == 422


def test_an_address_inside_is_not_reached(world: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    add(world, receiver.url)
    world.start("01-matching-ubl.xml")
    monkeypatch.delenv("ANYSHORE_OUTGOING")
    Deliverer().work()
    assert receiver.heads == []
    assert "not reached from here" in world.browser("manager").get(ADDRESS).json()[0]["problem"]


def test_each_side_has_its_own(world: Any, receiver: Receiver) -> None:
    mine, theirs = add(world, receiver.url).json()["id"], add(world, receiver.url, "owner").json()["id"]
    assert [one["id"] for one in world.browser("owner").get(ADDRESS).json()] == [theirs]
    assert world.browser("owner").delete(f"{ADDRESS}/{mine}").status_code == 404
    assert replay(world, mine, 0, "owner").status_code == 404
    assert add(world, receiver.url, "agent").status_code == 403
    token = tokens.issue(world.people["owner"], "x", ["read", "bill"])
    assert Client(headers={"authorization": f"Bearer {token}"}).get(ADDRESS).status_code == 403
    assert world.browser("owner").delete(f"{ADDRESS}/{theirs}").status_code == 204
    assert Webhook.objects.count() == 1


def test_one_that_is_set_back_while_it_is_told_goes_back(world: Any, receiver: Receiver) -> None:
    made = add(world, receiver.url).json()
    row = Webhook.objects.get(pk=made["id"])
    Webhook.objects.filter(pk=row.pk).update(cursor=1)
    with pytest.raises(HostError, match="changed while"):
        delivering._passed(row, 3)
    assert Webhook.objects.get().cursor == 1
