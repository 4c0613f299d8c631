"""``anyshore website``: checks of agreed sites, whose results are a run that a service follows."""

from __future__ import annotations

import json as codec
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.website.links import resolved

if TYPE_CHECKING:
    from anyshore.website.checks.findings import Finding

Addresses = Annotated[list[str], typer.Argument(help="Addresses of pages; their hosts are the agreed ones.")]
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


def crawl(
    addresses: Addresses,
    site: Site = "site",
    run: RunFile = None,
    pages: Pages = 10_000,
    depth: Depth = 20,
    rate: Rate = 5.0,
    seconds: Seconds = 600.0,
    json: output.Json = False,
) -> None:
    """Crawl a site for broken links, fragments, redirect chains and mixed content; status 1 if something is found."""
    from anyshore.host.websites import crawling  # a library of its own
    from anyshore.website.crawl.crawling import Plan

    start, hosts = _agreed(addresses)
    plan = Plan(start, hosts, pages=pages, depth=depth)
    pace = crawling.Pace(at_once=4, per_second=rate or None, seconds=seconds)
    at = datetime.now(UTC)
    with output.progress("Looking at addresses", None) as told:
        machine = crawling.crawl(plan, pace, told=told)
    left = machine.not_looked()
    _tell(json, run, site, at, [("links", one) for one in machine.looked()], machine.findings(), left)


def accessibility(addresses: Addresses, site: Site = "site", run: RunFile = None, json: output.Json = False) -> None:
    """Check pages by axe-core in a browser, by criterion of WCAG; status 1 if a rule reports a failure."""
    from anyshore.host.websites import axe, browser  # a library of its own
    from anyshore.host.websites.agreed import Agreed
    from anyshore.website.checks import accessibility as checks

    start, hosts = _agreed(addresses)
    at = datetime.now(UTC)
    found: list[Finding] = []
    with (
        Agreed(hosts) as fetch,
        browser.opened(fetch) as shown,
        output.progress("Looking at pages", len(start)) as told,
    ):
        for number, address in enumerate(start, start=1):
            found += checks.findings(address, shown.walk(address, axe.run))
            told(number)
    _tell(json, run, site, at, [("accessibility", one) for one in start], found, {})


def look(
    addresses: Addresses,
    site: Site = "site",
    run: RunFile = None,
    looks: Looks = None,
    probe: Probe = "here",
    json: output.Json = False,
) -> None:
    """Look whether sites are up, twice before one is down, and judge their certificates; status 1 if one fails."""
    from anyshore.host.websites import keeping  # a library of its own
    from anyshore.host.websites.inspecting import inspect
    from anyshore.host.websites.looking import Looking

    start, _ = _agreed(addresses)
    at = datetime.now(UTC)
    found: list[Finding] = []
    looked: list[tuple[str, str]] = []
    for address in start:
        seen = inspect(address, at, Looking(probe=probe))
        if looks is not None:
            keeping.append(looks, site, [seen.look])
        looked += [(check, address) for check in seen.looked]
        found += seen.findings
    _tell(json, run, site, at, looked, found, {})


def _agreed(addresses: Iterable[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    start = tuple(resolved(one).partition("#")[0] for one in addresses)
    return start, frozenset(urlsplit(one).netloc.lower() for one in start)


def _tell(
    json: bool, run: Path | None, site: str, at: datetime, looked: list[tuple[str, str]], found: list[Finding],
    left: dict[str, str],
) -> None:  # fmt: skip
    from anyshore.website.checks import reporting  # reads certificates: a library of its own

    data = {**reporting.run(site, at, looked, found), "not_looked": left}
    if run is not None:
        document = {name: value for name, value in data.items() if name != "not_looked"}
        run.write_text(codec.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    rows = [(one.weight, one.code, f"{one.address} {one.place}".strip(), one.reason, one.section) for one in found]
    output.answer(
        json, data, f"{len(looked)} looked at, {len(found)} findings.",
        Sheet("Findings", ("", "What", "Where", "Why", "Rule"), rows),
        *([Sheet("Not looked at", ("Address", "Because of"), list(left.items()))] if left else []),
    )  # fmt: skip
    output.end(any(one.weight == "fault" for one in found))
