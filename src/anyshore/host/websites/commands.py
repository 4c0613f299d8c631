"""``anyshore website``: what a crawler may look at, where links lead, whether a certificate holds, what is broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from anyshore.base import files
from anyshore.base.commands import Answer, Bounds, Group, Progress
from anyshore.base.errors import DataError, each, plain
from anyshore.base.telling import Sheet
from anyshore.host.outgoing.trusted import of_this_machine
from anyshore.website import robots
from anyshore.website.links import resolved

if TYPE_CHECKING:
    from anyshore.website.checks.findings import Finding

Sites = Annotated[Sequence[str], "Addresses of pages; their hosts are the agreed ones."]
Site = Annotated[str, "Name of the site in the terms, for the run."]
RunFile = Annotated[Path | None, "--run", "Write the run here, for a service to follow (….run.json)."]


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as problem:
        hint = "Write it as 2026-05-01T09:00:00Z."
        raise DataError("website.moment", f"{text!r} is no moment.", hint=hint) from problem
    return found.replace(tzinfo=found.tzinfo or UTC)


def look(
    addresses: Sites,
    *,
    site: Site = "site",
    run: RunFile = None,
    looks: Annotated[Path | None, "Add a row for each look to this table (looks.csv)."] = None,
    probe: Annotated[str, "From where one looks, for the table."] = "here",
) -> Answer:
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
    return _seen(run, site, at, looked, [finding for one in seen for finding in one.findings])


def crawl(
    addresses: Sites,
    *,
    progress: Progress,
    site: Site = "site",
    run: RunFile = None,
    pages: Annotated[int, Bounds(1), "Addresses asked for, at most."] = 10_000,
    depth: Annotated[int, Bounds(0), "Steps from the first page, at most."] = 20,
    rate: Annotated[float, Bounds(0), "Requests begun in a second, at most; 0 for as fast as they come."] = 5.0,
    seconds: Annotated[float, Bounds(1), "Seconds the crawl may take."] = 600.0,
) -> Answer:
    """Crawl a site for broken links, fragments, redirect chains and mixed content; status 1 if something is found."""
    from anyshore.host.websites import crawling  # a library of its own
    from anyshore.website.crawl.crawling import Plan

    plan = Plan(*_agreed(addresses), pages=pages, depth=depth)
    pace = crawling.Pace(at_once=4, per_second=rate or None, seconds=seconds)
    at = datetime.now(UTC)
    with progress("Looking at addresses", None) as told:
        machine = crawling.crawl(plan, pace, told=told)
    left = machine.not_looked()
    return _seen(run, site, at, [("links", one) for one in machine.looked()], machine.findings(), left)


def accessibility(addresses: Sites, *, progress: Progress, site: Site = "site", run: RunFile = None) -> Answer:
    """Check pages by axe-core in a browser, by criterion of WCAG; status 1 if a rule reports a failure."""
    from anyshore.host.websites.accessible import checked  # a library of its own

    start, hosts = _agreed(addresses)
    at = datetime.now(UTC)
    with progress("Looking at pages", len(start)) as told:
        found = checked(start, hosts, told)
    return _seen(run, site, at, [("accessibility", one) for one in start], found)


def domain(
    addresses: Sites,
    *,
    rdap: Annotated[str, "Server of the registry, such as https://rdap.nic.example/ (IANA lists them)."],
    site: Site = "site",
    run: RunFile = None,
) -> Answer:
    """Ask the registry of a site's domain by RDAP when its registration ends; status 1 if soon, or it is on hold."""
    from anyshore.host.websites import registered  # a library of its own

    start, _ = _agreed(addresses)
    at = datetime.now(UTC)
    found = [finding for address in start for finding in registered.looked(address, rdap, at)]
    return _seen(run, site, at, [("domain", one) for one in start], found)


def _agreed(addresses: Iterable[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    start = tuple(resolved(one).partition("#")[0] for one in addresses)
    return start, frozenset(urlsplit(one).netloc.lower() for one in start)


def _seen(
    run: Path | None,
    site: str,
    at: datetime,
    looked: Sequence[tuple[str, str]],
    found: Sequence[Finding],
    left: Mapping[str, str] | None = None,
) -> Answer:
    from anyshore.website import sheets  # reads certificates: a library of its own
    from anyshore.website.checks import reporting

    data, left = reporting.run(site, at, looked, found), left or {}
    if run is not None:
        files.write(run, reporting.dumps(data).encode())
    shown = sheets.of_run(len(looked), found, left)
    return Answer({**data, "not_looked": left}, shown, bad=any(one.weight == "fault" for one in found))


def allowed(
    file: Annotated[Path, "A robots.txt."],
    addresses: Annotated[Sequence[str], "Addresses of pages, or their paths."],
    *,
    agent: Annotated[str, "Product token of the crawler."] = "*",
) -> Answer:
    """Tell which addresses a robots.txt lets a crawler look at (RFC 9309), and by which rule; status 1 if not all."""
    from anyshore.website import sheets  # see above

    data = sheets.allowed(robots.read(files.read(file)), agent, addresses)
    return Answer(data, sheets.of_allowed(data), bad=not all(one["allowed"] for one in data))


def resolve(
    links: Annotated[Sequence[str], "Links as they stand in a page."],
    *,
    page: Annotated[str | None, "Address of the page they stand in."] = None,
) -> Answer:
    """Resolve links as browsers do (WHATWG URL); status 1 if one is no address."""
    found, problems = each(lambda link: {"link": link, "address": resolved(link, page)}, links)
    shown = Sheet("Links", ("Link", "Address"), [tuple(one.values()) for one in found])
    return Answer({"links": found, "problems": plain(problems)}, problems, shown, bad=problems)


def certificate(
    file: Annotated[Path, "Certificates in PEM: the server's own first, then what it sends beside it."],
    *,
    trusted: Annotated[Path | None, "Certificates that are trusted; left out, those of this machine."] = None,
    names: Annotated[Sequence[str], "--name", "A host it has to stand for; repeat it."] = (),
    lists: Annotated[Sequence[Path], "--crl", "A revocation list; repeat it."] = (),
    stapled: Annotated[Path | None, "What the server staples about revocation (OCSP, DER)."] = None,
    rules: Annotated[Literal["webpki", "rfc5280"], "Whose rules: the browsers' or only RFC 5280's."] = "webpki",
    at: Annotated[datetime | None, _moment, "--at", "When it has to hold, for example 2026-05-01T09:00:00Z."] = None,
) -> Answer:
    """Judge a server's certificate by chain, names, key and revocation (RFC 5280); status 1 if it does not hold."""
    from anyshore.website import sheets  # see above
    from anyshore.website.certificates import chains, findings, reading

    leaf, *sent = reading.split(files.read(file))
    anchors = reading.split(files.read(trusted) if trusted else of_this_machine())
    answers = [files.read(stapled)] if stapled else []
    material = chains.Material(leaf, sent, anchors, [files.read(one) for one in lists], answers)
    question = chains.Question(at or datetime.now(UTC), tuple(names), findings.Profile(rules))
    found = chains.judge(material, question)
    return Answer(sheets.verdict_data(found), sheets.of_verdict(found), bad=not found.holds)


GROUP = Group(
    "Checks of websites: up, certificate, links, accessibility; robots.txt and addresses.",
    {
        "look": look,
        "crawl": crawl,
        "accessibility": accessibility,
        "domain": domain,
        "allowed": allowed,
        "resolve": resolve,
        "certificate": certificate,
    },
)
