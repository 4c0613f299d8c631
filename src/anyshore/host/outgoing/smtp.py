"""Handing one mail over by SMTP: in two round trips where the server lets commands stand in a line (RFC 2920)."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Sequence

from anyshore.host.outgoing.outbox import Later, Refused

_DOT = re.compile(rb"(?m)^\.")
_CLOSING = 421
_Reply = tuple[int, bytes]


def handed(connection: smtplib.SMTP, sender: str, to: Sequence[str], content: bytes) -> None:
    """Hands one mail over. Receivers that are refused beside others that are taken are not told.

    Args:
        connection: to the server; used for many mails.
        sender: address it comes from; bounces go there.
        to: addresses it goes to.
        content: the mail, ASCII with CRLF.

    Raises:
        Refused: the server takes it for nobody, for good (RFC 5321, 4.2.1).
        Later: it takes it for nobody now.
        OSError: it takes no mails now, or is gone.
    """
    connection.ehlo_or_helo_if_needed()
    size = f" SIZE={len(content)}" if connection.has_extn("size") else ""
    commands = [f"MAIL FROM:{_path(sender)}{size}", *(f"RCPT TO:{_path(one)}" for one in to), "DATA"]
    try:
        mail, *receivers, data = (_in_line if connection.has_extn("pipelining") else _in_turn)(connection, commands)
        accepted = [one for one in receivers if one[0] < 400]
        if data[0] == 354:
            _send(connection, _DOT.sub(b"..", content) if accepted else b"")
            data = _reply(connection)
        else:
            connection.rset()
    except UnicodeEncodeError as problem:
        raise Refused(f"The mail is not ASCII: {problem}") from problem
    if mail[0] >= 500:
        raise _refused(Refused, mail, "MAIL")
    if mail[0] >= 400:
        raise smtplib.SMTPSenderRefused(*mail, sender)
    if not accepted:
        last = max(receivers, key=lambda one: one[0] < 500)  # one that may work later lets the mail be tried again
        raise _refused(Refused if last[0] >= 500 else Later, last, "RCPT")
    if data[0] >= 400:
        raise _refused(Refused if data[0] >= 500 else Later, data, "DATA")


def _in_line(connection: smtplib.SMTP, commands: Sequence[str]) -> list[_Reply]:
    connection.send("\r\n".join([*commands, ""]))
    return [_reply(connection) for _ in commands]


def _in_turn(connection: smtplib.SMTP, commands: Sequence[str]) -> list[_Reply]:
    """The same one by one; what follows a refusal is not asked."""
    found: list[_Reply] = []
    for command in commands:
        last = command == "DATA"
        if found and (found[0][0] >= 400 or (last and all(one[0] >= 400 for one in found[1:]))):
            found.append((503, b"not asked"))
            continue
        connection.send(f"{command}\r\n")
        found.append(_reply(connection))
    return found


def _reply(connection: smtplib.SMTP) -> _Reply:
    found = connection.getreply()
    if found[0] == _CLOSING:
        connection.close()
        raise smtplib.SMTPServerDisconnected(f"The server ends: {_text(found)}")
    return found


def _send(connection: smtplib.SMTP, content: bytes) -> None:
    connection.send(content + (b".\r\n" if not content or content.endswith(b"\r\n") else b"\r\n.\r\n"))


def _path(address: str) -> str:
    """An address between angle brackets; nothing else of a line comes with it."""
    if any(one in address for one in "\r\n\0<>"):
        raise Refused(f"{address!r} is no address.")
    return f"<{address}>"


def _text(reply: _Reply) -> str:
    return " ".join(reply[1].decode("utf-8", "replace").split())


def _refused(kind: type[Refused], reply: _Reply, command: str) -> Refused:
    return kind(f"{reply[0]} {_text(reply)}", str(reply[0]), command)
