"""The activity ``documents.produce``: the production set with its Bates numbers, and the privilege log.

A family is produced whole where any of it is responsive, without what is withheld: a mail whose attachment is withheld
goes out as its text, an archive that holds something withheld does not go out. Log as Federal Rules of Civil Procedure
26(b)(5)(A) ask: who, to whom, when, what kind, on which ground, without telling what is protected.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from anyshore.activities.activity import ActivityContext
from anyshore.activities.documents import codes, numbering, redactions
from anyshore.activities.documents.codes import Code
from anyshore.activities.documents.model import Item
from anyshore.activities.documents.numbering import Produced
from anyshore.activities.documents.redactions import Redaction
from anyshore.base.errors import DataError


@dataclass(frozen=True, slots=True)
class ProduceInput:
    """What was decided.

    Attributes:
        items: of the delivery.
        first: what the reviewers of the first level wrote, a text each.
        second: what the second level wrote.
        settled: what was decided last, over both.
        again: control numbers the second level has to decide on.
        clawed_back: control numbers that are taken back, separated by blanks or commas.
        prefix: of the Bates numbers, letters and digits.
        start: the first number.
        redactions: passages that are taken out, a line each (``redactions``).
    """

    items: tuple[Item, ...]
    first: tuple[str, ...]
    second: str
    settled: str | None = None
    again: tuple[str, ...] = ()
    clawed_back: str | None = None
    prefix: str = "PROD"
    start: int = 1
    redactions: str | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A row of the privilege log.

    Attributes:
        control: its control number; ``family`` that of the mail or file it came with.
        type: ``mail``, ``attachment`` or ``file``; ``redaction`` for a passage of what is produced.
        basis: of the privilege.
        description: of what it is, by a person.
    """

    control: str
    family: str
    day: str
    author: str
    to: tuple[str, ...]
    copied: tuple[str, ...]
    type: str
    basis: str
    description: str


@dataclass(frozen=True, slots=True)
class ProduceOutcome:
    """What goes out and what does not.

    Attributes:
        ready: whether nothing stands against it.
        problems: what does; what is in doubt is not in the set.
        produced: the set, in the order of its numbers.
        log: the privilege log.
        coded: items that were decided on, copies among them.
        privileged: of them, how many are protected.
        read_again: items decided on at the second level.
        overturned: of them, how many were decided otherwise in responsiveness or privilege.
        text: set and log as lines, for the report.
    """

    ready: bool
    problems: tuple[str, ...]
    produced: tuple[Produced, ...]
    log: tuple[Withheld, ...]
    coded: int
    privileged: int
    read_again: int
    overturned: int
    text: str


def produce(data: ProduceInput, context: ActivityContext) -> ProduceOutcome:
    """Makes set and log from what people decided; what nobody decided on stays here."""
    read = [codes.read(text) for text in (*data.first, data.second, data.settled or "")]
    layers = [layer for layer, _ in read]
    decided = codes.of_items(data.items, layers)
    known = {one.control for one in data.items}
    back = set((data.clawed_back or "").replace(",", " ").upper().split())
    problems = [f"codes nothing: {line}" for _, wrong in read for line in wrong]
    problems += [f"{one}: no such item" for one in sorted(({*back}.union(*layers)) - known)]
    problems += [f"{one.control}: not coded" for one in data.items if one.control not in decided]
    last = codes.of_items(data.items, layers[-2:])
    problems += [f"{one}: not decided at the second level" for one in data.again if one not in last]
    decided = _taken_back(data.items, decided, back)
    doubts = codes.doubts(data.items, decided)
    problems += [f"{control}: {why}" for control, why in doubts.items()]
    originals = [one for one in data.items if not one.copy_of]
    redacted, wrong = redactions.read(data.redactions or "", data.items)
    problems += [f"redacts nothing: {line}" for line in wrong]
    log = _log(originals, decided, redacted)
    problems += [f"{one.control}: no basis or description" for one in log if not (one.basis and one.description)]
    kept = {control for control, code in decided.items() if code.privileged} | doubts.keys()
    chosen = release(_responsive(originals, decided, kept, redacted), data.items, decided)
    problems += redactions.problems(originals, [one.control for one in chosen], redacted, context)
    produced = numbering.number(originals, chosen, decided, data.prefix, data.start, redacted)
    again, overturned = _overturned(originals, layers)
    return ProduceOutcome(
        not problems, tuple(problems), tuple(produced), tuple(log), len(decided),
        sum(code.privileged for code in decided.values()), again, overturned, numbering.told(produced, _lines(log)),
    )  # fmt: skip


