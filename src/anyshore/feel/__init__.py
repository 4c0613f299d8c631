"""FEEL, the expression language of DMN 1.5.

``compile(text)`` gives an `Expression`; ``expression.evaluate(variables)`` its value. Values are ``None``, ``bool``,
``str``, `decimal.Decimal`, the types of `anyshore.base.temporal`, ``list``, ``dict``, `Range` and `Function`;
`from_python` makes them from Python's own. Passes, a module each: lexer, parser (to `nodes`), compiler (to closures).
"""

from anyshore.feel.constants import constant
from anyshore.feel.expression import Expression, compile, compile_unary_tests, evaluate
from anyshore.feel.formatting import format_value as format
from anyshore.feel.formatting import is_name, key, member, quoted, to_string
from anyshore.feel.infer import infer
from anyshore.feel.names import Members, Names
from anyshore.feel.run import Limits, Run
from anyshore.feel.type_parser import parse_type
from anyshore.feel.values import Function, Parameter, Range, from_python, to_python

__all__ = [
    "Expression",
    "Function",
    "Limits",
    "Members",
    "Names",
    "Parameter",
    "Range",
    "Run",
    "compile",
    "compile_unary_tests",
    "constant",
    "evaluate",
    "format",
    "from_python",
    "infer",
    "is_name",
    "key",
    "member",
    "parse_type",
    "quoted",
    "to_python",
    "to_string",
]
