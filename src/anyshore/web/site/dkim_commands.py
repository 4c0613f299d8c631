"""``anyshore dkim``: keys that sign mails, and what the DNS has to say of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from anyshore.base import files
from anyshore.base.commands import Answer, Group
from anyshore.base.telling import Sheet
from anyshore.web.site import system

if TYPE_CHECKING:
    from anyshore.host.outgoing.signing import Published

Domain = Annotated[str, "Domain of the addresses mails come from."]


def make(
    domain: Domain,
    *,
    selector: Annotated[str | None, "Name of the key; left out, the next of this year: s2026a, s2026b, …"] = None,
) -> Answer:
    """Make a key that signs the mails of a domain, and print the DNS record to publish."""
    from anyshore.host.outgoing import signing  # a library of its own

    return _told(signing.make(_folder(), domain, selector))


def show(domain: Domain) -> Answer:
    """Print the DNS record of the key that signs the mails of a domain."""
    from anyshore.host.outgoing import signing  # see above

    return _told(signing.published(_folder(), domain))


def check(
    domain: Domain, record: Annotated[Path, "The published TXT record, as a look-up or a zone file gives it."]
) -> Answer:
    """Check a published record against the key that signs; status 1 where others could not verify it."""
    from anyshore.host.outgoing import signing  # see above
    from anyshore.mail import dkim_records

    key = signing.published(_folder(), domain)
    found = dkim_records.problems(files.read_text(record), key.public)
    data = {"domain": key.domain, "selector": key.selector, "holds": not found, "problems": found}
    told = Sheet("DKIM record", ("Name", "Finding"), [(key.name, one) for one in found or ["holds"]])
    return Answer(data, told, bad=found)


def _folder() -> Path:
    system.set_up()
    from django.conf import settings  # those of the installation, once it is set up

    return Path(settings.HOME) / "dkim"


def _told(key: Published) -> Answer:
    data = {"domain": key.domain, "selector": key.selector, "name": key.name, "record": key.record, "zone": key.zone}
    return Answer(data, f"{key.name}\n\n{key.record}\n\nAs a line of a zone file:\n\n{key.zone}")


GROUP = Group(
    "Keys that sign mails, and what the DNS has to say of them.", {"make": make, "show": show, "check": check}
)
