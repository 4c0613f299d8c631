"""The gate: a name is resolved once, each address is judged, and the connection goes to the address that was judged.

So a name that points inwards, or points elsewhere at the second look, leads nowhere (server-side request forgery,
CWE-918; OWASP's SSRF Prevention Cheat Sheet). What an installation wants to reach on its own network it lists:
addresses or networks in ``ANYSHORE_OUTGOING``, with commas between them.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anyshore.base.errors import HostError

VARIABLE = "ANYSHORE_OUTGOING"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], list[tuple[Any, ...]]]

_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
"""An IPv4 address in the last 32 bits (RFC 6052, RFC 8215)."""
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class OutgoingError(HostError):
    """A connection that was not made, or that broke a limit."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Judges where connections may go.

    Attributes:
        listed: networks of one's own that may be reached although they are not public.
        resolve: asks for the addresses of a name, as ``socket.getaddrinfo``.
    """

    listed: tuple[Network, ...] = ()
    resolve: Resolver | None = None

    def may(self, address: Address) -> bool:
        """Whether an address may be reached: a public one, or one that is listed."""
        if any(address.version == one.version and address in one for one in self.listed):
            return True
        return all(one.is_global and not one.is_multicast for one in (address, *_inside(address)))

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connection to the first address of a host that may be reached and answers.

        Args:
            host: name or address.
            port: of it.
            timeout: seconds for the name and for each address.

        Raises:
            OutgoingError: the name is unknown (``outgoing.name``), no address of it may be reached
                (``outgoing.refused``), or none answers (``outgoing.unreachable``).
        """
        found = self._addresses(host, port, timeout)
        allowed = [one for one in found if self.may(ipaddress.ip_address(one[4][0].partition("%")[0]))]
        if not allowed:
            raise OutgoingError(
                "outgoing.refused", f"{host} is an address of this network, which is not reached from here.",
                hint=f"Where it is meant to be, list it in {VARIABLE}.",
            )  # fmt: skip
        problem: OSError | None = None
        for family, kind, protocol, _name, place in allowed:
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(timeout)
                made.connect(place)
            except OSError as failed:
                made.close()
                problem = failed
            else:
                return made
        why = (problem and problem.strerror) or str(problem)
        raise OutgoingError("outgoing.unreachable", f"{host}:{port} does not answer: {why}.") from problem

    def _addresses(self, host: str, port: int, timeout: float) -> list[tuple[Any, ...]]:
        """What a name stands for. The system's resolver knows no limit of time, so it is asked aside."""
        answer: list[list[tuple[Any, ...]]] = []
        problem: list[Exception] = []

        def ask() -> None:
            try:
                answer.append((self.resolve or _system)(host, port))
            except (OSError, UnicodeError) as failed:
                problem.append(failed)

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(timeout)
        if not answer or not answer[0]:
            why = str(problem[0]) if problem else "the name server did not answer in time"
            raise OutgoingError("outgoing.name", f"There is no address for {host}: {why}.") from None
        return answer[0]


def _system(host: str, port: int) -> list[tuple[Any, ...]]:
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


def _inside(address: Address) -> list[Address]:
    """The IPv4 addresses an IPv6 address leads to: mapped, 6to4, Teredo, NAT64, and the old compatible form."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address] = [one for one in (address.ipv4_mapped, address.sixtofour) if one is not None]
    found += address.teredo or ()
    if any(address in one for one in (*_NAT64, _COMPATIBLE)):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def listed(text: str) -> tuple[Network, ...]:
    """The networks of a list with commas: ``10.1.0.0/16,::1``.

    Raises:
        OutgoingError: a part is no address and no network (``outgoing.listed``).
    """
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        try:
            found.append(ipaddress.ip_network(part, strict=False))
        except ValueError as problem:
            hint = f"{VARIABLE} lists addresses and networks: 10.1.0.0/16,192.0.2.7"
            raise OutgoingError("outgoing.listed", f"{part!r} is no network.", hint=hint) from problem
    return tuple(found)


def of_installation() -> Gate:
    """The gate of this installation, from its environment."""
    return Gate(listed(os.environ.get(VARIABLE, "")))
