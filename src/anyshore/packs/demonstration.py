"""``demonstration:`` of a pack: what ``anyshore demo`` runs of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from anyshore.base.errors import Diagnostic
from anyshore.packs.expressions import Reader
from anyshore.packs.play import Play
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


def check(reader: Reader, found: Demonstration | None, play: Play | None, *, terms: bool) -> None:
    """What a demonstration needs of its pack; problems are noted in the reader."""
    if found is None:
        return
    place = reader.document.at((SECTION,), key=True)
    if not terms:
        message = "A demonstration signs the sample terms, and the pack has none."
        reader.problems.append(Diagnostic("pack.no-terms", message, place, "Write terms.yaml."))
    for number, one in enumerate(found.runs):
        lacking = "play" if one.play and play is None else None
        if one.simulate and (play is None or play.references is None):
            lacking = "simulate"
        if lacking is not None:
            where = reader.document.at((SECTION, "runs", number, lacking))
            message = "The run asks for what the section play does not say."
            reader.problems.append(Diagnostic("pack.no-play", message, where, "Write the section play."))
