"""``anyshore case``: check case templates and CMMN files, and turn one form into the other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from anyshore import cmmn
from anyshore.base import files
from anyshore.base.commands import Answer, Group
from anyshore.base.errors import grave, plain
from anyshore.cmmn.showing import of_plan

File = Annotated[Path, "A case template (YAML) or a CMMN 1.1 file (XML)."]


def check(file: File) -> Answer:
    """Check a case file: every problem at once, each with line and column; then show its plan."""
    model = cmmn.open_file(file)
    found = cmmn.check(model)
    plans = (of_plan(case.id, cmmn.link(model, case.id)) for case in model.cases)
    return Answer({"file": str(file), "problems": plain(found)}, found, plans, bad=grave(found))


def convert(
    file: File,
    *,
    out: Annotated[Path, "Where to write it: .cmmn for XML, .yaml for a template."],
    case: Annotated[str | None, "Id of the case, where the file has several."] = None,
) -> Answer:
    """Turn a case template into CMMN XML, or CMMN XML into a case template."""
    files.write(out, cmmn.converted(cmmn.open_file(file), out, case))
    return Answer({"file": str(out)}, f"Written to {out}.")


GROUP = Group("Check case templates and models.", {"check": check, "convert": convert})
