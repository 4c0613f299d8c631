"""Reading an XBRL instance: contexts, units, facts, tuples. Source: XBRL 2.1, 4; XBRL Dimensions 1.0, 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.xml import XmlDocument
from anyshore.filings.accuracy import decimals_of
from anyshore.filings.model import Aspects, Context, Dimension, Fact, Period, Unit

XBRLI = "{http://www.xbrl.org/2003/instance}"
LINK = "{http://www.xbrl.org/2003/linkbase}"
XBRLDI = "{http://xbrl.org/2006/xbrldi}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?")
"""A number as XML Schema writes decimal and double (without INF and NaN, which no figure is)."""
Spaces = dict[str | None, str] | None
_FOREVER = Period(None, None)


@dataclass(slots=True)
class Reading:
    """What has been read of a filing so far; several documents may add to it.

    Attributes:
        contexts: by id.
        units: by id.
        facts: in document order.
        problems: what could not be read as it should.
        spaces: the namespaces by prefix of the document being read, where all are declared at its root.
    """

    contexts: dict[str, Context] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    spaces: dict[str | None, str] | None = None

    def problem(self, document: XmlDocument, element: etree._Element, code: str, message: str, hint: str) -> None:
        """Notes what is wrong at an element."""
        self.problems.append(Diagnostic(code, message, document.locate(element), hint))


def read(document: XmlDocument, reading: Reading) -> None:
    """Adds everything an instance document holds."""
    resources(document, document.root, reading)
    _facts(document, document.root, reading, (), document.root.get(LANG, ""))


def resources(document: XmlDocument, parent: etree._Element, reading: Reading) -> None:
    """Adds the contexts and units that stand in an element."""
    rooted = document.source.count(b"xmlns") == len(document.root.nsmap)
    reading.spaces = document.root.nsmap if rooted else None
    for element in parent.iterchildren(XBRLI + "context"):
        name = element.get("id", "")
        try:
            reading.contexts[name] = Context(name, _aspects(element, reading.spaces))
        except ValueError as problem:
            hint = "Correct the context; facts in it are left out."
            reading.problem(document, element, "filing.context", f"The context {name!r} {problem}.", hint)
    for element in parent.iterchildren(XBRLI + "unit"):
        name = element.get("id", "")
        reading.units[name] = _unit(name, element)


def _aspects(element: etree._Element, spaces: Spaces) -> Aspects:
    identifier = element.find(f"{XBRLI}entity/{XBRLI}identifier")
    period = element.find(XBRLI + "period")
    if identifier is None or period is None:
        raise ValueError("has no entity or no period")
    dimensions: list[Dimension] = []
    other: list[str] = []
    segment, scenario = element.find(f"{XBRLI}entity/{XBRLI}segment"), element.find(XBRLI + "scenario")
    for container, name in ((segment, "segment"), (scenario, "scenario")):
        for child in container.iterchildren(etree.Element) if container is not None else ():
            if child.tag == XBRLDI + "explicitMember":
                axis, member = (qualified(child, text, spaces) for text in (child.get("dimension"), child.text))
                dimensions.append(Dimension(axis, member, False, name))
            elif child.tag == XBRLDI + "typedMember":
                value = "".join(_canonical(one) for one in child.iterchildren(etree.Element))
                dimensions.append(Dimension(qualified(child, child.get("dimension"), spaces), value, True, name))
            else:
                other.append(f"{name}:{_canonical(child)}")
    dimensions.sort(key=lambda one: (one.axis, one.member))
    who = (identifier.get("scheme", ""), (identifier.text or "").strip())
    return Aspects(who, _period(period), tuple(dimensions), "".join(other))


def _canonical(element: etree._Element) -> str:
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False).decode()


def qualified(element: etree._Element, text: str | None, spaces: Spaces = None) -> str:
    """A prefixed name as Clark name.

    Args:
        element: where it stands.
        text: the name as written.
        spaces: the namespaces in force there, where they are known.

    Raises:
        ValueError: its prefix is not declared.
    """
    prefix, _colon, rest = (text or "").strip().rpartition(":")
    space = (element.nsmap if spaces is None else spaces).get(prefix or None)
    if prefix and space is None:
        raise ValueError(f"uses the prefix {prefix!r}, which is not declared")
    return f"{{{space}}}{rest}" if space else rest


def _period(element: etree._Element) -> Period:
    instant = element.find(XBRLI + "instant")
    if instant is not None:
        end, exact = _day(instant.text, ends=True)
        return Period(None, end, () if exact else ((instant.text or "").strip(),))
    starts, ends = element.find(XBRLI + "startDate"), element.find(XBRLI + "endDate")
    if starts is not None and ends is not None:
        first, whole = _day(starts.text, ends=False)
        last, exact = _day(ends.text, ends=True)
        if last < first:
            raise ValueError(f"ends on {last}, before it starts on {first}")
        times = () if whole and exact else ((starts.text or "").strip(), (ends.text or "").strip())
        return Period(first, last, times)
    if element.find(XBRLI + "forever") is not None:
        return _FOREVER
    raise ValueError("has no instant, no start and end, and is not forever")


def _day(text: str | None, *, ends: bool) -> tuple[date, bool]:
    """A day, and whether it counts whole. An end at midnight is the end of the day before (XBRL 2.1, 4.7.2)."""
    day, _t, time = (text or "").strip().partition("T")
    day = re.sub(r"(Z|[+-]\d\d:\d\d)$", "", day)
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"has the date {text!r}, which is none") from None
    midnight = re.fullmatch(r"(00:00(:00(\.0+)?)?|24:00:00(\.0+)?)(Z|[+-]\d\d:\d\d)?", time)
    if time and midnight and ends and not time.startswith("24"):
        found -= timedelta(days=1)
    return found, not time or bool(midnight)


def _unit(name: str, element: etree._Element) -> Unit:
    divide = element.find(XBRLI + "divide")
    if divide is None:
        return Unit(name, _measures(element))
    above, below = (divide.find(XBRLI + part) for part in ("unitNumerator", "unitDenominator"))
    return Unit(name, _measures(above), _measures(below))


def _measures(element: etree._Element | None) -> tuple[str, ...]:
    if element is None:
        return ()
    return tuple(sorted(_measure(one) for one in element.iterchildren(XBRLI + "measure")))


def _measure(element: etree._Element) -> str:
    try:
        return qualified(element, element.text)
    except ValueError:  # a prefix nobody declared: the measure is what is written
        return (element.text or "").strip()


def _facts(
    document: XmlDocument, parent: etree._Element, reading: Reading, tuples: tuple[str, ...], language: str
) -> None:
    for element in parent.iterchildren(etree.Element):
        tag = str(element.tag)
        if tag.startswith((XBRLI, LINK)):
            continue
        spoken = element.get(LANG, language)
        if element.get("contextRef") is None:
            _facts(document, element, reading, (*tuples, tag), spoken)
        else:
            _fact(document, element, reading, tuples, spoken)


def _fact(
    document: XmlDocument, element: etree._Element, reading: Reading, tuples: tuple[str, ...], language: str
) -> None:
    found = refer(document, element, reading)
    if found is None:
        return
    context, unit = found
    nil = element.get(NIL, "false").strip() in ("true", "1")
    text = "" if nil else _text(element)
    value = None
    if unit is not None and not nil:
        value = _number(element, text)
        if value is None:
            hint = "Write a decimal number."
            reading.problem(document, element, "filing.number", f"{text[:40]!r} is no number.", hint)
    try:
        decimals = decimals_of(element.get("decimals"), element.get("precision"), value)
    except ValueError:
        decimals = None
        message = f"decimals or precision of {str(element.tag)!r} is no integer."
        reading.problem(document, element, "filing.decimals", message, "Give an integer or INF.")
    order = len(reading.facts)
    reading.facts.append(
        Fact(str(element.tag), context, unit, text, value, nil, decimals, element.get("id", ""), order,
             line_of(element), document.file, False, language, tuples)
    )  # fmt: skip


def refer(document: XmlDocument, element: etree._Element, reading: Reading) -> tuple[Context, Unit | None] | None:
    """The context and unit an element refers to; None, with the problem noted, where they are not there."""
    context = reading.contexts.get(element.get("contextRef", ""))
    if context is None:
        message = f"There is no context {element.get('contextRef')!r}."
        reading.problem(document, element, "filing.context", message, "Define it, or refer to one that is there.")
        return None
    name = element.get("unitRef")
    if name is None:
        return context, None
    unit = reading.units.get(name)
    if unit is None:
        message = f"There is no unit {name!r}."
        reading.problem(document, element, "filing.unit", message, "Define it, or refer to one that is there.")
        return None
    return context, unit


def line_of(element: etree._Element) -> int:
    """The line an element stands in; 0 where it is not known."""
    line: Any = element.sourceline  # the stubs have no value for it
    return line or 0


def _text(element: etree._Element) -> str:
    return (element.text or "") if not len(element) else "".join(_texts(element))


def _texts(element: etree._Element) -> Iterator[str]:
    for part in element.itertext(etree.Element):
        yield str(part)


def _number(element: etree._Element, text: str) -> Decimal | None:
    parts = [element.find(XBRLI + name) for name in ("numerator", "denominator")]
    if parts[0] is not None and parts[1] is not None:  # a fraction (XBRL 2.1, 5.1.1)
        above, below = (number(part.text or "") for part in parts if part is not None)
        return above / below if above is not None and below else None
    return number(text)


def number(text: str) -> Decimal | None:
    """A number as XML Schema writes it; None where the text is none."""
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what can be held
        return None


def refused(code: str, message: str, hint: str) -> DataError:
    """The error for a filing that cannot be used."""
    return DataError(code, message, hint=hint)
