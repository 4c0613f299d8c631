"""What somebody of a client learns: their courses by the pack of the service, and the work that is about them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from anyshore.base.temporal import Date
from anyshore.host import hands
from anyshore.host.ports import ENDED
from anyshore.kernel.state import WORK
from anyshore.packs.learning import Learning
from anyshore.packs.reading import Pack
from anyshore.web.core import permissions, reader
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import books, outside, services, tallies
from anyshore.web.engine.models import Instance, LedgerEntry, Wait
from anyshore.web.engine.running import now
from anyshore.web.work import items, known
from anyshore.web.work.items import Item, day_of

MOST = 200
"""Pieces of work of one person that are looked at: the newest."""
MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work about somebody who learns.

    Attributes:
        row: the instance.
        told: what its pack tells of it.
        items: what they have to do in it now.
    """

    row: Instance
    told: Mapping[str, Any]
    items: tuple[Item, ...]

    @property
    def title(self) -> str:
        """Of the course."""
        return str(self.told.get("title") or self.row.reference)

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.row.status != ENDED


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody learns under one service.

    Attributes:
        engagement: under which.
        pack: of the service.
        learning: its section of the pack.
        learner: who they are on record.
        courses: as ``own`` of the section tells them.
        work: about them, the newest first.
    """

    engagement: Engagement
    pack: Pack
    learning: Learning
    learner: str
    courses: tuple[Mapping[str, Any], ...]
    work: tuple[Work, ...]

    @property
    def title(self) -> str:
        """Of the service, in the reader's language."""
        return self.pack.title.get(reader.language()) or self.pack.title["en"]

    def find(self, id: str) -> Mapping[str, Any] | None:
        """One of the courses."""
        return next((one for one in self.courses if one["id"] == id), None)


def mine(person: Person) -> list[Mine]:
    """All somebody learns, service by service; none where nobody has their address on record."""
    permissions.require(person, permissions.LEARN)
    found = permissions.visible_engagements(person, permissions.LEARN).order_by("pk")
    every = [_mine(person, one, pack) for one in found for pack in packs(one)]
    return [one for one in every if one is not None]


def packs(engagement: Engagement) -> Iterator[Pack]:
    """The packs of the services of an engagement under which people learn."""
    for service in tallies.services_of(engagement):
        found = services.pack(service, engagement.key)
        if found is not None and found.learning is not None:
            yield found


def under(engagement: Engagement, service: str) -> tuple[Pack, Learning]:
    """The pack of a service under which people learn.

    Raises:
        NotFound: nobody learns under it.
    """
    found = next((one for one in packs(engagement) if one.id == service), None)
    if found is None or found.learning is None:
        raise NotFound(_("Nobody learns under this service."))
    return found, found.learning


def of(person: Person, key: str, service: str) -> Mine:
    """What somebody learns under one service.

    Raises:
        NotFound: nothing.
    """
    found = next((one for one in mine(person) if (one.engagement.key, one.pack.id) == (key, service)), None)
    if found is None:
        raise NotFound(_("There are no courses for you."), hint=_("Ask who looks after them to put you on the list."))
    return found


def course(person: Person, key: str, service: str, id: str) -> tuple[Mine, Mapping[str, Any]]:
    """One course of somebody's.

    Raises:
        NotFound: there is none.
    """
    where = of(person, key, service)
    found = where.find(id)
    if found is None:
        raise NotFound(_("There is no such course."))
    return where, found


def file(where: Mine, course: Mapping[str, Any], name: str) -> bytes:
    """A file of the material of a course.

    Raises:
        NotFound: there is none.
    """
    given = {"course": course["id"], "name": name}
    said = outside.run(where.engagement.key, where.learning.file, given).get("content")
    try:
        return base64.b64decode(str(said), validate=True) if said is not None else _missing()
    except binascii.Error:
        return _missing()


def _missing() -> bytes:
    raise NotFound(_("There is no such file."))


def _mine(person: Person, engagement: Engagement, pack: Pack) -> Mine | None:
    assert pack.learning is not None
    told = outside.run(engagement.key, pack.learning.own, {"email": person.email, "day": today(engagement)})
    learner, courses = told.get("learner"), told.get("courses")
    if not isinstance(learner, str) or not isinstance(courses, list | tuple):
        return None
    work = tuple(_work(engagement, pack, learner))
    return Mine(engagement, pack, pack.learning, learner, tuple(courses), work)


def today(engagement: Engagement) -> Date:
    """The day where the client is."""
    day = day_of(now(), engagement.zone)
    return Date(day.year, day.month, day.day)


def _work(engagement: Engagement, pack: Pack, learner: str) -> Iterator[Work]:
    assert pack.learning is not None
    rows = of_service(engagement, pack).filter(reference__startswith=f"{learner} ")[:MOST]
    variables = known.variables(row.pk for row in rows)
    own = [row for row in rows if variables.get(row.pk, {}).get(pack.learning.learner) == learner]
    waits = Wait.objects.filter(kind=WORK, instance__in=[row.pk for row in own]).order_by("wait")
    done_by = {*pack.learning.forms, pack.learning.test.form}
    open_items = [one for one in items.read(waits) if one.form is not None and one.form.id in done_by]
    for row in own:
        todo = tuple(one for one in open_items if one.row.instance == row.pk)
        yield Work(row, pack.learning.told(variables[row.pk]), todo)


def of_service(engagement: Engagement, pack: Pack) -> Any:
    """The pieces of work of a service, the newest first."""
    return Instance.objects.filter(engagement=engagement.key, service=pack.id, parent=None).order_by("-pk")


def item(person: Person, instance: int, wait: int) -> tuple[Mine, Work, Item]:
    """Something somebody has to do in a piece of work about them.

    Raises:
        NotFound: it is not theirs, or done.
    """
    for where in mine(person):
        for work in where.work:
            for one in work.items:
                if (one.row.instance, one.row.wait) == (instance, wait):
                    return where, work, one
    raise NotFound(_("There is nothing for you to do here."), hint=_("It was done, or is somebody else's."))


def begun(instance: int, wait: int) -> int | None:
    """When whoever has an item took it, as the ledger says, microseconds since 1970 UTC; None: nobody has it."""
    taken = LedgerEntry.objects.filter(instance=instance, type=hands.TAKEN).order_by("-sequence")
    for line in taken.values_list("line", flat=True):
        entry = books.decoded(bytes(line))
        if entry.data.get("wait") == wait:
            return entry.at
    return None


def due(where: Mine, one: Item, started: int) -> int | None:
    """The instant at which a test has to be in, microseconds since 1970 UTC; None: there is no hurry."""
    minutes = one.inputs.get(where.learning.test.minutes)
    return started + int(minutes) * MINUTE if isinstance(minutes, Decimal) and minutes > 0 else None
