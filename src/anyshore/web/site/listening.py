"""Before and after a server listens: whether its port is free, whom it can be reached by, when it answers."""

from __future__ import annotations

import errno
import http.client
import ipaddress
import socket
import time
from collections.abc import Callable

from anyshore.base.errors import HostError

_PAUSE = 0.2
"""Seconds between two looks whether the server answers."""


def check_free(address: str, port: int) -> None:
    """Refuses a port somebody listens on. Two servers that share one would each get some of the requests.

    Raises:
        HostError: it is taken (``serve.port-taken``), or this machine has no such address (``serve.no-address``).
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as one:
            # What a server that has just ended leaves behind does not count as taken.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(place)
    except PermissionError as problem:
        raise HostError(
            "serve.no-address", f"This user may not listen on port {port}.", hint="Name a port from 1024 by --port."
        ) from problem
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            message = f"This machine cannot listen on {address}: {problem.strerror}."
            raise HostError("serve.no-address", message, hint="Name an address of it by --address.") from problem
        raise HostError(
            "serve.port-taken", f"Port {port} is taken: something listens on {address}:{port} already.",
            hint="Stop it, or name another port by --port.",
        ) from problem  # fmt: skip


def open_warning(address: str, secure: bool) -> str | None:
    """What to say where others can reach the server and could read along; None where they cannot.

    Args:
        address: on which it listens.
        secure: whether a proxy that speaks HTTPS stands in front.
    """
    if secure or _is_loopback(address):
        return None
    return (
        f"Warning: {address} can be reached from other machines, and without HTTPS passwords can be read on the way. "
        "Put a proxy that speaks HTTPS in front and set ANYSHORE_HTTPS=1."
    )


def answers(address: str, port: int, over: Callable[[], bool]) -> bool:
    """Waits until a server answers, whatever it says; False where ``over`` says first that it never will."""
    name = "127.0.0.1" if address in ("0.0.0.0", "") else "::1" if address == "::" else address  # noqa: S104
    while not over():
        asked = http.client.HTTPConnection(name, port, timeout=10)
        try:
            asked.request("GET", "/")
            asked.getresponse()
            return True
        except (OSError, http.client.HTTPException):
            time.sleep(_PAUSE)
        finally:
            asked.close()
    return False


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
