"""A watched folder: files that have stopped growing are received and moved to ``done`` or ``refused`` beside."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.host.channels.sources import FOLDER, MAILS, Arrival, Seen, setting
from anyshore.host.intake import folders
from anyshore.host.intake.parcels import Parcel
from anyshore.host.names import shown

DONE, REFUSED = "done", "refused"
REASON = ".reason.txt"
"""Ending of the text beside a refused file."""

QUIET = 5
"""Seconds a file must not have changed: until then somebody may be writing it."""

UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp", "~")
"""Endings of files that programs rename when they are whole."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is watched.

    Attributes:
        path: of the folder.
        kind: ``folder``, or ``mails`` where each file in it is a mail, whatever it is called.
        now: microseconds since 1970 UTC: whether a file is quiet is told by it.
        quiet: seconds a file must not have changed.
    """

    path: Path
    kind: str
    now: int
    quiet: int = QUIET

    @classmethod
    def of(cls, settings: Mapping[str, Any], kind: str, now: int) -> Folder:
        """The folder of a channel."""
        return cls(Path(setting(settings, "path")), kind, now, int(settings.get("quiet", QUIET)))

    def arrivals(self, seen: Seen) -> Iterator[Arrival]:
        """See ``sources.Source``."""
        ready = [(path, key) for path in self._files() if (key := self._key(path)) is not None]
        known = seen([key for _, key in ready])
        for path, key in ready:
            before = known.get(key)
            if before is not None:
                yield Arrival(key, None, partial(self._settle, path))
                continue
            parcel = self._parcel(path)
            if self._key(path) == key:  # else it was changed while it was read: another time
                yield Arrival(key, parcel, partial(self._settle, path))

    def check(self) -> str:
        """See ``sources.Source``."""
        files = self._files()
        ready = sum(self._key(path) is not None for path in files)
        return f"{len(files)} files in {self.path}, {ready} of them ready to be received."

    def _files(self) -> list[Path]:
        """The files, without those that were dealt with and those that are not whole yet."""
        try:
            os.listdir(self.path)
        except OSError as problem:
            message = f"The folder cannot be read: {problem.strerror}."
            raise DataError("channel.folder", message, Location(str(self.path)), "Check path and rights.") from problem
        dealt_with = {self.path / DONE, self.path / REFUSED}
        return [
            path
            for path in folders.found(self.path)
            if dealt_with.isdisjoint(path.parents)
            and not path.name.startswith(".")
            and not path.name.lower().endswith(UNFINISHED)
        ]

    def _key(self, path: Path) -> str | None:
        """What the folder knows a file by: name, size and time; None while it may be growing, or once it is gone."""
        try:
            found = path.stat()
        except OSError:
            found = None
        if found is None:
            return None if not path.is_symlink() else f"link:{self._name(path)}"[:400]
        if self.now - found.st_ctime_ns // 1000 < self.quiet * 1_000_000:
            return None
        name = hashlib.sha256(os.fsencode(path.relative_to(self.path))).hexdigest()
        return f"{name}:{found.st_size}:{found.st_mtime_ns}"

    def _name(self, path: Path) -> str:
        return path.relative_to(self.path).as_posix()

    def _parcel(self, path: Path) -> Parcel:
        name = self._name(path)
        if self.kind == MAILS and not name.lower().endswith(".eml"):
            name = f"{name}.eml"  # as in a Maildir, where mails have no ending
        return folders.parcel(path, name, MAILS if self.kind == MAILS else FOLDER)

    def _settle(self, path: Path, refused: str) -> None:
        """Moves a file aside. One that cannot be moved stays, and is remembered."""
        base = self.path / (REFUSED if refused else DONE)
        try:
            target = _free(base / path.relative_to(self.path))
            target.parent.mkdir(parents=True, exist_ok=True)
            if refused:
                target.with_name(target.name + REASON).write_text(f"{refused}\n", encoding="utf-8")
            os.replace(path, target)
        except FileNotFoundError:
            return  # another worker was quicker
        except OSError as problem:
            message = f"{shown(self._name(path))} was received and cannot be moved: {problem.strerror}."
            place = Location(str(self.path))
            raise DataError("channel.folder", message, place, "Give the right to write.") from problem


def _free(path: Path) -> Path:
    """A path nothing stands at."""
    number, found = 1, path
    while found.exists() or found.is_symlink():
        number += 1
        found = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return found
