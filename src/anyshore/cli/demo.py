"""``anyshore demo``: the whole line of work from decision to invoice, on real input."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from rich.rule import Rule

from anyshore.base.commands import Bounds, Lang
from anyshore.cli import output
from anyshore.web.site import system


def demo(
    *,
    data: Annotated[Path | None, "Folder of real files; the shipped samples alone if left out."] = None,
    most: Annotated[int | None, Bounds(1), "At most so many real files of each service."] = None,
    lang: Lang = "en",
) -> None:
    """Decide, engage, run both kinds of work, prove and bill: each step is also a command of its own."""
    system.start()
    from anyshore.web.site import demonstrating

    if data is not None and not data.is_dir():
        output.told(f"No real files at {data}: the shipped samples are used.")
        data = None
    try:
        for one in demonstrating.steps(data, most, lang, output.progress):
            if isinstance(one, demonstrating.Step):
                output.out.print()
                output.out.print(Rule(one.title, align="left"))
            else:
                output.told(one)
    except demonstrating.MissedError:
        output.end(True)
