"""Case files of either form: a template in YAML, or CMMN XML; told by the ending."""

from __future__ import annotations

from pathlib import Path

from anyshore.base.errors import CmmnError
from anyshore.base.locations import Location
from anyshore.cmmn import native
from anyshore.cmmn.model import Model
from anyshore.cmmn.xml_reader import read
from anyshore.cmmn.xml_writer import write

TEMPLATES = (".yaml", ".yml")


def open_file(file: Path) -> Model:
    """The model in a case template or a CMMN file.

    Raises:
        CmmnError: with every problem of the file.
    """
    return native.read(file) if file.suffix in TEMPLATES else read(file)


def converted(model: Model, target: Path, case: str | None = None) -> bytes:
    """A model as the content of a file, in the form its ending names.

    Args:
        model: of cases.
        target: the file, ``.yaml`` for a template, ``.cmmn`` for XML.
        case: id of the case a template is made of, where there are several.

    Raises:
        CmmnError: the ending is of neither form, or a template cannot say what the model does.
    """
    if target.suffix in TEMPLATES:
        return native.dumps(model, case).encode()
    if target.suffix in (".cmmn", ".xml"):
        return write(model)
    hint = "Use .yaml or .cmmn."
    raise CmmnError("case.format", f"{target.suffix!r} is no form of a case.", Location(str(target)), hint)
