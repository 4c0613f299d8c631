"""A campaign as its brief says it, and the mail it is to one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Values
from anyshore.activities.marketing import records
from anyshore.activities.marketing.records import SENDER, Person
from anyshore.base.errors import DataError
from anyshore.mail import composing, threads
from anyshore.marketing.permission import MAIL, Message

_TELLS = {
    "de": "Sie können dem Erhalt solcher E-Mails jederzeit kostenlos widersprechen: {}",
    "en": "You may object to such mails at any time, free of charge: {}",
}


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign, as its brief says it.

    Attributes:
        campaign: id.
        purpose: what it is about, as people consented to.
        channel: ``email``; others give a list to work on.
        segment: FEEL over what is on record of a person; empty: everybody.
        subject: of version A.
        text: of version A.
        subject_b: of version B; empty: there is no test.
        text_b: of version B; empty: as A.
        sender: id of the sender.
        similar_to: kinds of own goods it advertises, for existing customers.
        hold_out: percent of the people who get nothing, to be compared with.
        advertising: False for what a contract asks for.
    """

    campaign: str
    purpose: str
    subject: str
    text: str
    channel: str = MAIL
    segment: str = ""
    subject_b: str = ""
    text_b: str = ""
    sender: str = ""
    similar_to: tuple[str, ...] = ()
    hold_out: Decimal = Decimal(0)
    advertising: bool = True

    @property
    def message(self) -> Message:
        """What permission is asked for."""
        return Message(self.purpose, self.channel, self.advertising, frozenset(self.similar_to))


class Writer:
    """Writes the mails of a campaign into the outbox.

    Args:
        brief: the campaign.
        context: where its senders, its key and the outbox are.

    Raises:
        DataError: there is no such sender.
    """

    def __init__(self, brief: Campaign, context: ActivityContext) -> None:
        self._brief, self._sender = brief, sender(brief.sender, context)
        self._key, self._outbox = context.secret(records.SECRET), context.records(composing.OUTBOX)
        self._domain = self._sender["address"].rpartition("@")[2]

    def write(self, intents: Iterable[tuple[Person, Values]]) -> None:
        """Writes the mails of messages; a call or a letter is worked from the list of messages, and who is held out
        gets nothing."""
        if self._brief.channel != MAIL:
            return
        mails = (
            (records.key_of(self._brief.campaign, person.id), composing.record(self._draft(person, intent)))
            for person, intent in intents
            if intent["version"]
        )
        self._outbox.put_all(mails, ())

    def _draft(self, person: Person, intent: Values) -> composing.Draft:
        brief, token = self._brief, threads.token(str(intent["name"]), self._key)
        second = intent["version"] == "B"
        subject = brief.subject_b if second and brief.subject_b else brief.subject
        text = brief.text_b if second and brief.text_b else brief.text
        language = person.language if person.language in _TELLS else "en"
        answers = threads.reply_to(self._sender["address"], token)
        page = f"{self._sender['one_click']}{token}" if self._sender["one_click"] else ""
        parts = [_filled(text, person)]
        if brief.advertising:
            parts.append(_TELLS[language].format(page or answers))
        parts.append(self._sender["imprint"])
        ways = (page, f"mailto:{answers}") if page else (f"mailto:{answers}",)
        return composing.Draft(
            self._sender["address"], self._sender["name"], (str(intent["address"]),), _filled(subject, person),
            "\n\n".join(parts) + "\n", threads.numbered(token, 1, self._domain), int(str(intent["at"])), answers,
            language=language, unsubscribe=ways if brief.advertising else (),
        )  # fmt: skip


def sender(name: str, context: ActivityContext) -> dict[str, str]:
    """The sender of a name, or the first where none is named.

    Raises:
        DataError: there is none, or one click does not lead to a web address.
    """
    row = next((one for one in context.records(SENDER).find() if one.data["id"] == name or not name), None)
    if row is None:
        hint = "Load senders.csv, or name one of it in the brief."
        raise DataError("marketing.sender", f"There is no sender {name!r}.", hint=hint)
    found = {one: str(row.data.get(one) or "") for one in ("address", "name", "imprint", "one_click")}
    if found["one_click"] and not found["one_click"].startswith("https://"):
        hint = "Such as https://anyshore.example.org/unsubscribe/ENGAGEMENT/ (RFC 8058, 3.1)."
        raise DataError("marketing.one-click", f"One click does not lead to {found['one_click']!r}.", hint=hint)
    found["one_click"] = found["one_click"] and found["one_click"].rstrip("/") + "/"
    return found


def _filled(text: str, person: Person) -> str:
    return text.replace("{name}", person.name)
