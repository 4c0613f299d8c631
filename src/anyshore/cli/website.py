"""``anyshore website``: what a crawler may look at, where links lead, whether a certificate holds, what is broken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import typer

from anyshore.base import files
from anyshore.base.errors import DataError, each, plain
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.cli.shared import Json
from anyshore.host.outgoing.trusted import of_this_machine
from anyshore.website import robots
from anyshore.website.links import resolved

if TYPE_CHECKING:
    from anyshore.website.checks.findings import Finding

app = typer.Typer(no_args_is_help=True)

Sites = Annotated[list[str], typer.Argument(help="Addresses of pages; their hosts are the agreed ones.")]
Site = Annotated[str, typer.Option(help="Name of the site in the terms, for the run.")]
RunFile = Annotated[
    Path | None, typer.Option("--run", help="Write the run here, for a service to follow (….run.json).")
]
Looks = Annotated[Path | None, typer.Option("--looks", help="Add a row for each look to this table (looks.csv).")]
Probe = Annotated[str, typer.Option(help="From where one looks, for the table.")]
Pages = Annotated[int, typer.Option(min=1, help="Addresses asked for, at most.")]
Depth = Annotated[int, typer.Option(min=0, help="Steps from the first page, at most.")]
Rate = Annotated[float, typer.Option(min=0, help="Requests begun in a second, at most; 0 for as fast as they come.")]
Seconds = Annotated[float, typer.Option(min=1, help="Seconds the crawl may take.")]
Rdap = Annotated[str, typer.Option(help="Server of the registry, such as https://rdap.nic.example/ (IANA lists them).")]
File = Annotated[Path, typer.Argument(help="A robots.txt.")]
Addresses = Annotated[list[str], typer.Argument(help="Addresses of pages, or their paths.")]
Agent = Annotated[str, typer.Option(help="Product token of the crawler.")]
Links = Annotated[list[str], typer.Argument(help="Links as they stand in a page.")]
Page = Annotated[str | None, typer.Option(help="Address of the page they stand in.")]
Pem = Annotated[Path, typer.Argument(help="Certificates in PEM: the server's own first, then what it sends beside it.")]
Trusted = Annotated[Path | None, typer.Option(help="Certificates that are trusted; left out, those of this machine.")]
Names = Annotated[list[str] | None, typer.Option("--name", help="A host it has to stand for; repeat it.")]
Lists = Annotated[list[Path] | None, typer.Option("--crl", help="A revocation list; repeat it.")]
Stapled = Annotated[Path | None, typer.Option(help="What the server staples about revocation (OCSP, DER).")]
Rules = Annotated[Literal["webpki", "rfc5280"], typer.Option(help="Whose rules: the browsers' or only RFC 5280's.")]
At = Annotated[str | None, typer.Option("--at", help="When it has to hold, for example 2026-05-01T09:00:00Z.")]


@app.command()
def look(
    addresses: Sites, site: Site = "site", run: RunFile = None, looks: Looks = None, probe: Probe = "here",
    json: Json = False,
) -> None:  # fmt: skip
    """Look whether sites are up, twice before one is down, and judge their certificates; status 1 if one fails."""
    from anyshore.host.websites import keeping  # a library of its own
    from anyshore.host.websites.inspecting import inspect
    from anyshore.host.websites.looking import Looking

    start, _ = _agreed(addresses)
    at = datetime.now(UTC)
    seen = []
    for address in start:
        seen.append(inspect(address, at, Looking(probe=probe)))
        if looks is not None:  # each at once: what was seen stays where a later look fails
            keeping.append(looks, site, [seen[-1].look])
    looked = [(check, address) for address, one in zip(start, seen, strict=True) for check in one.looked]
    _tell(json, run, site, at, looked, [finding for one in seen for finding in one.findings], {})


@app.command()
def crawl(
    addresses: Sites, site: Site = "site", run: RunFile = None, pages: Pages = 10_000, depth: Depth = 20,
    rate: Rate = 5.0, seconds: Seconds = 600.0, json: Json = False,
) -> None:  # fmt: skip
    """Crawl a site for broken links, fragments, redirect chains and mixed content; status 1 if something is found."""
    from anyshore.host.websites import crawling  # a library of its own
    from anyshore.website.crawl.crawling import Plan

    plan = Plan(*_agreed(addresses), pages=pages, depth=depth)
    pace = crawling.Pace(at_once=4, per_second=rate or None, seconds=seconds)
    at = datetime.now(UTC)
    with output.progress("Looking at addresses", None) as told:
        machine = crawling.crawl(plan, pace, told=told)
    left = machine.not_looked()
    _tell(json, run, site, at, [("links", one) for one in machine.looked()], machine.findings(), left)


@app.command()
def accessibility(addresses: Sites, site: Site = "site", run: RunFile = None, json: Json = False) -> None:
    """Check pages by axe-core in a browser, by criterion of WCAG; status 1 if a rule reports a failure."""
    from anyshore.host.websites.accessible import checked  # a library of its own

    start, hosts = _agreed(addresses)
    at = datetime.now(UTC)
    with output.progress("Looking at pages", len(start)) as told:
        found = checked(start, hosts, told)
    _tell(json, run, site, at, [("accessibility", one) for one in start], found, {})


@app.command()
def domain(addresses: Sites, rdap: Rdap, site: Site = "site", run: RunFile = None, json: Json = False) -> None:
    """Ask the registry of a site's domain by RDAP when its registration ends; status 1 if soon, or it is on hold."""
    from anyshore.host.websites import registered  # a library of its own

    start, _ = _agreed(addresses)
    at = datetime.now(UTC)
    found = [finding for address in start for finding in registered.looked(address, rdap, at)]
    _tell(json, run, site, at, [("domain", one) for one in start], found, {})


