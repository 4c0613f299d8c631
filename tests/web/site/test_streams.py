"""A stream tells what the ledger says, to whom may hear it, and goes on where it broke off."""

from __future__ import annotations

import asyncio
import json
import queue
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from anyshore.web.accounts import tokens
from anyshore.web.core.models import ApiToken, Assignment, Conflict
from anyshore.web.engine import books
from anyshore.web.site import streaming, streams
from anyshore.web.walls import actions as walls

Heard = list[dict[str, Any]]


class Stream:
    """One request to the application, run in the loop of the test."""

    def __init__(self, app: streaming.Events, path: str = "/api/engagements/payables/events", **headers: str) -> None:
        self.status, self.text = 0, b""
        self._left = asyncio.Event()
        given = {"host": "testserver", **{name.replace("_", "-"): value for name, value in headers.items()}}
        scope = {
            "type": "http", "method": given.pop("method", "GET"), "path": path, "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }  # fmt: skip
        self._task = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"")

    async def until(self, met: Callable[[Heard], bool]) -> Heard:
        for _ in range(400):
            if met(self.heard):
                return self.heard
            await asyncio.sleep(0.01)
        raise AssertionError(self.status, self.text, self._task.done() and self._task.exception())

    async def over(self) -> int:
        await asyncio.wait_for(self._task, 4)
        return self.status

    async def leave(self) -> Heard:
        self._left.set()
        await self.over()
        return self.heard

    @property
    def heard(self) -> Heard:
        parts = [dict(line.split(": ", 1) for line in one.split("\n")) for one in self.text.decode().split("\n\n")[1:-1]
                 if one.startswith("id: ")]  # fmt: skip
        return [{"id": int(one["id"]), "event": one["event"], **json.loads(one["data"])} for one in parts]


