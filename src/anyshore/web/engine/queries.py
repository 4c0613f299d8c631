"""Instances, their state, log, documents and incidents: as far as a person may see them."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from anyshore.base.errors import Diagnostic, HostError
from anyshore.bpmn.starter import STARTER
from anyshore.cmmn import live_plan
from anyshore.cmmn.definition import Definition as PlanDefinition
from anyshore.cmmn.records import Planned, Transitioned
from anyshore.host import standstill
from anyshore.host.ports import ENDED
from anyshore.kernel import codec
from anyshore.kernel.commands import Command
from anyshore.kernel.records import Left, Record, apply
from anyshore.kernel.state import INCIDENT, ROOT, WORK, State
from anyshore.runtime import documents as declared
from anyshore.runtime.catalogue import Linked
from anyshore.terms.ledger import Entry
from anyshore.web.core import once, permissions, reader
from anyshore.web.core.errors import Erased, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.core.numbers import whole
from anyshore.web.engine import books, services
from anyshore.web.engine.models import Definition, Document, Instance, Loaded, Turn, Wait
from anyshore.web.engine.running import catalogue, host, now
from anyshore.web.walls import queries as walls

PASSED_OVER = 300
"""Instances whose logs are read for the counts on a diagram: the newest."""


def engagement_keys(person: Person, ability: str) -> list[str]:
    """The engagements in which a person has an ability, as the host knows them."""
    return permissions.keys_seen(person, ability)


def blocked(person: Person) -> frozenset[int]:
    """The cases a wall keeps a person from, with all their parts: every list leaves them out."""
    return once.found(("blocked", person.pk), lambda: _blocked(person))


def _blocked(person: Person) -> frozenset[int]:
    found = set(walls.standing(person, now()))
    edge = found
    while edge:
        edge = set(Instance.objects.filter(parent__in=edge).values_list("pk", flat=True)) - found
        found |= edge
    return frozenset(found)


def changes_behind_walls(person: Person) -> Q:
    """The entries of the audit trail about cases a wall keeps a person from: that there is a wall is one of them."""
    numbers = blocked(person)
    if not numbers:
        return Q(pk__in=[])
    about = Q(action__startswith="incident.") | Q(action__startswith="instance.")
    return Q(data__case__in=sorted(numbers)) | (about & Q(object__in=[str(one) for one in numbers]))


def ancestry(number: int) -> list[int]:
    """An instance and those that called it, one above the other."""
    found = [number]
    while (above := Instance.objects.filter(pk=found[-1]).values_list("parent", flat=True).first()) is not None:
        found.append(above)
    return found


def instances(
    person: Person, *, engagement: str = "", status: str = "", text: str = "", kind: str = "", limit: int | None = 100
) -> QuerySet[Instance]:
    """The newest processes and cases a person may see; called ones are shown within their callers."""
    found = Instance.objects.filter(engagement__in=engagement_keys(person, "case.see"), parent=None)
    found = found.exclude(pk__in=blocked(person))
    if not kind:
        found = found.exclude(kind=STARTER)
    for field, value in (("engagement", engagement), ("status", status), ("kind", kind)):
        if value:
            found = found.filter(**{field: value})
    if text:
        found = found.filter(Q(reference__icontains=text) | Q(key__icontains=text))
    return found.order_by("-id")[:limit]


def instance(person: Person, number: int, ability: str = "case.see") -> tuple[Instance, Engagement]:
    """One instance with its engagement.

    Raises:
        NotFound: there is none, or the person may not know of it.
        Erased: there was one, and the person might have seen it.
        Denied: the person sees it but lacks the ability.
    """
    found = Instance.objects.filter(pk=number).first()
    gone = books.erased(number) if found is None else None
    key = gone.engagement if gone is not None else found.engagement if found is not None else ""
    if not key or number in blocked(person):
        raise NotFound(_("There is no such case."))
    try:
        engagement = permissions.engagement(person, key, ability)
    except NotFound as error:
        raise NotFound(_("There is no such case.")) from error
    if found is None:
        assert gone is not None
        raise _erased(gone, engagement.zone)
    return found, engagement


def _erased(gone: Entry, zone: str) -> Erased:
    """What is said in place of a replay: there is nothing left to replay, and the proof of what it was still stands."""
    said = {"number": gone.instance, "day": datetime.fromtimestamp(gone.at / 1_000_000, ZoneInfo(zone)).date()}
    text = _("Case %(number)s was erased on %(day)s: nothing of it is left to be shown or replayed.") % said
    facts = {"turn": gone.data.get("turn", 0), "digest": str(gone.data.get("digest", ""))[:16]}
    hint = _("The ledger keeps the digest of its %(turn)s turns (%(digest)s…), and what was delivered and billed.")
    return Erased(text, hint % facts)


def state(row: Instance) -> State:
    """The state of an instance, with the turns its snapshot does not hold yet; empty before its first turn.

    It is decoded once for a row, however often it is asked for. Read it, never write it.
    """
    return _loaded(row).state


def _loaded(row: Instance) -> Loaded:
    if row.loaded is None or row.loaded.digest != row.digest:
        keep(row, _decoded(row))
    assert row.loaded is not None
    return row.loaded


def keep(row: Instance, found: State) -> None:
    """Tells a row the state that stands at its digest."""
    row.loaded = Loaded(row.digest, found)


def _decoded(row: Instance) -> State:
    found = codec.decode_state(bytes(row.state)) if row.state else State(definition=row.definition)
    if row.covered < row.turns:
        _replay(row, found, row.covered, row.turns)
    return found


def _replay(row: Instance, found: State, after: int, until: int) -> None:
    engine = linked(row).engine
    later = Turn.objects.filter(instance=row.pk, number__gt=after, number__lte=until).order_by("number")
    for records in later.values_list("records", flat=True):
        for record in codec.decode_records(bytes(records), engine):
            apply(found, record, engine)


def as_of(row: Instance, turn: int) -> Instance:
    """The instance as it stood after one of its turns, replayed from its log."""
    then = copy.copy(row)
    then.turns, then.digest = turn, f"{row.digest} at {turn}"
    found = State(definition=row.definition)
    _replay(row, found, 0, turn)
    keep(then, found)
    return then


def variables(row: Instance) -> Mapping[str, Any]:
    """The variables of its root scope."""
    return state(row).variables.get(ROOT, {})


def shown_variables(row: Instance) -> dict[str, Any]:
    """The variables of its root scope that may be shown to people and programs as the work stands."""
    hidden = _hidden(row)
    return {name: value for name, value in variables(row).items() if name not in hidden}


def _hidden(row: Instance) -> frozenset[str]:
    """What its pack shows to nobody yet."""
    pack = services.pack(row.service, row.engagement)
    return frozenset() if pack is None or pack.unseen is None else pack.unseen.hidden(variables(row))


def linked(row: Instance) -> Linked:
    """The definition it runs on."""
    return catalogue().get(row.definition)


def blocked_by(row: Instance) -> list[Diagnostic]:
    """Why a process can never go on, though nothing failed; empty while anything can still happen to it."""
    return [] if row.status == ENDED else standstill.find(linked(row), state(row))


@dataclass(frozen=True, slots=True)
class LoggedTurn:
    """A turn of an instance, read.

    Attributes:
        person: name of the person who asked, where it was one.
        passed: elements that were left in this turn, with their outcomes.
        reached: the state each plan item of a case reached in this turn.
        changes: what people changed about the plan of a case: verb, item, reason.
    """

    number: int
    at: int
    by: str | None
    person: str
    command: Command
    passed: tuple[tuple[str, str], ...]
    reached: dict[str, str]
    changes: tuple[tuple[str, str, str], ...]


LOGGED = 5_000
"""Turns of an instance that pages look at: the newest."""


def log(row: Instance) -> list[LoggedTurn]:
    """The newest turns of an instance, newest first, at most ``LOGGED``; read once for a row."""
    loaded = _loaded(row)
    if loaded.log is None:
        loaded.log = _logged(row)
    return loaded.log


def _logged(row: Instance) -> list[LoggedTurn]:
    rows = list(Turn.objects.filter(instance=row.pk).order_by("-number")[:LOGGED])
    names = people_by_key({turn.by for turn in rows if turn.by})
    engine = linked(row).engine
    found = []
    for turn in rows:
        records: list[Record] = list(codec.decode_records(bytes(turn.records), engine))
        passed = tuple((one.element, one.outcome) for one in records if isinstance(one, Left) and one.id != ROOT)
        command = codec.decode_command(bytes(turn.command))
        reached = {one.element: one.state for one in records if isinstance(one, Transitioned)}
        changes = tuple((one.verb, one.element or "", one.reason) for one in records if isinstance(one, Planned))
        name = names.get(turn.by or "", turn.by or "")
        found.append(LoggedTurn(turn.number, turn.at, turn.by, name, command, passed, reached, changes))
    return found


def people_by_key(keys: set[str]) -> dict[str, str]:
    """Names of people by the key the host knows them by (their email)."""
    return dict(Person.objects.filter(email__in=keys).values_list("email", "name"))


def counts(row: Instance) -> dict[str, dict[str, int]]:
    """What stands on the diagram of one instance: element → how many are active, passed, in trouble."""
    found: dict[str, Counter[str]] = {}
    current = state(row)
    for node in current.nodes.values():
        if node.id != ROOT:
            found.setdefault(node.element, Counter())["active"] += 1
    for wait in current.waits.values():
        if wait.kind == INCIDENT and wait.owner in current.nodes:
            found.setdefault(current.nodes[wait.owner].element, Counter())["incidents"] += 1
    for turn in log(row):
        for element, _outcome in turn.passed:
            found.setdefault(element, Counter())["passed"] += 1
    return {element: dict(counter) for element, counter in found.items()}


def process_counts(person: Person, reference: str) -> tuple[int, dict[str, dict[str, int]]]:
    """The same over the instances of a definition a person may see: how many there are, and the counts.

    Passed elements are counted in the logs of the newest ``PASSED_OVER`` instances.
    """
    seen = Instance.objects.filter(engagement__in=engagement_keys(person, "case.see"), definition=reference)
    seen = seen.exclude(pk__in=blocked(person))
    total = seen.count()
    found: dict[str, Counter[str]] = {}
    numbers = seen.filter(status__in=["active", "suspended"]).values("pk")
    for element, kind, number in Wait.objects.filter(instance__in=numbers).values_list("element", "kind", "instance"):
        del number
        found.setdefault(element, Counter())["incidents" if kind == INCIDENT else "active"] += 1
    newest = list(seen.order_by("-id").values_list("pk", flat=True)[:PASSED_OVER])
    engine = host().catalogue.get(reference).engine
    for records in Turn.objects.filter(instance__in=newest).values_list("records", flat=True):
        for one in codec.decode_records(bytes(records), engine):
            if isinstance(one, Left) and one.id != ROOT:
                found.setdefault(one.element, Counter())["passed"] += 1
    return total, {element: dict(counter) for element, counter in found.items()}


def diagram(reference: str) -> tuple[str, bytes]:
    """Name and content of the file a definition stands in.

    Raises:
        NotFound: it is not among the files of its deployment.
    """
    kind_and_key, _at, last = reference.rpartition("@")
    number = whole(last)
    if number is not None:
        for row in Definition.objects.filter(deployment=number).order_by("name"):
            content = bytes(row.content)
            if row.name.endswith(".bpmn") and f'"{kind_and_key.partition(":")[2]}"'.encode() in content:
                return row.name, content
    raise NotFound(_("This definition has no diagram."))


def definitions(person: Person) -> list[tuple[str, int]]:
    """References of the definitions with instances a person may see, with how many; newest versions first."""
    counted: Counter[str] = Counter()
    for one in how_many(engagement_keys(person, "process.see"), blocked(person)):
        if one.kind == "process":
            counted[one.definition] += one.number
    return sorted(counted.items(), key=lambda item: (item[0].rpartition("@")[0], -int(item[0].rpartition("@")[2])))


class Many(NamedTuple):
    """How many instances of an engagement have a status, a kind and a definition."""

    engagement: str
    status: str
    kind: str
    definition: str
    number: int


def how_many(engagements: Iterable[str], hidden: Iterable[int]) -> Iterator[Many]:
    """Counts the instances of engagements in the order of the index that holds all that is asked for."""
    names = ("engagement", "status", "kind", "definition")
    seen = Instance.objects.filter(engagement__in=list(engagements)).exclude(pk__in=hidden)
    for row in seen.order_by(*names).values_list(*names).annotate(n=Count("*")):
        yield Many(*row)


def document(row: Instance, digest: str) -> Document:
    """A document an instance holds, by its SHA-256.

    Raises:
        NotFound: the instance does not hold it.
    """
    if digest not in documents(row):
        raise NotFound(_("This case has no such document."))
    found = Document.objects.filter(engagement=row.engagement, digest=digest).first()
    if found is None:
        raise NotFound(_("The document is not in the store."))
    return found


def documents(row: Instance) -> dict[str, str]:
    """The documents of its engagement that an instance holds: digest → name, in the order of its variables.

    Which variables hold documents is declared: by the intake, the case file of the definition, or the pack.
    """
    loaded = _loaded(row)
    if loaded.documents is None:
        loaded.documents = _documents(row)
    return loaded.documents


def _documents(row: Instance) -> dict[str, str]:
    pack = services.pack(row.service, row.engagement)
    names = declared.names(linked(row).definition) | set(pack.documents if pack is not None else ())
    names -= _hidden(row)
    digests = dict.fromkeys(
        digest
        for scope in state(row).variables.values()
        for name, value in scope.items()
        if name in names
        for digest in declared.digests(value)
    )
    held = Document.objects.filter(engagement=row.engagement, digest__in=digests)
    known = dict(held.values_list("digest", "name"))
    return {digest: known[digest] for digest in digests if digest in known}


def incidents(person: Person, limit: int = 200) -> QuerySet[Wait]:
    """Open incidents in the engagements whose operation a person looks after, oldest first."""
    keys = engagement_keys(person, "incident.see")
    found = Wait.objects.filter(kind=INCIDENT, engagement__in=keys).exclude(instance__in=blocked(person))
    return found.order_by("opened", "instance", "wait")[:limit]


def open_work(keys: list[str], person: Person) -> QuerySet[Wait]:
    """Open work items of engagements in the order their cases came in, without those a wall keeps the person from.

    Work that comes back to a person keeps its place: numbers of instances rise with time, and so does nothing else.
    """
    found = Wait.objects.filter(kind=WORK, engagement__in=keys).exclude(instance__in=blocked(person))
    return found.order_by("instance", "wait")


def received(numbers: Iterable[int]) -> dict[int, int]:
    """When instances came in, by number: when the first of those that called each other did."""
    found: dict[int, int] = {}
    edge = {number: number for number in numbers}
    while edge:
        rows = Instance.objects.filter(pk__in=set(edge.values())).values_list("pk", "parent", "created")
        known = {pk: (parent, created) for pk, parent, created in rows}
        found |= {number: known[at][1] for number, at in edge.items() if at in known}
        above = {number: known[at][0] for number, at in edge.items() if at in known}
        edge = {number: parent for number, parent in above.items() if parent is not None}
    return found


def data(row: Wait) -> dict[str, Any]:
    """What a wait was opened with."""
    return dict(codec.decode_value(bytes(row.data))) if row.data else {}


def sees_definition(person: Person, reference: str) -> bool:
    """Whether a person sees an instance that runs on a definition."""
    keys = engagement_keys(person, "process.see")
    found = Instance.objects.filter(engagement__in=keys, definition=reference)
    return found.exclude(pk__in=blocked(person)).exists()


def element_names(reference: str) -> dict[str, str]:
    """The elements of a definition: id → what people call them."""
    definition = catalogue().get(reference).definition
    found = getattr(definition, "elements", None) or getattr(definition, "items", None) or {}
    return {id: getattr(element, "name", "") or id for id, element in found.items()}


def element_name(row: Instance, element: str) -> str:
    """What people call an element of an instance's definition."""
    definition = linked(row).definition
    if isinstance(definition, PlanDefinition):
        definition = live_plan(definition, state(row))  # with what people added to this case
    known = getattr(definition, "items", None) or getattr(definition, "elements", None) or {}
    pack = services.pack(row.service, row.engagement)
    said = pack.words.say(element, reader.language()) if pack is not None else element
    return said if said != element else getattr(known.get(element), "name", "") or element


def outcome(row: Instance) -> str:
    """How an instance ended: its variable ``outcome`` where it sets one, else the end reached; empty while it runs."""
    if row.outcome is None:
        return ""
    try:
        found = variables(row).get("outcome")
    except HostError:
        return row.outcome  # an instance that was put aside because it cannot be read
    return found if isinstance(found, str) else row.outcome
