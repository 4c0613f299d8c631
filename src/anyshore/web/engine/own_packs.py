"""Packs of an organisation's own: deployments called ``ORGANISATION/ID``, kept with all their files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from anyshore.base.errors import AnyshoreError
from anyshore.packs import uploads
from anyshore.packs.reading import Pack
from anyshore.web.core.models import Engagement
from anyshore.web.core.numbers import whole
from anyshore.web.engine.models import Definition


@dataclass(frozen=True, slots=True)
class OwnPack:
    """The newest version of a pack.

    Attributes:
        organisation: key of the organisation it belongs to.
        id: its name in terms.
        deployment: number of its newest deployment, which runs through all packs.
        pack: what it holds; None where this version of Anyshore cannot read it.
    """

    organisation: str
    id: str
    deployment: int
    pack: Pack | None


def name(organisation: str, id: str) -> str:
    """What a host calls an organisation's own pack."""
    return f"{organisation}/{id}"


def of_engagement(engagement: str, service: str) -> OwnPack | None:
    """The provider's own pack of a service of an engagement."""
    provider = Engagement.objects.filter(key=engagement).values_list("provider__key", flat=True).first()
    return newest(provider, service) if provider else None


def newest(organisation: str, id: str) -> OwnPack | None:
    """An organisation's own pack as last deployed."""
    found = Definition.objects.filter(pack=name(organisation, id)).order_by("-deployment")
    row = found.values_list("deployment", "digest").first()
    return OwnPack(organisation, id, row[0], _read(id, *row)) if row is not None else None


def of(organisations: Iterable[str]) -> list[OwnPack]:
    """All own packs of organisations, as last deployed."""
    keys = set(organisations)
    names = Definition.objects.filter(pack__contains="/").order_by("pack").values_list("pack", flat=True).distinct()
    split = [one.split("/", 1) for one in names]
    return [found for key, id in split if key in keys and (found := newest(key, id)) is not None]


def ordinals(references: Iterable[str]) -> dict[str, int]:
    """The how-manieth version of its pack each definition is: numbers of deployments run through all packs.

    Args:
        references: exact versions: kind, key, and after an ``@`` the number of the deployment.
    """
    wanted = {one: whole(one.rpartition("@")[2]) for one in references}
    packs = Definition.objects.filter(deployment__in=[one for one in wanted.values() if one is not None])
    rows = Definition.objects.filter(pack__in=packs.values("pack")).order_by("pack", "deployment")
    places: dict[int, int] = {}
    before: tuple[str, int] = ("", 0)
    for pack, deployment in rows.values_list("pack", "deployment").distinct():
        before = (pack, before[1] + 1 if pack == before[0] else 1)
        places[deployment] = before[1]
    return {one: places[number] for one, number in wanted.items() if number in places}


def files(deployment: int) -> Mapping[str, bytes]:
    """The files of a deployment."""
    rows = Definition.objects.filter(deployment=deployment).values_list("name", "content")
    return {name: bytes(content) for name, content in rows}


def names(deployment: int) -> frozenset[str]:
    """The names of the files of a deployment."""
    return frozenset(Definition.objects.filter(deployment=deployment).values_list("name", flat=True))


@lru_cache(maxsize=200)
def _read(id: str, deployment: int, digest: str) -> Pack | None:
    del digest  # part of the key
    try:
        return uploads.read(files(deployment), id)
    except AnyshoreError:
        return None
