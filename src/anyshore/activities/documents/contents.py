"""What the items of a delivery hold: bytes and text, read again from the documents they came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from anyshore.activities.activity import ActivityContext
from anyshore.activities.documents.families import Member, addresses, members
from anyshore.activities.documents.model import Item
from anyshore.base.errors import DataError
from anyshore.knowledge import documents, docx
from anyshore.mail.message import Mail

_HEADERS = (("From", ("from",)), ("To", ("to",)), ("Cc", ("cc",)))
MAIL = ".eml"


def of_items(items: Sequence[Item], context: ActivityContext) -> Iterator[tuple[Item, Member]]:
    """Each item with what it holds, family by family, in the order of the delivery.

    Raises:
        DataError: a document is not what was read from it.
    """
    for _, group in groupby(items, key=lambda one: one.family):
        family = list(group)
        head = family[0]
        found = members(context.read_document(head.document), MAIL if head.kind == "mail" else head.name)
        if [one.digest for one in found] != [one.digest for one in family]:
            message = f"The document of {head.control} is not the one that was reviewed."
            raise DataError("production.changed", message, hint="Read the delivery again.")
        yield from zip(family, found, strict=True)


def chosen(items: Sequence[Item], controls: Iterable[str], context: ActivityContext) -> Iterator[tuple[Item, Member]]:
    """Of them, those of these control numbers; families without one are not opened."""
    wanted = set(controls)
    families = {one.family for one in items if one.control in wanted}
    of_families = [one for one in items if one.family in families]
    return (pair for pair in of_items(of_families, context) if pair[0].control in wanted)


def text(member: Member) -> str | None:
    """The text of an item; of a mail with its headers; None where nothing can be read."""
    if member.is_mail and member.mail is not None:
        return _of_mail(member.mail)
    try:
        if docx.is_docx(member.content):
            return docx.read(member.content, member.name).text
        return documents.read(member.content, member.name).text
    except DataError:  # a picture, a table, an archive
        return None


def _of_mail(mail: Mail) -> str:
    lines = [f"{title}: {', '.join(found)}" for title, names in _HEADERS if (found := addresses(mail, *names))]
    lines += [f"{title}: {value}" for title in ("Date", "Subject") if (value := mail.header(title))]
    return "\n".join([*lines, "", mail.text])
