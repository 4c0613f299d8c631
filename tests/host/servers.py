"""Databases of processes that may be killed, for measuring and for tests, both as durable as they can be."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HOME = Path(os.environ.get("ANYSHORE_BENCH", "/var/tmp"))
"""Where files go: a real disk, not memory."""


class Postgresql:
    """A cluster in a temporary folder, reached through a socket there.

    Args:
        folder: of a cluster that is there already.
        synced: whether what is committed is on the disk; off, it is quicker.
        within: folder in which a new one is made.
        settings: more of the server's, as ``-c name=value``.
    """

    def __init__(
        self, folder: Path | None = None, *, synced: bool = True, within: Path = HOME, settings: str = ""
    ) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            raise LookupError("no PostgreSQL: /usr/lib/postgresql/*/bin/initdb is absent")
        self._bin = found[-1].parent
        self._as_user: list[str] = []
        owner = None
        if os.geteuid() == 0:
            try:
                owner = pwd.getpwnam("postgres")
            except KeyError as problem:
                raise LookupError("no PostgreSQL: initdb refuses root and there is no user postgres") from problem
            self._as_user = ["runuser", "-u", "postgres", "--"]
        self._settings = ("" if synced else " -c fsync=off") + settings
        self.folder = folder or Path(tempfile.mkdtemp(prefix="anyshore-pg-", dir=within))
        self.address = f"postgresql://anyshore@/anyshore?host={self.folder}"
        if folder is not None:
            return
        try:
            if owner is not None:
                os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            made = ("-D", self.folder / "data", "-U", "anyshore", "-A", "trust", "-E", "UTF8")
            self._run(self._bin / "initdb", *made, *([] if synced else ["--no-sync"]))
            self.start()
            self._run(self._bin / "createdb", "-h", self.folder, "-U", "anyshore", "anyshore")
        except BaseException:
            self.remove()
            raise

    def _run(self, *command: object) -> None:
        done = subprocess.run(
            [*self._as_user, *map(str, command)], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            timeout=300,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr.decode())

    def start(self) -> None:
        """Starts the server and waits until it takes connections."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c shared_buffers=256MB"
        self._run(
            self._bin / "pg_ctl", "-D", self.folder / "data", "-o", options + self._settings, "-l", self.folder / "log",
            "-w", "-t", "280", "start",
        )  # fmt: skip

    def crash(self) -> None:
        """Stops every process of the server at once, as a power cut would."""
        self._run(self._bin / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def runs(self) -> bool:
        """Whether it does."""
        command = [*self._as_user, str(self._bin / "pg_ctl"), "-D", str(self.folder / "data"), "status"]
        return subprocess.run(command, cwd=self.folder, stdout=subprocess.DEVNULL, check=False).returncode == 0

    def remove(self) -> None:
        """Stops the server, if it runs, and deletes everything."""
        with contextlib.suppress(RuntimeError):
            self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A file system of its own, of a few megabytes; None where this user may mount none."""
    folder = Path(tempfile.mkdtemp(prefix="anyshore-disk-", dir=HOME))
    options = f"size={megabytes}m,mode=755"
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    mounted = subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


SMALL = " -c max_wal_size=64MB -c min_wal_size=32MB"
"""Settings of a server on a small disk."""


def running(folder: str, settings: str = "") -> Postgresql:
    """A cluster that another process has made."""
    return Postgresql(Path(folder), settings=settings)


def environment(home: Path, address: str | None) -> dict[str, str]:
    """The environment of a process that uses this database."""
    found = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "anyshore.web.site.settings", "ANYSHORE_HOME": str(home),
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent),
    }  # fmt: skip
    found.pop("ANYSHORE_DATABASE", None)
    return found | ({"ANYSHORE_DATABASE": address} if address else {})


def open_host(activities: Any = None) -> Any:
    """The host over the database of this process's environment; the tables are made if need be."""
    import django

    django.setup()
    from anyshore.host.driver import Host
    from anyshore.web.engine.store import DatabaseStore
    from anyshore.web.site import schema

    schema.migrate()

    return Host(DatabaseStore(), activities)
