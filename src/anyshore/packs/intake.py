"""``intake:`` of a pack: what its service takes in, and what makes a piece of work of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from anyshore.base.errors import Diagnostic
from anyshore.feel import Expression
from anyshore.forms import Form
from anyshore.host.intake.parcels import LARGEST, Kind, Unpacking
from anyshore.packs import rows
from anyshore.packs.expressions import Reader
from anyshore.packs.payloads import Payload
from anyshore.params.marked import Path
from anyshore.params.shapes import nearest

SECTION = "intake"
PARCEL = "parcel"
USUAL = ("document", "name", "documents", "sender", "subject", "text")
"""The variables of what comes as a document or a mail, where the pack names none."""

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(bytes|kB|KB|MB|GB)")
_UNITS = {"bytes": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_ELEMENT = re.compile(r"(\{[^{}]*\})?[^{}\s]+")


def read(reader: Reader) -> dict[str, Kind]:
    """The kinds of intake of a pack; problems are noted in the reader."""
    found: Mapping[str, Any] = reader.value((SECTION,)) or {}
    return {name: _kind(reader, name, said) for name, said in found.items()}


def _kind(reader: Reader, name: str, said: Mapping[str, Any]) -> Kind:
    path: Path = (SECTION, name)
    files = said.get("files")
    payload = said.get("payload")
    identity = said.get("identity", "content")
    kind = Kind(
        name=name, title=said["title"], files=files is not None,
        endings=tuple(one.lower() for one in (files or {}).get("endings", ())),
        largest=_bytes(reader, (*path, "files", "largest")), unpack=_unpacking(reader, path),
        table=rows.read(reader, (*path, "rows")) if "rows" in said else None, bulk=said.get("bulk", False),
        form=said.get("form"),
        payload=Payload(payload) if payload is not None else None, mails=said.get("mails", False),
        together=said.get("together", False), variables=reader.expressions((*path, "variables")),
        documents=tuple(said.get("documents", ())), reference=reader.expression((*path, "reference")),
        identity=tuple(_told(reader, (*path, "identity"))) if isinstance(identity, list) else (),
        repeats=identity == "each",
    )  # fmt: skip
    if not (kind.files or kind.mails or kind.table or kind.form or kind.payload):
        message = f"Nothing says how {name!r} arrives."
        hint = "Say files, rows, form, payload or mails."
        reader.problems.append(Diagnostic("pack.intake-empty", message, reader.document.at(path, key=True), hint))
    if kind.bulk and (kind.table is None or kind.variables or not kind.repeats):
        message = f"{name!r} cannot be decided over columns: its rows alone are not all that its work is made of."
        hint = "Say rows and identity: each, and no variables."
        reader.problems.append(Diagnostic("pack.bulk", message, reader.document.at((*path, "bulk")), hint))
    return kind


def _told(reader: Reader, path: Path) -> Iterator[Expression]:
    for place in range(len(reader.value(path))):
        yield reader.required((*path, place))


def _bytes(reader: Reader, path: Path) -> int:
    text = reader.value(path)
    if text is None:
        return LARGEST
    found = _SIZE.fullmatch(str(text))
    size = int(Decimal(found[1]) * _UNITS[found[2]]) if found else 0
    if size < 1:
        message = f"{text!r} is no size of a file."
        reader.problems.append(Diagnostic("pack.size", message, reader.document.at(path), "Write it as 20 MB."))
    return size or LARGEST


def _unpacking(reader: Reader, path: Path) -> Unpacking:
    ways = reader.value((*path, "unpack")) or []
    elements: set[str] = set()
    for place, way in enumerate(ways):
        if isinstance(way, Mapping):
            for number, name in enumerate(way["xml"]):
                if not _ELEMENT.fullmatch(name):
                    where = reader.document.at((*path, "unpack", place, "xml", number))
                    message = f"{name!r} is no name of an element."
                    reader.problems.append(
                        Diagnostic("pack.element", message, where, "Write {namespace}name, in quotes.")
                    )
                elements.add(name)
    return Unpacking("zip" in ways, "gzip" in ways, "mail" in ways, frozenset(elements))


def check(reader: Reader, kinds: Mapping[str, Kind], forms: Mapping[str, Form]) -> None:
    """Names one part of the pack uses that another has to have; problems are noted in the reader."""
    for kind in kinds.values():
        path: Path = (SECTION, kind.name)
        if kind.form is not None and kind.form not in forms:
            message = f"There is no form {kind.form!r}."
            place = reader.document.at((*path, "form"))
            reader.problems.append(Diagnostic("pack.unknown-form", message, place, nearest(kind.form, forms)))
        known = {PARCEL, *_said(kind, forms)}
        usual = {*kind.variables, *_said(kind, forms)} if kind.variables else {*USUAL, *_said(kind, forms)}
        _unknown_names(reader, kind, known, usual)
        for number, name in enumerate(kind.documents):
            if name not in usual:
                message = f"The variable {name!r}, which is to name a document, is not among those of {kind.name!r}."
                place = reader.document.at((*path, "documents", number))
                reader.problems.append(Diagnostic("pack.unknown-variable", message, place, nearest(name, usual)))


def _said(kind: Kind, forms: Mapping[str, Form]) -> set[str]:
    """The variables that rows, payload and form give by themselves."""
    said = {*(kind.table.names if kind.table else ()), *(kind.payload.names if kind.payload else ())}
    form = forms.get(kind.form or "")
    return said | ({field.id for field in form.fields} if form is not None else set())


def _unknown_names(reader: Reader, kind: Kind, known: set[str], usual: set[str]) -> None:
    path: Path = (SECTION, kind.name)
    asked: list[tuple[Path, Expression | None, set[str]]] = [
        ((*path, "variables", name), one, known) for name, one in kind.variables.items()
    ]
    asked.append(((*path, "reference"), kind.reference, known | usual))
    asked += [((*path, "identity", number), one, known | usual) for number, one in enumerate(kind.identity)]
    for place, expression, names in asked:
        for name in sorted((expression.free_names if expression is not None else frozenset()) - names):
            message = f"Nothing is called {name!r} when work arrives."
            where = reader.document.at(place)
            reader.problems.append(Diagnostic("pack.unknown-variable", message, where, nearest(name, names)))
