"""``anyshore dkim``: keys that sign mails, and what the DNS has to say of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anyshore.base import files
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.cli.shared import Json
from anyshore.web.site import system

if TYPE_CHECKING:
    from anyshore.host.outgoing.signing import Published

app = typer.Typer(no_args_is_help=True)

Domain = Annotated[str, typer.Argument(help="Domain of the addresses mails come from.")]
Selector = Annotated[
    str | None, typer.Option(help="Name of the key; left out, the next of this year: s2026a, s2026b, …")
]
Record = Annotated[Path, typer.Argument(help="The published TXT record, as a look-up or a zone file gives it.")]


@app.command()
def make(domain: Domain, selector: Selector = None, json: Json = False) -> None:
    """Make a key that signs the mails of a domain, and print the DNS record to publish."""
    from anyshore.host.outgoing import signing  # a library of its own

    made = signing.make(_folder(), domain, selector)
    _told(made, json)


@app.command()
def show(domain: Domain, json: Json = False) -> None:
    """Print the DNS record of the key that signs the mails of a domain."""
    from anyshore.host.outgoing import signing  # see above

    _told(signing.published(_folder(), domain), json)


@app.command()
def check(domain: Domain, record: Record, json: Json = False) -> None:
    """Check a published record against the key that signs; status 1 where others could not verify it."""
    from anyshore.host.outgoing import signing  # see above
    from anyshore.mail import dkim_records

    key = signing.published(_folder(), domain)
    found = dkim_records.problems(files.read_text(record), key.public)
    data = {"domain": key.domain, "selector": key.selector, "holds": not found, "problems": found}
    output.answer(
        json, data, Sheet("DKIM record", ("Name", "Finding"), [(key.name, one) for one in found or ["holds"]])
    )
    output.end(bool(found))


def _folder() -> Path:
    system.set_up()
    from django.conf import settings  # those of the installation, once it is set up

    return Path(settings.HOME) / "dkim"


def _told(key: Published, json: bool) -> None:
    data = {"domain": key.domain, "selector": key.selector, "name": key.name, "record": key.record, "zone": key.zone}
    output.answer(json, data, f"{key.name}\n\n{key.record}\n\nAs a line of a zone file:\n\n{key.zone}")
