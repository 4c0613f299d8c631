"""What somebody can learn, has learnt, and has to learn again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from anyshore.packs.assessment import Assessment
from anyshore.packs.reading import Pack
from anyshore.web.core import permissions, reader
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Credential, Engagement, Person, Role
from anyshore.web.engagements import week
from anyshore.web.engine import services
from anyshore.web.engine.running import now
from anyshore.web.learning.models import Attempt, Certificate
from anyshore.web.work.items import day_of

NEVER, VALID, RENEWAL, EXPIRED = "never", "valid", "renewal", "expired"
SOON = 30
"""Days before its end from which a certificate is told to expire."""
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """A certificate that can be won, and how somebody stands with it.

    Attributes:
        key: what the certificate is called.
        pack: of the service that asks for it.
        engagement: under which it is delivered.
        assessment: by what test it is won.
        standing: never, valid, renewal (may be renewed), expired.
        until: last day of the one that is held longest; None: none, or it has no end.
        waits: the day from which a test may be taken again after too many that failed; None: at once.
        open: the test that was begun.
    """

    key: str
    pack: Pack
    engagement: Engagement
    assessment: Assessment
    standing: str
    until: date | None
    waits: date | None
    open: Attempt | None

    @property
    def title(self) -> str:
        """Of the service, in the reader's language."""
        return self.pack.title.get(reader.language()) or self.pack.title["en"]

    @property
    def material(self) -> str:
        """What to learn before, in the reader's language."""
        found = self.assessment.material
        return found.get(reader.language()) or found.get("en", "")

    @property
    def may_begin(self) -> bool:
        """Whether a test may be begun now: not while the certificate is valid and its window is closed."""
        return self.standing != VALID and self.waits is None


def subjects(person: Person) -> list[Subject]:
    """All certificates of the services somebody works for."""
    permissions.require(person, "work.do")
    doing = person.memberships.filter(role__in=(Role.AGENT, Role.EXPERT)).values("organisation")
    found: dict[str, Subject] = {}
    for engagement in permissions.visible_engagements(person, "work.do").filter(provider__in=doing).order_by("pk"):
        for pack in packs(engagement):
            key = pack.skills.certificate or ""
            if pack.skills.assessment is not None and key not in found:
                found[key] = _subject(person, key, pack, engagement, pack.skills.assessment)
    return list(found.values())


def subject(person: Person, key: str) -> Subject:
    """One of them.

    Raises:
        NotFound: no service the person works for asks for it, or it is won by no test.
    """
    found = next((one for one in subjects(person) if one.key == key), None)
    if found is None:
        raise NotFound(_("There is no such test for you."), hint=_("Ask your manager to put you on the service."))
    return found


def packs(engagement: Engagement) -> list[Pack]:
    """The packs of the services of an engagement that ask for a certificate."""
    found = [services.pack(key, engagement.key) for key in week.services(engagement)]
    return [one for one in found if one is not None and one.skills.certificate]


def _subject(person: Person, key: str, pack: Pack, engagement: Engagement, assessment: Assessment) -> Subject:
    moment = now()
    today = day_of(moment, engagement.zone)
    rows = person.credentials.filter(kind=Credential.Kind.CERTIFICATE, subject=key, valid_from__lte=today)
    standing, until = standing_of(list(rows), today, assessment.renewal)
    tried = Attempt.objects.filter(person=person, subject=key)
    running = tried.filter(ended=None).first()
    return Subject(
        key, pack, engagement, assessment, standing, until, _waits(list(tried), assessment, moment, engagement), running
    )


def standing_of(rows: list[Credential], today: date, renewal: int) -> tuple[str, date | None]:
    """How somebody stands with a certificate of which they have these."""
    if not rows:
        return NEVER, None
    ends = [one.valid_until for one in rows if one.valid_until is not None]
    if len(ends) < len(rows):
        return VALID, None
    until = max(ends)
    if until < today:
        return EXPIRED, until
    return (RENEWAL if (until - today).days <= renewal else VALID), until


def _waits(tried: list[Attempt], assessment: Assessment, moment: int, engagement: Engagement) -> date | None:
    """The day from which another test may be begun; None: at once."""
    failed = []
    for one in tried:
        if one.passed:
            break
        if one.passed is False and one.ended is not None:
            failed.append(one.ended)
    if not assessment.attempts or not failed or len(failed) % assessment.attempts:
        return None
    until = failed[0] + assessment.pause * DAY
    return day_of(until, engagement.zone) if moment < until else None


def attempt(person: Person, pk: int) -> Attempt:
    """A test of one's own."""
    found = Attempt.objects.filter(pk=pk, person=person).first()
    if found is None:
        raise NotFound(_("There is no such test."))
    return found


