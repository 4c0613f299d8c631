"""``anyshore questions``: check question banks, move them between GIFT and YAML, and say which questions are weak."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from anyshore.assessment import banks, gift, sheets
from anyshore.assessment.questions import Bank
from anyshore.base import files
from anyshore.base.commands import Answer, Group
from anyshore.base.errors import DataError, each, plain
from anyshore.base.locations import Location


def check(chosen: Annotated[Sequence[Path], "Question banks: .yaml, or GIFT whatever its ending."]) -> Answer:
    """Find what is wrong in question banks, and count what they hold. Exit code 1 if something is wrong."""
    held, found = each(lambda file: sheets.bank_data(str(file), _read(file)), chosen)
    shown = [sheets.of_banks(held)] if held else []
    return Answer({"banks": held, "problems": plain(found)}, found, shown, bad=found)


def convert(
    source: Annotated[Path, "A question bank: .yaml, or GIFT."],
    target: Annotated[Path, "Where to: YAML for .yaml, else GIFT. It must not be there."],
) -> Answer:
    """Move a question bank between GIFT and YAML; the new file says the same."""
    bank = _read(source)
    text = banks.dumps(bank) if target.suffix.lower() in banks.YAML else gift.dumps(bank)
    if target.exists():
        message, hint = f"{target} is there already.", "Give another name, or move it away."
        raise DataError("questions.there", message, Location(str(target)), hint)
    files.write(target, text.encode())
    count = sum(1 for _one in bank.questions)
    return Answer({"file": str(target), "questions": count}, f"{count} questions are in {target}.")


def analyse(
    file: Annotated[Path, "A CSV: a column per question with marks from 0 to 1, empty where it was not asked."],
) -> Answer:
    """Say what the answers of many say of the questions: difficulty, discrimination, alpha, Rasch; weak ones flagged.

    A row is a person; a column people, if there is one, says how many answered like this.
    """
    from anyshore.assessment.answers import read  # NumPy comes with an extra

    found = read(files.read(file), str(file))
    return Answer(sheets.analysis_data(found), sheets.of_analysis(found))


def _read(file: Path) -> Bank:
    return banks.read(files.read(file), str(file))


GROUP = Group(
    "Question banks: check, move between GIFT and YAML, find weak questions.",
    {"check": check, "convert": convert, "analyse": analyse},
)
