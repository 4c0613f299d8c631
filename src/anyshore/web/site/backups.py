"""A backup of an installation in one file, made while everything runs, and what becomes of it again.

A tar archive: ``manifest.json`` first, then the database as its own tools write it (a SQLite file; a dump of
``pg_dump`` in its custom form), then the files of the home folder that the pages cannot do without. The manifest names
the changes the tables have seen, so that no version restores what it could not read.
"""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from anyshore import __version__
from anyshore.base.errors import HostError
from anyshore.web.site import schema

FORM = 1
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
LEFT_OUT = ("anyshore.sqlite3",)
"""Beginnings of names in the home folder that are no part of a backup: the database itself and its locks."""

MOST_MANIFEST = 4_000_000
_COMPRESSION = 3


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        form: of the archive.
        version: of Anyshore that made it.
        database: ``sqlite`` or ``postgresql``.
        schema: the changes its tables have seen, by app and name.
        digest: SHA-256 of the database's member, in hexadecimal.
        made: microseconds since 1970 UTC.
    """

    form: int
    version: str
    database: str
    schema: tuple[tuple[str, str], ...]
    digest: str
    made: int


def backup(target: Path, now: int, using: str = DEFAULT_DB_ALIAS, home: Path | None = None) -> Manifest:
    """Makes a backup while workers work and pages are served. The file appears when it is whole.

    Args:
        target: the file, which must not be there yet.
        now: microseconds since 1970 UTC.
        using: Django's name of the connection.
        home: the folder of the installation.

    Raises:
        HostError: the file is there already, or the tools of the database fail.
    """
    if target.exists():
        raise HostError("backup.exists", f"{target} is there already.", hint="Name another file, or move it away.")
    kind = connections[using].vendor
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder, schema.alone(using):
        copy, draft = Path(folder, DATABASES[kind]), Path(folder, "backup.tar.gz")
        (_copy_sqlite if kind == "sqlite" else _dump)(using, copy)
        made = Manifest(FORM, __version__, kind, schema.standing(using).applied, _digest(copy), now)
        draft.touch(mode=0o600)
        with tarfile.open(draft, "w:gz", compresslevel=_COMPRESSION) as archive:
            _add(archive, "manifest.json", msgspec.json.encode(made))
            archive.add(copy, copy.name, filter=_plain)
            for path in _files(home or settings.HOME):
                archive.add(path, f"home/{path.relative_to(home or settings.HOME).as_posix()}", filter=_plain)
        os.replace(draft, target)
    return made


def read(source: Path) -> Manifest:
    """What a backup says of itself.

    Raises:
        HostError: it is no backup of Anyshore.
    """
    with _opened(source) as archive:
        return _manifest(source, archive)


def restore(source: Path, using: str = DEFAULT_DB_ALIAS, home: Path | None = None) -> Manifest:
    """Puts a backup in place of nothing: into a database without tables, and beside no file of the same name.

    Raises:
        HostError: there are tables already, it was made of the other sort of database or by a newer version, or it is
            damaged. Nothing was changed then.
    """
    home = home or settings.HOME
    with _opened(source) as archive:
        made = _manifest(source, archive)
        _refuse(made, using)
        with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder, schema.alone(using):
            copy = Path(folder, DATABASES[made.database])
            _extract(source, archive, copy.name, copy)
            if _digest(copy) != made.digest:
                raise _damaged(source, "the database in it is not the one that was written")
            (_place_sqlite if made.database == "sqlite" else _load)(using, copy)
            for member in archive:
                name = PurePosixPath(member.name)
                if member.isfile() and name.parts[0] == "home" and ".." not in name.parts:
                    path = home.joinpath(*name.parts[1:])
                    if not path.exists():
                        path.parent.mkdir(parents=True, exist_ok=True)
                        _extract(source, archive, member.name, path)
    return made


def _refuse(made: Manifest, using: str) -> None:
    connection = connections[using]
    if made.database != connection.vendor:
        message = f"It is a backup of {made.database}, and this installation uses {connection.vendor}."
        raise HostError("restore.other-database", message, hint="Set ANYSHORE_DATABASE accordingly.")
    found = schema.standing(using)
    if not found.is_empty:
        hint = "Restore into an empty database: another ANYSHORE_HOME, or a new database of PostgreSQL."
        raise HostError("restore.not-empty", "The database has tables already.", hint=hint)
    unknown = [name for name in made.schema if name not in found.pending and name[0] not in schema.ELSEWHERE]
    if unknown:
        told = ", ".join(f"{app}.{name}" for app, name in unknown[:5])
        message = f"The backup is of a newer version ({made.version}): this one does not know {told}."
        raise HostError("store.newer-schema", message, hint="Restore it with that version.")


def _copy_sqlite(using: str, target: Path) -> None:
    """A copy of one moment, through SQLite itself: writers go on meanwhile."""
    path = connections[using].settings_dict["NAME"]
    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        _check(copy)


def _check(database: sqlite3.Connection) -> None:
    (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise HostError("store.corrupt", f"The database is damaged: {found}", hint="Use an earlier backup.")


def _place_sqlite(using: str, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as database:
        _check(database)
    connections[using].close()
    path = Path(connections[using].settings_dict["NAME"])
    os.chmod(copy, 0o600)
    os.replace(copy, path)


def _dump(using: str, target: Path) -> None:
    _tool(using, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def _load(using: str, copy: Path) -> None:
    name = str(connections[using].settings_dict["NAME"])
    _tool(
        using, "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
        f"--dbname={name}", str(copy),
    )  # fmt: skip


def _tool(using: str, name: str, *arguments: str) -> None:
    """Runs a tool of PostgreSQL on a database; the password does not stand in its command line."""
    known: dict[str, Any] = connections[using].settings_dict
    given = {
        "PGHOST": known["HOST"], "PGPORT": known["PORT"], "PGUSER": known["USER"], "PGPASSWORD": known["PASSWORD"],
        "PGDATABASE": known["NAME"], "PGSSLMODE": known["OPTIONS"].get("sslmode", ""),
        "PGSSLROOTCERT": known["OPTIONS"].get("sslrootcert", ""),
    }  # fmt: skip
    environment = os.environ | {key: str(value) for key, value in given.items() if value}
    try:
        done = subprocess.run([name, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError as problem:
        hint = "Install the client tools of PostgreSQL, of the version of the server or a newer one."
        raise HostError("backup.no-tool", f"There is no {name} on this machine.", hint=hint) from problem
    if done.returncode:
        raise HostError("backup.failed", f"{name} failed: {done.stderr.strip()}", hint="Nothing was kept.")


def _files(home: Path) -> Iterator[Path]:
    """What else an installation keeps: the secret key, the passwords of channels, the clause model."""
    for path in sorted(home.rglob("*")):
        first = path.relative_to(home).parts[0]
        if path.is_file() and not path.is_symlink() and not first.startswith((*LEFT_OUT, ".backup-", ".restore-")):
            yield path


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = _plain(tarfile.TarInfo(name))
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            yield archive
    except FileNotFoundError as problem:
        raise HostError("restore.no-file", f"There is no file {source}.", hint="Name a backup.") from problem
    except (tarfile.TarError, EOFError, OSError) as problem:
        raise _damaged(source, str(problem)) from problem


def _manifest(source: Path, archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    if first is None or first.name != "manifest.json" or first.size > MOST_MANIFEST:
        raise _damaged(source, "it does not begin with a manifest")
    content = archive.extractfile(first)
    assert content is not None
    try:
        found = msgspec.json.decode(content.read(), type=Manifest)
    except (msgspec.DecodeError, ValueError) as problem:
        raise _damaged(source, f"its manifest cannot be read: {problem}") from problem
    if found.form != FORM or found.database not in DATABASES:
        raise _damaged(source, f"its form {found.form} ({found.database}) is not known here")
    return found


def _extract(source: Path, archive: tarfile.TarFile, name: str, target: Path) -> None:
    try:
        content = archive.extractfile(name)
    except KeyError as problem:
        raise _damaged(source, f"it has no {name}") from problem
    if content is None:
        raise _damaged(source, f"its {name} is no file")
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with content, os.fdopen(handle, "wb") as out:
        while block := content.read(1 << 20):
            out.write(block)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(source: Path, why: str) -> HostError:
    return HostError("restore.damaged", f"{source} is no whole backup: {why}.", hint="Use another backup.")
