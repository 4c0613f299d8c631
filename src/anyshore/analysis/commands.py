"""``anyshore analysis``: data contracts, and plans that give the same bytes to everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from anyshore.analysis import contracts, dataset, results
from anyshore.base import files
from anyshore.base.commands import Answer, Group
from anyshore.base.telling import Sheet

Data = Annotated[Path, "A table: .csv, names in the first line."]


def check(contract: Annotated[Path, "A data contract: .yaml, ODCS 3.1."], data: Data) -> Answer:
    """Check a table against its data contract (ODCS 3.1): every row that breaks it, with column, value and rule."""
    table = dataset.read(files.read_text(data), str(data))
    found = contracts.broken(contracts.read(files.read_text(contract), str(contract)), table)
    return Answer(contracts.plain(found, table.rows), contracts.sheet(found, table.rows, data.name), bad=found)


def run(
    plan: Annotated[Path, "A plan: .yaml."],
    data: Data,
    *,
    out: Annotated[Path | None, "Write the results into this file."] = None,
) -> Answer:
    """Compute a plan of statistics: a line per figure, the same bytes wherever it is run."""
    found = results.run(files.read(plan), files.read(data), plan_name=str(plan), data_name=str(data))
    shown = Sheet("Results", ("", "Value"), [(name, str(value)) for name, value in found.summary.items()])
    return Answer(found.summary | {"text": found.text}, shown).writing(out, found.text)


GROUP = Group("Data contracts, and plans of statistics that anybody can run again.", {"check": check, "run": run})
