"""``anyshore bootstrap``, ``migrate``, ``backup``, ``restore`` and ``person``: what is done to an installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from anyshore.base.commands import Answer, Group, Json
from anyshore.base.telling import moment
from anyshore.cli import output
from anyshore.web.site import system

Email = Annotated[str, "Address the person signs in with."]


def bootstrap(
    provider: Annotated[str, "Name of the provider that this installation is for."],
    email: Annotated[str, "Address of its first delivery manager."],
    name: Annotated[str, "Their name."],
    *,
    site: Annotated[str, "What stands before the address: https://any.example."] = "http://127.0.0.1:8000",
    json: Json = False,
) -> Answer:
    """Print one link by which the first manager of a provider comes in, and chooses a password.

    It opens once and within 7 days; a second one ends the first. Nothing of it is kept in clear, and nobody is there
    until it was opened. Everybody else is invited in the pages.
    """
    system.start()
    from anyshore.web.accounts import links

    made = links.first(provider, email, name)
    address = f"{site.rstrip('/')}{made.path}"
    if not json:
        until = f"{made.link.expires:%Y-%m-%d %H:%M %Z}"
        output.err.print(f"It opens once, until {until}. Give it to {email} and to nobody else.")
    return Answer({"link": address, "expires": made.link.expires.isoformat()}, address)


def migrate(
    *, check: Annotated[bool, "--check", "Change nothing: exit status 1 where something is to be done."] = False
) -> Answer:
    """Bring the tables of the database up to date.

    Make a backup before, and stop older versions first.
    """
    with system.usable():
        system.set_up()
        from anyshore.web.site import schema

        if check:
            found = schema.standing()
            schema.refuse_newer(found)
            changes = found.pending
        else:
            changes = schema.migrate(told=lambda name: output.err.print(name, highlight=False))
    names = [".".join(one) for one in changes]
    some, none = ("changes are to be made", "The tables are") if check else ("changes made", "The tables were")
    text = f"{len(names)} {some}." if names else f"{none} up to date."
    return Answer({"pending" if check else "made": names}, text, bad=check and names)


def backup(target: Annotated[Path, "File to write; it must not be there yet."]) -> Answer:
    """Write the database and the secrets into one file, while everything runs.

    Who has the file has everything: keep it as you keep the database. PostgreSQL needs its tool pg_dump.
    """
    host = system.host(read_only=True)
    from anyshore.web.site import backups

    with system.usable(), output.progress("Backup", None):
        made = backups.backup(target, host.clock())
    size = target.stat().st_size
    return Answer({"file": str(target), "bytes": size, "digest": made.digest}, f"{target}: {size:,} bytes.")


def restore(source: Annotated[Path, "A backup."]) -> Answer:
    """Restore a backup into an empty installation.

    That is another ANYSHORE_HOME, or a new database of PostgreSQL.
    """
    with system.usable():
        system.set_up()
        from anyshore.web.site import backups, schema

        with output.progress("Restore", None):
            made = backups.restore(source)
        pending = [".".join(one) for one in schema.standing().pending]
    at, older = moment(made.made), ["It is of an older version: now anyshore migrate."] if pending else []
    data = {"made": at, "version": made.version, "pending": pending}
    return Answer(data, f"Restored as of {at}, made by version {made.version}.", older)


def export(email: Email) -> None:
    """Tell what is kept of a person: every row that names them, as JSON, without secrets. It is noted."""
    system.start()
    from anyshore.web.accounts import personal

    output.document(personal.told(personal.named(email)))


def erase(email: Email, *, reason: Annotated[str, "Why: who asked, and when."]) -> Answer:
    """Take away who a person was; what they did in cases stays, and its logs and ledgers with it.

    Accounts, memberships, tokens, sessions, credentials, drafts and notifications are deleted, in Changes the name is
    replaced. A ledger and the log of a case prove what was delivered and billed: they are kept as they are.
    """
    system.start()
    from anyshore.web.accounts import personal

    after = personal.erase(personal.named(email), reason)
    return Answer({"kept_as": after}, f"Erased. What stays is kept as {after}.")


PERSONS = Group("What is kept of a person: tell it, erase it.", {"export": export, "erase": erase})
