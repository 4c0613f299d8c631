"""The services of an engagement, as this installation can deliver them: their packs, deployed and standing ready."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

from anyshore.base.errors import AnyshoreError
from anyshore.host import descriptions, starters
from anyshore.packs import reading
from anyshore.packs.reading import Pack
from anyshore.runtime.catalogue import Deployment
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import own_packs
from anyshore.web.engine.running import host


def pack(service: str, engagement: str = "") -> Pack | None:
    """The pack of a service: as installed (one that was edited is read again within a second), else the provider's own.

    Args:
        service: as the terms name it.
        engagement: key of the engagement it is delivered under.
    """
    found = _installed(service, int(time.monotonic()))
    own = own_packs.of_engagement(engagement, service) if found is None and engagement else None
    return own.pack if own is not None else found


def deployed(service: str, engagement: str) -> tuple[Pack, Deployment] | None:
    """The pack of a service and its newest deployment, made now where there is none; None where there is no pack.

    Raises:
        DefinitionError: a file of the pack cannot be used.
    """
    shipped = _installed(service, int(time.monotonic()))
    if shipped is not None:
        return shipped, host().deploy(shipped.id, shipped.definitions)
    own = own_packs.of_engagement(engagement, service)
    if own is None or own.pack is None:
        return None
    return own.pack, host().catalogue.deployment(own.deployment)


def stand_ready(engagement: Engagement, service: str, by: Person) -> str | None:
    """Makes a service ready for work, and opens what begins by itself in it.

    What was opened before, and what was cancelled since, stays as it is.

    Returns:
        The exact version of the definition that a new piece of its work starts; None where there is no pack.

    Raises:
        DefinitionError: a file of the pack cannot be used.
    """
    found = deployed(service, engagement.key)
    if found is None:
        return None
    pack, deployment = found
    said = descriptions.description(service, pack.title, pack.report, pack.words.texts)
    descriptions.keep(host(), engagement.key, said)
    starters.open_all(host(), deployment, engagement=engagement.key, service=service, zone=engagement.zone, by=by.email)
    return deployment.definitions[pack.starts].reference


def within(service: str, engagement: str) -> str:
    """A definition of a service's pack, whose processes a message for that service begins; empty where it has none."""
    found = deployed(service, engagement)
    return next((one.reference for one in found[1].definitions.values()), "") if found is not None else ""


@lru_cache(maxsize=500)
def _installed(service: str, second: int) -> Pack | None:
    del second  # part of the key
    for folder in reading.find():
        if folder.name == service:
            try:
                return installed(folder)
            except AnyshoreError:
                return None
    return None


def installed(folder: Path) -> Pack:
    """The pack of a folder, read once until one of its files changes.

    Raises:
        PackError: with every problem of its files.
    """
    return _read(folder, max((path.stat().st_mtime_ns for path in folder.iterdir()), default=0))


@lru_cache(maxsize=200)
def _read(folder: Path, changed: int) -> Pack:
    del changed  # part of the key: an edited pack is read again
    return reading.read(folder)