def _agreed(addresses: Iterable[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    start = tuple(resolved(one).partition("#")[0] for one in addresses)
    return start, frozenset(urlsplit(one).netloc.lower() for one in start)


def _tell(
    json: bool, run: Path | None, site: str, at: datetime, looked: list[tuple[str, str]], found: list[Finding],
    left: dict[str, str],
) -> None:  # fmt: skip
    from anyshore.website import sheets  # reads certificates: a library of its own
    from anyshore.website.checks import reporting

    data = reporting.run(site, at, looked, found)
    if run is not None:
        files.write(run, reporting.dumps(data).encode())
    output.answer(json, {**data, "not_looked": left}, *sheets.of_run(len(looked), found, left))
    output.end(any(one.weight == "fault" for one in found))


@app.command()
def allowed(file: File, addresses: Addresses, agent: Agent = "*", json: Json = False) -> None:
    """Tell which addresses a robots.txt lets a crawler look at (RFC 9309), and by which rule; status 1 if not all."""
    from anyshore.website import sheets  # see above

    data = sheets.allowed(robots.read(files.read(file)), agent, addresses)
    output.answer(json, data, sheets.of_allowed(data))
    output.end(not all(one["allowed"] for one in data))


@app.command()
def resolve(links: Links, page: Page = None, json: Json = False) -> None:
    """Resolve links as browsers do (WHATWG URL); status 1 if one is no address."""
    found, problems = each(lambda link: {"link": link, "address": resolved(link, page)}, links)
    shown = Sheet("Links", ("Link", "Address"), [tuple(one.values()) for one in found])
    output.answer(json, {"links": found, "problems": plain(problems)}, shown, wrong=problems)
    output.end(problems)


@app.command()
def certificate(
    file: Pem, trusted: Trusted = None, names: Names = None, lists: Lists = None, stapled: Stapled = None,
    rules: Rules = "webpki", at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """Judge a server's certificate by chain, names, key and revocation (RFC 5280); status 1 if it does not hold."""
    from anyshore.website import sheets  # see above
    from anyshore.website.certificates import chains, findings, reading

    leaf, *sent = reading.split(files.read(file))
    anchors = reading.split(files.read(trusted) if trusted else of_this_machine())
    answers = [files.read(stapled)] if stapled else []
    material = chains.Material(leaf, sent, anchors, [files.read(one) for one in lists or ()], answers)
    question = chains.Question(_moment(at), tuple(names or ()), findings.Profile(rules))
    found = chains.judge(material, question)
    output.answer(json, sheets.verdict_data(found), *sheets.of_verdict(found))
    output.end(not found.holds)


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as problem:
        hint = "Write it as 2026-05-01T09:00:00Z."
        raise DataError("website.moment", f"{text!r} is no moment.", hint=hint) from problem
    return found.replace(tzinfo=found.tzinfo or UTC)
