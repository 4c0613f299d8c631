"""``anyshore migrate``, ``anyshore backup`` and ``anyshore restore``: what is done to all of an installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import output, system


def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing: exit status 1 where something is to be done.")
    ] = False,
    json: output.Json = False,
) -> None:
    """Bring the tables of the database up to date.

    Make a backup before, and stop older versions first.
    """
    with system.usable():
        system.set_up()
        from anyshore.web.site import schema

        if check:
            found = schema.standing()
            names = [".".join(one) for one in found.pending]
            schema.refuse_newer(found)
        else:
            names = [".".join(one) for one in schema.migrate(told=lambda name: output.err.print(name, highlight=False))]
    if json:
        output.document({"pending" if check else "made": names})
    elif check:
        output.out.print(f"{len(names)} changes are to be made." if names else "The tables are up to date.")
    else:
        output.out.print(f"{len(names)} changes made." if names else "The tables were up to date.")
    if check and names:
        raise typer.Exit(1)


def backup(
    target: Annotated[Path, typer.Argument(help="File to write; it must not be there yet.")],
    json: output.Json = False,
) -> None:
    """Write the database and the secrets into one file, while everything runs.

    Who has the file has everything: keep it as you keep the database. PostgreSQL needs its tool pg_dump.
    """
    host = system.host(read_only=True)
    from anyshore.web.site import backups

    with system.usable(), output.progress("Backup", None):
        made = backups.backup(target, host.clock())
    if json:
        output.document({"file": str(target), "bytes": target.stat().st_size, "digest": made.digest})
    else:
        output.out.print(f"{target}: {target.stat().st_size:,} bytes.", highlight=False)


def restore(
    source: Annotated[Path, typer.Argument(help="A backup.")],
    json: output.Json = False,
) -> None:
    """Restore a backup into an empty installation.

    That is another ANYSHORE_HOME, or a new database of PostgreSQL.
    """
    with system.usable():
        system.set_up()
        from anyshore.web.site import backups, schema

        with output.progress("Restore", None):
            made = backups.restore(source)
        pending = schema.standing().pending
    at = output.moment(made.made)
    if json:
        output.document({"made": at, "version": made.version, "pending": [".".join(one) for one in pending]})
        return
    output.out.print(f"Restored as of {at}, made by version {made.version}.", highlight=False)
    if pending:
        output.out.print("It is of an older version: now anyshore migrate.", highlight=False)
