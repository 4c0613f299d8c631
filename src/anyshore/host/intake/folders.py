"""The files of a folder as parcels: every one of them, in order of path, read one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.host.intake.parcels import Parcel
from anyshore.host.names import shown

MAX_BYTES = 512 * 1024 * 1024
"""Bytes of a file that is read: an archive may hold many documents."""


def parcels(
    path: Path, *, leave: Callable[[Path], bool] = lambda _: False, channel: str = "command"
) -> Iterator[Parcel]:
    """A file, or all files of a folder and below, whatever their names end in. Each call reads them anew.

    A file that cannot be read is a parcel, too: it is refused by name.

    Args:
        path: a file or folder.
        leave: which files are none of the work: reference data that is loaded by itself.
        channel: how they come.

    Raises:
        DataError: there is no such file or folder.
    """
    base = path if path.is_dir() else path.parent
    for one in found(path):
        if not leave(one):
            yield parcel(one, one.relative_to(base).as_posix(), channel)


def found(path: Path) -> Sequence[Path]:
    """The file, or the files of a folder and below, in order of path.

    Raises:
        DataError: there is no such file or folder.
    """
    if path.is_dir():
        return sorted(one for one in path.rglob("*") if one.is_symlink() or not one.is_dir())
    if not path.exists() and not path.is_symlink():
        message = f"There is no folder or file {path}."
        raise DataError("intake.folder", message, Location(shown(str(path))), "Give the folder of the files.")
    return [path]


def parcel(path: Path, name: str, channel: str) -> Parcel:
    """A file as it is; a parcel with a problem where it cannot be read."""
    try:
        return Parcel(name, files.read(path, most=MAX_BYTES, name=shown(name)), channel)
    except DataError as problem:
        return Parcel(name, None, channel, problem=problem.diagnostics[0])


def names(paths: Iterable[str]) -> Callable[[Path], bool]:
    """Whether a file has one of these names, however it is capitalised."""
    lower = {name.lower() for name in paths}
    return lambda path: path.name.lower() in lower
