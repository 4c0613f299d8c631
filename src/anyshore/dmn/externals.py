"""The few Java methods models of the conformance kit and of common tools call, as Python (DMN 1.5, 10.3.2.13.3).

No Java runs. A method that is not in the table yields null, with a problem. Numbers are converted as Java would:
``int`` and its kin take whole numbers of their range only, ``double`` and ``float`` round to binary.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from anyshore.feel.values import number

T = TypeVar("T")
Shim = Callable[[Sequence[object]], object]
_BITS = {"byte": 8, "short": 16, "int": 32, "long": 64}
_SIGNATURE = re.compile(r"\s*(\w+)\s*\(([^)]*)\)\s*")


def java_function(mapping: object) -> Shim | None:
    """The function a mapping ``{class: …, method signature: …}`` means, or nothing where it is not available."""
    if not isinstance(mapping, Mapping):
        return None
    mapping = mapping.get("java", mapping)
    if not isinstance(mapping, Mapping):
        return None
    owner, signature = mapping.get("class"), mapping.get("method signature")
    if not isinstance(owner, str) or not isinstance(signature, str):
        return None
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        return None
    types = tuple(part.strip() for part in match[2].split(",") if part.strip())
    method = METHODS.get((owner.strip(), match[1], types))
    return None if method is None else _shim(method, types)


def _shim(method: Callable[..., object], types: tuple[str, ...]) -> Shim:
    varargs = bool(types) and types[-1].startswith("[L")

    def call(arguments: Sequence[object]) -> object:
        fixed = len(types) - varargs
        if len(arguments) < fixed or (len(arguments) > fixed and not varargs):
            return None
        try:
            converted = [_to_java(value, type_) for value, type_ in zip(arguments[:fixed], types, strict=False)]
            result = method(*converted, *([list(arguments[fixed:])] if varargs else []))
        except (ValueError, OverflowError, ArithmeticError, TypeError):
            return None
        return _from_java(_shortest(result) if "float" in types and isinstance(result, float) else result)

    return call


def _to_java(value: object, type_: str) -> object:
    """A FEEL value as an argument of a Java type; ValueError where Java would refuse it."""
    if type_ == "java.lang.String":
        return _wanted(value, str)
    if type_ == "boolean":
        return _wanted(value, bool)
    if type_ == "char":
        text = _wanted(value, str)
        if len(text) != 1:
            raise ValueError("a char is one character")
        return text
    if type_ in ("double", "float"):
        return _binary(float(_wanted(value, Decimal)), type_)
    if type_ in _BITS:
        exact = _wanted(value, Decimal)
        whole = int(exact)
        limit = 1 << (_BITS[type_] - 1)
        if whole != exact or not -limit <= whole < limit:
            raise ValueError(f"no {type_}")
        return whole
    return value


def _wanted(value: object, type_: type[T]) -> T:
    if type(value) is not type_:
        raise ValueError(f"a {type_.__name__} is wanted")
    return value


def _binary(value: float, type_: str) -> float:
    return struct.unpack("f", struct.pack("f", value))[0] if type_ == "float" else value


def _from_java(value: object) -> object:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return number(value) if isinstance(value, (int, float)) else None


def _parse(bits: str) -> Callable[[str], object]:
    return lambda text: _to_java(Decimal(int(text, 10)), bits)


def _float(text: str) -> object:
    return _shortest(_binary(float(text), "float"))


def _shortest(value: float) -> float:
    """The number with the shortest text that is the same 32-bit value, as Float.toString writes it."""
    return next(v for digits in range(6, 18) if _binary(v := float(f"{value:.{digits}g}"), "float") == value)


def _format(pattern: str, values: list[object]) -> str:
    """``String.format`` for ``%s``, ``%d`` and ``%n``, ``%%``; other conversions are refused."""
    pending = iter(values)

    def one(match: re.Match[str]) -> str:
        kind = match[1]
        if kind == "%":
            return "%"
        if kind == "n":
            return "\n"
        value = next(pending, None)
        if kind == "d":
            return str(_to_java(value, "long"))
        return {True: "true", False: "false", None: "null"}.get(value, str(value))  # type: ignore[call-overload, no-any-return]

    if re.search(r"%[^sdn%]", pattern):
        raise ValueError("an unsupported conversion")
    return re.sub(r"%([sdn%])", one, pattern)


_TEXT = "java.lang.String"
_MATH: dict[str, Callable[[float], float]] = {
    "abs": abs, "cos": math.cos, "sin": math.sin, "tan": math.tan, "acos": math.acos, "asin": math.asin,
    "atan": math.atan, "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "log10": math.log10,
    "ceil": math.ceil, "floor": math.floor, "rint": round, "toRadians": math.radians, "toDegrees": math.degrees,
}  # fmt: skip
METHODS: dict[tuple[str, str, tuple[str, ...]], Callable[..., object]] = {
    **{("java.lang.Math", name, ("double",)): method for name, method in _MATH.items()},
    **{
        ("java.lang.Math", name, (kind, kind)): method
        for name, method in (("max", max), ("min", min))
        for kind in ("double", "float", "int", "long")
    },
    ("java.lang.Math", "pow", ("double", "double")): math.pow,
    **{
        (f"java.lang.{box}", "valueOf", (kind,)): lambda value: value
        for box, kind in (
            ("Byte", "byte"), ("Short", "short"), ("Integer", "int"), ("Long", "long"), ("Float", "float"),
            ("Double", "double"), ("Boolean", "boolean"), ("String", "char"),
        )
    },
    **{
        (f"java.lang.{box}", method, (_TEXT,)): _parse(kind)
        for box, kind, parse in (
            ("Byte", "byte", "parseByte"), ("Short", "short", "parseShort"),
            ("Integer", "int", "parseInt"), ("Long", "long", "parseLong"),
        )
        for method in ("valueOf", parse)
    },
    ("java.lang.Float", "valueOf", (_TEXT,)): _float,
    ("java.lang.Double", "valueOf", (_TEXT,)): float,
    ("java.lang.Double", "parseDouble", (_TEXT,)): float,
    ("java.lang.String", "format", (_TEXT, "[Ljava.lang.Object;")): _format,
}  # fmt: skip
