"""What a translated expression gives is what an implementation of EL gives, or it is refused or told, never another.

The results in ``el/results.json`` were given by Tomcat's EL 5.0 (see ``source`` there); where Java and Debian's
``libtomcat10-java`` are installed, they are asked again.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from anyshore import feel
from anyshore.base.errors import Diagnostic
from anyshore.feel import juel

HERE = Path(__file__).parent / "el"
RECORDED: dict[str, Any] = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
JARS = [Path("/usr/share/java") / name for name in ("tomcat10-jasper-el.jar", "tomcat10-el-api.jar")]
ABSENT = shutil.which("javac") is None or not all(jar.exists() for jar in JARS)
VARIABLES = {
    "x": 5, "y": 2, "neg": -7, "half": 2.5, "minus": -2.5, "digits": "12", "word": "abc", "pad": " \t Ada\u000b\n ",
    "code": "AB12", "lines": "a\nb", "blank": "", "ok": True, "no": False, "yes": "true", "names": ["a", "b"],
    "nothing": [], "order": {"id": 7, "total": 4.5}, "hollow": {}, "none": None,
}  # fmt: skip
GIVEN = {name: feel.from_python(value) for name, value in VARIABLES.items()}
# What must be translated and not only refused.
TOLD = frozenset(RECORDED["refused"])


def ours(expression: str) -> tuple[Any, str]:
    """The value of a translated expression, and why there is none: refused when read, or told when it runs."""
    try:
        text = juel.to_feel(f"${{{expression}}}")
    except juel.NotTranslatable as reason:
        return None, str(reason)
    reasons: list[Diagnostic] = []
    value = feel.compile(text).evaluate(GIVEN, diagnostics=reasons)
    return feel.to_python(value), "" if value is not None or not reasons else reasons[0].message


def agrees(said: str, value: Any) -> bool:
    """Whether a value is the one Java printed; numbers as doubles."""
    if said == "error":
        return False
    if said in ("Infinity", "-Infinity", "NaN"):
        return False
    wanted = json.loads(said)
    if isinstance(wanted, bool) or not isinstance(wanted, (int, float)):
        return type(value) is type(wanted) and value == wanted
    return not isinstance(value, bool) and value is not None and math.isclose(float(value), wanted, rel_tol=1e-12)


@pytest.mark.parametrize("expression", RECORDED["results"])
def test_it_means_the_same_or_is_refused(expression: str) -> None:
    said = RECORDED["results"][expression]
    value, refused = ours(expression)
    if expression in TOLD:
        assert value is None
        assert refused or said in ("true", "false")  # a condition that is null is told where it decides
    else:
        assert agrees(said, value), f"EL gives {said}, we {value!r}"


def ask(expressions: list[str]) -> list[str]:
    """What Tomcat's EL gives."""
    command = ["java", "-cp", ":".join(map(str, JARS)), str(HERE / "Evaluate.java")]
    run = subprocess.run(command, input="\n".join(expressions) + "\n", capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


@pytest.mark.skipif(ABSENT, reason="needs a JDK and Debian's libtomcat10-java")
def test_the_recorded_results_are_those_of_the_installed_el() -> None:
    assert dict(zip(RECORDED["results"], ask(list(RECORDED["results"])), strict=True)) == RECORDED["results"]


VALUES = ["x", "y", "neg", "half", "digits", "word", "none", "ok", "yes", "3", "1.5", "'4'", "'b'", "true"]


def term(chance: random.Random, depth: int) -> str:
    """A random expression."""
    if depth == 0 or chance.random() < 0.2:
        return chance.choice(VALUES)
    one, two, three, four = (term(chance, depth - 1) for _ in range(4))
    kind = chance.randrange(4)
    if kind == 0:
        return f"(-{one})"
    if kind == 1:
        return f"({one} {chance.choice(['==', '<', '>=', '!='])} {two} ? {three} : {four})"
    if kind == 2:
        return f"({one} {chance.choice(['&&', '||'])} {two})"
    return f"({one} {chance.choice(['+', '-', '*', '%', '+', '/'])} {two})"


@pytest.mark.skipif(ABSENT, reason="needs a JDK and Debian's libtomcat10-java")
def test_random_expressions_mean_the_same_or_are_told() -> None:
    chance = random.Random(20)
    expressions = [term(chance, depth) for depth in (1, 2, 3) for _ in range(700)]
    same = 0
    for expression, said in zip(expressions, ask(expressions), strict=True):
        value, refused = ours(expression)
        alike = agrees(said, value)
        same += alike
        # What EL fails at, as 3 || true, FEEL may decide.
        assert alike or refused or value is None or said == "error", f"{expression}: EL gives {said}, we {value!r}"
    assert same > 300
