"""``anyshore questions``: check question banks, move them between GIFT and YAML, and say which questions are weak."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.assessment import banks, gift, sheets
from anyshore.assessment.questions import Bank
from anyshore.base import files
from anyshore.base.errors import DataError, each, plain
from anyshore.base.locations import Location
from anyshore.cli import output
from anyshore.cli.shared import Json

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

Banks = Annotated[list[Path], typer.Argument(help="Question banks: .yaml, or GIFT whatever its ending.")]
Marks = Annotated[
    Path, typer.Argument(help="A CSV: a column per question with marks from 0 to 1, empty where it was not asked.")
]


@app.command()
def check(chosen: Banks, json: Json = False) -> None:
    """Find what is wrong in question banks, and count what they hold. Exit code 1 if something is wrong."""
    held, found = each(lambda file: sheets.bank_data(str(file), _read(file)), chosen)
    parts = [sheets.of_banks(held)] if held else []
    output.answer(json, {"banks": held, "problems": plain(found)}, *parts, wrong=found)
    output.end(found)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(help="A question bank: .yaml, or GIFT.")],
    target: Annotated[Path, typer.Argument(help="Where to: YAML for .yaml, else GIFT. It must not be there.")],
) -> None:
    """Move a question bank between GIFT and YAML; the new file says the same."""
    bank = _read(source)
    text = banks.dumps(bank) if target.suffix.lower() in banks.YAML else gift.dumps(bank)
    if target.exists():
        message, hint = f"{target} is there already.", "Give another name, or move it away."
        raise DataError("questions.there", message, Location(str(target)), hint)
    files.write(target, text.encode())
    output.told([f"{sum(1 for _one in bank.questions)} questions are in {target}."])


@app.command()
def analyse(file: Marks, json: Json = False) -> None:
    """Say what the answers of many say of the questions: difficulty, discrimination, alpha, Rasch; weak ones flagged.

    A row is a person; a column people, if there is one, says how many answered like this.
    """
    from anyshore.assessment.answers import read

    found = read(files.read(file), str(file))
    output.answer(json, sheets.analysis_data(found), sheets.of_analysis(found))


def _read(file: Path) -> Bank:
    return banks.read(files.read(file), str(file))
