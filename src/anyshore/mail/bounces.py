"""Reading what comes back: which recipients failed, with status and reason, and whether for good.

Three layers, each asked where the one before says nothing: the machine-readable part (RFC 3464), what the other server
answered in words, what the report says to people. No look-up is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyshore.mail import bounce_fields, bounce_reasons, bounce_text
from anyshore.mail.bounce_fields import Told
from anyshore.mail.message import Mail


@dataclass(frozen=True, slots=True)
class Failure:
    """What a report says about one recipient.

    Attributes:
        recipient: the address; empty where it is not told.
        reason: a word of ``bounce_reasons``; ``undefined`` where nothing is said, ``onhold`` where nothing is
        understood. status: the enhanced status code (RFC 3463); empty where none is told.
        reply: the SMTP reply code of the other server; empty where none is told.
        command: the SMTP command it was the answer to; empty where that is not told.
        temporary: whether it may go away by itself, as far as class or words tell.
        hard: whether mail to this address will never arrive.
        diagnostic: the words behind the reason.
    """

    recipient: str
    reason: str
    status: str
    reply: str
    command: str
    temporary: bool
    hard: bool
    diagnostic: str


_STATUS = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d./#=-])(?<!\d:)([245][0-5]\d)(?=[-\s:,.;]|$)(?!\.\d)")
_COMMANDS = {
    "DATA": (
        "smtp command data", r"\(state 1[78]\)", "end of data", r"\(in reply to (?:end of )?data",
        "did not like our (?:final )?data", "after (?:end of )?data", "after sending message", ">>> data", r">>> \.",
        "in response to (?:the )?(?:data|message)", r"\bdata command",
    ),
    "RCPT": (
        "smtp command rcpt", "smtp:rcpt", r"\[rcpt_to\]", "does not like recipient", r"\(state 1[45]\)",
        "in reply to rcpt", "did not like our rcpt", "after (?:pipelined )?rcpt to", ">>> rcpt", r"rcpt to:?\s*<",
        "rcpt command",
    ),
    "MAIL": (
        r"\[mail_from\]", "smtp:mail", "sender was rejected", "in reply to mail from", "did not like our mail from",
        "after (?:pipelined )?mail from", ">>> mail", r"mail from:?\s*<", "mail command",
    ),
    "EHLO": ("in reply to (?:ehlo|helo)", "after (?:ehlo|helo)", ">>> (?:ehlo|helo)", "my name was rejected"),
    "CONN": (
        "refused to talk to me", "after initial connection", "in reply to (?:connect|banner|greeting)",
        "while (?:connect|talk)ing to .{0,60}initial",
    ),
}  # fmt: skip
"""How reports name the command that was refused."""
_COMMAND = {name: re.compile("|".join(phrases)) for name, phrases in _COMMANDS.items()}
_DELAYED = re.compile(r"(?i)warning|delay|not yet|still (?:try|being)|will (?:be )?(?:retr|keep|continue)|temporar")


def read(mail: Mail) -> list[Failure]:
    """What a report says, by recipient in its order; empty for a mail that is no report of delivery.

    ``kinds.of`` says whether a mail is one: this reads any mail as if it were.
    """
    said = bounce_text.before_returned(mail)
    told = bounce_fields.of(mail)
    own = _own(mail)
    spoken = bounce_text.passages(said, own)
    if told:
        return [_of_fields(one, _spoken_of(one, spoken, told, said), said) for one in told]
    transcript = bounce_text.transcript(said)
    if len(transcript) > 1 or (transcript and not spoken):
        spoken = transcript
    if not spoken and said.strip():
        spoken = [bounce_text.Passage(_returned_to(mail, own), said)]
    return [_of_words(one.recipient, one.text, said, spoken, mail) for one in spoken]


def of_reply(recipient: str, reply: str, text: str, command: str) -> Failure:
    """What a server's refusal says about the recipient, as it was given while a mail was handed over.

    Where neither words nor an enhanced status say more, the reply code to the recipient counts by itself (RFC 5321,
    4.2.3): 550, 551 and 553 that there is no such mailbox, 552 that it is full.

    Args:
        recipient: the address.
        reply: the code.
        text: the words.
        command: that was refused: ``MAIL``, ``RCPT`` or ``DATA``.
    """
    status = _status(text)
    reason = _reason(text, status, reply, command)
    if reason in ("", "onhold", "undefined") and command == "RCPT" and not status:
        reason = {"550": "userunknown", "551": "userunknown", "553": "userunknown", "552": "mailboxfull"}.get(
            reply, reason
        )
    return _failure(recipient, reason, status, reply, command, text, False)


def _own(mail: Mail) -> frozenset[str]:
    found = {mail.author.address.lower(), mail.answers_to.lower()}
    found |= {one.address.lower() for one in mail.receivers}
    return frozenset(found)


def _returned_to(mail: Mail, own: frozenset[str]) -> str:
    """The recipient by the mail that came back, or by what the reporting server put in a header."""
    for name in ("x-failed-recipients", "x-actual-recipient", "x-envelope-to"):
        found = re.search(r"[^\s<>,;]+@[^\s<>,;]+", mail.header(name))
        if found:
            return found[0]
    text = "\n".join(part.text for part in mail.parts)
    found = re.search(r"(?im)^to:\s*(?:[^\n<]*<)?([^\s<>,;]+@[^\s<>,;]+)", text)
    return found[1] if found else ""


def _spoken_of(one: Told, spoken: list[bounce_text.Passage], told: list[Told], said: str) -> str:
    """What the words for people say about a recipient the fields name."""
    mine = [passage.text for passage in spoken if passage.recipient.lower() == one.recipient.lower()]
    if mine:
        return "\n".join(mine)
    return said if len(told) == 1 else ""


def _of_fields(one: Told, words: str, said: str) -> Failure:
    status = _status(one.diagnostic) or ""
    if not status or (status.endswith(".0.0") and one.status):
        status = one.status if one.status and not one.status.endswith(".0.0") else status or one.status
    if not one.diagnostic or one.status.endswith(".0.0"):
        within = _status(words)
        if within and not within.endswith(".0.0") and (not status or status.endswith(".0.0")):
            status = within
    reply = _reply(one.diagnostic) or _reply(words)
    session = bounce_text.session_of(said, one.recipient)
    command = _command(one.diagnostic) or _command(words) or _command(session)
    if one.action in ("delivered", "relayed", "expanded") or status.startswith("2."):
        return Failure(one.recipient, "delivered", status, reply, command, False, False, one.diagnostic)
    kind = "x-unix; " if one.kind == "x-unix" else ""
    texts = (kind + one.diagnostic, words, session)
    meant = bounce_reasons.of_status(status) in bounce_reasons.TELLING
    spoken = next((text for text in texts if bounce_reasons.said(text)), " ".join(texts)) if not meant else texts[0]
    reason = _reason(spoken, status, reply, command)
    if one.action == "delayed" and reason in ("", "onhold", "undefined"):
        reason = "expired"
    return _failure(one.recipient, reason, status, reply, command, one.diagnostic or words, one.action == "delayed")


def _of_words(recipient: str, passage: str, said: str, spoken: list[bounce_text.Passage], mail: Mail) -> Failure:
    near = _answer_for(recipient, passage, said)
    status, reply = _status(near), _reply(near)
    command = _command(near) or _command(said)
    reason = _reason(near, status, reply, command)
    if reason in ("", "onhold", "undefined"):
        for wider in (said, f"{said} {mail.subject}"):
            status, reply = status or _status(wider), reply or _reply(wider)
            reason = _reason(wider, status, reply, command) or reason
            if reason not in ("", "onhold", "undefined"):
                break
    delayed = bool(_DELAYED.search(f"{mail.subject} {said[:600]}")) and not reply.startswith("5")
    return _failure(recipient, reason, status, reply, command, near, delayed)


def _answer_for(recipient: str, passage: str, said: str) -> str:
    """What is said about a recipient: its passage, or in a transcript the answers that name it."""
    if _REPLY.search(passage) or _STATUS.search(passage) or bounce_reasons.said(passage):
        return " ".join(passage.split())
    named = [line.strip() for line in said.split("\n") if recipient and recipient.lower() in line.lower()]
    answers = [line for line in named if _REPLY.search(line)]
    return " ".join(answers or [" ".join(said.split())])


def _status(text: str) -> str:
    """The most telling status code of a text: the last that says more than its class."""
    found: list[str] = _STATUS.findall(text)
    telling = [one for one in found if not one.endswith(".0.0")]
    return (telling or found or [""])[-1]


def _reply(text: str) -> str:
    """The SMTP reply code of a text: the last that is final, else the last."""
    found: list[str] = [one for one in _REPLY.findall(text) if one[0] in "45"]
    final = [one for one in found if one[0] == "5"]
    return (final or found or [""])[-1]


def _command(text: str) -> str:
    """The command that is named last; empty where none is."""
    folded = " ".join(text.lower().split())
    found = [(match.start(), name) for name, pattern in _COMMAND.items() for match in pattern.finditer(folded)]
    return max(found)[1] if found else ""


def _reason(text: str, status: str, reply: str, command: str) -> str:
    """Why, by what was said before what a status code means by itself."""
    meant = bounce_reasons.of_status(status)
    if meant == "delivered":
        return meant
    certain = bounce_reasons.certain(text)
    if certain:
        return certain
    said = bounce_reasons.said(text)
    if said:
        first = said[0]
        if first == "mesgtoobig" and meant == "exceedlimit":
            return meant
        if first in ("userunknown", "filtered"):
            if meant in ("userunknown", "hasmoved", "suspend", "hostunknown", "rejected"):
                return meant
            if first == "filtered" or command == "DATA" or (not command and reply):
                return "userunknown" if status.endswith(".1.10") else "filtered"
        if first in ("userunknown", "hostunknown") and command == "MAIL":
            return "rejected"
        return first
    if command == "MAIL" and (meant in ("", "securityerror") and not reply.startswith("4")):
        return "rejected"
    if meant:
        return meant
    return "onhold" if text.strip() else "undefined"


def _failure(
    recipient: str, reason: str, status: str, reply: str, command: str, diagnostic: str, delayed: bool
) -> Failure:
    reason = reason or "undefined"
    temporary = delayed or (status or reply).startswith("4")
    hard = reason in bounce_reasons.HARD and not (reason == "notaccept" and (status or reply).startswith("4"))
    return Failure(recipient, reason, status, reply, command, temporary, hard, " ".join(diagnostic.split()))
