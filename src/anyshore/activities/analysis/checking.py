"""The activity ``analysis.check-data``: whether a table keeps its contract, and the rows that do not."""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.analysis import contracts, dataset
from anyshore.analysis.contracts import Broken
from anyshore.base import files

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What is checked.

    Attributes:
        data: name of the document that holds the table, CSV.
        contract: of the one that holds the contract, YAML.
    """

    data: str
    contract: str


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What was found.

    Attributes:
        rows: of the table.
        columns: of the table.
        uncovered: columns the contract says nothing of.
        holds: whether nothing breaks the contract.
        count: places that break it.
        broken_rows: rows with such a place.
        broken: the places, at most 50.
    """

    rows: int
    columns: int
    uncovered: tuple[str, ...]
    holds: bool
    count: int
    broken_rows: int
    broken: tuple[Broken, ...]


def check_data(data: CheckInput, context: ActivityContext) -> CheckOutcome:
    """Checks a table against its contract."""
    table = dataset.read(files.read_text(context.read_document(data.data), name="data"), "data")
    contract = contracts.read(files.read_text(context.read_document(data.contract), name="contract"), "contract")
    found = contracts.broken(contract, table)
    covered = {one["name"] for one in contract["schema"][0]["properties"]}
    return CheckOutcome(
        table.rows, len(table.columns), tuple(name for name in table.columns if name not in covered), not found,
        len(found), len({one.row for one in found if one.row}), tuple(found[:_SHOWN]),
    )  # fmt: skip
