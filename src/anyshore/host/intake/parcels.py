"""What arrives, what a service takes in, and how each thing is answered: the words of ``host.intake``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from anyshore.base.errors import Diagnostic
from anyshore.base.tables import Column
from anyshore.feel import Expression
from anyshore.forms import Form

LARGEST = 64 * 1024 * 1024
"""Bytes of a document, where the pack sets no limit of its own."""

Values = Mapping[str, Any]


class Table(Protocol):
    """The columns of a table each row of which is a piece of work."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, by the names their values have."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """What they hold."""

    def rows(self, content: bytes, name: str) -> tuple[list[tuple[int, dict[str, object]]], list[Diagnostic]]:
        """The rows (line, FEEL values by column), and what is wrong with others, each problem with its line.

        Raises:
            DataError: the file as a whole is no such table.
        """


class Payload(Protocol):
    """What a program may send as the content of a request."""

    @property
    def names(self) -> tuple[str, ...]:
        """The values it describes, by name."""

    def read(self, values: Values, name: str) -> tuple[dict[str, Any], list[Diagnostic]]:
        """The values as the schema types them, and what does not fit."""


@dataclass(frozen=True, slots=True)
class Unpacking:
    """How what arrives is taken apart.

    Attributes:
        zip: archives give their members.
        gzip: what is packed with gzip gives what it holds.
        mails: mails give their attachments.
        elements: XML elements (``{namespace}name``) inside a collection that are a document each.
    """

    zip: bool = False
    gzip: bool = False
    mails: bool = False
    elements: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing a service takes in.

    Attributes:
        name: its name in the pack.
        title: by language.
        files: whether files are taken in as documents.
        endings: those they may have, lower case with their dot; empty for any.
        largest: bytes of one.
        unpack: how what arrives is taken apart.
        table: columns of a table each row of which is a piece of work.
        bulk: whether a file of such rows may be one batch, decided over columns (``host.bulk``).
        form: id of a start form.
        payload: what a program may send.
        free: whether a program may send variables nobody has described.
        mails: whether a mail is itself a piece of work.
        together: whether all documents of one parcel are one piece of work.
        variables: FEEL over ``parcel``, by name; what a row, form or payload says is a variable by itself.
        documents: the variables that name a document by its digest.
        reference: FEEL over ``parcel`` and the variables: what people call it.
        identity: FEEL over ``parcel`` and the variables, which together say what is the same; empty: its content does.
        repeats: whether the same content again is a new piece of work.
    """

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    files: bool = False
    endings: tuple[str, ...] = ()
    largest: int = LARGEST
    unpack: Unpacking = Unpacking()
    table: Table | None = None
    bulk: bool = False
    form: str | None = None
    payload: Payload | None = None
    free: bool = False
    mails: bool = False
    together: bool = False
    variables: Mapping[str, Expression] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    reference: Expression | None = None
    identity: tuple[Expression, ...] = ()
    repeats: bool = False


ANYTHING = Kind(
    name="work", title={"en": "Work", "de": "Arbeit"}, files=True, free=True, together=True, documents=("document",)
)
"""What a pack without ``intake`` takes in: any files, all of a parcel together, and any variables."""


class Service(Protocol):
    """What ``host.intake`` needs of a pack."""

    @property
    def id(self) -> str:
        """Id of the service."""

    @property
    def starts(self) -> str:
        """What a new piece of work starts: ``process:KEY`` or ``case:KEY``."""

    @property
    def intake(self) -> Mapping[str, Kind]:
        """What it takes in, by name; empty: anything."""

    @property
    def forms(self) -> Mapping[str, Form]:
        """Its forms, by id."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parcel is delivered.

    Attributes:
        engagement: id of the engagement.
        service: id of the service.
        zone: IANA time zone of its work.
        by: who hands it over, where a person does.
        starts: the exact version that new work starts; the newest of what the pack names where left out.
    """

    engagement: str
    service: str
    zone: str
    by: str | None = None
    starts: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What arrives at once: a file, a mail, a request with its files, the answers to a start form.

    Attributes:
        name: what the sender calls it: a path below the folder, a file name.
        content: its bytes; None where it is nothing but a payload or a form.
        channel: ``folder``, ``mailbox``, ``mails``, ``browser``, ``rest``, ``command``, ``scenario``.
        beside: name and content of further files that came with it.
        sender: who sent it, as far as the channel knows.
        received: microseconds since 1970 UTC; 0: now.
        payload: what a program says, as JSON or FEEL values.
        form: the answers to the start form.
        reference: what the sender calls the work; otherwise its name.
        kind: the kind of intake it is meant for; otherwise the first that takes it.
        problem: why it could not be read at all: it is refused for that reason.
        seen: id of the channel it came from and what that knows it by: both are remembered with its last receipt.
    """

    name: str
    content: bytes | None = None
    channel: str = "command"
    beside: tuple[tuple[str, bytes], ...] = ()
    sender: str | None = None
    received: int = 0
    payload: Values | None = None
    form: Values | None = None
    reference: str = ""
    kind: str | None = None
    problem: Diagnostic | None = None
    seen: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """How one thing was answered.

    Attributes:
        name: what was received: the parcel, or a part of it (``archive/member``, ``table:line``).
        status: ``accepted``, ``duplicate`` or ``refused``.
        instance: the work it became, or the one that was there already.
        reason: why it was refused.
        kind: the kind of intake that took it.
        digest: SHA-256 of its content.
        channel: how it came.
        sender: who sent it.
        at: when it was answered, microseconds since 1970 UTC.
    """

    name: str
    status: str
    instance: int | None = None
    reason: Diagnostic | None = None
    kind: str = ""
    digest: str = ""
    channel: str = ""
    sender: str | None = None
    at: int = 0
