"""Who acted stands in a ledger as a digest with a salt of the person's own: an erasure forgets the salt.

A digest of an address alone could be guessed from a list of addresses; without the salt nobody can tell any more, and
the chain is as it was. Until then the digest is the same in every entry, so that work can be counted by person.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any, Protocol

PREFIX = "person:"
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


class PersonTransaction(Protocol):
    """What a store must do about people; see :mod:`anyshore.host.ports`."""

    def pseudonyms(self, addresses: Iterable[str]) -> dict[str, str]:
        """What stands for people's addresses in ledgers; who has no salt gets one."""


def pseudonym(address: str, salt: bytes) -> str:
    """What stands for an address in a ledger."""
    return PREFIX + hashlib.sha256(salt + address.encode()).hexdigest()[:32]


def without_names(tx: PersonTransaction, facts: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    """The facts with pseudonyms in place of addresses: of who did it, gave it, signed it. Programs keep their names.

    Args:
        tx: the open transaction.
        facts: of an entry.
        known: pseudonyms that were asked for in this transaction; grows.
    """
    found = {name: one for name, one in facts.items() if isinstance(one, str) and _ADDRESS.fullmatch(one)}
    if not found:
        return facts
    if new := [address for address in found.values() if address not in known]:
        known.update(tx.pseudonyms(new))
    return facts | {name: known[address] for name, address in found.items()}
