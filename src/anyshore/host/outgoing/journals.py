"""What who hands mails over notes on the way: a kill leaves the one mail in doubt that was under way, not all it had.

A line is in the hands of the system before a mail is, and outlives the process; it need not outlive the machine, for
then the claims in the database say that all of them are in doubt. The file is locked as long as its writer lives.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_ENDING = ".journal"


@dataclass(slots=True)
class Noted:
    """What somebody noted who was ended.

    Attributes:
        by: under which name they claimed mails.
        claims: the name of the claim of each mail they had, by its key.
        begun: keys of mails that were begun.
        done: when the server took them, microseconds since 1970 UTC, by their keys.
    """

    by: str
    claims: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    done: dict[str, int] = field(default_factory=dict)


class Journal:
    """The journal of who hands over.

    Args:
        folder: of all journals; None: nothing is noted.
        engagement: whose mails are handed over.
        by: name under which they are claimed.
    """

    def __init__(self, folder: Path | None, engagement: str, by: str) -> None:
        self._folder, self._engagement, self._path = folder, engagement, None
        self._file = -1
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path = folder / f"{by}{_ENDING}"
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def claimed(self, claims: Sequence[tuple[str, str]]) -> None:
        """Notes which mails are about to be claimed: keys and names of claims."""
        self._write("claimed", self._engagement, list(claims))

    def begun(self, key: str) -> None:
        """Notes that a mail is about to be handed over."""
        self._write("begun", key)

    def done(self, key: str, at: int) -> None:
        """Notes that it was taken."""
        self._write("done", key, at)

    def close(self, *, settled: bool) -> None:
        """Ends it; a journal whose mails are all settled in the database is of no more use."""
        if self._path is not None:
            if settled:
                self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._path = None

    @contextmanager
    def of_the_dead(self) -> Iterator[list[Noted]]:
        """The journals of others of this engagement that were ended; they are gone when they were settled."""
        held: list[tuple[Path, int]] = []
        found = []
        try:
            for path in sorted(self._folder.glob(f"*{_ENDING}")) if self._folder is not None else ():
                if path == self._path or (file := _locked(path)) is None:
                    continue
                held.append((path, file))
                noted = _read(path, self._engagement)
                if noted is None:
                    os.close(held.pop()[1])  # of another engagement: settled when its mails go out
                else:
                    found.append(noted)
            yield found
            for path, _file in held:
                path.unlink(missing_ok=True)
        finally:
            for _path, file in held:
                os.close(file)

    def _write(self, *what: object) -> None:
        if self._path is not None:
            os.write(self._file, json.dumps(what).encode() + b"\n")


def _locked(path: Path) -> int | None:
    """The open file, locked; None where its writer lives or it is gone."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def _read(path: Path, engagement: str) -> Noted | None:
    """What a journal says; None where it is another engagement's. A last line may be torn."""
    found = Noted(path.name.removesuffix(_ENDING))
    for line in path.read_bytes().splitlines():
        try:
            what, *said = json.loads(line)
        except ValueError:
            continue
        if what == "claimed":
            if said[0] != engagement:
                return None
            found.claims |= dict(said[1])
        elif what == "begun":
            found.begun.add(said[0])
        else:
            found.done[said[0]] = int(said[1])
    return found
