"""The activity ``einvoice.respond``: what the sender of an invoice is told, as a file for Peppol and as a mail."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from anyshore.activities.activity import ActivityContext
from anyshore.activities.einvoice.documents import open_document
from anyshore.activities.einvoice.response import (
    Action,
    Answer,
    Code,
    Header,
    Reason,
    header,
    mail,
    reasons,
    response,
)
from anyshore.activities.einvoice.violations import Violation
from anyshore.base.errors import DataError


@dataclass(frozen=True, slots=True)
class RespondInput:
    """What is answered; codes as in ``response``.

    Attributes:
        document: name of the invoice's document.
        name: of the file it came in, for a mail about one that cannot be read.
        code: what becomes of it.
        reason: why.
        action: what is asked of the sender.
        note: in somebody's own words.
        violations: what was found; the fatal ones are told.
    """

    document: str
    name: str
    code: Code
    reason: Reason
    action: Action
    note: str | None = None
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class RespondOutcome:
    """The answer.

    Attributes:
        file: UBL ApplicationResponse; empty where the invoice cannot be read or a side has no electronic address.
        to: electronic address of the sender with its scheme, where a file can go.
        subject: of the mail.
        body: of the mail, German and English.
    """

    file: str
    to: str | None
    subject: str
    body: str


def respond_task(data: RespondInput, context: ActivityContext) -> RespondOutcome:
    """Answers whoever sent an invoice."""
    answer = Answer(data.code, data.reason, data.action, data.note or "", reasons(data.violations))
    found: Header | None = None
    with suppress(DataError):  # where there is nothing to name but the file, the mail does
        found = header(open_document(context.read_document(data.document), data.name))
    file = None
    if found is not None:
        day = datetime.fromtimestamp(context.now // 1_000_000, UTC).date()
        id = f"R-{hashlib.sha256(context.idempotency_key.encode()).hexdigest()[:16]}"
        file = response(id, day, found, answer)
    subject, body = mail(found, data.name, answer)
    to = found.seller.endpoint if found is not None and file is not None else None
    return RespondOutcome(file or "", f"{to.scheme}:{to.value}" if to else None, subject, body)
