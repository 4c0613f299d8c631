"""The tables of the store port. Columns are those of ``anyshore.host.ports``; times are microseconds since 1970 UTC.

The host writes them with raw SQL (``tables``); pages read them through the ORM. There are no foreign keys between them:
a batch writes thousands of rows, and the host keeps them consistent within its transaction. The last table alone is not
the host's: what people are told of their cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from anyshore.kernel.state import State
from anyshore.web.core.models import Person


@dataclass(slots=True)
class Loaded:
    """What was read of an instance, once for all who ask within a request.

    Attributes:
        digest: of the records it belongs to.
        state: after them.
        documents: digest → name of the documents it holds, once asked for.
        log: its newest turns, newest first, once asked for.
    """

    digest: str
    state: State
    documents: dict[str, str] | None = None
    log: list[Any] | None = None


class Counter(models.Model):
    """A named counter that hands out numbers."""

    name = models.CharField(max_length=100, primary_key=True)
    value = models.BigIntegerField()


class Instance(models.Model):
    """See ``InstanceRow``.

    Attributes:
        loaded: what was read of it beside its columns; see ``queries.state``.
    """

    loaded: Loaded | None = None

    id = models.BigIntegerField(primary_key=True)
    definition = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    engagement = models.CharField(max_length=100)
    service = models.CharField(max_length=200)
    reference = models.CharField(max_length=300)
    status = models.CharField(max_length=10)
    state = models.BinaryField()
    digest = models.CharField(max_length=64)
    turns = models.IntegerField()
    outcome = models.CharField(max_length=300, null=True)
    parent = models.BigIntegerField(null=True)
    parent_wait = models.BigIntegerField(null=True)
    created = models.BigIntegerField()
    ended = models.BigIntegerField(null=True)
    zone = models.CharField(max_length=64)
    covered = models.IntegerField()
    since = models.BigIntegerField()
    identity = models.CharField(max_length=300, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["engagement", "service", "identity"], name="engine_instance_identity"),
            models.Index(fields=["engagement", "status", "-id"], name="engine_instance_list"),
            models.Index(fields=["engagement", "status", "kind", "definition"], name="engine_instance_counted"),
            models.Index(fields=["ended"], name="engine_instance_ended", condition=models.Q(ended__isnull=False)),
            models.Index(fields=["definition", "id"], name="engine_instance_definition"),
            models.Index(fields=["parent"], name="engine_instance_parent", condition=models.Q(parent__isnull=False)),
        ]


class Archived(models.Model):
    """See ``ArchivedRow``."""

    id = models.BigIntegerField(primary_key=True)
    engagement = models.CharField(max_length=100)
    service = models.CharField(max_length=200)
    reference = models.CharField(max_length=300)
    file = models.CharField(max_length=300)
    identity = models.CharField(max_length=300, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["engagement", "service", "reference"], name="engine_archived_reference"),
            models.Index(fields=["engagement", "service", "identity"], name="engine_archived_identity"),
        ]


class Turn(models.Model):
    """See ``TurnRow``."""

    pk = models.CompositePrimaryKey("instance", "number")
    instance = models.BigIntegerField()
    number = models.IntegerField()
    at = models.BigIntegerField()
    by = models.CharField(max_length=200, null=True)
    command = models.BinaryField()
    records = models.BinaryField()


class Inbox(models.Model):
    """See ``InboxRow``."""

    id = models.BigAutoField(primary_key=True)
    instance = models.BigIntegerField()
    due = models.BigIntegerField()
    command = models.BinaryField()
    name = models.CharField(max_length=300, null=True)
    key = models.CharField(max_length=500, null=True)
    expires = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due", "id"], name="engine_inbox_due"),
            models.Index(fields=["instance"], name="engine_inbox_instance"),
        ]


class Wait(models.Model):
    """See ``WaitRow``."""

    pk = models.CompositePrimaryKey("instance", "wait")
    instance = models.BigIntegerField()
    wait = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    element = models.CharField(max_length=300)
    name = models.CharField(max_length=300, null=True)
    key = models.CharField(max_length=500, null=True)
    due = models.BigIntegerField(null=True)
    data = models.BinaryField()
    engagement = models.CharField(max_length=100)
    service = models.CharField(max_length=200)
    reference = models.CharField(max_length=300)
    opened = models.BigIntegerField()
    claimed_by = models.CharField(max_length=200, null=True)
    claimed_until = models.BigIntegerField(null=True)
    attempts = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["due"], name="engine_wait_timer", condition=models.Q(kind="timer")),
            models.Index(fields=["opened", "instance"], name="engine_wait_job", condition=models.Q(kind="job")),
            models.Index(
                fields=["engagement", "name", "key"],
                name="engine_wait_heard",
                condition=models.Q(kind__in=["message", "signal", "condition"]),
            ),
            models.Index(fields=["kind", "engagement", "opened"], name="engine_wait_list"),
            models.Index(
                fields=["engagement", "service", "element", "opened", "instance", "wait"],
                name="engine_wait_queue",
                condition=models.Q(kind="work"),
            ),
            models.Index(
                fields=["claimed_by"], name="engine_wait_holder", condition=models.Q(claimed_by__isnull=False)
            ),
        ]


class Message(models.Model):
    """See ``MessageRow``."""

    id = models.BigAutoField(primary_key=True)
    engagement = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    key = models.CharField(max_length=500, null=True)
    data = models.BinaryField()
    expires = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["engagement", "name", "key"], name="engine_message_name"),
            models.Index(fields=["expires"], name="engine_message_expires"),
        ]


class LedgerHead(models.Model):
    """The end of an engagement's chain."""

    engagement = models.CharField(max_length=100, primary_key=True)
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)


