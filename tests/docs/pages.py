"""Runs the examples of a documentation page the way a reader would: in order, in one folder.

What a fenced block is follows from its info string:

- ``console``: lines with ``$ anyshore …`` are run by the command's own entry point. The lines below are what must be
  printed (standard output and error together), ``…`` standing for anything; none at all leaves the output open.
  A status other than 0 is written as a last line ``# exits with 1``. ``$ curl …`` asks the web application of the
  same process, and must print the answer's body.
- ``python``: run in one namespace per page; with ``>>>`` prompts the answers are compared.
- any language with ``title=NAME``: a file of that name is written.
- anything else is for the eye only.
"""

from __future__ import annotations

import contextlib
import doctest
import glob
import io
import os
import re
import shlex
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WILDCARD = "…"
WIDTH = 110
FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<info>[^`\n]*)$")
STATUS = re.compile(r"^# exits with (\d+)$")
NEEDS_DATABASE = re.compile(r"^\$ anyshore (engage|run|scorecard|invoice|ledger export|work|ops|demo)\b", re.MULTILINE)
NEEDS_DATA = "<!-- needs ANYSHORE_DATA -->"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its info string, its text, and the line of the page its text begins at."""

    info: str
    text: str
    line: int

    @property
    def language(self) -> str:
        return self.info.split()[0] if self.info else ""

    @property
    def title(self) -> str | None:
        found = re.search(r"\btitle=(\S+)", self.info)
        return found[1] if found else None


@dataclass(slots=True)
class Command:
    """A command of a console block with what it must print."""

    text: str
    line: int
    expected: list[str] = field(default_factory=list)
    status: int = 0


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        opening = FENCE.match(line)
        if not opening:
            continue
        indent, ticks, body = len(opening["indent"]), opening["ticks"], []
        for _, inner in lines:
            if inner.strip() == ticks:
                break
            body.append(inner[indent:])
        else:
            raise ValueError(f"line {number}: the block is never closed")
        found.append(Block(opening["info"].strip(), "\n".join(body) + "\n", number + 1))
    return found


def commands(block: Block) -> list[Command]:
    """The commands of a console block."""
    found: list[Command] = []
    continued = False
    for number, line in enumerate(block.text.splitlines(), block.line):
        if continued:
            found[-1].text += "\n" + line
        elif line.startswith("$ "):
            found.append(Command(line[2:], number))
        elif not found:
            raise ValueError(f"line {number}: a console block begins with a command: $ anyshore …")
        elif status := STATUS.match(line):
            found[-1].status = int(status[1])
        else:
            found[-1].expected.append(line)
        continued = line.endswith("\\") and (continued or line.startswith("$ "))
    return found


def matches(expected: str, actual: str) -> bool:
    """Whether a text is as written, apart from space at line ends, widths of columns and what ``…`` stands for."""
    wanted, came = map(_without_widths, (expected, actual))
    pattern = ".*?".join(re.escape(part) for part in wanted.split(WILDCARD))
    return re.fullmatch(pattern, came, re.DOTALL) is not None


def _without_widths(text: str) -> str:
    """A text without what is wider where a figure in a table, such as milliseconds, is longer."""
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    return "\n".join(re.sub(r" {2,}", " ", line) if "│" in line else line for line in lines).strip("\n")


class Page:
    """A page whose examples are run in the current folder.

    Attributes:
        problems: what is not as the page says, each with its line.
    """

    def __init__(self, text: str) -> None:
        self.blocks = blocks(text)
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.problems: list[str] = []

    def run(self) -> list[str]:
        """Runs every block in order and goes on after a problem."""
        for block in self.blocks:
            if block.title:
                path = Path(block.title)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
            elif block.language == "console":
                for command in commands(block):
                    self._command(command)
            elif block.language == "python":
                self._python(block)
        return self.problems

    def _command(self, command: Command) -> None:
        program, *arguments = shlex.split(command.text.replace("\\\n", " "))
        if program not in PROGRAMS:
            self.problems.append(f"line {command.line}: only {' and '.join(PROGRAMS)} are run here, not {program}")
            return
        status, printed = PROGRAMS[program]([word for argument in arguments for word in _expanded(argument)])
        if status != command.status:
            self.problems.append(
                f"line {command.line}: {command.text}\nexits with {status}, not {command.status}\n{printed}"
            )
        expected = "\n".join(command.expected)
        if expected.strip() and not matches(expected, printed):
            self.problems.append(f"line {command.line}: {command.text}\nexpected:\n{expected}\nprinted:\n{printed}")

    def _python(self, block: Block) -> None:
        if ">>>" in block.text:
            self._doctest(block)
            return
        with _captured() as printed:
            try:
                exec(compile("\n" * (block.line - 1) + block.text, "<page>", "exec"), self.names)
            except (Exception, SystemExit):
                self.problems.append(f"line {block.line}: {traceback.format_exc()}{printed.getvalue()}")

    def _doctest(self, block: Block) -> None:
        text = block.text.replace(WILDCARD, "...")
        test = doctest.DocTestParser().get_doctest(text, self.names, "page", "page", block.line - 1)
        test.globs = self.names  # not a copy: later blocks see what this one defines
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE, verbose=False)
        report = io.StringIO()
        runner.run(test, out=report.write, clear_globs=False)
        if report.getvalue():
            self.problems.append(f"line {block.line}: {report.getvalue()}")


def _expanded(argument: str) -> list[str]:
    """An argument as a shell hands it over: variables and file patterns replaced."""
    text = os.path.expandvars(argument)
    return sorted(glob.glob(text)) or [text]


def invoke(arguments: list[str]) -> tuple[int, str]:
    """Runs the command as from a shell: its exit status, and what it printed."""
    from anyshore.cli.main import main

    before = sys.argv
    sys.argv = ["anyshore", *arguments]
    status = 0
    with _captured() as printed:
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except Exception:
            status = -1
            printed.write(traceback.format_exc())
        finally:
            sys.argv = before
    return status, printed.getvalue()


def ask(arguments: list[str]) -> tuple[int, str]:
    """What curl would do with these arguments; as curl does, an answer that refuses counts as an answer (status 0)."""
    from django.test import Client

    given = list(arguments)
    method, body, headers, address = "", None, {}, ""
    while given:
        match given.pop(0):
            case "-s":
                continue
            case "-X":
                method = given.pop(0)
            case "-H":
                header, _, value = given.pop(0).partition(":")
                headers[header.strip()] = value.strip()
            case "-d":
                text = given.pop(0)
                body = Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text
            case argument if argument.startswith("-"):
                return 2, f"curl {argument} is not known here"
            case argument:
                address = argument
    parts = urlsplit(address)
    kind = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    browser = Client(headers=headers, SERVER_NAME=parts.hostname or "127.0.0.1", raise_request_exception=False)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    answer = browser.generic(method or ("POST" if body else "GET"), path, body or "", content_type=kind)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return 0, content.decode()


PROGRAMS = {"anyshore": invoke, "curl": ask}
"""What a console block may run."""


@contextlib.contextmanager
def _captured() -> Iterator[io.StringIO]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield printed


def prepare(folder: str, home: str) -> None:
    """Makes this process a reader's shell: its folder, its own database, a width, no colours, no lines of progress."""
    from django.contrib.auth import hashers

    from anyshore.cli import output

    output.LINE_EVERY = float("inf")
    hashers.PBKDF2PasswordHasher.iterations = 1_000  # nobody tries to guess these
    os.chdir(folder)
    sys.path.insert(0, "")  # as at a prompt: a file beside the page can be imported
    os.environ["ANYSHORE_HOME"] = home
    os.environ["COLUMNS"] = str(WIDTH)
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "ANYSHORE_DATABASE_URL"):
        os.environ.pop(name, None)


def run_page(text: str, folder: str, home: str, answer: Any) -> None:
    """What the child process does: runs a page and sends back its problems."""
    try:
        prepare(folder, home)
        answer.send(Page(text).run())
    except BaseException:
        answer.send([traceback.format_exc()])
        raise
