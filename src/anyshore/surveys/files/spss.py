"""SPSS files (``.sav``, ``.zsav``, ``.por``): read with every kind of missing answer, and written as ``.sav``.

Source of the format: *GNU PSPP Developers' Guide*, System File Format; read and written by ReadStat through pyreadstat.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.surveys.files import response_sets
from anyshore.surveys.files.model import Answer, Code, Kind, ResponseSet, Span, Survey, Text, Value, Variable

_START = datetime(1582, 10, 14)  # noqa: DTZ001  SPSS counts seconds from the Gregorian calendar's first day, in no zone
_DAY = 86_400
_DATES = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR")
_DATETIMES = ("DATETIME", "YMDHMS")
_TIMES = ("TIME", "DTIME", "MTIME")


def read(path: str | Path) -> Survey:
    """A survey from an SPSS file, by its ending.

    Raises:
        DataError: the file cannot be read, or is none of SPSS.
    """
    return parsed(files.read(path), str(path))


def parsed(content: bytes, file: str) -> Survey:
    """A survey from the content of an SPSS file; ``file`` says the kind by its ending.

    Raises:
        DataError: it is no such file.
    """
    import pyreadstat  # costs 0.3 s, which only who reads such files pays

    portable = content[:4] != b"$FL2" and content[:4] != b"$FL3"
    reader: Any = pyreadstat.read_por if portable else pyreadstat.read_sav
    options: dict[str, Any] = {} if portable else {"user_missing": True}
    try:
        columns, about = reader(io.BytesIO(content), output_format="dict", disable_datetime_conversion=True, **options)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as odd:
        hint = "Give a file of SPSS: .sav, .zsav or .por."
        raise DataError("spss.file", f"The file is none of SPSS: {odd}.", Location(file), hint) from odd
    # The reader of portable files leaves the last value of a text column out where it is blank.
    cases = max((len(column) for column in columns.values()), default=0)
    variables = [_variable(name, list(columns.get(name, [])), about, cases) for name in about.column_names]
    sets = tuple(_set(name, one) for name, one in (about.mr_sets or {}).items())
    title = (Text(about.file_label),) if about.file_label else ()
    return Survey(
        about.table_name or "", title, variables, sets=sets, notes=tuple(about.notes or ()),
        version="por" if portable else "sav",
    )  # fmt: skip


def written(survey: Survey) -> bytes:
    """A survey as ``.sav`` (UTF-8), with its multiple response sets.

    Raises:
        DataError: a name or a value does not fit the format; with the variable.
    """
    import polars
    import pyreadstat

    if several := [one for one in survey.variables if one.kind == "multiple"]:
        raise DataError.of([
            Diagnostic(
                "spss.kind", "SPSS has no column with several answers.", Location(element=one.name),
                "Spread it over columns first: spread().",
            )
            for one in several
        ])  # fmt: skip
    frame = polars.DataFrame([_series(variable) for variable in survey.variables])
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "survey.sav"
        try:
            pyreadstat.write_sav(
                frame, str(target), file_label=survey.title,
                column_labels={one.name: one.label for one in survey.variables if one.label},
                note=list(survey.notes) or None,
                variable_value_labels={one.name: _labels(one) for one in survey.variables if one.answers},
                missing_ranges={one.name: _ranges(one) for one in survey.variables if one.missing},
                variable_measure={one.name: one.measure or "unknown" for one in survey.variables},
                variable_format={one.name: _format(one) for one in survey.variables if _format(one)},
            )  # fmt: skip
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as odd:
            hint = "Names have letters, digits and _ and begin with a letter."
            raise DataError("spss.write", f"SPSS cannot hold the survey: {odd}.", hint=hint) from odd
        content = target.read_bytes()
    return response_sets.added(content, survey.sets)


def spread(survey: Survey) -> Survey:
    """The same survey with a column of 0 and 1 for each answer of a multiple, and a response set for it."""
    variables: list[Variable] = []
    sets = list(survey.sets)
    for variable in survey.variables:
        if variable.kind != "multiple":
            variables.append(variable)
            continue
        columns = [_yes_no(variable, answer) for answer in variable.answers]
        variables += columns
        sets.append(ResponseSet(variable.name, variable.label, tuple(one.name for one in columns), 1))
    return Survey(survey.name, survey.texts, variables, tuple(sets), survey.notes, survey.version)


def _yes_no(variable: Variable, answer: Answer) -> Variable:
    values: list[Value] = [
        None if not isinstance(value, tuple) else float(answer.code in value) for value in variable.values
    ]
    name = f"{variable.name}_{answer.code}"
    return Variable(name, "quantity", answer.texts, values=values, format="F1.0", measure="nominal")


def _variable(name: str, values: list[Any], about: Any, cases: int) -> Variable:
    text = about.readstat_variable_types[name] == "string"
    labels: Mapping[Any, str] = about.variable_value_labels.get(name, {})
    form, measure = about.original_variable_types[name] or "", about.variable_measure.get(name) or ""
    given = values + [""] * (cases - len(values)) if text else [None if v is None or v != v else v for v in values]
    variable = Variable(
        name, "character" if text else "quantity", _label(about.column_names_to_labels.get(name)),
        tuple(Answer(code, (Text(label),)) for code, label in labels.items()),
        missing=tuple(Span(one["lo"], one["hi"]) for one in about.missing_ranges.get(name, [])),
        literal=text, format=form, measure="" if measure == "unknown" else measure,
        width=about.variable_storage_width[name] if text else 0,
    )  # fmt: skip
    variable.kind = _kind(variable, given, form)
    variable.values = [_value(value, variable.kind) for value in given]
    return variable


def _label(text: str | None) -> tuple[Text, ...]:
    return (Text(text),) if text else ()


def _kind(variable: Variable, values: Sequence[Any], form: str) -> Kind:
    stem = form.rstrip("0123456789.")
    if stem in _DATES and all(value is None or value % _DAY == 0 for value in values):
        return "date"
    if stem in _DATES or stem in _DATETIMES:
        return "datetime"
    if stem in _TIMES:
        return "time" if all(value is None or 0 <= value < _DAY for value in values) else "duration"
    if not variable.answers:
        return variable.kind
    if variable.measure in ("nominal", "ordinal"):
        return "single"
    codes = {answer.code for answer in variable.answers}
    answered = {value for value in values if variable.absence(value) == "answered"}
    return "single" if answered <= codes else variable.kind


def _value(value: Any, kind: Kind) -> Value:
    if value is None:
        return None
    if kind in ("date", "datetime", "time"):
        moment = _START + timedelta(seconds=value)
        return moment.date() if kind == "date" else moment if kind == "datetime" else moment.time()
    return value  # type: ignore[no-any-return]


def _set(name: str, one: Mapping[str, Any]) -> ResponseSet:
    counted: Code | None = one["counted_value"] if one["is_dichotomy"] else None
    return ResponseSet(name, one["label"] or "", tuple(one["variable_list"]), counted)


def _series(variable: Variable) -> Any:
    import polars

    if variable.literal or variable.kind == "character":
        return polars.Series(variable.name, _padded(variable), polars.String)
    return polars.Series(variable.name, [_number(value) for value in variable.values], polars.Float64)


def _padded(variable: Variable) -> list[str]:
    """Texts, the first with blanks up to the width of the column, which ReadStat measures and readers take off."""
    texts = ["" if value is None else str(value) for value in variable.values]
    if texts and max(len(text.encode()) for text in texts) < variable.width:
        texts[0] += " " * (variable.width - len(texts[0].encode()))
    return texts


def _number(value: Value) -> float | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return (value - _START).total_seconds()
    if isinstance(value, date):
        return float((value - _START.date()).days * _DAY)
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return float(value)  # type: ignore[arg-type]


def _labels(variable: Variable) -> dict[Any, str]:
    text = variable.literal or variable.kind == "character"
    return {str(one.code) if text else float(one.code): one.label for one in variable.answers}


def _ranges(variable: Variable) -> list[Any]:
    text = variable.literal or variable.kind == "character"
    return [str(span.low) if text else {"lo": float(span.low), "hi": float(span.high)} for span in variable.missing]


def _format(variable: Variable) -> str:
    if variable.format:
        return variable.format
    return {"date": "SDATE10", "datetime": "DATETIME20", "time": "TIME8", "duration": "TIME8"}.get(variable.kind, "")
