"""A mailbox over IMAP4rev1 (RFC 3501): mails are read without marking them, and marked once they are stored."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from email.utils import parseaddr
from functools import partial
from typing import Any

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.host.channels.sources import MAILBOX, Arrival, Seen, setting
from anyshore.host.intake.parcels import Parcel
from anyshore.host.names import shown
from anyshore.host.outgoing import gate

TIMEOUT = 30
"""Seconds to wait for the server."""
MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a mail that is fetched."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
SECURITY = ("tls", "starttls", "none")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class _Plain(imaplib.IMAP4):
    """A connection through the gate."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return gate.of_installation().connect(self.host, self.port, timeout or TIMEOUT)


class _Protected(imaplib.IMAP4_SSL):
    """The same under TLS from its first byte."""

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        made = gate.of_installation().connect(self.host, self.port, timeout or TIMEOUT)
        context: ssl.SSLContext = self.ssl_context
        return context.wrap_socket(made, server_hostname=self.host)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox that is looked into.

    Attributes:
        host: name of the server.
        port: of it.
        user: who signs in.
        password: theirs.
        security: ``tls``, ``starttls``, or ``none``, which is for a server on this machine alone.
        mailbox: its name: ``INBOX``.
        authority: file of certificates to trust beside those of the system.
    """

    host: str
    port: int
    user: str
    password: str
    security: str = "tls"
    mailbox: str = "INBOX"
    authority: str | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any], password: str | None) -> Mailbox:
        """The mailbox of a channel.

        Raises:
            DataError: a setting or the password is missing, or the connection would not be protected.
        """
        if password is None:
            hint = "It stands in a file beside the database: add the channel again on this machine."
            raise DataError("channel.secret", "The password of the mailbox is not here.", hint=hint)
        host, security = setting(settings, "host"), str(settings.get("security", "tls"))
        if security not in SECURITY or (security == "none" and host not in LOCAL):
            message = f"A mailbox on {host} is not read without encryption."
            raise DataError("channel.security", message, hint="Use tls or starttls.")
        port = int(settings.get("port") or (993 if security == "tls" else 143))
        return cls(
            host, port, setting(settings, "user"), password, security, str(settings.get("mailbox") or "INBOX"),
            settings.get("authority"),
        )  # fmt: skip

    def arrivals(self, seen: Seen) -> Iterator[Arrival]:
        """See ``sources.Source``. What was handed over is known by UIDVALIDITY and UID (RFC 3501, 2.3.1.1)."""
        with self._open(readonly=False) as (server, validity):
            numbers = self._numbers(server)
            known = seen([f"{validity}:{number}" for number in numbers])
            for number in numbers:
                key = f"{validity}:{number}"
                if key not in known:
                    yield Arrival(key, self._parcel(server, number), partial(_mark, server, number))

    def check(self) -> str:
        """See ``sources.Source``."""
        with self._open(readonly=True) as (server, _):
            return f"{len(self._numbers(server))} mails in {self.mailbox} of {self.user} on {self.host}."

    @contextmanager
    def _open(self, *, readonly: bool) -> Iterator[tuple[imaplib.IMAP4, str]]:
        try:
            server = self._connect()
            try:
                server.login(self.user, self.password)
                quoted = '"' + self.mailbox.replace("\\", "\\\\").replace('"', '\\"') + '"'
                status, said = server.select(quoted, readonly)
                if status != "OK":
                    raise imaplib.IMAP4.error(_text(said))
                yield server, self._validity(server)
            finally:
                _leave(server)
        except (imaplib.IMAP4.error, OSError, ssl.SSLError, gate.OutgoingError) as problem:
            told = problem.message if isinstance(problem, gate.OutgoingError) else str(problem).strip("b'\"")
            why = told or type(problem).__name__
            message = f"The mailbox cannot be read: {why}."
            place = Location(f"{self.host}:{self.port}", self.mailbox)
            raise DataError("channel.mailbox", message, place, "Check server, user, password and mailbox.") from problem

    def _connect(self) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        if self.authority:
            context.load_verify_locations(self.authority)
        if self.security == "tls":
            return _Protected(self.host, self.port, ssl_context=context, timeout=TIMEOUT)
        server = _Plain(self.host, self.port, timeout=TIMEOUT)
        if self.security == "starttls":
            server.starttls(context)
        return server

    def _validity(self, server: imaplib.IMAP4) -> str:
        _, said = server.response("UIDVALIDITY")
        found = said[0] if said and said[0] else None
        if not isinstance(found, bytes):
            raise imaplib.IMAP4.error("the server gives its mails no lasting numbers (UIDVALIDITY)")
        return found.decode("ascii", "replace")

    def _numbers(self, server: imaplib.IMAP4) -> list[int]:
        status, said = server.uid("SEARCH", "ALL")
        if status != "OK":
            raise imaplib.IMAP4.error(_text(said))
        return sorted(int(number) for part in said if isinstance(part, bytes) for number in part.split())

    def _parcel(self, server: imaplib.IMAP4, number: int) -> Parcel:
        """A mail; one that is too large or gone is a parcel with a problem, so that it is answered for."""
        name = f"{self.mailbox}/{number}.eml"
        size = self._size(server, number)
        if size > MAX_BYTES:
            problem = Diagnostic(
                "intake.too-large", "The mail is too large.", Location(name), f"At most {MAX_BYTES:,} bytes are read."
            )
            return Parcel(name, None, MAILBOX, problem=problem)
        content = self._fetched(server, number, "(BODY.PEEK[])")
        if content is None:
            problem = Diagnostic("channel.gone", "The mail was taken away while it was read.", Location(name))
            return Parcel(name, None, MAILBOX, problem=problem)
        sender, subject = _headers(content)
        title = shown(subject, 150) if subject else str(number)
        return Parcel(f"{title}.eml", content, MAILBOX, sender=sender or None)

    def _size(self, server: imaplib.IMAP4, number: int) -> int:
        _, said = server.uid("FETCH", str(number), "(RFC822.SIZE)")
        for part in said:
            found = _SIZE.search(part) if isinstance(part, bytes) else None
            if found:
                return int(found[1])
        return 0

    def _fetched(self, server: imaplib.IMAP4, number: int, what: str) -> bytes | None:
        status, said = server.uid("FETCH", str(number), what)
        if status != "OK":
            raise imaplib.IMAP4.error(_text(said))
        return next((part[1] for part in said if isinstance(part, tuple)), None)


def _mark(server: imaplib.IMAP4, number: int, refused: str) -> None:
    """People see in their mail program what was read, and what was refused."""
    flags = r"(\Seen \Flagged)" if refused else r"(\Seen)"
    try:
        server.uid("STORE", str(number), "+FLAGS.SILENT", flags)
    except (imaplib.IMAP4.error, OSError) as problem:
        message = f"Mail {number} was received and cannot be marked: {problem}."
        raise DataError("channel.mailbox", message, hint="Give the right to mark mails.") from problem


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (imaplib.IMAP4.error, OSError):
        server.shutdown()  # the connection is gone already: whoever lost it is told by the error on the way


def _headers(content: bytes) -> tuple[str, str]:
    """Sender and subject; empty where the headers cannot be read: the intake says what is wrong with the mail."""
    try:
        message = message_from_bytes(content[:1_000_000], policy=default)
        return parseaddr(str(message.get("From") or ""))[1], " ".join(str(message.get("Subject") or "").split())
    except Exception:  # noqa: BLE001 - the standard library lets many kinds out; the mail is judged where it is unpacked
        return "", ""


def _text(said: list[Any]) -> str:
    return " ".join(part.decode("utf-8", "replace") for part in said if isinstance(part, bytes)) or "refused"
