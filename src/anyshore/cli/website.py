"""``anyshore website``: what a crawler may look at, and where links lead."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.website import robots
from anyshore.website.links import resolved

app = typer.Typer(no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A robots.txt.")]
Addresses = Annotated[list[str], typer.Argument(help="Addresses of pages, or their paths.")]
Agent = Annotated[str, typer.Option(help="Product token of the crawler.")]
Links = Annotated[list[str], typer.Argument(help="Links as they stand in a page.")]
Page = Annotated[str | None, typer.Option(help="Address of the page they stand in.")]


@app.command()
def allowed(file: File, addresses: Addresses, agent: Agent = "*", json: output.Json = False) -> None:
    """Tell which addresses a robots.txt lets a crawler look at (RFC 9309), and by which rule; status 1 if not all."""
    found = robots.read(files.read(file))
    rules = [(address, found.decides(agent, address)) for address in addresses]
    data = [
        {
            "address": address,
            "allowed": rule is None or rule.allow,
            "rule": rule and rule.path,
            "line": rule and rule.line,
        }
        for address, rule in rules
    ]
    rows = [(one["address"], "yes" if one["allowed"] else "no", one["rule"] or "–", one["line"] or "–") for one in data]
    output.answer(json, data, Sheet("May be looked at", ("Address", "Allowed", "Rule", "Line"), rows, right=(3,)))
    output.end(not all(one["allowed"] for one in data))


@app.command()
def resolve(links: Links, page: Page = None, json: output.Json = False) -> None:
    """Resolve links as browsers do (WHATWG URL); status 1 if one is no address."""
    rows: list[tuple[str, str]] = []
    problems: list[Diagnostic] = []
    for link in links:
        try:
            rows.append((link, resolved(link, page)))
        except DataError as error:
            problems += error.diagnostics
    data = {"links": [{"link": link, "address": address} for link, address in rows], "problems": output.plain(problems)}
    output.problems(() if json else problems)
    output.answer(json, data, Sheet("Links", ("Link", "Address"), rows))
    output.end(bool(problems))
