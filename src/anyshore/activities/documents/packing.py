"""The activity ``documents.pack``: the production set as a ZIP with its load files, texts and hashes.

The set is made anew from the codes, with the same refusals; nobody hands documents in. Load file as Concordance and
Relativity read it: fields between thorns (U+00FE), parted by U+0014, line ends within a field as U+00AE, UTF-8 with a
byte order mark; the same as CSV. Entries are sorted, stored and undated, so the same set has the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common.sheet import Row, Section, Sheet, both
from anyshore.activities.documents import contents, producing, redactions
from anyshore.activities.documents.families import Member
from anyshore.activities.documents.model import Item
from anyshore.activities.documents.numbering import Produced
from anyshore.activities.documents.producing import ProduceInput, ProduceOutcome, Withheld
from anyshore.activities.documents.redactions import Redaction
from anyshore.base.errors import DataError
from anyshore.base.tables.writing import write_csv
from anyshore.knowledge import redaction

VOLUME = "VOL001"
_FIELDS = (
    "BEGBATES", "ENDBATES", "BEGATTACH", "ENDATTACH", "DOCTYPE", "AUTHOR", "RECIPIENTS", "COPYEES", "DATESENT", "TITLE",
    "FORM", "CONFIDENTIALITY", "REDACTED", "NATIVELINK", "TEXTLINK", "SHA256",
)  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")


@dataclass(frozen=True, slots=True)
class PackInput(ProduceInput):
    """What was decided, and the language of whoever asks."""

    language: str = "en"


@dataclass(frozen=True, slots=True)
class PackOutcome:
    """The ZIP in base64, its name, and its SHA-256."""

    content: str
    name: str
    digest: str


def show(data: ProduceInput, context: ActivityContext) -> Sheet:
    """The set, a line per document."""
    made = _ready(data, context)
    columns = ("Family", "Familie"), ("Type", "Art"), ("Form", "Form"), ("Stamp", "Vermerk")
    rows = [
        Row(both(one.bates), (f"{one.first} – {one.last}", one.kind, one.form, "confidential" * one.confidential))
        for one in made.produced
    ]  # fmt: skip
    section = Section({"en": "Production set", "de": "Herausgegebener Satz"}, tuple(rows))
    return Sheet(tuple({"en": en, "de": de} for en, de in columns), (section,))


def pack(data: PackInput, context: ActivityContext) -> PackOutcome:
    """The set as a ZIP.

    Raises:
        DataError: something stands against the set, or a document is not the one that was reviewed.
    """
    made = _ready(data, context)
    given, _ = redactions.read(data.redactions or "", data.items)
    numbers = {one.control: one for one in made.produced}
    parts: dict[str, bytes] = {}
    lines = []
    for item, member in contents.chosen(data.items, numbers, context):
        parts_of, line = _document(item, member, numbers[item.control], given.get(item.control, ()))
        parts |= parts_of
        lines.append(line)
    parts[f"{VOLUME}/DATA/{VOLUME}.dat"] = _concordance(lines)
    parts[f"{VOLUME}/DATA/{VOLUME}.csv"] = _csv([_FIELDS, *lines])
    parts["privilege-log.csv"] = _csv(_log(made.log))
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(parts.items())]
    parts["SHA256SUMS"] = "\n".join([*sums, ""]).encode()
    content = zipped(parts)
    first, last = (made.produced[0].bates, made.produced[-1].bates) if made.produced else (data.prefix, "none")
    return PackOutcome(
        base64.b64encode(content).decode("ascii"), f"{first}-{last}.zip", hashlib.sha256(content).hexdigest()
    )  # fmt: skip


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP of these parts, the same bytes for the same parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(parts.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16  # else they follow the system that packs
            archive.writestr(info, content)
    return out.getvalue()


def _ready(data: ProduceInput, context: ActivityContext) -> ProduceOutcome:
    made = producing.produce(data, context)
    if not made.ready:
        message = f"Something stands against the set: {'; '.join(made.problems[:5])}."
        raise DataError("production.not-ready", message, hint="Settle the codes first.")
    return made


def _document(
    item: Item, member: Member, number: Produced, given: Sequence[Redaction]
) -> tuple[dict[str, bytes], Sequence[str]]:
    """The files of a document, and its line of the load file."""
    passages = [one.passage for one in given]
    text = contents.text(member)
    text = None if text is None else redaction.of_text(text, passages)
    parts: dict[str, bytes] = {}
    native = textual = ""
    stamp = "_CONFIDENTIAL" if number.confidential else ""
    if number.form != "text":
        ending, content = redactions.applied(member, given) if given else (_ending(item, member), member.content)
        native = f"NATIVES/{number.bates}{stamp}{ending}"
        parts[f"{VOLUME}/{native}"] = content
    if text is not None:
        textual = f"TEXT/{number.bates}.txt"
        parts[f"{VOLUME}/{textual}"] = text.encode("utf-8", "replace")
    sent = [redaction.of_text(one, passages) for one in
            (item.author, "; ".join(item.to), "; ".join(item.copied), item.day, item.name)]  # fmt: skip
    digest = hashlib.sha256(parts[f"{VOLUME}/{native or textual}"]).hexdigest()
    line = (
        number.bates, number.bates, number.first, number.last, number.kind, *sent, number.form,
        "CONFIDENTIAL" if number.confidential else "", "Y" if given else "N", native, textual, digest,
    )  # fmt: skip
    return parts, line


def _ending(item: Item, member: Member) -> str:
    found = _ENDING.search(item.name)
    return contents.MAIL if member.is_mail else found[0].lower() if found else ".bin"


def _concordance(lines: Sequence[Sequence[str]]) -> bytes:
    rows = ["\x14".join(f"\xfe{_plain(value)}\xfe" for value in line) for line in (_FIELDS, *lines)]
    return b"\xef\xbb\xbf" + "".join(f"{row}\r\n" for row in rows).encode("utf-8", "replace")


def _plain(value: str) -> str:
    """A value without what parts values: a thorn in a name stands as ``th``."""
    return re.sub(r"\r\n?|\n", "\xae", value.replace("\xfe", "th").replace("\x14", " "))


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    return write_csv(rows).encode("utf-8", "replace")


def _log(log: Sequence[Withheld]) -> list[Sequence[str]]:
    head = ("CONTROL", "FAMILY", "DATE", "AUTHOR", "RECIPIENTS", "COPYEES", "DOCTYPE", "BASIS", "DESCRIPTION")
    return [head, *(
        (one.control, one.family, one.day, one.author, "; ".join(one.to), "; ".join(one.copied), one.type, one.basis,
         one.description)
        for one in log
    )]  # fmt: skip
