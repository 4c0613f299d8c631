"""Triple-S and SPSS files: what the standards say, and back."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.base.errors import DataError
from anyshore.surveys.files import spss, triple_s, triple_s_writing
from anyshore.surveys.files.model import Answer, ResponseSet, Span, Survey, Text, Variable

HEAD = (
    '<sss version="2.0"><survey><name>s</name><title>Trip<br/>Wave 2</title>'
    '<record ident="A"{0}>{1}</record></survey></sss>'
)
VALUES = '<values><value code="1">Red</value><value code="2">Blue</value><value code="9">Other</value></values>'


def variable(kind: str, inner: str, ident: str = "1", more: str = "") -> str:
    return (
        f'<variable ident="{ident}" type="{kind}"{more}><name>q{ident}</name><label>Q {ident}</label>{inner}</variable>'
    )


def read(variables: str, data: str, more: str = "") -> Survey:
    return triple_s.parsed(HEAD.format(more, variables).encode(), data.encode())


def test_codes_bits_and_spread_codes_of_fixed_columns() -> None:
    survey = read(
        variable("single", '<position start="1"/>' + VALUES)
        + variable("multiple", '<position start="2" finish="10"/>' + VALUES, "2")
        + variable("multiple", '<position start="11" finish="14"/><spread subfields="2" width="2"/>' + VALUES, "3"),
        "1100000001 1 9\r\n2000000000 000\r\n0                \r\n",
    )
    assert survey.title == "Trip\nWave 2"
    assert survey.variable("q1").values == [1, 2, None]  # no answer has the code 0
    assert survey.variable("q2").values == [(1, 9), (), None]
    assert survey.variable("q3").values == [(1, 9), (), None]
    assert not survey.problems


def test_every_kind_of_comma_separated_fields() -> None:
    kinds = ["quantity", "character", "logical", "date", "time", "multiple"]
    variables = "".join(
        variable(kind, f'<position start="{place}"/>' + (VALUES if kind == "multiple" else ""), str(place))
        for place, kind in enumerate(kinds, 1)
    )
    survey = read(variables, 'a,b,c,d,e,f\n-1.50,"two\nlines",1,20260131,0930,"010"\n,,,,,\n', ' format="csv" skip="1"')
    values = [one.values for one in survey.variables]
    assert [column[0] for column in values] == [
        Decimal("-1.50"), "two\nlines", True, date(2026, 1, 31), time(9, 30), (2,),
    ]  # fmt: skip
    assert [column[1] for column in values] == [None] * 6


def test_what_a_field_cannot_hold_is_told_with_its_place_and_the_rest_is_read() -> None:
    survey = read(
        variable("quantity", '<position start="1" finish="3"/>')
        + variable("single", '<position start="4"/>' + VALUES, "2"),
        "abc1\n 127\n",
    )
    assert [one.values for one in survey.variables] == [[None, Decimal(12)], [1, 7]]
    told = [(one.location.line, one.location.element, one.severity) for one in survey.problems]
    assert told == [(1, "q1", "warning"), (2, "q2", "warning")]


def test_only_the_document_type_of_the_standard_passes_and_nothing_is_looked_up() -> None:
    body = HEAD.format("", variable("single", '<position start="1"/>' + VALUES))
    standard = '<!DOCTYPE sss PUBLIC "-//Triple-S//DTD Survey Interchange v1.2//EN"\n "http://triple-s.org/x.dtd">'
    assert triple_s.parsed((standard + body).encode(), b"1").cases == 1
    for other in (
        '<!DOCTYPE sss [<!ENTITY x "y">]>', '<!DOCTYPE html>',
        '<!DOCTYPE sss SYSTEM "a" [<!ENTITY x SYSTEM "/etc/hostname">]>',
        standard + standard,
    ):  # fmt: skip
        with pytest.raises(DataError):
            triple_s.parsed((other + body).encode(), b"1")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "iso-8859-1"])
def test_encodings_are_known_by_mark_or_declaration(encoding: str) -> None:
    declared = "UTF-16" if encoding.startswith("utf-16") else encoding.removesuffix("-sig")
    body = f'<?xml version="1.0" encoding="{declared}"?>' + HEAD.format(
        f' encoding="{declared}"', variable("character", '<position start="1" finish="5"/>').replace("Q 1", "Größe")
    )
    survey = triple_s.parsed(body.encode(encoding), "Köln ".encode(encoding))
    assert survey.variables[0].label == "Größe"
    assert survey.variables[0].values == ["Köln"]


def test_texts_per_language_and_mode_scores_ranges_filter_and_use() -> None:
    inner = (
        '<position start="1"/><filter>q2</filter><values><range from="3" to="5"/>'
        '<value code="1" score="2.5"><text xml:lang="de">Ja</text>'
        '<text xml:lang="en" mode="analysis">Yes</text></value></values>'
    )
    survey = read(
        variable("single", inner, more=' use="serial"') + variable("logical", '<position start="2"/>', "2"), "41"
    )
    first = survey.variables[0]
    assert first.answers == (Answer(1, (Text("Ja", "de"), Text("Yes", "en", "analysis")), Decimal("2.5")),)
    assert (first.spans, first.filter, first.use) == ((Span(3, 5),), "q2", "serial")
    assert not survey.problems


def test_problems_of_the_metadata_come_all_at_once() -> None:
    wrong = (
        variable("colour", '<position start="1"/>')
        + variable("single", VALUES, "2")
        + variable("single", '<position start="1"/><values><value code="x">X</value></values>', "3")
    )
    with pytest.raises(DataError) as refused:
        read(wrong, "1")
    assert [one.code for one in refused.value.diagnostics] == ["triple-s.type", "triple-s.position", "triple-s.code"]
    assert all(one.location.line for one in refused.value.diagnostics)


def test_a_hierarchy_names_its_levels() -> None:
    content = (
        b'<sss version="2.0"><hierarchy><level ident="H" href="h.sss"/>'
        b'<level ident="P" href="p.sss"><parent level="H" linkvar="2"/></level></hierarchy></sss>'
    )
    first, second = triple_s.levels(content)
    assert (first.href, first.parent) == ("h.sss", "")
    assert (second.parent, second.links) == ("H", (("linkvar", "2"),))
    with pytest.raises(DataError, match="hierarchy"):
        triple_s.parsed(content, b"")


def whole() -> Survey:
    """A survey with everything Triple-S can say."""
    answers = (Answer(1, (Text("Red"),)), Answer(12, (Text("Blue\nor so", "en"), Text("Blau", "de")), Decimal("1.5")))
    return Survey(
        "s", (Text("Title"),),
        [
            Variable("a", "single", (Text("A & B"),), answers, values=[1, None, 12], ident="1", use="serial"),
            Variable("b", "multiple", (Text("B"),), answers, values=[(1, 12), (), None], ident="2"),
            Variable("c", "quantity", (), (), (Span(Decimal(-1), Decimal("9.5")),),
                     values=[Decimal("-0.50"), None, Decimal(3)], ident="3"),
            Variable("d", "character", values=["x, \"y\"", None, "z"], width=9, ident="4", filter="a"),
            Variable("e", "logical", values=[True, False, None], ident="5"),
            Variable("f", "date", values=[date(2026, 2, 1), None, date(1999, 12, 31)], ident="6"),
            Variable("g", "time", values=[time(1, 2, 3), time(0, 0), None], ident="7"),
            Variable("h", "single", answers=(Answer("UK", (Text("Kingdom"),)),),
                     values=["UK", None, "UK"], literal=True, ident="8"),
        ],
    )  # fmt: skip


@pytest.mark.parametrize("fixed", [True, False])
def test_what_is_written_is_read_again_as_it_was(fixed: bool) -> None:
    survey = whole()
    made = triple_s_writing.written(survey, fixed=fixed)
    again = triple_s.parsed(made.metadata, made.data)
    assert again.variables == survey.variables
    assert (again.title, again.problems, made.losses) == ("Title", [], ())


def test_fixed_columns_refuse_line_breaks_and_sav_refuses_several_answers() -> None:
    survey = Survey("", (), [Variable("a", "character", values=["x\ny"])])
    with pytest.raises(DataError, match="line break"):
        triple_s_writing.written(survey, fixed=True)
    with pytest.raises(DataError, match="several answers"):
        spss.written(whole())


def test_sav_keeps_kinds_of_missing_answers_dates_and_response_sets() -> None:
    survey = Survey(
        "", (Text("Wave"),),
        [
            Variable(
                "colour", "single", (Text("Colour"),), (Answer(1.0, (Text("Red"),)), Answer(8.0, (Text("refused"),))),
                missing=(Span(8.0, 9.0), Span(7.0, 7.0)), values=[1.0, 8.0, None, 7.0],
                format="F1.0", measure="nominal",
            ),
            Variable("born", "date", values=[date(1960, 2, 29), None, None, date(2001, 1, 1)], format="EDATE10"),
            Variable("at", "datetime", values=[datetime(2026, 1, 2, 3, 4, 5), None, None, None], format="DATETIME20"),
            Variable("town", "character", values=["Żnin", "", "x", ""], width=20, literal=True, format="A20"),
            Variable("yes_to_a_long_name", "quantity", values=[1.0, 0.0, 1.0, None], format="F1.0"),
            Variable("yes_to_another_name", "quantity", values=[0.0, 0.0, 1.0, None], format="F1.0"),
        ],
        sets=(ResponseSet("likes", "Likes ü", ("yes_to_a_long_name", "yes_to_another_name"), 1),), notes=("by us",),
    )  # fmt: skip
    again = spss.parsed(spss.written(survey), "x.sav")
    assert again.variables == survey.variables
    assert (again.sets, again.title) == (survey.sets, "Wave")
    colour = again.variable("colour")
    assert [colour.absence(value) for value in colour.values] == ["answered", "missing", "absent", "missing"]


def test_several_answers_become_columns_with_a_set() -> None:
    survey = spss.spread(Survey("", (), [whole().variables[1]]))
    again = spss.parsed(spss.written(survey), "x.sav")
    assert [one.values for one in again.variables] == [[1.0, 0.0, None], [1.0, 0.0, None]]
    assert again.sets == (ResponseSet("b", "B", ("b_1", "b_12"), 1),)


def test_what_is_no_file_of_spss_is_told() -> None:
    with pytest.raises(DataError, match="none of SPSS"):
        spss.parsed(b"$FL2 and then nothing", "x.sav")


def test_the_real_files_are_read_and_written_back(data_dir: Path) -> None:
    folder = data_dir / "survey-files"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent")
    from conformance import survey_files

    score = survey_files.run(folder)
    assert score.failed == []
    assert score.passed > 0
