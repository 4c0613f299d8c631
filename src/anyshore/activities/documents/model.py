"""What a production consists of: items in families, as they go through a review."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A mail, a file that came with one, or a file by itself.

    Attributes:
        control: its control number, ``D0001`` in the order of the delivery; a family's numbers follow each other.
        family: control number of the mail or file everything in its family came with, its own for that one.
        document: name of the document in the host that holds the family.
        name: subject of a mail, name of a file.
        kind: ``mail``, ``attachment`` or ``file``.
        day: when a mail says it was sent, ``YYYY-MM-DD`` in UTC; empty where it does not, and for files by themselves.
        author: who wrote it; of an attachment, who sent it.
        to: whom it was sent to.
        copied: to whom in copy, openly or blind.
        digest: SHA-256 of its content; of a mail, of author, receivers, time, subject, text and attachments.
        thread: control number of the first mail of its conversation; the family where there is none.
        inclusive: whether no other mail of the thread says all of it again.
        holds: control numbers of mails it says again.
        copy_of: control number of the same item in an earlier family that is the same throughout; empty without.
        level: 0 for the head of a family, 1 for what came in it; what follows with a higher level came within.
        screened: whether counsel wrote or received it.
    """

    control: str
    family: str
    document: str
    name: str
    kind: str
    day: str
    author: str
    to: tuple[str, ...]
    copied: tuple[str, ...]
    digest: str
    thread: str
    inclusive: bool = True
    holds: tuple[str, ...] = ()
    copy_of: str = ""
    level: int = 0
    screened: bool = False
