"""What ``benchmarks.large`` runs in a process of its own, by the build whose ``src`` stands first on the path.

It keeps to what both builds have; where one was renamed, both names are tried. ``seed`` makes a few pieces of work by
the build's own code and multiplies their rows: other numbers, references and times, the ledger chained anew.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyshore.web.site.settings")
os.environ.setdefault("ANYSHORE_HOSTS", "testserver,127.0.0.1,localhost")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from anyshore.host import ledgers  # noqa: E402
from anyshore.host.driver import Host  # noqa: E402
from anyshore.packs import reading  # noqa: E402
from anyshore.terms import ledger  # noqa: E402
from anyshore.web.core.models import (  # noqa: E402
    Assignment,
    Credential,
    Engagement,
    Membership,
    Organisation,
    Person,
    Role,
)
from anyshore.web.engagements import actions as terms_actions  # noqa: E402
from anyshore.web.engine import running  # noqa: E402
from anyshore.web.engine.models import Counter, Instance, LedgerEntry, LedgerHead, Turn, Wait  # noqa: E402
from anyshore.web.engine.store import DatabaseStore  # noqa: E402

try:
    from anyshore.activities.families import ACTIVITIES
except ImportError:
    from anyshore.activities.table import ACTIVITIES  # type: ignore[no-redef]

PAYABLES = reading.SHIPPED / "bpo" / "payables"
KEY = "payables"
HOUR = 3_600_000_000
DAY = 24 * HOUR
MONTHS = 5
STRAIGHT, WAITING = "01-matching-ubl.xml", "04-no-order-ubl.xml"


def hand_over(by: Person, documents: list[tuple[str, bytes]]) -> None:
    """Starts a piece of work for each document."""
    try:
        from anyshore.host.intake.parcels import Parcel
        from anyshore.web.intake import actions as intake
    except ImportError:
        from anyshore.web.work import actions

        for one in documents:
            actions.start(by, KEY, KEY, documents=[one])
        return
    intake.receive(by, KEY, KEY, [Parcel(name, content, "rest") for name, content in documents])


def _references(host: Host) -> None:
    samples = PAYABLES / "samples"
    try:
        from anyshore.host.intake import reference_data
    except ImportError:
        from anyshore.activities.payables import orders, sellers
        from anyshore.host.jobs import StoredRecords

        for kind, rows in (
            (orders.KIND, orders.rows(orders.read_orders(samples / "purchase-orders.csv"))),
            (sellers.KIND, sellers.rows(sellers.read_sellers(samples / "sellers.csv"))),
        ):
            for key, row in rows:
                StoredRecords(host.store, KEY, kind).put_once(key, row)
        return
    for kind in reading.named("payables").references.values():
        content = (samples / kind.file).read_bytes()
        reference_data.load(host, KEY, kind.name, kind.read(content, kind.file), kind.file)


def people() -> tuple[Person, Person, Person]:
    """The owner of the client, the manager and an agent of the provider; the engagement is signed."""
    provider = Organisation.objects.create(key="nordlicht", name="Nordlicht Services", kind="provider")
    client = Organisation.objects.create(key="musterbau", name="Musterbau", kind="client", introduced_by=provider)
    found = []
    for name, organisation, role in (
        ("owner", client, Role.OWNER), ("manager", provider, Role.MANAGER), ("agent", provider, Role.AGENT),
    ):  # fmt: skip
        person = Person.objects.create_user(f"{name}@example.org", "a long enough phrase", name=name.title())
        Membership.objects.create(person=person, organisation=organisation, role=role)
        found.append(person)
    owner, manager, agent = found
    terms_actions.propose(manager, provider, client, (PAYABLES / "terms.yaml").read_text(encoding="utf-8"))
    terms_actions.accept(owner, KEY, 1)
    Assignment.objects.create(person=agent, engagement=Engagement.objects.get(key=KEY))
    Credential.objects.create(
        person=agent, kind="certificate", subject="payables", valid_from=datetime.date(2020, 1, 1),
        verified_by=manager,
    )  # fmt: skip
    return owner, manager, agent


def _rows(model: type[Any], **where: Any) -> list[dict[str, Any]]:
    return [
        {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items() if name != "pk"}
        for row in model.objects.filter(**where).values(*(f.column for f in model._meta.local_concrete_fields))
    ]


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})"
    with connection.cursor() as cursor:
        cursor.executemany(sql, [tuple(row.values()) for row in rows])


class _Template:
    """A piece of work made by the build's own code, to be multiplied."""

    def __init__(self, number: int) -> None:
        self.number = number
        (self.instance,) = _rows(Instance, id=number)
        self.turns, self.waits = _rows(Turn, instance=number), _rows(Wait, instance=number)
        self.entries = [
            json.loads(bytes(line))
            for line in LedgerEntry.objects.filter(instance=number).order_by("sequence").values_list("line", flat=True)
        ]

    def copy(self, number: int, at: int, lasted: int) -> tuple[dict[str, Any], list[Any], list[Any], list[Any]]:
        """Its rows under another number, begun at another time; what ended took so much longer."""
        shift = at - self.instance["created"]
        reference = f"RE-2026-{number:07d}"
        ended = self.instance["ended"]
        instance = self.instance | {
            "id": number, "reference": reference, "created": at, "since": self.instance["since"] + shift,
            "ended": None if ended is None else ended + shift + lasted,
        }  # fmt: skip
        if instance.get("identity"):
            instance["identity"] = hashlib.sha256(reference.encode()).hexdigest()
        turns = [row | {"instance": number, "at": row["at"] + shift} for row in self.turns]
        waits = [
            row | {"instance": number, "reference": reference, "opened": row["opened"] + shift} for row in self.waits
        ]
        entries = [
            (one["at"] + shift + (lasted if one["type"] == "instance.completed" else 0), one["type"], number,
             reference, one["data"])
            for one in self.entries
        ]  # fmt: skip
        return instance, turns, waits, entries


