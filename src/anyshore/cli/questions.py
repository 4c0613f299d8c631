"""``anyshore questions``: check question banks, move them between GIFT and YAML, and say which questions are weak."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from anyshore.assessment import banks, gift
from anyshore.assessment.item_analysis import Analysis, Item
from anyshore.assessment.questions import Bank
from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.telling import Sheet
from anyshore.cli import output

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

Banks = Annotated[list[Path], typer.Argument(help="Question banks: .yaml, or GIFT whatever its ending.")]


@app.command()
def check(chosen: Banks, json: output.Json = False) -> None:
    """Find what is wrong in question banks, and count what they hold. Exit code 1 if something is wrong."""
    found: list[Diagnostic] = []
    held: list[dict[str, object]] = []
    for file in chosen:
        try:
            bank = _read(file)
        except DataError as problem:
            found += problem.diagnostics
        else:
            kinds = Counter(one.kind for one in bank.questions)
            held.append({"file": str(file), "questions": sum(kinds.values()), "kinds": dict(sorted(kinds.items()))})
    if json:
        output.document({"banks": held, "problems": output.plain(found)})
    else:
        output.problems(found)
        rows = [(one["file"], one["questions"], _listed(one["kinds"])) for one in held]
        output.told([Sheet("Question banks", ("File", "Questions", "Kinds"), rows, right=(1,))] if rows else [])
    output.end(bool(found))


def _listed(kinds: object) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items()) if isinstance(kinds, dict) else ""


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
def analyse(
    file: Annotated[
        Path, typer.Argument(help="A CSV: a column per question with marks from 0 to 1, empty where it was not asked.")
    ],
    json: output.Json = False,
) -> None:
    """Say what the answers of many say of the questions: difficulty, discrimination, alpha, Rasch; weak ones flagged.

    A row is a person; a column people, if there is one, says how many answered like this.
    """
    from anyshore.assessment.answers import read

    found = read(files.read(file), str(file))
    rows = [_cells(one) for one in found.items]
    columns = ("Question", "People", "Difficulty", "Discrimination", "Upper-lower", "Rasch", "Weak")
    output.answer(json, _plain(found), Sheet(_title(found), columns, rows, right=(1, 2, 3, 4, 5)))


def _cells(one: Item) -> tuple[object, ...]:
    return (
        one.name, one.people, _rounded(one.difficulty), _rounded(one.discrimination), _rounded(one.groups),
        _rounded(one.rasch), ", ".join(one.weak),
    )  # fmt: skip


def _title(found: Analysis) -> str:
    model = "" if found.model is None else f", Rasch with discrimination {_rounded(found.model.discrimination)}"
    return f"{found.people} people, Cronbach's alpha {_rounded(found.alpha) or 'unknown'}{model}"


def _rounded(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:.3f}"


def _plain(found: Analysis) -> dict[str, object]:
    slope = None if found.model is None else found.model.discrimination
    items = [
        {"question": one.name, "people": one.people, "difficulty": None if one.people == 0 else one.difficulty,
         "discrimination": one.discrimination, "groups": one.groups, "rasch": one.rasch, "weak": list(one.weak)}
        for one in found.items
    ]  # fmt: skip
    return {"people": found.people, "complete": found.complete, "alpha": found.alpha, "slope": slope, "items": items}


def _read(file: Path) -> Bank:
    return banks.read(files.read(file), str(file))
