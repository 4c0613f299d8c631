"""Survey files of Triple-S and SPSS: ``survey-files`` and other folders of such files.

A case is a set: a ``.sss`` (or Triple-S ``.xml``) with its data, or a ``.sav``, ``.zsav``, ``.por``. It passes when the
labels and the kinds of missing answers are those an independent look at the file finds, and writing it and reading it
again gives the same survey, in Triple-S (both forms of data) or as ``.sav``.

python -m conformance.survey_files [data folder]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pyreadstat
from lxml import etree

from anyshore.base.errors import DataError
from anyshore.surveys.files import spss, triple_s, triple_s_writing
from anyshore.surveys.files.model import Survey
from conformance import folders
from conformance.scores import Score

SPSS = (".sav", ".zsav", ".por")


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    score = Score("survey-files", 0, 0)
    root = folders.of_suite(data, "survey-files")
    for file in sorted(path for path in root.rglob("*") if not path.is_dir()):
        ending = file.suffix.lower()
        check = check_spss if ending in SPSS else check_triple_s if is_triple_s(file) else None
        if check is None:
            continue
        problem = folders.told(lambda file=file, check=check: check(file), str)
        score.total += 1
        score.passed += not problem
        if problem:
            score.failed.append(f"{file.relative_to(root)}: {problem}")
    return score


def is_triple_s(file: Path) -> bool:
    """Whether a file is metadata of a survey: by its ending, or an ``.xml`` that begins like one."""
    ending = file.suffix.lower()
    return ending == ".sss" or (ending == ".xml" and b"<sss" in file.read_bytes()[:2000].replace(b"\x00", b""))


def check_triple_s(file: Path) -> str:
    """What is wrong with a Triple-S survey; empty where it passes."""
    survey = triple_s.read(file)
    content = re.sub(r"<!DOCTYPE[^>]*>|<\?xml.*?\?>", "", _text(file.read_bytes()))
    root = etree.fromstring(content)
    elements = root.findall("survey/record/variable")
    wrong = []
    if len(elements) != len(survey.variables):
        wrong.append(f"{len(survey.variables)} variables of {len(elements)}")
    for element, variable in zip(elements, survey.variables, strict=False):
        if variable.name != (element.findtext("name") or "").strip():
            wrong.append(f"name {variable.name!r}")
        labels = ["".join("".join(one.itertext()).split()) for one in _texts(element.find("label"))]
        if labels != ["".join(text.text.split()) for text in variable.texts]:
            wrong.append(f"label of {variable.name}: {variable.label!r}")
        codes = [one.get("code", "").strip() for one in element.iterfind("values/value")]
        plain = str if variable.literal else _code
        if [str(answer.code) for answer in variable.answers] != [plain(code) for code in codes]:
            wrong.append(f"codes of {variable.name}")
        if any(not answer.label for answer in variable.answers):
            wrong.append(f"an answer of {variable.name} has no label")
    for fixed in (False, True):
        try:
            made = triple_s_writing.written(survey, fixed=fixed)
        except DataError as refused:
            if refused.code != "triple-s.break":
                raise
            continue
        wrong += different(survey, triple_s.parsed(made.metadata, made.data))
    return "; ".join(wrong[:5])


def check_spss(file: Path) -> str:
    """What is wrong with an SPSS file; empty where it passes."""
    survey = spss.read(file)
    reader = pyreadstat.read_por if file.suffix.lower() == ".por" else pyreadstat.read_sav
    plain, about = reader(str(file), output_format="dict", disable_datetime_conversion=True)
    wrong = []
    if [one.name for one in survey.variables] != about.column_names:
        wrong.append("names")
    for variable in survey.variables:
        if variable.label != (about.column_names_to_labels[variable.name] or ""):
            wrong.append(f"label of {variable.name}")
        labels = {answer.code: answer.label for answer in variable.answers}
        if labels != about.variable_value_labels.get(variable.name, {}):
            wrong.append(f"labels of {variable.name}")
        # Read without kinds, a missing answer of any kind is an empty one.
        kinds = [variable.absence(value) for value in variable.values]
        bare = [value is None or value == "" or value != value for value in plain[variable.name]]
        bare += [True] * (len(kinds) - len(bare))
        if bare != [kind != "answered" for kind in kinds]:
            wrong.append(f"missing answers of {variable.name}")
    wrong += different(survey, spss.parsed(spss.written(survey), "written.sav"))
    return "; ".join(wrong[:5])


def different(first: Survey, second: Survey) -> list[str]:
    """What writing and reading changed."""
    found = []
    if (first.texts, first.sets, first.notes, first.cases) != (second.texts, second.sets, second.notes, second.cases):
        found.append("round trip: title, sets, notes or number of cases")
    names = ("name", "kind", "texts", "answers", "spans", "missing", "values", "use", "filter", "literal", "width",
             "format", "measure")  # fmt: skip
    if len(first.variables) != len(second.variables):
        return [*found, "round trip: number of variables"]
    for one, other in zip(first.variables, second.variables, strict=True):
        changed = [name for name in names if getattr(one, name) != getattr(other, name)]
        found += [f"round trip: {', '.join(changed)} of {one.name}"] if changed else []
    return found


def _text(content: bytes) -> str:
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(name)
    named = re.search(rb"encoding=[\"']([\w-]+)", content[:200])
    name = named[1].decode() if named and not named[1].lower().startswith(b"utf-16") else "utf-8"
    return content.decode(name, "replace")


def _texts(element: Any) -> list[Any]:
    if element is None:
        return []
    inner: list[Any] = element.findall("text") or [element]
    return [one for one in inner if "".join(one.itertext()).strip()]


def _code(code: str) -> str:
    return str(int(code)) if re.fullmatch(r"\d+", code) else code


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
