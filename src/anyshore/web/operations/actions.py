"""Helping work that is stuck, standing still or left behind: one by one, or all of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from anyshore import feel
from anyshore.base.errors import CommandRejected
from anyshore.host import detached, migrations, operations, starters
from anyshore.host.messages import MESSAGE_LIFETIME
from anyshore.host.operations import Outcome, Selection
from anyshore.kernel.commands import Cancel, Resume, Retry, Suspend
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine import services
from anyshore.web.engine.running import host
from anyshore.web.engine.tallies import services_of
from anyshore.web.operations import queries
from anyshore.web.work import fields

MOST = 5_000
"""Instances helped by one request; asking again helps the next ones."""


def retry(by: Person, instance: int, wait: int, repair: Mapping[str, Any] | None = None) -> None:
    """Tries again what ended in an incident; ``repair`` is written to the failing place first."""
    row, engagement = engine.instance(by, instance, "incident.act")
    runtime = host()
    variables = {name: feel.from_python(value) for name, value in (repair or {}).items()}
    if wait == 0 and row.status == "broken":
        runtime.mend(instance)
    elif detached.is_detached(wait):
        _one(operations.retry(runtime, Selection(instance=instance, wait=wait), variables=variables, by=by.email))
    else:
        runtime.execute(instance, Retry(at=runtime.clock(), by=by.email, wait=wait, variables=variables))
    audit.record(by, "incident.retried", instance, engagement=engagement, wait=wait, repair=sorted(repair or {}))


def give_up(by: Person, instance: int, wait: int, reason: str) -> None:
    """Ends work that failed and that its case does not wait for; the case is not touched.

    Raises:
        CommandRejected: there is no such incident, or the case waits for it.
    """
    _row, engagement = engine.instance(by, instance, "incident.act")
    reason = _reason(reason)
    if not detached.is_detached(wait):
        raise CommandRejected(
            "incident.waited-for", _("The case waits for this work."), hint=_("Try it again, or cancel the case.")
        )
    _one(operations.cancel(host(), Selection(instance=instance, wait=wait), reason=reason, by=by.email))
    audit.record(by, "incident.given-up", instance, engagement=engagement, wait=wait, reason=reason)


def _one(done: Outcome) -> None:
    """Refuses where the one thing that was asked for was refused, or is over."""
    if not done.done:
        message = done.reasons[0][1] if done.reasons else _("This incident is over.")
        raise CommandRejected("incident.refused", message)


def cancel(by: Person, instance: int, reason: str) -> None:
    """Ends an instance that cannot be helped."""
    row, engagement = engine.instance(by, instance, "incident.act")
    reason = _reason(reason)
    runtime = host()
    if row.status == "broken":
        operations.cancel(runtime, Selection(instance=instance, wait=0), reason=reason, by=by.email)
    else:
        runtime.execute(instance, Cancel(at=runtime.clock(), by=by.email, reason=reason))
    audit.record(by, "instance.cancelled", instance, engagement=engagement, reason=reason)


def hold(by: Person, instance: int, held: bool) -> None:
    """Lets an instance stand still, or go on."""
    _row, engagement = engine.instance(by, instance, "incident.act")
    runtime = host()
    command = Suspend if held else Resume
    runtime.execute(instance, command(at=runtime.clock(), by=by.email))
    audit.record(by, "instance.suspended" if held else "instance.resumed", instance, engagement=engagement)


def hold_all(by: Person, numbers: Iterable[int], held: bool) -> Outcome:
    """Lets many instances stand still, or go on.

    Raises:
        NotFound: one is not there, or the person may not know of it; nothing was done.
        Denied: the person may not help one of them; nothing was done.
    """
    wanted = queries.allowed(by, numbers)
    if not wanted:
        raise Invalid({"cases": _("Choose at least one case.")})
    done = (operations.suspend if held else operations.resume)(host(), wanted, by.email)
    for key in sorted(set(wanted.values())):
        engagement = permissions.engagement(by, key)
        cases = [number for number, of in wanted.items() if of == key]
        audit.record(
            by, "instances.suspended" if held else "instances.resumed", len(cases), engagement=engagement,
            cases=cases[:100],
        )  # fmt: skip
    return done


def open_starters(by: Person, key: str, service: str) -> list[int]:
    """Opens what begins by itself in a service, also what was cancelled; the starters that stand ready then.

    Raises:
        Invalid: the terms in force have no such service, its pack is not installed, or nothing in it begins by itself.
    """
    engagement = permissions.engagement(by, key, "work.start")
    if service not in services_of(engagement):
        raise Invalid({"service": _("The terms in force have no such service.")})
    found = services.deployed(service, engagement.key)
    if found is None:
        raise Invalid({"service": _("The pack of this service is not installed.")})
    opened = [
        starters.open_one(host(), one, engagement=key, service=service, zone=engagement.zone, by=by.email)
        for one in starters.by_themselves(found[1])
    ]
    if not opened:
        raise Invalid({"service": _("Nothing in this service begins by a timer or a condition.")})
    audit.record(by, "starters.opened", service, engagement=engagement, instances=opened)
    return opened


def report(by: Person, key: str, variables: Mapping[str, Any], service: str | None = None) -> int:
    """Says what is the case now, for the conditions that begin work; how many starters were told.

    Raises:
        Invalid: nothing was said, or a value has no FEEL form.
    """
    engagement = permissions.engagement(by, key, "work.start")
    if not variables:
        raise Invalid({"name": _("Say what is the case: a name and its value.")})
    known = {name: fields.from_python(name, value) for name, value in variables.items()}
    told = starters.report(host(), engagement.key, known, service=service, by=by.email)
    audit.record(by, "facts.reported", ", ".join(sorted(known)), engagement=engagement, starters=told)
    return told


def send(
    by: Person, key: str, name: str, service: str, correlation: str | None, variables: Mapping[str, Any],
    lifetime: int | None = None,
) -> int:  # fmt: skip
    """Sends a message to an engagement's work: to one who waits for it, else to a process that begins with it.

    Args:
        by: who sends it.
        key: of the engagement.
        name: of the message.
        service: under which a process begins, where nobody waits.
        correlation: the message's key, if it has one.
        variables: its content.
        lifetime: seconds for which it is kept where nobody waits and nothing begins; 7 days where left out.

    Returns:
        1, or 0: it is kept.

    Raises:
        Invalid: the terms in force have no such service, or a value has no FEEL form.
    """
    place = _sending(by, key, service)
    given = {one: fields.from_python(one, value) for one, value in variables.items()}
    kept = MESSAGE_LIFETIME if lifetime is None else lifetime * 1_000_000
    heard = host().send(key, name, correlation, given, lifetime=kept, **place)
    _recorded(by, key, "message.sent", name, heard)
    return heard


def broadcast(by: Person, key: str, name: str, service: str, variables: Mapping[str, Any]) -> int:
    """Sends a signal to all of an engagement's work that listens to it, and begins what starts with it; how many heard.

    Raises:
        Invalid: the terms in force have no such service, or a value has no FEEL form.
    """
    place = _sending(by, key, service)
    heard = host().broadcast(
        key, name, {one: fields.from_python(one, value) for one, value in variables.items()}, **place
    )
    _recorded(by, key, "signal.sent", name, heard)
    return heard


def _sending(by: Person, key: str, service: str) -> dict[str, str]:
    engagement = permissions.engagement(by, key, "work.start")
    if service not in services_of(engagement):
        raise Invalid({"service": _("The terms in force have no such service.")})
    return {"service": service, "zone": engagement.zone, "within": services.within(service, engagement.key)}


def _recorded(by: Person, key: str, action: str, name: str, heard: int) -> None:
    audit.record(by, action, name, engagement=permissions.engagement(by, key), heard=heard)


def selection(by: Person, chosen: Mapping[str, str | None]) -> Selection:
    """The incidents of one cause that a person may help.

    Raises:
        NotFound: there is no such engagement, or the person may not know of it.
        Denied: the person may not help there.
    """
    engagement = permissions.engagement(by, chosen.get("engagement") or "", "incident.act")
    return Selection(
        engagement=engagement.key, service=chosen.get("service"), code=chosen.get("code"),
        element=chosen.get("element"), without=engine.blocked(by), limit=MOST,
    )  # fmt: skip


def retry_all(by: Person, chosen: Mapping[str, str | None], repair: Mapping[str, Any] | None = None) -> Outcome:
    """Tries again all that stopped for one cause, after the repair."""
    wanted = selection(by, chosen)
    variables = {name: feel.from_python(value) for name, value in (repair or {}).items()}
    done = operations.retry(host(), wanted, variables=variables, by=by.email)
    _record(by, "incidents.retried", wanted, done, repair=sorted(variables))
    return done


def cancel_all(by: Person, chosen: Mapping[str, str | None], reason: str) -> Outcome:
    """Ends all that stopped for one cause; what no case waits for ends alone."""
    wanted = selection(by, chosen)
    reason = _reason(reason)
    done = operations.cancel(host(), wanted, reason=reason, by=by.email)
    _record(by, "incidents.cancelled", wanted, done, reason=reason)
    return done


def migrate(
    by: Person, key: str, reference: str, elements: Mapping[str, str], *, dry_run: bool
) -> tuple[dict[str, Any], migrations.Report]:
    """Moves the running work of one engagement to the newest version, or says how much of it could go.

    Raises:
        NotFound: no such work, or the person may not know of it.
        Denied: the person may not help here.
        Invalid: the plan names elements that neither version has.
    """
    found = queries.move(by, key, reference, elements)
    if found["check"].unknown:
        unknown = ", ".join(found["check"].unknown)
        raise Invalid({"elements": _("Neither version has these elements: %s") % unknown})
    plan, engagement = found["plan"], found["engagement"]
    report = migrations.run(
        host(), plan, dry_run=dry_run, by=by.email, engagement=engagement.key, without=engine.blocked(by), limit=MOST
    )
    if not dry_run:
        audit.record(
            by, "instances.migrated", f"{plan.source} → {plan.target}", engagement=engagement,
            migrated=report.migrated, refused=sum(report.refused.values()),
        )  # fmt: skip
    return found, report


def _record(by: Person, action: str, wanted: Selection, done: Outcome, **data: Any) -> None:
    engagement = permissions.engagement(by, wanted.engagement or "")
    what = " · ".join(filter(None, (wanted.service, wanted.code, wanted.element)))
    audit.record(by, action, what, engagement=engagement, done=done.done, refused=done.refused, **data)


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid({"reason": _("Say why.")})
    return text.strip()
