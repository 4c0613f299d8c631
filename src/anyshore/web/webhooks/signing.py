"""Messages as Standard Webhooks 1.0 writes and signs them (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from anyshore.host.ports import LedgerRow

PREFIX = "whsec_"


def message(row: LedgerRow) -> tuple[str, bytes]:
    """What is told of an entry: its id, the same however often it is sent, and the body."""
    entry: dict[str, Any] = json.loads(bytes(row.line))
    at = datetime.fromtimestamp(row.at / 1_000_000, UTC).isoformat().replace("+00:00", "Z")
    body = {"type": row.type, "timestamp": at, "data": entry}
    return f"{row.engagement}.{row.sequence}", json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def headers(secret: str, id: str, body: bytes, at: int) -> dict[str, str]:
    """The headers of a message.

    Args:
        secret: ``whsec_`` and the key in base64.
        id: of the message.
        body: as it is sent.
        at: seconds since 1970; who receives it refuses what is minutes old.
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signature = hmac.digest(key, f"{id}.{at}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }  # fmt: skip
