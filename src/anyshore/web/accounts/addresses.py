"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest | None) -> str:
    """An IPv4 address or the /64 network of an IPv6 one; empty where that is not known."""
    found = _address(request)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found or "")


def host_of(request: HttpRequest | None) -> str:
    """The single address; ``0.0.0.0`` where that is not known."""
    return str(_address(request) or ipaddress.IPv4Address(0))


def _address(request: HttpRequest | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Behind proxies it is what the outermost of ours wrote into ``X-Forwarded-For``.

    ``settings.PROXIES`` of them append to it; what stands left of that anybody may have written.
    """
    if request is None:
        return None
    text = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        passed = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        text = passed[-settings.PROXIES] if len(passed) >= settings.PROXIES else ""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