def certificates(person: Person) -> list[Certificate]:
    """One's own certificates, the newest first."""
    return list(Certificate.objects.filter(person=person).select_related("issuer"))


def certificate(person: Person, number: str) -> Certificate:
    """A certificate of one's own, or of somebody one manages.

    Raises:
        NotFound: there is none, or the person may not know of it.
    """
    found = Certificate.objects.select_related("issuer", "person").filter(number=number.upper()).first()
    managed = permissions.organisations(person, "people.manage")
    theirs = found is not None and managed.filter(memberships__person=found.person, pk=found.issuer_id).exists()
    if found is None or not (found.person_id == person.pk or theirs):
        raise NotFound(_("There is no such certificate."))
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """How a person stands with a certificate."""

    key: str
    standing: str
    until: date | None

    @property
    def soon(self) -> bool:
        """Whether it ends within the days we look ahead."""
        return self.standing == RENEWAL


@dataclass(frozen=True, slots=True)
class Row:
    """A person and how they stand with each certificate, in the order of the columns."""

    person: Person
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """How many hold a certificate against how many the coming week needs at once.

    Attributes:
        engagement: whose week it is.
        subject: the certificate.
        service: its name in the terms.
        certified: how many of those on the engagement hold it all week.
        needed: most people the plan has at work on one day; None: the ledger does not say yet.
    """

    engagement: Engagement
    subject: str
    service: str
    certified: int
    needed: int | None

    @property
    def short(self) -> int:
        """How many are missing."""
        return max(0, (self.needed or 0) - self.certified)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who knows what.

    Attributes:
        columns: certificates.
        rows: people.
        expiring: (person, certificate, last day) of those that end within 30 days.
        covers: certified people against the staffing plan.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    expiring: tuple[tuple[Person, str, date], ...]
    covers: tuple[Cover, ...]


def matrix(manager: Person, *, week_too: bool = True) -> Matrix:
    """Everybody a manager has, by certificate of the services their engagements have.

    Args:
        manager: who asks.
        week_too: whether the coming week of each service is planned and compared, which takes its time.
    """
    permissions.require(manager, "people.manage")
    engagements = list(permissions.visible_engagements(manager, "people.manage").order_by("title", "pk"))
    asked = {engagement: packs(engagement) for engagement in engagements}
    columns = tuple(sorted({pack.skills.certificate or "" for found in asked.values() for pack in found}))
    managed = permissions.organisations(manager, "people.manage")
    people = list(
        Person.objects.filter(memberships__organisation__in=managed, memberships__role__in=(Role.AGENT, Role.EXPERT))
        .filter(is_active=True).distinct().order_by("name").prefetch_related("credentials", "assignments")
    )  # fmt: skip
    today = day_of(now())
    held = {one.pk: _held(one, today) for one in people}
    rows = tuple(Row(one, tuple(held[one.pk].get(key) or Cell(key, NEVER, None) for key in columns)) for one in people)
    expiring = [
        (row.person, cell.key, cell.until) for row in rows for cell in row.cells if cell.soon and cell.until is not None
    ]
    planned = asked.items() if week_too else ()
    covers = tuple(_cover(engagement, pack, people, held) for engagement, found in planned for pack in found)
    return Matrix(columns, rows, tuple(sorted(expiring, key=lambda one: (one[2], one[0].name))), covers)


def _held(person: Person, today: date) -> Mapping[str, Cell]:
    rows: dict[str, list[Credential]] = {}
    for one in person.credentials.all():
        if one.kind == Credential.Kind.CERTIFICATE and one.valid_from <= today:
            rows.setdefault(one.subject, []).append(one)
    return {key: Cell(key, *standing_of(found, today, SOON)) for key, found in rows.items()}


def _cover(engagement: Engagement, pack: Pack, people: list[Person], held: Mapping[int, Mapping[str, Cell]]) -> Cover:
    key = pack.skills.certificate or ""
    planned = week.plan(engagement, pack.id)
    last = planned.first + timedelta(days=6)
    certified = 0
    for one in people:
        cell = held[one.pk].get(key)
        assigned = any(two.engagement_id == engagement.pk for two in one.assignments.all())
        lasts = cell is not None and cell.standing in (VALID, RENEWAL) and (cell.until is None or cell.until >= last)
        certified += assigned and lasts
    daily: dict[date, int] = {}
    for crew in planned.crews:
        daily[crew.day] = daily.get(crew.day, 0) + crew.people
    needed = max(daily.values()) if daily else None
    return Cover(engagement, key, pack.title.get(reader.language()) or pack.title["en"], certified, needed)
