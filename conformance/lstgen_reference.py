"""Wage tax by lstgen (MIT), with what it gets wrong put right: numbers stay the text they are written as.

lstgen 0.7 writes ``BigDecimal.valueOf(0.42)`` as ``valueOf(0.42)``, a binary float with 50 places. As text the number
is exact, and its Python does what the flow chart says.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any


def compiled(content: bytes, *, floats: bool = False) -> Callable[[], Any]:
    """The class lstgen makes of a flow chart.

    Args:
        content: the XML as published.
        floats: whether numbers stay binary floats, as lstgen has them.
    """
    from lstgen import PapParser
    from lstgen.generators.python import PythonGenerator
    from lxml import etree

    class Generator(PythonGenerator):  # type: ignore[misc]
        def _conv_number(self, node: ast.Constant) -> list[str]:
            exact = floats or isinstance(node.value, int)
            return [str(node.value)] if exact else [repr(str(node.value))]

        def _conv_binop(self, node: ast.BinOp) -> list[str]:
            sides = [one.value for one in (node.left, node.right) if isinstance(one, ast.Constant)]
            if floats or not any(isinstance(one, float) for one in sides) or not isinstance(node.op, ast.Add):
                return super()._conv_binop(node)
            return [repr(str(sum(Decimal(str(one)) for one in sides)))]

    out = io.StringIO()
    parser = PapParser(etree.fromstring(content.removeprefix(b"\xef\xbb\xbf")))
    Generator(parser, out, class_name="Reference", indent="    ").generate()
    names: dict[str, Any] = {}
    exec(out.getvalue(), names)
    return names["Reference"]


def computed(made: Callable[..., Any], inputs: Mapping[str, int | Decimal], outputs: tuple[str, ...]) -> list[Decimal]:
    """The outputs for one row."""
    tax = made(**{name: str(value) if name == "f" else value for name, value in inputs.items()})
    tax.MAIN()
    return [Decimal(getattr(tax, name)) for name in outputs]
