"""Calls of XPath's functions: how each becomes Python, by its name."""

from __future__ import annotations

from anyshore.activities.einvoice.xpath.codes import Code, Scope
from anyshore.activities.einvoice.xpath.parsing import NotUnderstoodError

_CASTS = {"xs:decimal": "decimal", "xs:integer": "integer", "xs:date": "date", "xs:string": "string",
          "xs:boolean": "boolean"}  # fmt: skip
_KINDS = {"xs:decimal": "num", "xs:integer": "num", "xs:date": "any", "xs:string": "any", "xs:boolean": "any"}


def cast(word: str, value: Code, name: str, empty: bool) -> Code:  # as XPath's own question mark
    """``cast as`` and ``castable as``."""
    if name not in _CASTS:
        raise NotUnderstoodError(f"the type {name} is not known")
    if word == "castable":
        return Code(f"castable({name!r}, {value.items()}, {empty})", "bool")
    python = f"{_CASTS[name]}({value.items()})"
    return Code(python if empty else f"needed({python})", _KINDS[name])


_PLAIN: dict[tuple[str, int], tuple[str, str]] = {
    ("true", 0): ("True", "bool"), ("false", 0): ("False", "bool"),
    ("upper-case", 1): ("{0}.upper()", "str"), ("lower-case", 1): ("{0}.lower()", "str"),
    ("normalize-space", 1): ("spaced({0})", "str"), ("string-length", 1): ("len({0})", "num"),
    ("contains", 2): ("({1} in {0})", "bool"), ("starts-with", 2): ("{0}.startswith({1})", "bool"),
    ("ends-with", 2): ("{0}.endswith({1})", "bool"), ("substring-before", 2): ("before({0}, {1})", "str"),
    ("substring-after", 2): ("after({0}, {1})", "str"), ("translate", 3): ("translated({0}, {1}, {2})", "str"),
    ("matches", 2): ("matched({0}, {1})", "bool"), ("tokenize", 2): ("split({0}, {1})", "items"),
    ("replace", 3): ("replaced({0}, {1}, {2})", "str"),
    ("string-to-codepoints", 1): ("[ord(c) for c in {0}]", "items"),
}  # fmt: skip
"""Functions of strings."""

_OF_ITEMS: dict[tuple[str, int], tuple[str, str]] = {
    ("exists", 1): ("(len({0}) > 0)", "bool"), ("empty", 1): ("(len({0}) == 0)", "bool"),
    ("count", 1): ("len({0})", "num"), ("sum", 1): ("total({0})", "num"), ("string", 1): ("written({0})", "str"),
    ("number", 1): ("number(atoms({0}))", "num"), ("reverse", 1): ("list({0})[::-1]", "items"),
    ("distinct-values", 1): ("distinct({0})", "items"), ("xs:decimal", 1): ("decimal({0})", "num"),
    ("xs:integer", 1): ("integer({0})", "num"), ("xs:date", 1): ("date({0})", "any"),
    ("xs:string", 1): ("string({0})", "any"), ("xs:boolean", 1): ("boolean({0})", "any"),
    ("codepoints-to-string", 1): ("''.join(chr(c) for c in {0})", "str"),
}  # fmt: skip
"""Functions of sequences."""

_OF_NUMBERS = {"round": "rounded", "abs": "absolute", "floor": "floored", "ceiling": "raised"}
_OF_CONTEXT = frozenset({"normalize-space", "string-length", "string", "number", "name", "local-name", "namespace-uri"})
_OF_NODES = {"name": "name", "local-name": "local_name", "namespace-uri": "namespace"}


def call(name: str, arguments: list[Code], scope: Scope) -> Code:  # a family of functions each
    """The Python of a call.

    Raises:
        NotUnderstoodError: the function is not known here.
    """
    if not arguments and name in _OF_CONTEXT:
        arguments = [Code(f"[{scope.context}]", "nodes" if scope.is_node else "items")]
    key = (name, len(arguments))
    if name == "not" and len(arguments) == 1:
        return Code(f"(not {arguments[0].truth()})", "bool")
    if name == "boolean" and len(arguments) == 1:
        return Code(arguments[0].truth(), "bool")
    if key in _PLAIN:
        python, kind = _PLAIN[key]
        return Code(python.format(*(one.text() for one in arguments)), kind)
    if key in _OF_ITEMS:
        python, kind = _OF_ITEMS[key]
        return Code(python.format(*(one.items() for one in arguments)), kind)
    if name in _OF_NUMBERS and len(arguments) == 1:
        return Code(f"{_OF_NUMBERS[name]}({arguments[0].number()})", "num")
    if name in _OF_NODES and len(arguments) == 1:
        if arguments[0].kind != "nodes":
            raise NotUnderstoodError(f"{name} of what may be no node")
        return Code(f"named_one({_OF_NODES[name]}, {arguments[0].python})", "str")
    if name == "concat" and len(arguments) > 1:
        return Code("(" + " + ".join(_written(one) for one in arguments) + ")", "str")
    return _rest(name, arguments, scope)


def _rest(name: str, arguments: list[Code], scope: Scope) -> Code:
    match name, len(arguments):
        case "substring", 2 | 3:
            numbers = ", ".join(one.number() for one in arguments[1:])
            return Code(f"part({arguments[0].text()}, {numbers})", "str")
        case "string-join", 2:
            return Code(f"{arguments[1].text()}.join(map(text_item, {arguments[0].items()}))", "str")
        case "position", 0 if scope.position:
            return Code(scope.position, "num")
        case "last", 0 if scope.size:
            return Code(scope.size, "num")
        case "current", 0:
            return Code(f"[{scope.current}]", "nodes")
        case "root", 0:
            return Code("[D]", "nodes")
        case "document" | "doc", 1 if arguments[0].kind == "str" and arguments[0].python.startswith(("'", '"')):
            return Code(f"document({arguments[0].python})", "nodes")
    return scope.functions(name, arguments)


def _written(one: Code) -> str:
    return one.python if one.kind == "str" else f"written({one.items()})"
