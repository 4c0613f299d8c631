"""A mail as what arrived: who wrote what, and its attachments, byte for byte. How mails are read: ``anyshore.mail``."""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.base.errors import DataError
from anyshore.mail import message


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says.

    Attributes:
        name: what it is called.
        content: the mail itself.
        sender: address of its author; empty where it has none.
        subject: without line ends.
        text: its body, from HTML where it has no plain text.
        id: its Message-ID; empty where it has none.
        attachments: name and content, in order.
    """

    name: str
    content: bytes
    sender: str
    subject: str
    text: str
    id: str
    attachments: tuple[tuple[str, bytes], ...]


def read(content: bytes, name: str) -> Letter:
    """Reads a mail.

    Pictures within its text, signatures over it and reports of its delivery are parts of the mail, no attachments.

    Raises:
        DataError: it cannot be read, or has more parts than any mail has.
    """
    try:
        mail = message.read(content, name)
    except DataError as problem:
        raise DataError("intake.mail", problem.message, problem.location, problem.hint) from problem
    attachments = tuple((part.name, part.content) for part in mail.attachments)
    identifier = mail.header("message-id")
    return Letter(name, content, mail.author.address, mail.subject, mail.text, identifier, attachments)


def is_mail(name: str) -> bool:
    """Whether a name is that of a mail."""
    return name.lower().endswith(".eml")