def release(chosen: Sequence[Item], items: Sequence[Item], decided: Mapping[str, Code]) -> Sequence[Item]:
    """What was chosen, if nothing of it is or tells what is privileged: the last look before numbers are given.

    Args:
        chosen: what is to go out.
        items: of the delivery.
        decided: code by control number; what was clawed back is privileged.

    Raises:
        DataError: something is not coded, is privileged, has the same content, or says a privileged mail again.
    """
    doubts = codes.doubts(items, decided)
    wrong = [
        one.control for one in chosen
        if one.control not in decided or decided[one.control].privileged or one.control in doubts
    ]  # fmt: skip
    if wrong:
        message = f"A production set cannot contain what is privileged or not decided: {', '.join(wrong)}."
        raise DataError("production.privileged", message, hint="Withhold these, or have them decided anew.")
    return chosen


def _taken_back(items: Sequence[Item], decided: Mapping[str, Code], back: Collection[str]) -> dict[str, Code]:
    """What was clawed back is privileged, with all its copies, whatever it was coded as."""
    named = {one.copy_of or one.control for one in items if one.control in back or one.family in back}
    result = dict(decided)
    for one in items:
        if (one.copy_of or one.control) in named:
            code = result.get(one.control, Code(responsive=True))
            result[one.control] = replace(
                code, privileged=True, basis=code.basis or "clawed back", description=code.description or one.kind
            )
    return result


def _responsive(
    items: Sequence[Item], decided: Mapping[str, Code], kept: Collection[str], redacted: Collection[str]
) -> list[Item]:
    """Families any of which is responsive, without what is kept, and without archives that hold some of it in full."""
    whole = {*kept, *redacted}
    families = {one.family for one in items if one.control in decided and decided[one.control].responsive}
    return [
        one for place, one in enumerate(items)
        if one.family in families and one.control in decided and one.control not in kept
        and (one.kind == "mail" or not any(inner.control in whole for inner in within(items, place)))
    ]  # fmt: skip


def within(items: Sequence[Item], place: int) -> list[Item]:
    """What came within an item, through all levels."""
    found = []
    for one in items[place + 1 :]:
        if one.family != items[place].family or one.level <= items[place].level:
            break
        found.append(one)
    return found


def _log(
    items: Sequence[Item], decided: Mapping[str, Code], redacted: Mapping[str, Sequence[Redaction]]
) -> list[Withheld]:
    """What is protected in families that are called for, whole or in part; what nobody asked for needs no row."""
    families = {one.family for one in items if one.control in decided and decided[one.control].responsive}
    rows = []
    for one in items:
        code = decided.get(one.control)
        if one.family not in families or code is None:
            continue
        reasons = [(one.kind, code.basis, code.description)] if code.privileged else [
            ("redaction", part.basis, part.description) for part in redacted.get(one.control, ())
        ]  # fmt: skip
        rows += [
            Withheld(one.control, one.family, one.day, one.author, one.to, one.copied, *reason) for reason in reasons
        ]
    return rows


def _lines(log: Sequence[Withheld]) -> list[str]:
    return [
        " | ".join((
            one.control, one.family, one.day or "-", one.author or "-", ", ".join(one.to) or "-",
            ", ".join(one.copied) or "-", one.type, one.basis, one.description,
        ))
        for one in log
    ]  # fmt: skip


def _overturned(items: Sequence[Item], layers: Sequence[Mapping[str, Code]]) -> tuple[int, int]:
    """Items decided on at both levels, and those decided otherwise."""
    first, second = codes.of_items(items, layers[:-2]), codes.of_items(items, layers[-2:-1])
    both = [(first[one], second[one]) for one in second if one in first]
    return len(both), sum((a.responsive, a.privileged) != (b.responsive, b.privileged) for a, b in both)
