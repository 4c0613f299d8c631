"""Running a service on many things at once: files to parcels, reference data, plays, deliverables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic, PackError
from anyshore.base.locations import Location
from anyshore.base.telling import Part
from anyshore.host import runs
from anyshore.host.intake import folders, receiving, reference_data
from anyshore.host.intake.parcels import Parcel, Place
from anyshore.host.intake.sorting import Sorter
from anyshore.host.intake.unpacking import Refused
from anyshore.host.runs import Outcome, Progress, Steps, Work
from anyshore.packs import sheets
from anyshore.packs.demonstration import Shown
from anyshore.packs.play import MadeUp
from anyshore.packs.reading import Pack
from anyshore.web.engine.models import Instance
from anyshore.web.site import deliverables, playing
from anyshore.web.site.services import Ready


@dataclass(frozen=True, slots=True)
class Source:
    """What is received.

    Attributes:
        files: files and folders.
        references: folder of the reference data.
        most: how many files at most; None for all.
    """

    files: tuple[Path, ...]
    references: Path | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How a service is run.

    Attributes:
        play: whether the pack's play answers for people.
        simulate: whether reference data is made up from what is received.
        out: folder for deliverables.
        progress: shows how far it has come.
    """

    play: bool = False
    simulate: bool = False
    out: Path | None = None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A run that ended.

    Attributes:
        outcome: what came of it.
        notes: by language: what was not real about it.
        deliverables: the files that were written.
    """

    outcome: Outcome
    notes: list[Any] = field(default_factory=list)
    deliverables: list[Path] = field(default_factory=list)


def source(ready: Ready, files: Sequence[Path], data: Path | None, most: int | None) -> Source:
    """What a command means by files and a data folder.

    Without both, the samples of the pack. A folder of real files is one that holds the folder the pack's demonstration
    names; otherwise the folder is taken as it is.

    Raises:
        DataError: there is no such folder or file.
    """
    if data is None:
        chosen = tuple(files) or (ready.pack.samples,)
        first = chosen[0]
        found = Source(chosen, first if first.is_dir() else first.parent, most)
    else:
        shown = ready.pack.demonstration.real if ready.pack.demonstration is not None else None
        real = shown_source(data, shown, most) if shown is not None else None
        found = real or Source((data,), data if data.is_dir() else data.parent, most)
    for path in found.files:
        if not path.exists():
            message = f"There is no folder or file {path}."
            raise DataError("intake.folder", message, Location(str(path)), "Give the folder of the files.")
    return found


def shown_source(data: Path, shown: Shown, most: int | None = None) -> Source | None:
    """The files of a run of a demonstration; None where the folder of real files does not hold them."""
    folder = data / (shown.data or "")
    if not folder.is_dir():
        return None
    return Source((folder,), data / (shown.references or shown.data or ""), most or shown.most)


def run(ready: Ready, source: Source, options: Options | None = None) -> Done:
    """Receives what is given, works until nothing is due, and tells what came of it.

    Raises:
        PackError: the pack has no play, or nothing to simulate.
        DataError: the reference data cannot be used.
    """
    options = options or Options()
    made_up = _made_up(ready) if options.simulate else None
    player = _player(ready, options) if options.play else None
    load_references(ready, source)
    place = Place(ready.engagement.key, ready.pack.id, ready.engagement.zone, ready.by.email, ready.target)
    if made_up is not None:
        make_up(ready, made_up, parcels(ready, source))
    work = Work(ready.engagement.key, ready.pack.id, ready.pack.report)
    written: list[Path] = []

    def after(numbers: Sequence[int]) -> Iterable[Diagnostic]:
        problems = list(player(numbers)) if player is not None else []
        written.extend(deliverables.write(_cases(numbers), ready.engagement, options.out))
        return problems

    receipts = receiving.receive(ready.host, ready.pack, place, parcels(ready, source))
    outcome = runs.run(ready.host, work, receipts, Steps(None, after, options.progress))
    notes = [made_up.note] if made_up is not None else []
    if player is not None and ready.pack.play is not None:
        notes.append(ready.pack.play.note)
    return Done(outcome, notes, written)


def demonstrated(ready: Ready, data: Path | None, most: int | None, progress: Progress) -> Iterator[tuple[Shown, Done]]:
    """The runs of a pack's demonstration, each when it is asked for; those on real files only where these are there.

    Args:
        ready: a service whose pack has something to show.
        data: folder of real files; None: the shipped samples alone.
        most: files of each run, at most.
        progress: shows how far it has come.
    """
    assert ready.pack.demonstration is not None
    for shown in ready.pack.demonstration.runs:
        given = source(ready, (), None, None)
        if shown.data is not None:
            found = shown_source(data, shown, most) if data is not None else None
            if found is None:
                continue
            given = found
        yield shown, run(ready, given, Options(shown.play, shown.simulate, None, progress))


def _cases(numbers: Sequence[int]) -> Iterator[Instance]:
    remaining = iter(numbers)
    while chunk := list(islice(remaining, runs.CHUNK)):
        found = Instance.objects.filter(kind="case").in_bulk(chunk)
        yield from (found[number] for number in chunk if number in found)


def _player(ready: Ready, options: Options) -> Callable[[Sequence[int]], Iterable[Diagnostic]]:
    found = playing.Player(ready.host, ready.engagement, ready.pack)
    found.check()

    def play(numbers: Sequence[int]) -> Iterable[Diagnostic]:
        if options.progress is None:
            return found.play(numbers)
        with options.progress("Played") as advance:
            found.progress = advance
            return found.play(numbers)

    return play


def _made_up(ready: Ready) -> MadeUp:
    play = ready.pack.play
    if play is None or play.references is None:
        message = f"The pack {ready.pack.id!r} says nothing about making reference data up."
        raise PackError("pack.no-play", message, hint="Leave --simulate out.")
    return play.references


def parcels(ready: Ready, source: Source) -> Iterator[Parcel]:
    """The files of a source in order of path, those of reference data left out; each pass reads them anew."""
    leave = folders.names(kind.file for kind in ready.pack.references.values())
    return islice(chain.from_iterable(folders.parcels(one, leave=leave) for one in source.files), source.most)


def load_references(ready: Ready, source: Source) -> None:
    """Puts the reference data that lies in a folder in force, each file in place of its kind.

    Raises:
        DataError: with every problem of a file.
    """
    if source.references is None:
        return
    for kind in ready.pack.references.values():
        path = source.references / kind.file
        if path.is_file():
            rows = kind.read(files.read(path, name=str(path)), str(path))
            reference_data.load(ready.host, ready.engagement.key, kind.name, rows, path.name, by=ready.by.email)


def make_up(ready: Ready, made_up: MadeUp, received: Iterable[Parcel]) -> None:
    """Makes reference data up from documents that are about to be received; the host keeps them meanwhile."""
    digests: list[str] = []
    # Whoever receives what is refused says why.
    pieces = (one for parcel in received for one in Sorter(ready.pack).sort(parcel) if not isinstance(one, Refused))
    while chunk := list(islice(pieces, receiving.CHUNK)):
        with ready.host.store.transaction() as tx:
            for digest, (name, content) in chain.from_iterable(piece.documents.items() for piece in chunk):
                tx.put_document(ready.engagement.key, digest, name, content)
                digests.append(digest)
    playing.call(ready.host, ready.engagement.key, made_up.call, {"documents": digests})


def as_dict(ready: Ready, done: Done) -> dict[str, Any]:
    """A run as plain data for ``--json``."""
    found, tally = done.outcome, done.outcome.tally
    return {
        "pack": ready.pack.id, "engagement": ready.engagement.key, "received": found.received, "cases": found.cases,
        "new": found.fresh, "outcomes": dict(tally.outcomes.most_common()), "straight_through": tally.untouched,
        "straight_through_rate": round(tally.untouched / found.cases, 4) if found.cases else None,
        "waiting": dict(tally.waiting.most_common()), "incidents": tally.incidents, "undecided": tally.undecided,
        "archived": found.archived,
        "details": {name: dict(counter.most_common()) for name, counter in tally.details.items()},
        "measures": {
            name: {
                "value": figure.value, "unit": measure.unit, "cases": figure.cases, "direction": measure.direction,
                "standard": measure.standard,
            }
            for name, measure in tally.report.measures.items()
            if (figure := tally.figures[name]) is not None
        },
        "repeated": [{"name": name, "case": number} for name, number in found.repeated],
        "refused": [{"name": name, **problem.as_dict()} for name, problem in found.refused],
        "unnamed": found.unnamed, "deliverables": [str(path) for path in done.deliverables],
        "notes": [note["en"] for note in done.notes], "seconds": round(found.seconds, 2), "worked": found.worked,
        "problems": [problem.as_dict() for problem in found.problems],
    }  # fmt: skip


def parts(pack: Pack, done: Done, title: str, lang: str) -> Iterator[Part]:
    """The same as tables and sentences; what went wrong stands in the outcome beside them."""
    yield sheets.summary(pack, done.outcome, title, lang)
    yield from (note[lang] for note in done.notes)
    if done.deliverables:
        yield f"Deliverables in {done.deliverables[0].parent} (HTML and PDF)."
    yield from sheets.details(pack, done.outcome, lang)
