"""From the variables of a survey file to the questions of a table, and files of any kind by their ending."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import numpy as np

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables import fields
from anyshore.surveys.files import spss, triple_s
from anyshore.surveys.files.model import Answer, Survey, Text, Value, Variable
from anyshore.surveys.tabulation import banner as tabulation
from anyshore.surveys.tabulation import questions
from anyshore.surveys.tabulation.questions import Column, Floats, Question


@dataclass(frozen=True, slots=True)
class Plan:
    """How tables are made from a survey, so that whoever has its file makes the same ones.

    Attributes:
        by: variables of the banner; ``sex/age`` nests.
        of: variables tabulated; all that have answers where empty.
        weight: variable that holds the weights; empty for none.
        means: whether codes have a mean.
        least: cases below which a column is blank.
    """

    by: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    weight: str = ""
    means: bool = False
    least: int = 30

    @property
    def line(self) -> str:
        """The plan as the first line of a file of cells."""
        return _PLAN + json.dumps(asdict(self), ensure_ascii=False)


_PLAN = "Plan: "


def planned(text: str, file: str = "tables") -> Plan:
    """The plan in the first line of a file of cells.

    Raises:
        DataError: the line says none.
    """
    first = text.partition("\n")[0].strip()
    try:
        said: Any = json.loads(first.removeprefix(_PLAN)) if first.startswith(_PLAN) else None
        return Plan(
            tuple(map(str, said["by"])), tuple(map(str, said["of"])), str(said["weight"]), bool(said["means"]),
            int(said["least"]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError) as odd:
        hint = "Make the tables with: anyshore survey tables … --out tables.txt"
        raise DataError("survey.plan", "The first line says no plan.", Location(file, line=1), hint) from odd


def made(survey: Survey, plan: Plan) -> list[tabulation.Table]:
    """The tables of a plan.

    Raises:
        DataError: it names a variable there is not, or one no table counts.
    """
    heads = {name for one in plan.by for name in one.split("/")}
    counted = [named(survey, name) for name in plan.of] or [
        one for one in survey.variables if one.kind in ("single", "multiple", "logical") and one.name not in heads
    ]
    weights = np.nan_to_num(numbers(named(survey, plan.weight))) if plan.weight else None
    options = tabulation.Options(suppressed_below=plan.least, low_below=max(plan.least, 75))
    asked = [question(one, score=plan.means) for one in counted]
    return tabulation.tables(asked, banner(survey, list(plan.by)), weights, options)


def delivered(contents: Mapping[str, bytes]) -> Survey:
    """The survey among files that came together, by their endings: SPSS, Triple-S with its data, or CSV.

    Raises:
        DataError: there is none, or it cannot be read.
    """
    for name, content in contents.items():
        if name.lower().endswith((".sav", ".zsav", ".por")):
            return spss.parsed(content, name)
    metadata = next((name for name in contents if name.lower().endswith((".sss", ".xml"))), None)
    if metadata is not None:
        stem = metadata.rpartition(".")[0]
        data = next((one for one in contents if one != metadata and one.rpartition(".")[0] == stem), None)
        if data is None:
            said = "The data of the survey are not among the files."
            raise DataError("survey.data", said, Location(metadata), f"Send {stem}.asc or {stem}.csv with it.")
        return triple_s.parsed(contents[metadata], contents[data], file=metadata, data_file=data)
    csv_name = next((name for name in contents if name.lower().endswith(".csv")), None)
    if csv_name is None:
        raise DataError("survey.none", "None of the files is a survey.", hint="Send .sav, .sss with its data, or .csv.")
    return table(files.read_text(contents[csv_name], name=csv_name), csv_name)


def opened(path: Path) -> Survey:
    """A survey from a file: SPSS, Triple-S metadata with its data beside it, or CSV with names in the first line.

    Raises:
        DataError: it cannot be read, or its ending is none of these.
    """
    ending = path.suffix.lower()
    if ending in (".sav", ".zsav", ".por"):
        return spss.read(path)
    if ending in (".sss", ".xml"):
        return triple_s.read(path)
    if ending == ".csv":
        return table(files.read_text(path), str(path))
    hint = "Give .sav, .zsav, .por, .sss or .csv."
    raise DataError("survey.ending", f"Files that end in {ending!r} are not read.", Location(str(path)), hint)


def table(text: str, file: str) -> Survey:
    """A survey from CSV: a column of numbers is a quantity, one of words a single with the words as its answers.

    Raises:
        DataError: a line has not as many fields as the first, or names are missing or repeated.
    """
    rows = [row for row in fields(text) if row]
    if not rows or len(set(rows[0])) != len(rows[0]) or not all(rows[0]):
        hint = "Write a name for every column, each once."
        raise DataError("survey.names", "The first line does not name the columns.", Location(file, line=1), hint)
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            said = f"The line has {len(row)} fields, the first has {len(rows[0])}."
            raise DataError("survey.fields", said, Location(file, line=number), "Put texts with commas in quotes.")
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else ([] for _ in rows[0])
    return Survey("", (), [_column(name, list(values)) for name, values in zip(rows[0], columns, strict=True)])


def question(variable: Variable, *, score: bool = False) -> Question:
    """A variable as the rows of a table: the base are those who answered, kinds of missing answers left out.

    Args:
        variable: of a survey.
        score: whether the codes of a single, or their scores, have a mean.

    Raises:
        DataError: the variable is a text or a date, which no table counts.
    """
    name, label = variable.name, variable.label or variable.name
    given = [value if variable.absence(value) == "answered" else None for value in variable.values]
    if variable.kind == "multiple":
        return _several(variable, given)
    if variable.kind == "logical":
        codes = [-1 if value is None else int(bool(value)) for value in given]
        return questions.single(name, label, codes, ["no", "yes"])
    if variable.kind in ("quantity", "duration"):
        return questions.quantity(name, label, numbers(variable))
    if variable.kind != "single":
        said = f"{name} is a {variable.kind}, which a table does not count."
        raise DataError("survey.kind", said, hint="Code it first, or choose another variable.")
    answers = _answers(variable, given)
    place = {answer.code: number for number, answer in enumerate(answers)}
    codes = [-1 if value is None else place[value] for value in given]  # type: ignore[index]
    scores = [float(one.score if one.score is not None else one.code) for one in answers] if score else None
    labels = [answer.label or str(answer.code) for answer in answers]
    return questions.single(name, label, codes, labels, scores=scores)


def banner(survey: Survey, heads: list[str]) -> list[Column]:
    """Columns from names of variables; ``sex/age`` nests the second in the first.

    Raises:
        DataError: there is no such variable.
    """
    columns: list[Column] = []
    for one in heads:
        level: list[Column] = []
        for name in one.split("/"):
            level = questions.head(question(named(survey, name)), within=level)
        columns += level
    return columns


def named(survey: Survey, name: str) -> Variable:
    """A variable.

    Raises:
        DataError: there is none of that name.
    """
    found = next((one for one in survey.variables if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in survey.variables[:20])
        raise DataError("survey.variable", f"There is no variable {name!r}.", hint=f"There are: {names}.")
    return found


def numbers(variable: Variable) -> Floats:
    """The values of a quantity; NaN where there is no answer.

    Raises:
        DataError: the variable holds no numbers.
    """
    try:
        return np.array([
            float(value) if variable.absence(value) == "answered" else np.nan  # type: ignore[arg-type]
            for value in variable.values
        ])  # fmt: skip
    except (TypeError, ValueError) as odd:
        raise DataError("survey.numbers", f"{variable.name} holds no numbers.", hint="Choose another one.") from odd


def words(variable: Variable) -> list[str]:
    """The values as codes in words, empty where there is no answer."""
    return [
        f"{value:g}" if isinstance(value, float) else str(value) if variable.absence(value) == "answered" else ""
        for value in (one if variable.absence(one) == "answered" else None for one in variable.values)
    ]


def _answers(variable: Variable, given: list[Value]) -> list[Answer]:
    """The labelled answers that stand for no missing one, then codes without a label that were given."""
    labelled = [one for one in variable.answers if not any(span.has(one.code) for span in variable.missing)]
    known = {one.code for one in labelled}
    others = {value for value in given if value is not None and value not in known}
    return labelled + [Answer(code, (Text(str(code)),)) for code in sorted(others, key=str)]  # type: ignore[arg-type]


def _several(variable: Variable, given: list[Value]) -> Question:
    flags = np.array([
        [isinstance(value, tuple) and answer.code in value for answer in variable.answers] for value in given
    ])  # fmt: skip
    asked = np.array([value is not None for value in given])
    labels = [answer.label for answer in variable.answers]
    return questions.multiple(variable.name, variable.label, flags, labels, asked=asked)


def _column(name: str, values: list[str]) -> Variable:
    try:
        amounts: list[Value] = [Decimal(value) if value.strip() else None for value in values]
        return Variable(name, "quantity", values=amounts)
    except InvalidOperation:
        answers = tuple(Answer(word, (Text(word),)) for word in sorted({value for value in values if value.strip()}))
        given: list[Value] = [value if value.strip() else None for value in values]
        return Variable(name, "single", answers=answers, values=given, literal=True)
