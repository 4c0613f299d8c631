"""The registrable domain of a host, by the Public Suffix List (publicsuffix.org): who is one organisation."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=1)
def _rules() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # 10,000 rules: read when first asked for

    return PublicSuffixList()


def registrable(host: str) -> str:
    """The part of a host name that somebody registered: a public suffix and one label.

    Args:
        host: a host name, in A-labels or U-labels, in any case, a dot at its end allowed.

    Returns:
        in small letters and otherwise written as the host was; empty where the host is a public suffix itself, or no
        host name.
    """
    name = host.strip().lower().removesuffix(".")
    if not name or any(not label for label in name.split(".")):
        return ""
    return _rules().privatesuffix(name) or ""


def same_organisation(one: str, other: str) -> bool:
    """Whether two hosts are of one registrable domain."""
    found = registrable(one)
    return bool(found) and found == registrable(other)
