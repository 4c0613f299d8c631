"""What a desk keeps: its addresses and customers, which mail belongs to which ticket, who has a part in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext, Record
from anyshore.mail.message import Mail

DESK = "mail-desk"
ADDRESS = "customer-address"
TEMPLATE = "reply-template"
TAUGHT = "taught-request"
CORRECTED = "corrected-request"
TICKET = "ticket"
STATE = "ticket-state"
MAIL = "ticket-mail"
PARTY = "ticket-party"
TOLD = "told-automatically"
NUMBER = "outgoing-number"
SECRET = "tickets"  # noqa: S105 - what the key is for, not the key
"""What tokens are signed for."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An address that takes mail.

    Attributes:
        id: its name.
        address: where it gets mail, and from which it writes.
        name: shown beside the address.
        language: in which it writes where nothing else is known.
        signatures: under its mails, by language.
        largest: bytes of a mail it takes.
        blocked: addresses and domains it takes nothing from.
    """

    id: str
    address: str
    name: str
    language: str = "en"
    signatures: Mapping[str, str] | None = None
    largest: int = 25_000_000
    blocked: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        """The domain of its address."""
        return self.address.rpartition("@")[2]

    def signature(self, language: str) -> str:
        """What stands under its mails."""
        known = self.signatures or {}
        return known.get(language) or known.get(self.language) or self.name


@dataclass(frozen=True, slots=True)
class Customer:
    """Whose address one is: a customer may have many."""

    id: str = ""
    name: str = ""
    plan: str = ""
    language: str = ""


NOBODY = Customer()
UNNAMED = Desk("desk", "desk@localhost", "Helpdesk")
"""Where no desk is on record: mail can be read, its answers have no address to come from."""


def desks(context: ActivityContext) -> list[Desk]:
    """The desks on record, in their order."""
    return [_desk(row) for row in context.records(DESK).find()]


def desk_of(context: ActivityContext, addresses: Iterable[str]) -> Desk:
    """The desk a mail came to, by its addresses; else the first."""
    known = desks(context)
    wanted = {_plain(address) for address in addresses}
    return next((one for one in known if one.address.lower() in wanted), known[0] if known else UNNAMED)


def addresses_of(mail: Mail) -> list[str]:
    """Where a mail went, as far as it says."""
    told = [value for name in ("delivered-to", "x-original-to", "envelope-to") for value in mail.every(name)]
    return [one.address for one in mail.receivers] + [value.strip("<> ") for value in told]


def customer(context: ActivityContext, address: str) -> Customer:
    """Whose address it is."""
    row = context.records(ADDRESS).get(address.lower())
    if row is None:
        return NOBODY
    said = {name: str(row.data.get(name) or "") for name in ("customer", "name", "plan", "language")}
    return Customer(said["customer"], said["name"], said["plan"], said["language"])


def key_of(identifier: str) -> str:
    """The key of a mail by its Message-ID, which may be of any length."""
    return hashlib.sha256(identifier.encode()).hexdigest()


def ticket_of(context: ActivityContext, identifiers: Iterable[str]) -> str:
    """The ticket of the first mail that is known; empty where none is."""
    mails = context.records(MAIL)
    found = (mails.get(key_of(one)) for one in identifiers)
    return next((str(row.data["ticket"]) for row in found if row is not None), "")


def has_part(context: ActivityContext, ticket: str, address: str) -> bool:
    """Whether an address, or another of the same customer, has a part in a ticket."""
    parties = context.records(PARTY)
    if parties.get(f"{ticket} {address.lower()}") is not None:
        return True
    whose = customer(context, address).id
    return bool(whose) and bool(parties.find(ticket=ticket, customer=whose))


def note(context: ActivityContext, ticket: str, identifier: str, address: str) -> None:
    """Keeps that a mail, and who wrote it, belong to a ticket."""
    if identifier:
        context.records(MAIL).put_once(key_of(identifier), {"ticket": ticket})
    if address:
        whose = customer(context, address).id
        context.records(PARTY).put_once(
            f"{ticket} {address.lower()}", {"ticket": ticket, "address": address.lower(), "customer": whose}
        )


def state_of(context: ActivityContext, ticket: str) -> tuple[str, str]:
    """The state of a ticket, and of a merged one the ticket it was merged into, however far that goes."""
    seen = {ticket}
    while True:
        rows = context.records(STATE).find(ticket=ticket)
        state, into = (str(rows[-1].data["state"]), str(rows[-1].data["into"])) if rows else ("open", "")
        if state != "merged" or not into or into in seen:
            return state, ticket
        seen.add(into)
        ticket = into


def _desk(row: Record) -> Desk:
    text = {name: str(value) for name, value in row.data.items() if value not in (None, "")}
    signatures = {name.removeprefix("signature_"): said for name, said in text.items() if name.startswith("signature_")}
    blocked = tuple(one.strip().lower() for one in text.get("blocked", "").split(";") if one.strip())
    return Desk(
        row.key, text["address"], text.get("name", text["address"]), text.get("language", "en"), signatures,
        int(float(text.get("largest_mb", "25")) * 1_000_000), blocked,
    )  # fmt: skip


def _plain(address: str) -> str:
    """An address without what stands behind a plus (RFC 5233), in small letters."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
