"""``anyshore bootstrap``: the first person comes in."""

from __future__ import annotations

from typing import Annotated

import typer

from anyshore.cli import output, system


def bootstrap(
    provider: Annotated[str, typer.Argument(help="Name of the provider that this installation is for.")],
    email: Annotated[str, typer.Argument(help="Address of its first delivery manager.")],
    name: Annotated[str, typer.Argument(help="Their name.")],
    site: Annotated[
        str, typer.Option(help="What stands before the address: https://any.example.")
    ] = "http://127.0.0.1:8000",
    json: output.Json = False,
) -> None:
    """Print one link by which the first manager of a provider comes in, and chooses a password.

    It opens once and within 7 days; a second one ends the first. Nothing of it is kept in clear, and nobody is there
    until it was opened. Everybody else is invited in the pages.
    """
    system.start()
    from anyshore.web.accounts import links

    made = links.first(provider, email, name)
    address = f"{site.rstrip('/')}{made.path}"
    if json:
        output.document({"link": address, "expires": made.link.expires.isoformat()})
        return
    output.out.print(address, soft_wrap=True, highlight=False)
    output.err.print(
        f"It opens once, until {made.link.expires:%Y-%m-%d %H:%M %Z}. Give it to {email} and to nobody else."
    )
