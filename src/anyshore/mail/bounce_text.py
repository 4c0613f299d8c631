"""What a report of delivery says to people: which recipients failed, and what was said about each.

Servers word this as they like. What they share: it stands before the mail that is returned, an address opens what is
said about it, and what the other server answered is quoted with its three digits (RFC 5321, 4.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyshore.mail.markup import without_markup
from anyshore.mail.message import Mail

MAX_LINES = 400
"""Lines before the returned mail that are looked at."""

_RETURNED = re.compile(
    r"""(?ix)^\W*(?:
    -{2,}\s*(?:this\s+is\s+a\s+copy\s+of\s+(?:the|your)\s+message|original\s+message|returned\s+message|copy\s+of|
      (?:the\s+)?header\s+of\s+the\s+original|original\s+mail|undelivered\s+message|message\s+header|below\s+this\s+line|
      (?:unsent|failed|bounced)\s+message|transcript\s+of\s+original|mensagem|message\s+body|the\s+body\s+of\s+the\s+message)
    |-+\s*below\s+(?:this\s+line|the\s+next\s+line)
    |the\s+(?:first|original)\s+[\d,\w\s]{0,20}(?:message|mail)\s+(?:headers?\s+)?(?:follows|is\s+below|was)\b(?!\s+received)
    |message\s+headers?\s+follow
    |original\s+message\s+(?:headers?|follows)
    |original\s+headers?\s*(?:follow|:)
    |(?:your\s+)?(?:original|returned)\s+(?:message|mail)\s+(?:text\s+)?(?:follows|is\s+(?:attached|below|as\s+follows))
    |content-type:\s*(?:message/rfc822|text/rfc822-headers)
    |message\s+follows
    |below\s+is\s+a\s+copy\s+of
    |received:\s*(?:from|by)\s
    |return-path:\s*<
    |dkim-signature:\s
    |x-(?:received|google-\w[\w-]*):\s
    )"""
)
"""Where the returned mail begins."""

_WORD = r"[^\s<>\"'()\[\]:;,|]+@[^\s<>\"'()\[\]:;,|]+[^\s<>\"'()\[\]:;,|.]"
_ADDRESS = re.compile(_WORD)
_OPENS = re.compile(
    r"""(?ix)^\s*(?:>{1,3}\s*|\*\s*|-\s+|(?:recipient|address|failed\s+recipient|unknown\s+user|user)\s*:\s*|\d+\.\s+)?
    (?:rfc822;\s*|smtp:|mailto:)?[<"'(\[]*("""
    + _WORD
    + r""")[>"')\]]*\s*
    (?::|$|[.,]{1,3}\s|\(|<mailto:|<|\s-\s|\son\s|\s+\d{3}\s|\s(?:unknown|not|user|mailbox|invalid|error))"""
)
_NAMED = re.compile(
    r"(?i)(?:to|for|address(?:es)?|recipients?|mailbox|user)\b[^@\n]{0,60}?[\s:<\"'(\[]+(" + _WORD + r")"
)
_TRANSCRIPT = re.compile(r"\d{3}(?:\s+[245]\.\d\.\d+)?\s+<(" + _WORD + r")>\s*\.\.\.\s")
_SENDER = re.compile(r"(?i)(?:sent by|message from|mail from|sender)\W*$")
_MACHINES = re.compile(
    r"(?i)^(?:mailer-daemon|postmaster|mailerdaemon|mail-daemon|no-?reply|support|abuse|listmaster)@"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is said about a recipient; of a report that names none the recipient is empty."""

    recipient: str
    text: str


def before_returned(mail: Mail) -> str:
    """What a report says itself: the text before the mail it returns."""
    texts = []
    for part in mail.parts:
        if part.kind in ("message/rfc822", "text/rfc822-headers"):
            break
        if part.kind == "text/plain" and part.text.strip():
            texts.append(part.text)
        elif part.kind == "text/html" and not texts:
            texts.append(without_markup(part.text))
        elif part.kind.startswith("message/") and not texts and part.kind != "message/delivery-status":
            texts.append(part.text)
    if not texts and mail.parts:
        texts.append(mail.parts[0].text)
    lines = "\n".join(texts).replace("\r\n", "\n").replace("\r", "\n").split("\n")[: MAX_LINES * 4]
    if lines and re.match(r"(?i)from\s+\S+|return-path:", lines[0]):
        lines = lines[1:]
    end = next((number for number, line in enumerate(lines) if number and _RETURNED.match(line)), len(lines))
    return "\n".join(lines[:end][:MAX_LINES])


def passages(text: str, own: frozenset[str]) -> list[Passage]:
    """What is said about each recipient, in order.

    Args:
        text: what the report says itself.
        own: addresses that are no recipients: the author of the report, whom it was sent to.
    """
    lines = text.split("\n")
    starts: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        found = _OPENS.match(line)
        address = found[1].strip(".,") if found and not _SENDER.search(_above(lines, number)) else ""
        if address and _counts(address, own) and address.lower() not in {known.lower() for _, known in starts}:
            starts.append((number, address))
    if not starts:
        address = _named(text, own)
        return [Passage(address, text)] if address else []
    ends = [number for number, _ in starts[1:]] + [len(lines)]
    return [
        Passage(address, "\n".join(_paragraph(lines[number:end])))
        for (number, address), end in zip(starts, ends, strict=True)
    ]


def _above(lines: list[str], number: int) -> str:
    return next((line for line in reversed(lines[:number]) if line.strip()), "")


def _paragraph(lines: list[str]) -> list[str]:
    """What is said right behind an address ends with its paragraph; where a gap follows it, all of it counts."""
    if len(lines) > 1 and (lines[1].strip() or len(lines[0].strip()) > len(_first_word(lines[0])) + 4):
        end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
        return lines[:end]
    return lines


def _first_word(line: str) -> str:
    found = _ADDRESS.search(line)
    return line.strip()[: found.end()] if found else line


def transcript(text: str) -> list[Passage]:
    """What a transcript of the session says about each recipient: the command, the answer, and its line with three
    digits."""
    found: dict[str, list[str]] = {}
    session: list[str] = []
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped.startswith(">>>"):
            session = [stripped]
        elif stripped.startswith("<<<"):
            session.append(stripped)
        named = _TRANSCRIPT.match(stripped)
        if named:
            found.setdefault(named[1], []).extend([*session, stripped])
            session = []
        elif re.match(r"(?i)\W*while talking to|\d{3} \S+ \(smtp\)", stripped):
            session = [] if stripped[:1].isalpha() or not session else session
    return [Passage(recipient, "\n".join(lines)) for recipient, lines in found.items()]


def session_of(text: str, recipient: str) -> str:
    """What was sent and answered about a recipient in a transcript: the last command before the answer that names
    it."""
    command, answers = "", []
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped.startswith(">>>"):
            command = stripped
        elif stripped.startswith("<<<") and (
            recipient.lower() in stripped.lower() or not re.search(r"<[^>]+@", stripped)
        ):
            answers += [command, stripped]
    return "\n".join(dict.fromkeys(answers))


def _counts(address: str, own: frozenset[str]) -> bool:
    return address.lower() not in own and not _MACHINES.match(address) and "." in address.rpartition("@")[2]


def _named(text: str, own: frozenset[str]) -> str:
    for pattern in (_NAMED, _ADDRESS):
        for found in pattern.finditer(text):
            address = found[found.re.groups].strip(".,") if found.re.groups else found[0].strip(".,")
            if _counts(address, own):
                return address
    return ""
