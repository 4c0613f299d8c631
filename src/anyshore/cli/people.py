"""``anyshore person``: what is kept of somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from anyshore.base.errors import CommandRejected
from anyshore.cli import output, system

if TYPE_CHECKING:
    from anyshore.web.core.models import Person

app = typer.Typer(no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="Address the person signs in with.")]


@app.command()
def export(email: Email) -> None:
    """Tell what is kept of a person: every row that names them, as JSON, without secrets. It is noted."""
    system.start()
    from anyshore.web.accounts import personal

    output.document(personal.told(_person(email)))


@app.command()
def erase(
    email: Email, reason: Annotated[str, typer.Option(help="Why: who asked, and when.")], json: output.Json = False
) -> None:
    """Take away who a person was; what they did in cases stays, and its logs and ledgers with it.

    Accounts, memberships, tokens, sessions, credentials, drafts and notifications are deleted, in Changes the name is
    replaced. A ledger and the log of a case prove what was delivered and billed: they are kept as they are.
    """
    system.start()
    from anyshore.web.accounts import personal

    after = personal.erase(_person(email), reason)
    if json:
        output.document({"kept_as": after})
    else:
        output.out.print(f"Erased. What stays is kept as {after}.")


def _person(email: str) -> Person:
    from anyshore.web.core.models import Person

    found: Person | None = Person.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise CommandRejected("person.unknown", f"Nobody signs in as {email}.", hint="See People in the pages.")
    return found
