"""Functions of contexts. Source: DMN 1.5, 10.3.4.10."""

from __future__ import annotations

from anyshore.feel import types
from anyshore.feel.run import Run
from anyshore.feel.signatures import ANYTHING, CONTEXT, LIST, STRING, P, Row

Context = dict[str, object]


def get_value(run: Run, context: Context, key: str) -> object:
    """The value of an entry, or null if there is none."""
    return context[key] if key in context else run.fail("the context has no entry {}", key)


def get_entries(run: Run, context: Context) -> list[object]:
    """The entries as contexts of ``key`` and ``value``."""
    run.spend(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


def context_put(run: Run, context: Context, key: str, value: object) -> Context:
    """A context with one entry added or changed."""
    run.spend(len(context))
    return {**context, key: value}


def put_nested(run: Run, context: Context, keys: list[object], value: object) -> object:
    """A context with the entry at the end of a path of keys added or changed; the path before it must be there."""
    if not keys:
        return run.fail("there are no keys")
    result = inner = {**context}
    for at, key in enumerate(keys):
        if not isinstance(key, str):
            return run.fail("{} is no key", key)
        run.spend(len(inner) + 1)
        if at == len(keys) - 1:
            inner[key] = value
            break
        following = inner.get(key)
        if not isinstance(following, dict):
            return run.fail("the entry {} is no context", key)
        inner[key] = {**following}
        inner = inner[key]  # type: ignore[assignment]
    return result


def context_merge(run: Run, contexts: list[object]) -> object:
    """All entries of some contexts; of one name, the last counts."""
    result: Context = {}
    for one in contexts:
        if not isinstance(one, dict):
            return run.fail("{} is no context", one)
        run.spend(len(one))
        result.update(one)
    return result


def context(run: Run, entries: list[object]) -> object:
    """A context of a list of contexts with ``key`` and ``value``."""
    result: Context = {}
    run.spend(len(entries))
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            return run.fail("an entry is a context of key and value, not {}", entry)
        key = entry["key"]
        if key in result:
            return run.fail("the entry {} is there twice", key)
        result[key] = entry["value"]
    return result


_CONTEXT = P("context", CONTEXT)
_KEY = P("key", STRING)
_KEYS = P("keys", LIST)
_VALUE = P("value", ANYTHING)

ROWS = (
    Row("get value", (P("m", CONTEXT), _KEY), get_value),
    Row("get value", (_CONTEXT, _KEY), get_value),
    Row("get entries", (P("m", CONTEXT),), get_entries, types.ANY_LIST),
    Row("context put", (_CONTEXT, _KEY, _VALUE), context_put, types.ANY_CONTEXT),
    Row("context put", (_CONTEXT, _KEYS, _VALUE), put_nested, types.ANY_CONTEXT),
    Row("context merge", (P("contexts", LIST),), context_merge, types.ANY_CONTEXT),
    Row("context", (P("entries", LIST),), context, types.ANY_CONTEXT),
)
