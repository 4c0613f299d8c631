"""The machine-readable parts of a report: delivery status (RFC 3464), feedback (RFC 5965), disposition (RFC 8098).

Fields are found wherever they stand, as some systems send them as plain text; Amazon's notifications are the same in
JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.mail.message import Mail, decoded

STATUS = "message/delivery-status"
_STATUS_KINDS = (STATUS, "message/global-delivery-status")
FEEDBACK = "message/feedback-report"
DISPOSITION = ("message/disposition-notification", "message/global-disposition-notification")

_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{2,40})\s*:[ \t]*(.*)")
_KNOWN = frozenset({
    "reporting-mta", "final-recipient", "original-recipient", "action", "status", "remote-mta", "diagnostic-code",
    "last-attempt-date", "arrival-date", "received-from-mta", "will-retry-until", "final-log-id", "x-actual-recipient",
    "original-envelope-id", "dsn-gateway", "x-original-message-id", "x-display-name", "x-supplementary-info",
})  # fmt: skip
_ADDRESS = re.compile(r"<?\"?([^\s<>;,\"]+@[^\s<>;,\"]+?)\"?>?(?:\s|$|>|\()")
_MARK = "final-recipient"


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says about one recipient.

    Attributes:
        recipient: whom the mail was for, as the report has it.
        action: ``failed``, ``delayed``, ``delivered``, ``relayed``, ``expanded``; empty where it is not told.
        status: the enhanced status code; empty where it is not told.
        kind: what kind of diagnostic it is: ``smtp``, or something of the reporting system's.
        diagnostic: what the other server said.
    """

    recipient: str
    action: str
    status: str
    kind: str
    diagnostic: str


def of(mail: Mail) -> list[Told]:
    """What the fields of a report say, by recipient, in its order."""
    parts = [part for part in mail.parts if part.kind in _STATUS_KINDS]
    found = [one for part in parts for one in _blocks(part.text)]
    if not found:
        texts = [
            part.text for part in mail.parts if part.kind in ("text/plain", "message/rfc822", "text/rfc822-headers")
        ]
        texts += [] if mail.parts else [mail.text]
        for text in texts[:3]:
            if re.search(r"(?im)^\s*(?:final|original)-recipient\s*:", text) and re.search(
                r"(?im)^\s*status\s*:", text
            ):
                found = _blocks(text)
            elif text.lstrip().startswith("{"):
                found = _notified(text)
            if found:
                break
    return found


def feedback(mail: Mail) -> dict[str, str] | None:
    """The fields of a report of abuse (RFC 5965), by name in small letters; None where it is none.

    Providers that do not keep to it are known by what they send: Microsoft marks the mail complained of, Apple what its
    "unsubscribe" sends, Amazon notifies.
    """
    for part in mail.parts:
        if part.kind == FEEDBACK:
            return dict(_fields(part.text))
        if part.kind == "message/rfc822" and re.search(r"(?im)^x-hmxmroriginalrecipient:", part.text):
            return {"feedback-type": "abuse"}
    if mail.header("x-apple-unsubscribe"):
        return {"feedback-type": "opt-out"}
    notified = notification(mail)
    return {"feedback-type": "abuse"} if notified == "Complaint" else None


def notification(mail: Mail) -> str:
    """What a notification of Amazon's is about: ``Bounce``, ``Complaint``, ``Delivery``; empty for all other mail."""
    found = re.search(r'"notificationType\\?"\s*:\s*\\?"(\w+)', mail.text[:2000]) if mail.text[:1] == "{" else None
    return found[1] if found else ""


def _blocks(text: str) -> list[Told]:
    """Blocks of fields: a new one begins where a field comes again that was seen, or a recipient after another."""
    blocks: list[dict[str, str]] = [{}]
    for name, value in _fields(text):
        if name not in _KNOWN:
            continue
        block = blocks[-1]
        if name in block and (name in (_MARK, "original-recipient") or _recipient(block)):
            blocks.append({name: value})
        elif name not in block:
            block[name] = value
    found = [one for one in map(_told, blocks) if one is not None]
    return list(dict.fromkeys(found))


def _fields(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for raw in text.replace("\r", "").split("\n"):
        match = _FIELD.match(raw.strip())
        if raw[:1] in " \t" and found and not (match and match[1].lower() in _KNOWN):
            found[-1] = (found[-1][0], f"{found[-1][1]} {raw.strip()}".strip())
        elif match:
            found.append((match[1].lower(), match[2].strip()))
        elif found and raw.strip() and found[-1][0] == "diagnostic-code":
            found[-1] = (found[-1][0], f"{found[-1][1]} {raw.strip()}")  # folded without white space
    return found


def _recipient(block: Mapping[str, str]) -> str:
    for name in ("original-recipient", _MARK, "x-actual-recipient") if _odd(block) else (_MARK, "x-actual-recipient"):
        found = _ADDRESS.search(block.get(name, "").partition(";")[2] or block.get(name, ""))
        if found:
            return found[1].strip(".,")
    return block.get(_MARK, "").partition(";")[2].strip()


def _odd(block: Mapping[str, str]) -> bool:
    return "@" not in block.get(_MARK, "")


def _told(block: Mapping[str, str]) -> Told | None:
    recipient = _recipient(block)
    if not recipient or not ({"action", "status", "diagnostic-code"} & set(block)):
        return None
    kind, mark, said = block.get("diagnostic-code", "").partition(";")
    if not mark:
        kind, said = "", kind
    if said.lstrip().startswith("=?"):
        said = decoded(said)
    status = re.match(r"[245]\.\d{1,3}\.\d{1,3}", block.get("status", "").strip())
    action = block.get("action", "").lower().partition("(")[0].strip()
    return Told(recipient, action, status[0] if status else "", kind.strip().lower(), " ".join(said.split()))


def _notified(text: str) -> list[Told]:
    """Amazon's notification of a bounce or a complaint."""
    try:
        found: Any = json.loads(text[: text.rindex("}") + 1])
        if isinstance(found, dict) and isinstance(found.get("Message"), str):
            found = json.loads(found["Message"])
    except ValueError:
        return []
    if not isinstance(found, dict):
        return []
    bounce = found.get("bounce")
    if isinstance(bounce, dict):
        return [_one(one) for one in bounce.get("bouncedRecipients", ()) if isinstance(one, dict)]
    delivery = found.get("delivery")
    if isinstance(delivery, dict):
        said = str(delivery.get("smtpResponse", ""))
        return [Told(str(one), "delivered", "", "smtp", said) for one in delivery.get("recipients", ())]
    return []


def _one(fields: Mapping[str, Any]) -> Told:
    kind, _, said = str(fields.get("diagnosticCode", "")).partition(";")
    return Told(
        str(fields.get("emailAddress", "")), str(fields.get("action", "")), str(fields.get("status", "")),
        kind.strip().lower(),
        " ".join(said.split()),
    )  # fmt: skip
