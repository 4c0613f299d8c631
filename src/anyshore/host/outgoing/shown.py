"""The certificates a server shows, sound or not: they are to be judged, and nothing is sent to it."""

from __future__ import annotations

import contextlib
import ssl
from typing import Any

from anyshore.host.outgoing.gate import Gate, OutgoingError, of_installation


def certificates(host: str, port: int = 443, seconds: float = 10.0, gate: Gate | None = None) -> list[bytes]:
    """What a server shows, its own first, in DER.

    Args:
        host: that is named to the server (SNI).
        port: of it.
        seconds: connecting and shaking hands may take, each.
        gate: judges where connections go.

    Raises:
        OutgoingError: it is not reached (see :meth:`Gate.connect`) or speaks no TLS (``outgoing.tls``).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    made = (gate or of_installation()).connect(host, port, seconds)
    with contextlib.closing(made):
        try:
            with context.wrap_socket(made, server_hostname=host) as protected:
                return _chain(protected)
        except (ssl.SSLError, OSError) as problem:
            why = getattr(problem, "reason", None) or problem.strerror or "the connection ended"
            raise OutgoingError("outgoing.tls", f"{host}:{port} does not speak TLS: {why}.") from problem


def _chain(protected: ssl.SSLSocket) -> list[bytes]:
    """The whole of what was sent; Python says so in public from 3.13 on."""
    own: Any = protected if hasattr(protected, "get_unverified_chain") else protected._sslobj  # type: ignore[attr-defined]
    found = [one if isinstance(one, bytes) else _der(one) for one in own.get_unverified_chain() or ()]
    leaf = protected.getpeercert(binary_form=True)
    return found or ([leaf] if leaf else [])


def _der(one: Any) -> bytes:
    text = one.public_bytes()  # PEM, unless asked otherwise
    return ssl.PEM_cert_to_DER_cert(text) if isinstance(text, str) else bytes(text)