class LedgerEntry(models.Model):
    """See ``LedgerRow``."""

    pk = models.CompositePrimaryKey("engagement", "sequence")
    engagement = models.CharField(max_length=100)
    sequence = models.BigIntegerField()
    at = models.BigIntegerField()
    type = models.CharField(max_length=60)
    instance = models.BigIntegerField(null=True)
    line = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["instance"], name="engine_ledger_instance"),
            models.Index(
                fields=["engagement", "sequence"],
                name="engine_ledger_signed",
                condition=models.Q(type="engagement.signed"),
            ),
            models.Index(
                fields=["engagement", "sequence"],
                name="engine_ledger_frame",
                condition=models.Q(type__in=["engagement.signed", "invoice.issued", "invoice.corrected"]),
            ),
            models.Index(
                fields=["engagement", "sequence"],
                name="engine_ledger_settled",
                condition=models.Q(type__in=["invoice.accepted", "invoice.disputed", "invoice.paid"]),
            ),
        ]


class Document(models.Model):
    """A document of an engagement, by its SHA-256."""

    pk = models.CompositePrimaryKey("engagement", "digest")
    engagement = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    content = models.BinaryField()


class Reference(models.Model):
    """A row of reference data that activities look up."""

    pk = models.CompositePrimaryKey("engagement", "kind", "key")
    engagement = models.CharField(max_length=100)
    kind = models.CharField(max_length=100)
    key = models.CharField(max_length=500)
    sequence = models.BigIntegerField()
    data = models.BinaryField()


class ReferenceIndex(models.Model):
    """A value a row of reference data can be found by."""

    pk = models.CompositePrimaryKey("engagement", "kind", "value", "key")
    engagement = models.CharField(max_length=100)
    kind = models.CharField(max_length=100)
    value = models.CharField(max_length=500)
    key = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["engagement", "kind", "key"], name="engine_refindex_key")]


class Definition(models.Model):
    """See ``DefinitionRow``."""

    pk = models.CompositePrimaryKey("deployment", "name")
    deployment = models.BigIntegerField()
    pack = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["pack", "deployment"], name="engine_definition_pack")]


class Receipt(models.Model):
    """See ``intake_ports.ReceiptRow``."""

    id = models.BigAutoField(primary_key=True)
    engagement = models.CharField(max_length=100)
    service = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=20)
    sender = models.CharField(max_length=300, null=True)
    at = models.BigIntegerField()
    status = models.CharField(max_length=10)
    instance = models.BigIntegerField(null=True)
    reason = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["engagement", "-id"], name="engine_receipt_list"),
            models.Index(fields=["engagement", "status", "-id"], name="engine_receipt_status"),
            models.Index(fields=["instance"], name="engine_receipt_instance"),
        ]


class Version(models.Model):
    """See ``intake_ports.VersionRow``."""

    pk = models.CompositePrimaryKey("engagement", "kind", "number")
    engagement = models.CharField(max_length=100)
    kind = models.CharField(max_length=100)
    number = models.IntegerField()
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    name = models.CharField(max_length=300)
    at = models.BigIntegerField()
    by = models.CharField(max_length=200, null=True)
    content = models.BinaryField()


class Channel(models.Model):
    """See ``intake_ports.ChannelRow``."""

    id = models.BigAutoField(primary_key=True)
    engagement = models.CharField(max_length=100)
    service = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    settings = models.BinaryField()
    every = models.IntegerField()
    due = models.BigIntegerField(null=True)
    claimed_by = models.CharField(max_length=200, null=True)
    claimed_until = models.BigIntegerField(null=True)
    looked = models.BigIntegerField(null=True)
    problem = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["due"], name="engine_channel_due")]


class Seen(models.Model):
    """See ``intake_ports.SeenRow``."""

    pk = models.CompositePrimaryKey("channel", "key")
    channel = models.BigIntegerField()
    key = models.CharField(max_length=500)
    refused = models.TextField()


