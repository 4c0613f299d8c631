"""A row of a batch as an instance: its first command and the row of the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.host.bulk_ports import BatchRow
from anyshore.host.ports import InstanceRow
from anyshore.kernel.commands import Start
from anyshore.runtime.catalogue import Linked


def instance_of(row: BatchRow, linked: Linked, number: int, reference: str) -> InstanceRow:
    """A row of a batch as an instance."""
    return InstanceRow(
        id=number, definition=row.definition, kind=linked.kind, key=linked.key, engagement=row.engagement,
        service=row.service, reference=reference, created=row.at, zone=row.zone,
    )  # fmt: skip


def start_of(row: BatchRow, variables: Mapping[str, Any]) -> Start:
    """The command with which it begins."""
    return Start(at=row.at, by=row.by, zone=row.zone, variables=dict(variables))
