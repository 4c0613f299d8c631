"""How fast FEEL is over the DMN compatibility kit: its single expressions cold (read, compile, evaluate) beside
zen-engine, an expression again and again, and the whole kit in a new process.

Every round gets texts neither engine has seen in this process: numbers have other zeros behind them, words of strings
and names other letters, and blanks other places. Ours shares code between texts that differ in nothing else
(``anyshore.feel.shapes``), as after a while most texts do; a row of its own says what the first text of its kind takes.

zen-engine is no full FEEL and refuses most expressions of the kit: both are timed over all of them, and over those
they answer alike. Run it as ``python -m benchmarks feel``.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from anyshore import feel
from anyshore.feel.expression import SHAPES
from anyshore.feel.shapes import WORDS_OF_FEEL

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ANYSHORE_DATA", ROOT.parent / "shared" / "data"))
HOT = ('amount > 10 and country = "DE"', {"amount": Decimal(20), "country": "DE"})
DROOLS_NATIVE_SECONDS = 3.1
ROUNDS = 9


def expressions(kit: Path) -> list[str]:
    """The texts of all literal expressions of the kit's models."""
    texts = []
    for model in sorted(kit.rglob("*.dmn")):
        try:
            found = etree.parse(model).iterfind(".//{*}decision/{*}literalExpression/{*}text")
            texts += [(one.text or "").strip() for one in found]
        except (etree.XMLSyntaxError, OSError) as problem:
            print(f"left out: {model}: {problem}", file=sys.stderr)
    return texts


def evaluate(text: str) -> object:
    """An expression read, compiled and evaluated."""
    return feel.compile(text).evaluate({}, now=0)


def over(texts: list[str], use: Callable[[str], object]) -> Callable[[int], None]:
    """A task that uses all texts as they are in a round, and passes over what is refused."""
    rounds = [[varied(text, number) for text in texts] for number in range(1, ROUNDS + 1)]

    def task(number: int) -> None:
        for text in rounds[number - 1]:
            with suppress(Exception):
                use(text)

    return task


def first_of_its_kind(text: str) -> object:
    """An expression as if none like it had been there before."""
    SHAPES.forget()
    return evaluate(text)


_VARIED = re.compile(
    r'"(?P<string>(?:[^"\\]|\\.)*)"|(?<![\w.])(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?<!\w)(?P<name>[A-Za-z]\w*)'
)


def varied(text: str, number: int) -> str:
    """The text with other literals, names and blanks and, but for the letters of its words, the same value."""

    def other(found: re.Match[str]) -> str:
        if found["number"]:
            return f"{found[0]}{'' if '.' in found[0] else '.'}{'0' * number}"
        if found["name"]:
            return found[0] if found[0] in WORDS_OF_FEEL else f"{found[0]}{chr(96 + number) * 2}"
        word = found["string"]
        return f'"{word}{chr(96 + number) * 2}"' if re.fullmatch(r"[A-Za-z ]{3,}", word) else found[0]

    blanks = " " * number
    return f"{blanks}{_VARIED.sub(other, text)}{blanks}"


def seconds(*tasks: Callable[[int], object]) -> list[float]:
    """For each task, the CPU seconds of its fastest round; the tasks take turns and are given the round's number."""
    best = [float("inf")] * len(tasks)
    for number in range(1, ROUNDS + 1):
        for position, task in enumerate(tasks):
            started = time.process_time()
            task(number)
            best[position] = min(best[position], time.process_time() - started)
    return best


def alike(texts: list[str], other: Callable[[str], object]) -> list[str]:
    """The expressions that both answer, and answer with the same value."""
    found = []
    for text in texts:
        with suppress(Exception):
            # A round of its own, which is not timed: what is alike stays so with other literals.
            for tried in (text, varied(text, ROUNDS + 1)):
                if plain(feel.to_python(evaluate(tried))) != plain(other(tried)) or plain(other(tried)) is None:
                    break
            else:
                found.append(text)
    return found


def plain(value: Any) -> Any:
    """A value as one engine's can be compared with another's: numbers rounded as floats are."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, Decimal)):
        return f"{float(value):.12g}"
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def whole_kit() -> None:
    """Every case of the kit in a new process."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", "conformance", "dmn-tck", str(DATA)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if not run.stdout:
        print(f"the whole kit was not run: {run.stderr.strip()}")
        return
    score = json.loads(run.stdout.splitlines()[-1])
    passed = f"{score['passed']:,} of {score['total']:,} cases pass"
    print(
        f"the whole kit in a new process: {passed} in {cpu:.2f} CPU-seconds, {wall:.2f} s by the clock; "
        f"Drools native was measured at {DROOLS_NATIVE_SECONDS} s"
    )


def main() -> None:
    import zen

    def by_zen(text: str) -> object:
        return zen.evaluate_expression(text, {})

    texts = expressions(DATA / "dmn-tck")
    parts = {"all": texts, "what zen-engine answers alike": alike(texts, by_zen)}
    for what, chosen in parts.items():
        if not chosen:
            print(f"cold, {what}: {DATA / 'dmn-tck'} holds no such expression")
            continue
        ours, theirs = seconds(over(chosen, evaluate), over(chosen, by_zen))
        (first,) = seconds(over(chosen, first_of_its_kind))
        print(
            f"cold, {what}, {len(chosen):,} expressions of the kit: {len(chosen) / ours:,.0f}/s; "
            f"zen-engine {len(chosen) / theirs:,.0f}/s: {theirs / ours:.2f} x; "
            f"each the first of its kind: {len(chosen) / first:,.0f}/s: {theirs / first:.2f} x"
        )
    expression, variables = feel.compile(HOT[0]), HOT[1]
    (hot,) = seconds(lambda _round: [expression.evaluate(variables) for _ in range(100_000)])
    print(f"again and again: {hot * 10:.2f} µs for {HOT[0]}")
    whole_kit()


if __name__ == "__main__":
    main()
