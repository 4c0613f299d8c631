"""Writing a survey as Triple-S XML 2.0: the metadata, and its data in fixed columns or comma-separated fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from lxml import etree

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.surveys.files.model import Survey, Text, Value, Variable

_KINDS = ("single", "multiple", "quantity", "character", "logical", "date", "time")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Written:
    """The two files of a survey.

    Attributes:
        metadata: the ``.sss`` file, UTF-8.
        data: the ``.csv`` or ``.asc`` file, UTF-8.
        losses: what the format cannot say and was left out.
    """

    metadata: bytes
    data: bytes
    losses: tuple[Diagnostic, ...]


def written(survey: Survey, *, fixed: bool = False) -> Written:
    """A survey as Triple-S.

    Args:
        survey: to write.
        fixed: whether data stand in fixed columns; texts with line breaks need the other form.

    Raises:
        DataError: a variable is of a kind the format has not, or a text has a line break in fixed columns.
    """
    if odd := [one for one in survey.variables if one.kind not in _KINDS]:
        raise DataError.of([
            Diagnostic(
                "triple-s.kind", f"Triple-S has no {one.kind} variables.", Location(element=one.name),
                "Split it into a date and a time, or count in seconds.",
            )
            for one in odd
        ])  # fmt: skip
    columns = [[_field(variable, value, fixed=fixed) for value in variable.values] for variable in survey.variables]
    widths = [_width(variable, column) for variable, column in zip(survey.variables, columns, strict=True)]
    metadata = _metadata(survey, widths, fixed=fixed)
    data = _fixed(survey, columns, widths) if fixed else _separated(survey, columns)
    return Written(metadata, data.encode("utf-8"), tuple(_losses(survey)))


def _metadata(survey: Survey, widths: Sequence[int], *, fixed: bool) -> bytes:
    root = etree.Element("sss", version="2.0")
    body = etree.SubElement(root, "survey")
    if survey.name:
        etree.SubElement(body, "name").text = survey.name
    _labelled(body, "title", survey.texts)
    record = etree.SubElement(body, "record", ident="R", format="fixed" if fixed else "csv")
    if not fixed:
        record.set("skip", "1")
    start = 1
    for number, (variable, width) in enumerate(zip(survey.variables, widths, strict=True), 1):
        _variable(record, variable, number, start, start + width - 1 if fixed else start)
        start += width if fixed else 1
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _variable(record: etree._Element, variable: Variable, number: int, start: int, finish: int) -> None:
    element = etree.SubElement(record, "variable", ident=variable.ident or str(number), type=variable.kind)
    if variable.use:
        element.set("use", variable.use)
    if variable.literal:
        element.set("format", "literal")
    etree.SubElement(element, "name").text = variable.name
    _labelled(element, "label", variable.texts)
    etree.SubElement(element, "position", start=str(start), finish=str(finish))
    if variable.filter:
        etree.SubElement(element, "filter").text = variable.filter
    if variable.kind == "multiple":
        etree.SubElement(element, "spread", subfields=str(_many(variable)), width=str(_code_width(variable)))
    if variable.width:
        etree.SubElement(element, "size").text = str(variable.width)
    _values(element, variable)


def _values(element: etree._Element, variable: Variable) -> None:
    if not variable.answers and not variable.spans:
        return
    values = etree.SubElement(element, "values")
    for span in variable.spans:
        etree.SubElement(values, "range", attrib={"from": _plain(span.low), "to": _plain(span.high)})
    for answer in variable.answers:
        value = etree.SubElement(values, "value", code=_plain(answer.code))
        if answer.score is not None:
            value.set("score", str(answer.score))
        _texts_in(value, answer.texts)


def _labelled(parent: etree._Element, name: str, texts: Sequence[Text]) -> None:
    if texts:
        _texts_in(etree.SubElement(parent, name), texts)


def _texts_in(element: etree._Element, texts: Sequence[Text]) -> None:
    if len(texts) == 1 and not texts[0].language and not texts[0].mode:
        _broken(element, texts[0].text)
        return
    for text in texts:
        inner = etree.SubElement(element, "text")
        if text.language:
            inner.set(_XML_LANG, text.language)
        if text.mode:
            inner.set("mode", text.mode)
        _broken(inner, text.text)


def _broken(element: etree._Element, text: str) -> None:
    first, *rest = text.split("\n")
    element.text = first
    for line in rest:
        etree.SubElement(element, "br").tail = line


def _field(variable: Variable, value: Value, *, fixed: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        width = _code_width(variable)
        # All zeros say that none of the answers was chosen; a blank field, that nobody answered.
        codes = [_plain(code).ljust(width) if variable.literal else _plain(code).rjust(width, "0") for code in value]
        return "".join(codes).ljust(_many(variable) * width, "0")
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return value.strftime("%Y%m%d")
    if isinstance(value, time):
        return value.strftime("%H%M%S")
    text = _plain(value)
    if fixed and ("\n" in text or "\r" in text):
        said = "A text has a line break, which fixed columns cannot hold."
        raise DataError("triple-s.break", said, Location(element=variable.name), "Write comma-separated fields.")
    return text


def _many(variable: Variable) -> int:
    return max((len(value) for value in variable.values if isinstance(value, tuple)), default=1) or 1


def _code_width(variable: Variable) -> int:
    codes = [answer.code for answer in variable.answers] + [span.high for span in variable.spans]
    codes += [code for value in variable.values if isinstance(value, tuple) for code in value]
    return max((len(_plain(code)) for code in codes), default=1)


def _width(variable: Variable, column: Sequence[str]) -> int:
    return max(1, variable.width, *(len(field) for field in column)) if column else max(1, variable.width)


def _fixed(survey: Survey, columns: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    left = [variable.kind in ("character", "multiple") or variable.literal for variable in survey.variables]
    lines = [
        "".join(
            column[row].ljust(width) if to_left else column[row].rjust(width)
            for column, width, to_left in zip(columns, widths, left, strict=True)
        )
        for row in range(survey.cases)
    ]
    return "".join(line + "\r\n" for line in lines)


def _separated(survey: Survey, columns: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([variable.name for variable in survey.variables])
    writer.writerows([column[row] for column in columns] for row in range(survey.cases))
    return stream.getvalue()


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _losses(survey: Survey) -> list[Diagnostic]:
    lost = [
        (one.name, "Kinds of missing answers are codes like others there.") for one in survey.variables if one.missing
    ] + [(one.name, "Multiple response sets are not kept; the columns are.") for one in survey.sets]
    return [Diagnostic("triple-s.lost", said, Location(element=name), severity="warning") for name, said in lost]
