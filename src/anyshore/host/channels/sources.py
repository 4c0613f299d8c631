"""What every kind of channel offers, and their settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from anyshore.base.errors import DataError
from anyshore.host.intake.parcels import Parcel
from anyshore.host.intake_ports import SeenRow

FOLDER, MAILS, MAILBOX = "folder", "mails", "mailbox"
KINDS = (FOLDER, MAILS, MAILBOX)

SHORTEST, USUAL = 5, 60
"""Seconds between two looks: at least, and where nothing is said."""

Seen = Callable[[Iterable[str]], Mapping[str, SeenRow]]
"""Those of the keys that were handed over before."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something a channel has found.

    Attributes:
        key: what the place knows it by.
        parcel: what it is; None where it was handed over before and only has to be tidied up.
        settle: tidies it up, given why things of it were refused; empty where none was.
    """

    key: str
    parcel: Parcel | None
    settle: Callable[[str], None]


class Source(Protocol):
    """A place that can be looked into."""

    def arrivals(self, seen: Seen) -> Iterator[Arrival]:
        """What has arrived and is complete, one after the other.

        Raises:
            DataError: the place cannot be looked into.
        """

    def check(self) -> str:
        """Looks without taking anything; what is there, in one sentence.

        Raises:
            DataError: the place cannot be looked into.
        """


def setting(settings: Mapping[str, Any], name: str) -> str:
    """A setting that must be there.

    Raises:
        DataError: it is not.
    """
    value = settings.get(name)
    if not isinstance(value, str) or not value:
        raise DataError("channel.setting", f"The channel says nothing about its {name}.", hint="Add it again.")
    return value