def _multiply(host: Host, templates: tuple[_Template, _Template], count: int) -> None:
    straight, waiting = templates
    now = host.clock()
    chance = random.Random(7)
    first = Instance.objects.order_by("-id").values_list("id", flat=True).first() or 0
    instances, turns, waits, entries = [], [], [], []
    for index in range(count - 2):
        open_now = index % 2
        span = 20 * DAY if open_now else MONTHS * 30 * DAY
        at = now - HOUR - chance.randrange(span)
        lasted = 6 * DAY if chance.random() < 0.06 and at < now - 7 * DAY else chance.randrange(1, HOUR // 2)
        one = (waiting if open_now else straight).copy(first + 1 + index, at, lasted)
        instances.append(one[0])
        turns += one[1]
        waits += one[2]
        entries += one[3]
    entries.sort(key=lambda row: row[0])
    head = LedgerHead.objects.get(pk=KEY)
    last, lines = ledger.Head(head.sequence, head.hash), []
    for at, kind, number, reference, data in entries:
        last, line = ledgers.chain(last, KEY, at, kind, KEY, str(number), reference, data)
        lines.append(
            {"engagement": KEY, "sequence": last.sequence, "at": at, "type": kind, "instance": number, "line": line}
        )
    with transaction.atomic():
        for model, rows in ((Instance, instances), (Turn, turns), (Wait, waits), (LedgerEntry, lines)):
            for start in range(0, len(rows), 5_000):
                _insert(model, rows[start : start + 5_000])
        LedgerHead.objects.filter(pk=KEY).update(sequence=last.sequence, hash=last.hash)
        Counter.objects.filter(name="instance").update(value=first + count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def seed(count: int) -> dict[str, Any]:
    """A database with so many pieces of work, half of them open; two entries of the ledger each and some more."""
    call_command("migrate", verbosity=0, interactive=False)
    clock = [time.time_ns() // 1000 - MONTHS * 31 * DAY]
    host = Host(DatabaseStore(), ACTIVITIES, clock=lambda: clock[0], worker="seed")
    running.install(host)
    _owner, manager, _agent = people()
    _references(host)
    for name in (STRAIGHT, WAITING):
        hand_over(manager, [(name, (PAYABLES / "samples" / name).read_bytes())])
        for _ in range(5):
            host.work()
    ended = Instance.objects.filter(ended__isnull=False, engagement=KEY).exclude(kind="starter").latest("id")
    waiting = Instance.objects.get(pk=Wait.objects.filter(kind="work").latest("opened").instance)
    clock[0] = time.time_ns() // 1000
    _multiply(host, (_Template(ended.pk), _Template(waiting.pk)), count)
    running.forget()
    return {
        "instances": Instance.objects.count(), "open items": Wait.objects.filter(kind="work").count(),
        "entries": LedgerEntry.objects.count(),
    }  # fmt: skip


def _browser(name: str) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(Person.objects.get(email=f"{name}@example.org"))
    return browser


def addresses() -> dict[str, tuple[str, str]]:
    """Pages and lists both builds have: name → who looks, where."""
    item = Wait.objects.filter(kind="work").order_by("-opened", "-instance")[0]
    month = datetime.datetime.now(datetime.UTC).strftime("%Y-%m")
    before = (datetime.datetime.now(datetime.UTC).replace(day=1) - datetime.timedelta(days=1)).strftime("%Y-%m")
    objective = f"/engagements/{KEY}/objectives/{KEY}/decided/"
    return {
        "work": ("agent", "/work/"),
        "work of all": ("manager", "/work/"),
        "item": ("agent", f"/work/{item.instance}/{item.wait}/"),
        "cases": ("manager", "/cases/"),
        "cases, open": ("manager", "/cases/?status=active"),
        "cases, by text": ("manager", f"/cases/?text=RE-2026-{item.instance:07d}"),
        "case": ("manager", f"/cases/{item.instance}/"),
        "processes": ("manager", "/processes/"),
        "operations": ("manager", "/operations/"),
        "incidents": ("manager", "/operations/incidents/"),
        "held": ("manager", "/operations/held/"),
        "starters": ("manager", "/operations/starters/"),
        "versions": ("manager", "/operations/versions/"),
        "changes": ("manager", "/changes/"),
        "people": ("manager", "/people/"),
        "services": ("manager", "/services/"),
        "engagements": ("manager", "/engagements/"),
        "scorecard": ("manager", f"/engagements/{KEY}/"),
        "scorecard, month before": ("manager", f"/engagements/{KEY}/?month={before}"),
        "objective": ("manager", objective),
        "invoice": ("manager", f"/engagements/{KEY}/invoices/{month}/"),
        "invoice, month before": ("manager", f"/engagements/{KEY}/invoices/{before}/"),
        "invoice line": ("manager", f"/engagements/{KEY}/invoices/{before}/lines/1/"),
        "terms": ("manager", f"/engagements/{KEY}/terms/"),
        "week": ("manager", f"/engagements/{KEY}/week/"),
        "dashboard": ("manager", f"/engagements/{KEY}/dashboard/{KEY}/"),
        "REST work": ("agent", "/api/work?limit=20"),
        "REST instances": ("manager", "/api/instances?limit=20"),
        "REST incidents": ("manager", "/api/incidents"),
        "REST engagements": ("manager", "/api/engagements"),
        "REST scorecard": ("manager", f"/api/engagements/{KEY}/scorecard"),
        "REST invoice": ("manager", f"/api/engagements/{KEY}/invoices/{before}"),
    }


def _spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def write_entry() -> None:
    """One more entry in the ledger, as live work brings them: a case is suspended or goes on."""
    host = running.host()
    with host.store.transaction() as tx:
        chain = ledgers.LedgerWriter(tx, KEY)
        chain.add(host.clock(), "milestone.reached", {"milestone": "looked at"}, _Row())
        chain.write()


class _Row:
    """What an entry says of its case."""

    def __init__(self) -> None:
        found = Instance.objects.filter(engagement=KEY, ended=None).order_by("-id")[0]
        self.id, self.service, self.reference = found.pk, found.service, found.reference


SLOW = 0.5
"""CPU-seconds from which on a page is looked at once: its cost is plain, and an earlier build's pages take minutes."""


def pages(times: int) -> dict[str, Any]:
    """Median CPU-seconds of each page, first while the ledger stands still, then with an entry before each look."""
    browsers = {name: _browser(name) for name in ("owner", "manager", "agent")}
    found: dict[str, Any] = {}
    for name, (who, address) in addresses().items():
        look = partial(browsers[who].get, address)
        begun = time.process_time()
        answer = look()
        first = time.process_time() - begun
        if answer.status_code != 200:
            found[name] = {"status": answer.status_code}
            continue
        size = len(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        rounds = times if first < SLOW else 1
        still, moving = [_spent(look) for _ in range(rounds)], []
        for _ in range(rounds):
            write_entry()
            moving.append(_spent(look))
        found[name] = {
            "status": 200, "bytes": size, "still": statistics.median(still), "moving": statistics.median(moving),
        }  # fmt: skip
    return found


def figures() -> dict[str, Any]:
    """What the ledger comes to, month by month: two builds must agree."""
    from anyshore.terms.figures import figures as short
    from anyshore.terms.invoice import draft
    from anyshore.terms.months import Month
    from anyshore.web.engine.books import book

    found = {}
    today = datetime.datetime.now(datetime.UTC)
    for back in range(1, MONTHS):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        shown = short(draft(book(KEY), Month(year, month + 1)))
        found[f"{year}-{month + 1:02d}"] = {
            "gross": shown["gross"], "lines": [[one["quantity"], one["amount"]] for one in shown["lines"]],
            "objectives": [[one["met"], one["counted"]] for one in shown["objectives"]],
        }  # fmt: skip
    return found


def count() -> dict[str, Any]:
    """CPU-seconds to count the totals of a ledger that was never counted."""
    from anyshore.web.engine import tallies

    return {"cpu": _spent(partial(tallies.counted, KEY))}


def export(target: str) -> dict[str, Any]:
    """CPU-seconds of an export, and of verifying it."""
    from anyshore.terms.recompute import recompute
    from anyshore.web.engagements import queries

    manager, entries = Person.objects.get(email="manager@example.org"), LedgerEntry.objects.count()

    def written() -> None:
        _name, pieces = queries.export(manager, KEY)
        with open(target, "wb") as file:
            file.writelines(pieces)

    exported = min(_spent(written) for _ in range(3))
    sound: list[Any] = []
    verified = min(_spent(lambda: sound.append(recompute(target, asked=None))) for _ in range(2))
    assert not sound[-1].verification.findings, sound[-1].verification.findings[:3]
    return {"entries": entries, "export": exported / entries, "verify": verified / entries}


def _invoices(count: int) -> Iterator[tuple[str, bytes]]:
    content = (PAYABLES / "samples" / WAITING).read_bytes()
    marker = content[content.index(b"<cbc:ID>") + 8 :].split(b"<", 1)[0]
    for number in range(count):
        yield f"{number}-{time.time_ns()}.xml", content.replace(marker, b"S%d-%d" % (number, time.time_ns()), 1)


def starts(count: int) -> dict[str, Any]:
    """CPU-seconds to hand over so many invoices as one program does."""
    manager = Person.objects.get(email="manager@example.org")
    before = Instance.objects.count()
    hand_over(manager, list(_invoices(20)))
    spent = []
    for _ in range(3):
        some = list(_invoices(count))
        spent.append(_spent(partial(hand_over, manager, some)))
    assert Instance.objects.count() == before + 20 + 3 * count
    return {"start": statistics.median(spent) / count}


def sessions() -> dict[str, Any]:
    """Cookies of people who are signed in, and the addresses they look at."""
    browsers = {name: _browser(name) for name in ("owner", "manager", "agent")}
    return {
        "cookies": {name: browser.cookies["sessionid"].value for name, browser in browsers.items()},
        "addresses": addresses(),
    }


def write_on(seconds: float) -> dict[str, Any]:
    """Writes an entry four times a second, as live work does."""
    until, written = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        write_entry()
        written += 1
        time.sleep(0.25)
    return {"written": written}


def main() -> None:
    """``COMMAND [ARGUMENT]``: the answer is the last line."""
    command, *given = sys.argv[1:]
    work: dict[str, Callable[..., Any]] = {
        "seed": lambda count: seed(int(count)), "pages": lambda times: pages(int(times)), "figures": figures,
        "count": count,
        "export": export, "starts": lambda count: starts(int(count)), "sessions": sessions,
        "write": lambda seconds: write_on(float(seconds)),
    }  # fmt: skip
    begun = time.process_time()
    answer = work[command](*given)
    print(json.dumps({"answer": answer, "cpu": time.process_time() - begun, "tree": str(Path(ledger.__file__))}))


if __name__ == "__main__":
    main()
