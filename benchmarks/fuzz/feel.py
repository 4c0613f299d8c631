"""Fuzz FEEL with atheris: any text gives a value or a FeelError, soon and in little memory.

Run it as ``python benchmarks/fuzz/feel.py [folder of texts] -max_total_time=600``; without atheris it says so and ends.
"""

from __future__ import annotations

import sys

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: uv sync --group bench")

with atheris.instrument_imports(include=["anyshore.feel", "anyshore.base.temporal"]):
    from anyshore import feel
    from anyshore.base.errors import Diagnostic, FeelError

LIMITS = feel.Limits(steps=20_000, string=50_000, regex_seconds=0.1)
VARIABLES = {"x": None, "list": [feel.from_python(one) for one in (3, 1, 2)], "a b": "text", "?": feel.from_python(5)}


def check(data: bytes) -> None:
    """Read, run, write and read again."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicodeNoSurrogates(400)
    for compile_text in (feel.compile, feel.compile_unary_tests):
        found: list[Diagnostic] = []
        try:
            expression = compile_text(text, names=["a b"])
            value = expression.evaluate(VARIABLES, now=0, diagnostics=found, limits=LIMITS)
            feel.infer(expression.tree, {})
            written = feel.format(value)
        except FeelError:
            continue
        if "function" not in written:
            try:
                again = feel.compile(written).evaluate({})
            except FeelError as error:
                if error.code in ("feel.too-deep", "feel.too-long"):
                    continue
                raise
            assert feel.format(again) == written


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
