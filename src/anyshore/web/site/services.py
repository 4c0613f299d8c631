"""A service made ready to run: its pack found, its engagement signed, its definitions deployed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anyshore.base.errors import PackError, TermsError
from anyshore.host.driver import Host
from anyshore.packs import reading, uploads
from anyshore.packs.reading import Pack
from anyshore.runtime.catalogue import READERS
from anyshore.web.core.models import Engagement, Organisation, Person, Role
from anyshore.web.engine import own_packs
from anyshore.web.engine import services as engine
from anyshore.web.engine.running import host
from anyshore.web.library import draft_actions
from anyshore.web.site import demonstration


@dataclass(frozen=True, slots=True)
class Ready:
    """A service that can be run.

    Attributes:
        host: the host.
        pack: what is run.
        engagement: under which.
        by: who answers for it on the provider's side.
        target: the definition a new piece of work starts.
    """

    host: Host
    pack: Pack
    engagement: Engagement
    by: Person
    target: str


def ready(name: str, engagement: str | None = None) -> Ready:
    """Makes a service ready.

    A folder that does not come with Anyshore is put to use as the provider's own pack, so that people find its work in
    the pages, too.

    Args:
        name: id of a pack, its folder, or ``ORGANISATION/ID`` for a pack of one's own.
        engagement: id of the engagement; the pack's sample terms are signed where none is named.

    Raises:
        PackError: there is no such pack, it cannot be used, or it has no terms and no engagement is named.
        TermsError: there is no such engagement, or the terms cannot be used.
    """
    found = _own(name) or reading.named(name)
    signed = _signed(found, engagement)
    manager = manager_of(signed)
    if not _comes_along(found) and (found.folder / reading.DESCRIPTION).is_file():
        _put_to_use(found, signed.provider, manager)
    target = engine.stand_ready(signed, found.id, manager)
    if target is None:
        message = f"The pack {found.id!r} is not there for the engagement {signed.key}."
        raise PackError("pack.unknown", message, hint="Put it to use as a pack of its provider.")
    return Ready(host(), found, signed, manager, target)


def _own(name: str) -> Pack | None:
    """An organisation's own pack; None where the name is not one's."""
    organisation, slash, id = name.partition("/")
    if not slash or (Path(name) / reading.DESCRIPTION).is_file():
        return None
    found = own_packs.newest(organisation, id)
    if found is None or found.pack is None:
        raise PackError("pack.unknown", f"There is no service pack {name!r}.", hint="Write ORGANISATION/ID.")
    return found.pack


def _comes_along(pack: Pack) -> bool:
    return any(folder.resolve() == pack.folder.resolve() for folder in reading.find())


def _signed(pack: Pack, engagement: str | None) -> Engagement:
    if engagement is not None:
        return named(engagement)
    if pack.terms is None:
        hint = "Name an engagement: --engagement KEY."
        raise PackError("pack.no-terms", f"The pack {pack.id!r} has no sample terms to be run under.", hint=hint)
    found, _accounts, _new = demonstration.engage(pack.terms.read_text(encoding="utf-8"), told=False)
    return found


def named(engagement: str) -> Engagement:
    """The engagement of an id.

    Raises:
        TermsError: there is none.
    """
    found = Engagement.objects.filter(key=engagement).first()
    if found is None:
        raise unknown(engagement)
    return found


MOST_NAMED = 10
"""Engagements that are named where one is asked for that is not there."""


def unknown(engagement: str) -> TermsError:
    """The error for an engagement that is not there, with those that are."""
    keys = list(Engagement.objects.order_by("key").values_list("key", flat=True)[: MOST_NAMED + 1])
    more = ", …" if len(keys) > MOST_NAMED else ""
    there = f"There are: {', '.join(keys[:MOST_NAMED])}{more}. " if keys else ""
    hint = f"{there}Sign another: anyshore engage TERMS." if keys else "Sign it first: anyshore engage TERMS."
    return TermsError("engagement.unknown", f"There is no engagement {engagement!r}.", hint=hint)


def manager_of(engagement: Engagement) -> Person:
    """Who answers for an engagement on the provider's side where a command acts.

    Raises:
        TermsError: the provider has no delivery manager.
    """
    managers = Person.objects.filter(memberships__role=Role.MANAGER, memberships__organisation=engagement.provider)
    found: Person | None = managers.order_by("pk").first()
    if found is None:
        hint = "Invite one in the administration."
        raise TermsError("engagement.no-manager", f"{engagement.provider} has no delivery manager.", hint=hint)
    return found


def _put_to_use(pack: Pack, provider: Organisation, manager: Person) -> None:
    """Deploys a folder as the provider's own pack, unless it is there as it stands."""
    files = {
        path.name: path.read_bytes()
        for path in sorted(pack.folder.iterdir())
        if path.name in uploads.BESIDE or path.name.endswith(tuple(READERS))
    }
    known = own_packs.newest(provider.key, pack.id)
    if known is None or dict(own_packs.files(known.deployment)) != files:
        draft_actions.deploy(manager, provider, files)
