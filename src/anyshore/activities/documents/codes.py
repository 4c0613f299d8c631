"""What reviewers write: a line for an item or for its whole family, and what follows for every item.

``D0003: responsive, privileged, confidential, issue price; attorney-client; asks counsel about termination``: after the
codes, of what is privileged, the basis and a description that gives nothing of the content away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anyshore.activities.documents.model import Item

_LINE = re.compile(r"\s*(D\d{4,})\s*:\s*(.*?)\s*", re.IGNORECASE)
_ISSUE = re.compile(r"issue\s+(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Code:
    """What somebody decided on an item.

    Attributes:
        responsive: whether it answers the request.
        privileged: whether it is protected from production.
        confidential: whether it is stamped as confidential.
        issues: names of the issues it bears on.
        basis: of the privilege.
        description: of what is privileged, as the log has it.
    """

    responsive: bool
    privileged: bool = False
    confidential: bool = False
    issues: tuple[str, ...] = ()
    basis: str = ""
    description: str = ""


def read(text: str) -> tuple[dict[str, Code], list[str]]:
    """Codes by control number, and the lines that are none: such a line codes nothing.

    A control number with two lines that differ is coded by neither: nobody knows which one was meant.
    """
    codes: dict[str, Code] = {}
    wrong: list[str] = []
    twice: set[str] = set()
    for line in filter(str.strip, text.splitlines()):
        found = _LINE.fullmatch(line)
        code = _code(found[2]) if found else None
        if found is None or code is None:
            wrong.append(line.strip())
            continue
        control = found[1].upper()
        if codes.setdefault(control, code) != code:
            twice.add(control)
    wrong += [f"{one}: two lines that differ" for one in sorted(twice)]
    return {one: code for one, code in codes.items() if one not in twice}, wrong


def _code(text: str) -> Code | None:
    words, _, rest = text.partition(";")
    basis, _, description = rest.partition(";")
    given = [" ".join(word.lower().split()) for word in words.split(",")]
    issues = tuple(found[1] for word in given if (found := _ISSUE.fullmatch(word)))
    plain = [word for word in given if not _ISSUE.fullmatch(word)]
    relevant = [word for word in plain if word in ("responsive", "not responsive")]
    if len(relevant) != 1 or set(plain) - {*relevant, "privileged", "confidential"}:
        return None
    return Code(
        relevant == ["responsive"], "privileged" in plain, "confidential" in plain, issues,
        basis.strip(), description.strip(),
    )  # fmt: skip


def of_items(items: Sequence[Item], layers: Sequence[Mapping[str, Code]]) -> dict[str, Code]:
    """The code of each item: the last layer that says something of it or its family; a copy has that of its original.

    Args:
        items: of the delivery.
        layers: by control number, a later one decides over an earlier one.
    """
    found: dict[str, Code] = {}
    for one in items:
        for layer in reversed(layers):
            code = layer.get(one.control) or layer.get(one.family)
            if code is not None and not one.copy_of:
                found[one.control] = code
                break
    for one in items:
        if one.copy_of in found:
            found[one.control] = found[one.copy_of]
    return found


def doubts(items: Sequence[Item], codes: Mapping[str, Code]) -> dict[str, str]:
    """Items that are not privileged themselves, and would tell what is: by control number, why.

    Somebody has to decide on them: the same content is privileged elsewhere, or a mail says a privileged one again.
    """
    secret = [one for one in items if one.control in codes and codes[one.control].privileged]
    contents = {one.digest: one.control for one in reversed(secret)}
    controls = {one.control for one in secret}
    found = {}
    for one in items:
        if one.control in controls or one.copy_of:
            continue
        told = [inner for inner in one.holds if inner in controls]
        if one.digest in contents:
            found[one.control] = f"same content as {contents[one.digest]}, which is privileged"
        elif told:
            found[one.control] = f"says {', '.join(told)} again, which is privileged"
    return found