class Batch(models.Model):
    """See ``bulk_ports.BatchRow``."""

    id = models.BigIntegerField(primary_key=True)
    engagement = models.CharField(max_length=100)
    service = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    definition = models.CharField(max_length=300)
    at = models.BigIntegerField()
    by = models.CharField(max_length=200, null=True)
    zone = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    rows = models.BigIntegerField()
    through = models.BigIntegerField()
    waiting = models.BigIntegerField()
    alone = models.BigIntegerField()
    placed = models.BigIntegerField()
    sequence = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "service", "digest"], name="engine_batch_once"),
        ]
        indexes = [models.Index(fields=["engagement", "-id"], name="engine_batch_list")]


class Notification(models.Model):
    """Something a person should know of. Its text is made when it is read, in the reader's language.

    A comment is known by its number: those who talk stand above. What is about an engagement and no case of it has case
    0.
    """

    class Kind(models.TextChoices):
        """What happened."""

        MENTIONED = "mentioned", _("You were mentioned")
        ASKED = "asked", _("The experts have a question")
        ANSWERED = "answered", _("The client answered")
        ASSIGNED = "assigned", _("You were put on a case")
        DISAGREED = "disagreed", _("Two reviews differ")
        STALE = "stale", _("A source changed")
        PROPOSED = "proposed", _("Terms wait for your signature")
        ACCEPTED = "accepted", _("Terms were accepted")
        INCIDENT = "incident", _("Work is stuck")
        NEAR = "near", _("An objective is about to be missed")

    person = models.ForeignKey(Person, models.CASCADE, related_name="notifications")
    case = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=12, choices=Kind)
    comment = models.BigIntegerField(null=True, db_column="comment_id", db_index=True)
    engagement = models.CharField(max_length=100, default="", blank=True)
    at = models.BigIntegerField()
    read = models.BigIntegerField(null=True)

    class Meta:
        db_table = "review_notification"


class Tallied(models.Model):
    """How far the ledger of an engagement has been counted.

    Attributes:
        sequence, hash: the last entry that was counted.
        terms: the entry that signed the newest terms it was counted by.
        rules: what it was counted by beside the terms; by other rules everything is counted anew.
        first, last: the earliest and the latest time of an entry of a case; None before there is one.
    """

    engagement = models.CharField(max_length=100, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    terms = models.BigIntegerField(default=0)
    rules = models.CharField(max_length=100)
    first = models.BigIntegerField(null=True)
    last = models.BigIntegerField(null=True)


class TallyFigure(models.Model):
    """A figure of which parts and totals are kept: see ``terms.parts.Part``, under the terms of a ledger entry."""

    engagement = models.CharField(max_length=100)
    terms = models.BigIntegerField()
    service = models.CharField(max_length=200)
    figure = models.CharField(max_length=250)
    kind = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "terms", "service", "figure", "kind"], name="engine_tallyfigure_once"
            )
        ]


class TallyPart(models.Model):
    """What a case adds to a figure: see ``terms.parts.Part``."""

    figure = models.BigIntegerField()
    at = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    sequence = models.BigIntegerField()
    instance = models.BigIntegerField()
    units = models.CharField(max_length=40)
    shore = models.CharField(max_length=50)
    number = models.BigIntegerField(default=1, db_default=1)

    class Meta:
        indexes = [
            models.Index(fields=["figure", "at", "sequence"], name="engine_tallypart_list"),
            models.Index(fields=["instance"], name="engine_tallypart_case"),
        ]


class TallyTotal(models.Model):
    """How many parts of a figure a month has, by shore, their units, and the entry that changed it last."""

    pk = models.CompositePrimaryKey("figure", "month", "shore")
    figure = models.BigIntegerField()
    month = models.CharField(max_length=7)
    shore = models.CharField(max_length=50)
    number = models.BigIntegerField()
    units = models.CharField(max_length=40)
    changed = models.BigIntegerField()


class TallyLate(models.Model):
    """An entry that came after the document of its month: see ``terms.documents.Late``."""

    pk = models.CompositePrimaryKey("engagement", "sequence")
    engagement = models.CharField(max_length=100)
    sequence = models.BigIntegerField()
    at = models.BigIntegerField()
    type = models.CharField(max_length=60)
    instance = models.CharField(max_length=20)
    reference = models.CharField(max_length=300)


class Pseudonym(models.Model):
    """What stands for a person in ledgers; see ``host.pseudonyms``. An erasure deletes the row and its salt."""

    address = models.CharField(max_length=254, primary_key=True)
    salt = models.BinaryField()
    word = models.CharField(max_length=40, db_index=True)


class Trace(models.Model):
    """What an instance was begun by, where traces are taken: a ``traceparent`` as W3C Trace Context has it."""

    instance = models.BigIntegerField(primary_key=True)
    parent = models.CharField(max_length=55)
