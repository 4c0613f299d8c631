"""``anyshore website``: what a crawler may look at, where links lead, whether a certificate holds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.host.outgoing.trusted import of_this_machine
from anyshore.website import robots
from anyshore.website.links import resolved

app = typer.Typer(no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A robots.txt.")]
Addresses = Annotated[list[str], typer.Argument(help="Addresses of pages, or their paths.")]
Agent = Annotated[str, typer.Option(help="Product token of the crawler.")]
Links = Annotated[list[str], typer.Argument(help="Links as they stand in a page.")]
Pem = Annotated[Path, typer.Argument(help="Certificates in PEM: the server's own first, then what it sends beside it.")]
Trusted = Annotated[Path | None, typer.Option(help="Certificates that are trusted; left out, those of this machine.")]
Names = Annotated[list[str] | None, typer.Option("--name", help="A host it has to stand for; repeat it.")]
Lists = Annotated[list[Path] | None, typer.Option("--crl", help="A revocation list; repeat it.")]
Stapled = Annotated[Path | None, typer.Option(help="What the server staples about revocation (OCSP, DER).")]
Rules = Annotated[Literal["webpki", "rfc5280"], typer.Option(help="Whose rules: the browsers' or only RFC 5280's.")]
At = Annotated[str | None, typer.Option("--at", help="When it has to hold, for example 2026-05-01T09:00:00Z.")]
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


@app.command()
def certificate(
    file: Pem,
    trusted: Trusted = None,
    names: Names = None,
    lists: Lists = None,
    stapled: Stapled = None,
    rules: Rules = "webpki",
    at: At = None,
    json: output.Json = False,
) -> None:
    """Judge a server's certificate by chain, names, key and revocation (RFC 5280); status 1 if it does not hold."""
    from anyshore.website.certificates import chains, findings, reading  # a library of its own

    leaf, *sent = reading.split(files.read(file))
    material = chains.Material(
        leaf, sent, reading.split(files.read(trusted) if trusted else of_this_machine()),
        [files.read(one) for one in lists or ()], [files.read(stapled)] if stapled else [],
    )  # fmt: skip
    question = chains.Question(_moment(at), tuple(names or ()), findings.Profile(rules))
    found = chains.judge(material, question)
    rows = [("refused" if one.grave else "told", one.certificate, one.reason, one.section) for one in found.findings]
    data = {
        "holds": found.holds, "chain": found.chain, "names": found.names, "ends": found.ends and found.ends.isoformat(),
        "days_left": found.days_left, "findings": [asdict(one) for one in found.findings],
    }  # fmt: skip
    output.answer(
        json, data,
        f"{'It holds' if found.holds else 'It does not hold'}; {_days(found.days_left)}.",
        Sheet("Chain", ("Certificate",), [(one,) for one in found.chain]),
        Sheet("Findings", ("", "Certificate", "What", "Rule"), rows),
    )  # fmt: skip
    output.end(not found.holds)


def _days(left: int | None) -> str:
    if left is None:
        return "it cannot be read"
    many = f"{abs(left)} day{'s' * (abs(left) != 1)}"
    return f"{many} left" if left >= 0 else f"it ended {many} ago"


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as problem:
        hint = "Write it as 2026-05-01T09:00:00Z."
        raise DataError("website.moment", f"{text!r} is no moment.", hint=hint) from problem
    return found.replace(tzinfo=found.tzinfo or UTC)
