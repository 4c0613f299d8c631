"""The activity ``documents.read``: a delivery as items: families, threads, duplicates, the screen for counsel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from anyshore.activities.activity import ActivityContext
from anyshore.activities.documents import conversations
from anyshore.activities.documents.families import Member, addresses, day, members, of_mail, shown
from anyshore.activities.documents.model import Item
from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.mail.message import Mail, mailboxes

COUNSEL = "counsel.txt"
"""A file of the delivery that names counsel: an address or a domain a line."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file that came: name of the document in the host, and of the file."""

    document: str
    name: str


@dataclass(frozen=True, slots=True)
class ReadInput:
    """The files that came together."""

    documents: tuple[Delivered, ...]


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What came.

    Attributes:
        items: in the order of their control numbers.
        families: number of families.
        threads: conversations with more than one mail.
        copies: items that are coded with another one, because their whole family came before.
        screened: items counsel wrote or received.
        unread: files that could not be read, and why; they are no items.
    """

    items: tuple[Item, ...]
    families: int
    threads: int
    copies: int
    screened: int
    unread: tuple[str, ...]


def read(data: ReadInput, context: ActivityContext) -> ReadOutcome:
    """Reads a delivery, in the order of the names of its files."""
    counsel: tuple[str, ...] = ()
    families: list[tuple[Delivered, list[Member]]] = []
    unread: list[str] = []
    for one in sorted(data.documents, key=lambda found: (found.name, found.document)):
        content = context.read_document(one.document)
        if one.name.lower().rpartition("/")[2] == COUNSEL:
            counsel += tuple(files.read_text(content, name=one.name).lower().split())
            continue
        try:
            families.append((one, members(content, one.name)))
        except DataError as problem:
            unread.append(f"{one.name}: {problem.message}")
    items = _items(families, counsel)
    threads = [one.thread for one in items if one.kind == "mail"]
    return ReadOutcome(
        tuple(items), len(families), sum(threads.count(one) > 1 for one in dict.fromkeys(threads)),
        sum(bool(one.copy_of) for one in items), sum(one.screened for one in items), tuple(unread),
    )  # fmt: skip


def _items(families: Sequence[tuple[Delivered, list[Member]]], counsel: Sequence[str]) -> list[Item]:
    known: dict[tuple[str, ...], list[str]] = {}
    items: list[Item] = []
    mails: list[tuple[str, Mail]] = []
    for delivered, family in families:
        controls = [f"D{len(items) + place:04d}" for place in range(1, len(family) + 1)]
        same = known.setdefault(tuple(one.digest for one in family), controls)
        copies = same if same is not controls else [""] * len(family)
        mails += [
            (control, member.mail)
            for member, control, copy in zip(family, controls, copies, strict=True)
            if member.mail is not None and not copy and member.digest == of_mail(member.mail)
        ]
        screened = any(one.mail is not None and _of_counsel(one.mail, counsel) for one in family)
        items += [
            _item(member, control, controls[0], delivered.document, copy, screened)
            for member, control, copy in zip(family, controls, copies, strict=True)
        ]
    return _threaded(items, mails)


def _item(member: Member, control: str, family: str, document: str, copy: str, screened: bool) -> Item:
    mail = member.mail
    return Item(
        control, family, document, member.name, member.kind,
        day(mail) if mail else "", shown(mail.author) if mail else "",
        addresses(mail, "to") if mail else (), addresses(mail, "cc", "bcc") if mail else (),
        member.digest, family, copy_of=copy, level=member.level, screened=screened,
    )  # fmt: skip


def _threaded(items: list[Item], mails: list[tuple[str, Mail]]) -> list[Item]:
    """With the thread of each family; a copy lies in that of what it is a copy of."""
    thread = conversations.threads(mails)
    held = conversations.held(mails, thread)
    known = dict(mails)
    covered = {inner for outer, inners in held.items() for inner in inners
               if conversations.covers(known[outer], known[inner])}  # fmt: skip
    original = {one.control: one.copy_of or one.control for one in items}
    result = []
    for one in items:
        family, itself = original[one.family], original[one.control]
        result.append(replace(
            one, thread=thread.get(family, family), holds=held.get(itself, ()), inclusive=itself not in covered,
        ))  # fmt: skip
    return result


def _of_counsel(mail: Mail, counsel: Sequence[str]) -> bool:
    values = (value for name in ("from", "sender", "to", "cc", "bcc") for value in mail.every(name))
    for address in (one.address.lower() for value in values for one in mailboxes(value)):
        domain = address.rpartition("@")[2]
        if any(address == name or domain == name.lstrip("@") or domain.endswith(f".{name}") for name in counsel):
            return True
    return False
