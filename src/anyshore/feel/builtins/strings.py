"""Functions of strings. A character is a Unicode code point. Source: DMN 1.5, 10.3.4.3."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from time import perf_counter
from typing import Any

from anyshore.feel import types
from anyshore.feel.regex import RegexError, compile_regex, expand
from anyshore.feel.run import Run
from anyshore.feel.signatures import LIST, NUMBER, STRING, P, Row

# A pattern cannot be given no time at all.
_NO_TIME = 1e-6


def substring(run: Run, string: str, start: Decimal, length: Decimal | None) -> object:
    """Characters from a position on, counted from 1, or from -1 at the end."""
    size = len(string)
    at = int(start) if start.copy_abs() <= size else 0
    if not at:
        return run.fail("a string of {} characters has no position {}", size, start)
    if length is not None and length < 1:
        return run.fail("the length of a substring is at least 1, not {}", length)
    first = at - 1 if at > 0 else size + at
    run.spend(size >> 6)
    if length is not None and length >= size - first + 1:
        return run.fail("there are not {} characters from position {} on", length, start)
    return string[first:] if length is None else string[first : first + int(length)]


def string_length(run: Run, string: str) -> Decimal:
    """Number of characters."""
    return Decimal(len(string))


def upper_case(run: Run, string: str) -> str:
    """All characters in upper case."""
    run.check_string(len(string))
    return string.upper()


def lower_case(run: Run, string: str) -> str:
    """All characters in lower case."""
    run.check_string(len(string))
    return string.lower()


def substring_before(run: Run, string: str, match: str) -> str:
    """What stands before the first match; nothing if there is none."""
    run.spend(len(string) >> 6)
    at = string.find(match)
    return string[:at] if at > 0 else ""


def substring_after(run: Run, string: str, match: str) -> str:
    """What stands behind the first match; nothing if there is none."""
    run.spend(len(string) >> 6)
    at = string.find(match)
    return string[at + len(match) :] if at >= 0 else ""


def contains(run: Run, string: str, match: str) -> bool:
    """Whether one string is in another."""
    run.spend(len(string) >> 6)
    return match in string


def starts_with(run: Run, string: str, match: str) -> bool:
    """Whether a string begins with another."""
    run.spend(len(string) >> 6)
    return string.startswith(match)


def ends_with(run: Run, string: str, match: str) -> bool:
    """Whether a string ends with another."""
    run.spend(len(string) >> 6)
    return string.endswith(match)


def _with_regex(run: Run, pattern: str, flags: str | None, use: Callable[[Any, float], object]) -> object:
    """Use a compiled pattern, within the time the run has left for patterns."""
    started = perf_counter()
    try:
        if run.regex_left <= _NO_TIME:
            raise TimeoutError
        return use(compile_regex(pattern, flags or ""), run.regex_left)
    except RegexError as error:
        return run.fail("{}", error)
    except TimeoutError:
        run.over("regex", f"{run.limits.regex_seconds} seconds for regular expressions")
    finally:
        run.regex_left = max(run.regex_left - (perf_counter() - started), _NO_TIME)


_PLAIN = re.compile("[A-Za-z0-9 _,;:/@=<>!%&'\"~]+").fullmatch
"""A pattern in which each character stands for itself: making a regular expression of it would take 100 µs."""


def matches(run: Run, text: str, pattern: str, flags: str | None) -> object:
    """Whether an XPath regular expression is found anywhere in a string."""
    run.spend(len(text) >> 6)
    if not flags and _PLAIN(pattern):
        return pattern in text
    return _with_regex(run, pattern, flags, lambda regex, left: regex.search(text, timeout=left) is not None)


def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> object:
    """All matches replaced; ``$1`` in the replacement is the first group. Null if the empty string matches."""

    def replaced(regex: Any, left: float) -> object:
        if regex.search("", timeout=left):
            return run.fail("the pattern {} matches the empty string", pattern)
        template = expand(replacement, regex.groups, "q" in (flags or ""))
        parts: list[str] = []
        end = size = 0
        for match in regex.finditer(text, timeout=left):
            run.spend()
            new = "".join(one if isinstance(one, str) else match[one] or "" for one in template)
            parts += (text[end : match.start()], new)
            size += match.start() - end + len(new)
            if size > run.limits.string:
                run.check_string(size)
            end = match.end()
        result = "".join(parts) + text[end:]
        run.check_string(len(result))
        return result

    return _with_regex(run, pattern, flags, replaced)


def split(run: Run, string: str, delimiter: str) -> object:
    """The pieces between the matches of a regular expression."""
    if _PLAIN(delimiter):
        found: list[object] = [*string.split(delimiter)]
        run.spend(len(found) - 1 + (len(string) >> 6))
        return found

    def pieces(regex: Any, left: float) -> object:
        if regex.search("", timeout=left):
            return run.fail("the delimiter {} matches the empty string", delimiter)
        result: list[object] = []
        end = 0
        run.spend(len(string) >> 6)
        for match in regex.finditer(string, timeout=left):
            run.spend()
            result.append(string[end : match.start()])
            end = match.end()
        result.append(string[end:])
        return result

    return _with_regex(run, delimiter, "", pieces)


def string_join(run: Run, items: list[object], delimiter: str | None) -> object:
    """The strings of a list, one after the other; nulls are left out."""
    run.spend(len(items))
    strings = [item for item in items if isinstance(item, str)]
    if len(strings) + items.count(None) != len(items):
        return run.fail("string join takes strings only")
    between = delimiter or ""
    run.check_string(sum(map(len, strings)) + len(between) * len(strings))
    return between.join(strings)


_STRING = P("string", STRING)
_MATCH = P("match", STRING)
_FLAGS = P("flags", STRING, optional=True, nullable=True)

ROWS = (
    Row(
        "substring",
        (_STRING, P("start position", NUMBER), P("length", NUMBER, optional=True, nullable=True)),
        substring,
        types.STRING,
    ),
    Row("string length", (_STRING,), string_length, types.NUMBER),
    Row("upper case", (_STRING,), upper_case, types.STRING),
    Row("lower case", (_STRING,), lower_case, types.STRING),
    Row("substring before", (_STRING, _MATCH), substring_before, types.STRING),
    Row("substring after", (_STRING, _MATCH), substring_after, types.STRING),
    Row("contains", (_STRING, _MATCH), contains, types.BOOLEAN),
    Row("starts with", (_STRING, _MATCH), starts_with, types.BOOLEAN),
    Row("ends with", (_STRING, _MATCH), ends_with, types.BOOLEAN),
    Row("matches", (P("input", STRING), P("pattern", STRING), _FLAGS), matches, types.BOOLEAN),
    Row(
        "replace",
        (P("input", STRING), P("pattern", STRING), P("replacement", STRING), _FLAGS),
        replace,
        types.STRING,
    ),
    Row("split", (_STRING, P("delimiter", STRING)), split, types.ListType(types.STRING)),
    Row(
        "string join",
        (P("list", LIST), P("delimiter", STRING, optional=True, nullable=True)),
        string_join,
        types.STRING,
    ),
)
