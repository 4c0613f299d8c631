"""The families of activities: one table, each family imported when something of it is first asked for.

To add a family: a package with a module ``table`` that holds its ``FAMILY``, and a row here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from anyshore.activities.activity import Activity, ActivityContext, Family, Reader
from anyshore.base.errors import DefinitionError, InternalError

FAMILIES: Mapping[str, str] = {
    "analysis": "anyshore.activities.analysis.table",
    "bank": "anyshore.activities.bank.table",
    "changes": "anyshore.activities.changes.table",
    "calls": "anyshore.activities.calls.table",
    "clauses": "anyshore.activities.clauses.table",
    "close": "anyshore.activities.close.table",
    "documents": "anyshore.activities.documents.table",
    "einvoice": "anyshore.activities.einvoice.table",
    "filings": "anyshore.activities.filings.table",
    "articles": "anyshore.activities.articles.table",
    "helpdesk": "anyshore.activities.helpdesk.table",
    "marketing": "anyshore.activities.marketing.table",
    "payables": "anyshore.activities.payables.table",
    "receivables": "anyshore.activities.receivables.table",
    "payroll": "anyshore.activities.payroll.table",
    "recruiting": "anyshore.activities.recruiting.table",
    "research": "anyshore.activities.research.table",
    "support": "anyshore.activities.support.table",
    "surveys": "anyshore.activities.surveys.table",
    "training": "anyshore.activities.training.table",
    "website": "anyshore.activities.website.table",
}
"""Name of a family, with which the names of its activities begin, and the module of its table."""


def family(name: str) -> Family:
    """The table of a family.

    Raises:
        DefinitionError: there is none.
    """
    if name not in FAMILIES:
        hint = f"Known are: {', '.join(FAMILIES)}."
        raise DefinitionError("activity.unknown-family", f"There is no family of activities {name!r}.", hint=hint)
    found = import_module(FAMILIES[name]).FAMILY
    if not isinstance(found, Family):
        raise InternalError("activity.no-table", f"{FAMILIES[name]} holds no table of a family.")
    return found


class _Activities(Mapping[str, Activity[Any, Any]]):
    """All activities by name. Looking one up imports its family; listing them imports all."""

    def __getitem__(self, name: str) -> Activity[Any, Any]:
        prefix = name.partition(".")[0]
        if prefix in FAMILIES:
            for one in family(prefix).activities:
                if one.name == name:
                    return one
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (one.name for name in FAMILIES for one in family(name).activities)

    def __len__(self) -> int:
        return sum(len(family(name).activities) for name in FAMILIES)


ACTIVITIES: Mapping[str, Activity[Any, Any]] = _Activities()


def get(name: str) -> Activity[Any, Any]:
    """The activity of a name.

    Raises:
        DefinitionError: there is none; the hint lists those there are.
    """
    found = ACTIVITIES.get(name)
    if found is None:
        hint = f"Known are: {', '.join(ACTIVITIES)}."
        raise DefinitionError("activity.unknown", f"There is no activity {name!r}.", hint=hint)
    return found


def run(name: str, values: Mapping[str, object], context: ActivityContext) -> dict[str, object]:
    """Runs an activity by name, from and to plain values.

    Raises:
        DefinitionError: there is no such activity.
        DataError: the input does not fit it.
    """
    return get(name).run(values, context)


def record_kinds() -> dict[str, str]:
    """The kinds of records of all families, and what a row of each is."""
    return {kind: text for name in FAMILIES for kind, text in family(name).records.items()}


def written_kinds() -> frozenset[str]:
    """The kinds of records that activities append to in real work: never loaded from files."""
    return frozenset(kind for one in ACTIVITIES.values() if not one.tries for kind in one.writes)


def readers() -> dict[str, Reader]:
    """The readers of reference data of all families, by name."""
    return {key: reader for name in FAMILIES for key, reader in family(name).readers.items()}


def reader(name: str) -> Reader:
    """A reader of reference data by its name, for example ``payables.orders``.

    Raises:
        DefinitionError: there is none; the hint lists those there are.
    """
    prefix = name.partition(".")[0]
    found = family(prefix).readers.get(name) if prefix in FAMILIES else None
    if found is None:
        hint = f"Known are: {', '.join(readers())}."
        raise DefinitionError("activity.unknown-reader", f"There is no reader {name!r}.", hint=hint)
    return found
