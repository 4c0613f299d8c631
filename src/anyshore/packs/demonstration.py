"""``demonstration:`` of a pack: what ``anyshore demo`` runs of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from anyshore.packs.expressions import Reader
from anyshore.runtime.reports import Texts

SECTION = "demonstration"


@dataclass(frozen=True, slots=True)
class Shown:
    """One run of the demonstration.

    Attributes:
        title: by language.
        data: folder of files below the folder of real files; None: the samples of the pack. Where it is not there,
            the run is left out.
        references: folder of the reference data, likewise; None: the same as ``data``.
        most: how many files at most; None for all.
        play: whether the pack's play answers for people.
        simulate: whether reference data is made up.
    """

    title: Texts
    data: str | None = None
    references: str | None = None
    most: int | None = None
    play: bool = False
    simulate: bool = False


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What is shown of a service.

    Attributes:
        order: its place among the services.
        runs: one after the other.
    """

    order: int = 0
    runs: tuple[Shown, ...] = field(default=())

    @property
    def real(self) -> Shown | None:
        """The first run on real files: what ``anyshore run PACK --data DIR`` looks for in a folder of such."""
        return next((one for one in self.runs if one.data is not None), None)


def read(reader: Reader) -> Demonstration | None:
    """The section of a pack; None where it has none."""
    found = reader.value((SECTION,))
    if found is None:
        return None
    return Demonstration(found["order"], tuple(Shown(**one) for one in found["runs"]))