class Main:
    """The loop runs in a thread; what it asks of the database is done in the test's, whose transaction it is."""

    def __init__(self) -> None:
        self._asked: queue.Queue[tuple[Future[Any], Callable[[], Any]] | None] = queue.Queue()

    async def ask(self, ask: Callable[..., Any], *arguments: Any) -> Any:
        future: Future[Any] = Future()
        self._asked.put((future, partial(ask, *arguments)))
        return await asyncio.wrap_future(future)

    def run(self, whole: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        with ThreadPoolExecutor(1) as threads:
            done = threads.submit(lambda: asyncio.run(whole()))
            done.add_done_callback(lambda _: self._asked.put(None))
            while (asked := self._asked.get()) is not None:
                future, ask = asked
                if future.set_running_or_notify_cancel():
                    try:
                        future.set_result(ask())
                    except Exception as problem:
                        future.set_exception(problem)
            return done.result()


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> Main:
    found = Main()

    async def within(self: streaming.Events, ask: Any, *arguments: Any) -> Any:
        return await found.ask(ask, *arguments)

    monkeypatch.setattr(streaming.Events, "_within", within)
    monkeypatch.setattr(streaming, "LOOK", 0.02)
    monkeypatch.setattr(streaming, "AGAIN", 0.05)
    return found


@pytest.fixture
def app(main: Main) -> streaming.Events:
    return streaming.Events()


def bearer(world: Any, name: str, **limits: Any) -> str:
    return f"Bearer {tokens.issue(world.people[name], 'events', **limits)}"


def test_it_tells_what_happens_and_goes_on_behind_the_last_event(world: Any, app: streaming.Events, main: Main) -> None:
    token = bearer(world, "manager")

    async def run() -> None:
        one, other = Stream(app, authorization=token), Stream(app, authorization=token)
        await one.until(lambda _: b"retry" in one.text)
        await other.until(lambda _: b"retry" in other.text)
        await main.ask(world.start, "04-no-order-ubl.xml")
        said = await main.ask(lambda: list(books.entries("payables")))
        heard = await one.until(lambda found: bool(found) and found[-1]["id"] == len(said))
        assert [(entry["event"], entry["hash"]) for entry in heard] == [
            (entry.type, entry.hash) for entry in said[heard[0]["id"] - 1 :]
        ]
        assert heard[0]["event"] == "instance.started" or heard[0]["id"] > 1
        await one.leave()
        await main.ask(world.start, "01-matching-ubl.xml")
        again = Stream(app, authorization=token, last_event_id=str(heard[-1]["id"]))
        said = await main.ask(lambda: list(books.entries("payables")))
        more = await again.until(lambda found: bool(found) and found[-1]["id"] == len(said))
        assert [entry["id"] for entry in more] == list(range(heard[-1]["id"] + 1, len(said) + 1))
        whole = await other.until(lambda found: bool(found) and found[-1]["id"] == len(said))
        assert [entry["id"] for entry in whole] == [entry["id"] for entry in heard + more], "none lost, none twice"
        first = Stream(app, authorization=token, last_event_id="0")
        assert len(await first.until(lambda found: len(found) == len(said))) == len(said)
        for open_ in (again, other, first):
            await open_.leave()

    main.run(run)


def test_nobody_hears_what_they_may_not_see(world: Any, app: streaming.Events, main: Main) -> None:
    """An agent hears of work; behind a wall, of another service, and of other engagements there is nothing."""
    world.start("04-no-order-ubl.xml")
    hidden = world.start("03-over-tolerance-ubl.xml")
    walls.screen(world.people["agent"], hidden, "declared", "shares", "manager@example.org", world.clock.now)
    cookie = f"sessionid={world.browser('agent').cookies['sessionid'].value}"
    last = books.head("payables")[0]
    of_owner, of_bound = bearer(world, "owner"), bearer(world, "owner", services=["other"])

    async def run() -> None:
        agent = Stream(app, cookie=cookie, last_event_id="0")
        owner = Stream(app, authorization=of_owner, last_event_id="0")
        bound = Stream(app, authorization=of_bound, last_event_id="0")
        everything = await owner.until(lambda found: len(found) == last)
        allowed = {
            one["id"]
            for one in everything
            if one["event"].startswith(streams.OF_WORK) and one["instance"] != str(hidden)
        }
        heard = await agent.until(lambda found: len(found) == len(allowed))
        assert {one["id"] for one in heard} == allowed
        assert 0 < len(allowed) < last
        assert "engagement.signed" in {one["event"] for one in everything}
        assert str(hidden) in {one["instance"] for one in everything}
        assert [*await bound.leave()] == []
        for one in (agent, owner):
            await one.leave()

    main.run(run)


def test_who_may_not_listen_is_refused(world: Any, app: streaming.Events, main: Main) -> None:
    token = bearer(world, "manager")
    asked = [
        ({}, 401), ({"authorization": "Bearer any_none"}, 401), ({"authorization": bearer(world, "stranger")}, 404),
        ({"authorization": bearer(world, "idle")}, 404), ({"authorization": token, "last_event_id": "x"}, 422),
        ({"authorization": bearer(world, "manager", scopes=["bill"])}, 403),
        ({"authorization": token, "last_event_id": "9" * 5000}, 422), ({"authorization": token, "method": "POST"}, 405),
        ({"authorization": token, "host": "elsewhere.example"}, 404), ({"cookie": "sessionid=none"}, 401),
        ({"authorization": token, "path": "/api/engagements//events"}, 404),
    ]  # fmt: skip

    async def run() -> list[int]:
        return [await Stream(app, **given).over() for given, _status in asked]

    assert main.run(run) == [status for _given, status in asked]


@pytest.mark.parametrize("end", ["token", "wall", "assignment", "session"])
def test_a_stream_ends_with_the_right_to_listen(world: Any, app: streaming.Events, main: Main, end: str) -> None:
    agent = world.people["agent"]
    cookie = f"sessionid={world.browser('agent').cookies['sessionid'].value}"
    ends: dict[str, Callable[[], Any]] = {
        "token": lambda: ApiToken.objects.update(revoked=timezone.now()),
        "wall": lambda: Conflict.objects.create(person=agent, organisation=world.client, reason="shares"),
        "assignment": lambda: Assignment.objects.filter(person=agent).delete(),
        "session": lambda: Session.objects.all().delete(),
    }
    given = {"authorization": bearer(world, "agent")} if end == "token" else {"cookie": cookie}

    async def run() -> None:
        one = Stream(app, **given)
        await one.until(lambda _: b"retry" in one.text)
        await main.ask(ends[end])
        await one.over()

    main.run(run)


def test_one_person_holds_only_so_many_open(
    world: Any, app: streaming.Events, main: Main, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "MOST_OF_ONE", 2)
    token = bearer(world, "manager")

    async def run() -> None:
        held = [Stream(app, authorization=token) for _ in range(2)]
        for one in held:
            await one.until(lambda _, one=one: b"retry" in one.text)
        assert await Stream(app, authorization=token).over() == 429
        await held.pop().leave()
        again = Stream(app, authorization=token)
        await again.until(lambda _: b"retry" in again.text)
        for one in (*held, again):
            await one.leave()

    main.run(run)
