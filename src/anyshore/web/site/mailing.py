"""Sending mails over the installation's server (``ANYSHORE_MAIL``), through the gate like everything that goes out."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from anyshore.host.outgoing import gate

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes mails.

    Attributes:
        host: its name.
        port: of it.
        user: who signs in; empty: nobody.
        password: theirs.
        sender: the address mails come from.
        protected: under TLS from the first byte (``smtps``), else from STARTTLS on.
    """

    host: str
    port: int
    user: str
    password: str
    sender: str
    protected: bool


def of(address: str | None) -> Server | None:
    """The server of ``smtp://user:password@host:587?from=anyshore@example.org``; ``smtps`` for TLS at once.

    Raises:
        ImproperlyConfigured: it does not look like that.
    """
    if not address:
        return None
    parts = urlsplit(address)
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender:
        raise ImproperlyConfigured(
            "ANYSHORE_MAIL must look like smtp://user:password@host:587?from=anyshore@example.org, or smtps://…"
        )
    protected = parts.scheme == "smtps"
    return Server(
        parts.hostname, parts.port or (465 if protected else 587), unquote(parts.username or ""),
        unquote(parts.password or ""), sender, protected,
    )  # fmt: skip


class _Gated(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return gate.of_installation().connect(host, port, timeout)


class _Protected(_Gated):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return trust().wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)


def trust() -> ssl.SSLContext:
    """Whose certificates count: those of the system, and of ``SSL_CERT_FILE`` where it is set."""
    return ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))


class Backend(BaseEmailBackend):
    """Sends by the installation's server, protected always: a link in clear would be a password in clear."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were sent.

        Raises:
            OSError: the server did not take one.
        """
        server: Server | None = settings.MAIL
        if server is None:
            return 0
        with signed_in(server) as connection:
            for one in email_messages:
                content = one.message().as_bytes(linesep="\r\n")
                connection.sendmail(server.sender, one.recipients(), content)
        return len(email_messages)


@contextmanager
def signed_in(server: Server) -> Iterator[smtplib.SMTP]:
    """A connection over which mails can be sent.

    Raises:
        OSError: the server is not there, is not protected, or does not know who signs in.
    """
    kind: Any = _Protected if server.protected else _Gated
    with kind(server.host, server.port, timeout=SECONDS) as connection:
        if not server.protected:
            connection.starttls(context=trust())
        if server.user:
            connection.login(server.user, server.password)
        yield connection
