"""XES (IEEE 1849-2016): traces of events with typed attributes, of which the name, the time and the case are read.

Nearly every XES file is written by a program, one way: attributes without children, in double quotes, key before value.
Such a file is scanned as bytes, after counting makes sure that it is of that shape and nothing can be missed; any other
goes through the XML parser. Both give the same.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from lxml import etree

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.sourcing.event_log.log import NO_CASE, EventLog, ordered
from anyshore.sourcing.event_log.moments import read_times

NAME, TIME = "concept:name", "time:timestamp"
MOST_BYTES = 4 << 30
_GZIP = b"\x1f\x8b"
_SCANNED = re.compile(
    rb'<(?:(/?(?:trace|event))>|(?:string|date|id) key="(?:(concept:name)|time:timestamp)" value="([^"<]*)")'
)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")
_ROOM = re.compile(rb"\s*</log\s*>\s*\Z")
_UTF8 = re.compile(rb"""\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=["'](?:utf-8|us-ascii)["']""", re.IGNORECASE)


@dataclass(slots=True)
class _Events:
    """Events as they are read: parallel lists."""

    case: list[int] = field(default_factory=list)
    activity: list[int] = field(default_factory=list)
    time: list[str | None] = field(default_factory=list)
    cases: dict[str, int] = field(default_factory=dict)
    activities: dict[str, int] = field(default_factory=dict)
    unnamed: int = 0
    traces: int = 0

    def trace(self, name: str | None, since: int) -> None:
        """A trace ends: its events, from ``since`` on, belong to the case of its name; one without is its own."""
        self.traces += 1
        key = name if name is not None else f"\0{self.traces}"
        number = self.cases.setdefault(key, len(self.cases))
        self.case[since:] = [number] * (len(self.case) - since)

    def event(self, name: str | None, time: str | None) -> None:
        """An event, of no case yet."""
        if name is None:
            self.unnamed += 1
            return
        self.case.append(NO_CASE)
        self.activity.append(self.activities.setdefault(name, len(self.activities)))
        self.time.append(time)


def read(source: Path | bytes, file: str, form: str = "") -> EventLog:
    """Reads a log.

    Args:
        source: a path to ``.xes`` or ``.xes.gz``, or the content of one.
        file: for messages.
        form: format of the times, as ``strptime`` writes it; ISO 8601 where left out.

    Raises:
        DataError: it cannot be read, is no XES, or holds no event of a case.
    """
    content = source if isinstance(source, bytes) else files.read(source, name=file)
    if content.startswith(_GZIP):
        content = _unpacked(content, file)
    events = _scanned(content) or _parsed(content, file)
    problems = []
    if events.unnamed:
        message = f"{events.unnamed:,} events have no {NAME} and are left out."
        problems.append(Diagnostic("event-log.unnamed", message, Location(file), severity="warning"))
    times, zoned = read_times(pl.Series(events.time, dtype=pl.String), form, file)
    if times.null_count():
        message = f"{times.null_count():,} events have no {TIME}: each counts as at the time of the one before it."
        problems.append(Diagnostic("event-log.no-time", message, Location(file), severity="warning"))
        times = times.fill_null(strategy="forward").fill_null(strategy="backward").fill_null(0)
    return ordered(
        np.array(events.case, np.int32), np.array(events.activity, np.int32), times.to_numpy(), list(events.activities),
        file=file, zoned=zoned, problems=problems,
    )  # fmt: skip


def _unpacked(content: bytes, file: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            found = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as problem:
        hint = "Fetch the file again, or give it unpacked."
        raise DataError("event-log.gzip", f"The file cannot be unpacked: {problem}.", Location(file), hint) from problem
    files.check_size(len(found), file, error=DataError, most=MOST_BYTES)
    return found


def _scanned(content: bytes) -> _Events | None:
    """The events of a file of the usual shape; None where it is of another."""
    begin = min((at for at in (content.find(b"<trace>"), content.find(b"<event>")) if at >= 0), default=-1)
    end = max(content.rfind(b"</trace>"), content.rfind(b"</event>")) + len(b"</trace>")
    if begin < 0 or not _usual(content, begin, end):
        return None
    events = _Events()
    since = name = time = trace_name = None
    opened = False
    names: dict[bytes, str] = {}
    for mark, named, value in _SCANNED.findall(content, begin, end):
        if mark == b"":
            if named:
                text = names.get(value)
                if text is None:
                    text = names[value] = _text(value)
                if opened:
                    name = text
                else:
                    trace_name = text
            elif opened:
                time = value.decode()
        elif mark == b"event":
            if opened:
                return None
            opened, name, time = True, None, None
        elif mark == b"/event":
            if not opened:
                return None
            opened = False
            events.event(name, time)
        elif mark == b"trace":
            if opened or since is not None:
                return None
            since, trace_name = len(events.case), None
        else:
            if opened or since is None:
                return None
            events.trace(trace_name, since)
            since = None
    return None if opened or since is not None else events


def _usual(content: bytes, begin: int, end: int) -> bool:
    """Whether the body holds nothing but traces, events and attributes without children, as programs write them."""
    if not _ROOM.match(content, end) or (
        content.startswith((b"<?xml", b"\xef\xbb\xbf<?xml")) and not _UTF8.match(content)
    ):
        return False
    if content.find(b"<!") >= 0:
        return False
    count = {mark: content.count(mark, begin, end) for mark in (b"<trace>", b"</trace>", b"<event>", b"</event>")}
    plain = content.count(b'"/>', begin, end)
    return (
        content.count(b"<", begin, end) == sum(count.values()) + plain
        and content.count(b">", begin, end) == sum(count.values()) + plain
        and content.count(b' key="', begin, end) == plain
        and content.count(b'" value="', begin, end) == plain
        and content.count(b'"', begin, end) == 4 * plain
        and not any(_ENTITY.search(part.decode("utf-8", "replace")) for part in _with_entities(content, begin, end))
        and _is_utf8(content)
    )


def _with_entities(content: bytes, begin: int, end: int) -> list[bytes]:
    return [content[begin:end]] if content.find(b"&", begin, end) >= 0 else []


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(value: bytes) -> str:
    text = value.decode()
    return unescape(text) if "&" in text else text


def _parsed(content: bytes, file: str) -> _Events:
    """The events by the XML parser."""
    events = _Events()
    found = False
    stream = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True, huge_tree=True,
    )  # fmt: skip
    since = None
    try:
        for happened, element in stream:
            tag = etree.QName(element).localname
            if happened == "start":
                if not found:
                    found = _is_log(element, tag, file)
                if tag == "trace":
                    since = len(events.case)
            elif tag == "event":
                own = _attributes(element)
                events.event(own.get(NAME), own.get(TIME))
                element.clear()
            elif tag == "trace" and since is not None:
                events.trace(_attributes(element).get(NAME), since)
                since = None
                _forget(element)
    except etree.XMLSyntaxError as problem:
        raise DataError(
            "xml.malformed", f"Not well-formed XML: {problem.msg}.", Location(file, line=problem.lineno or 1),
            "Export the log again.",
        ) from problem  # fmt: skip
    return events


def _is_log(element: Any, tag: str, file: str) -> bool:
    if element.getroottree().docinfo.doctype:
        message = "The file has a DOCTYPE, which could pull in other files."
        raise DataError("xml.doctype", message, Location(file), "Remove the <!DOCTYPE …> declaration.")
    if tag != "log":
        message = f"The file is no XES log: its root is <{tag}>."
        raise DataError("event-log.no-xes", message, Location(file), "Give a file whose root is <log>.")
    return True


def _attributes(element: Any) -> dict[str, str]:
    """The attributes of a trace or event itself, not those inside its events or other attributes."""
    return {
        child.get("key"): child.get("value")
        for child in element
        if child.get("key") in (NAME, TIME) and child.get("value") is not None
    }


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
