"""The command ``anyshore``: every step of the main job is a command of its own.

A command's module is imported when the command is asked for: who asks for help or checks one file does not wait for
the engines and the database.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from importlib import import_module
from importlib.resources import files
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_group

from anyshore import __version__
from anyshore.base import zones
from anyshore.base.commands import Group
from anyshore.base.errors import AnyshoreError

COMMANDS = {
    "decide": "cli.decide:decide",
    "shore": "cli.shores:GROUP",
    "business-case": "cli.business_case:GROUP",
    "compare": "cli.compare:compare",
    "bootstrap": "cli.upkeep:bootstrap",
    "engage": "cli.engagements:engage",
    "engagements": "cli.engagements:listing",
    "scorecard": "cli.engagements:scorecard",
    "invoice": "cli.engagements:invoice",
    "correction": "cli.engagements:correct",
    "dashboard": "cli.engagements:dashboard",
    "demo": "cli.demo:demo",
    "serve": "cli.serve:serve",
    "work": "cli.serve:work",
    "migrate": "cli.upkeep:migrate",
    "backup": "cli.upkeep:backup",
    "restore": "cli.upkeep:restore",
    "workforce": "cli.workforce:GROUP",
    "project": "projects.commands:GROUP",
    "diagnose": "diagnosis.commands:diagnose",
    "website": "host.websites.commands:GROUP",
    "survey": "surveys.commands:GROUP",
    "analysis": "analysis.commands:GROUP",
    "run": "cli.run:run",
    "received": "cli.arrivals:received",
    "references": "cli.arrivals:GROUP",
    "channel": "cli.channels:GROUP",
    "mail": "cli.mail:read",
    "dkim": "web.site.dkim_commands:GROUP",
    "segment": "cli.segment:segment",
    "outbox": "cli.arrivals:outbox",
    "ledger": "cli.ledger:GROUP",
    "review": "cli.review:GROUP",
    "person": "cli.upkeep:PERSONS",
    "retention": "cli.retention:GROUP",
    "subject": "cli.retention:SUBJECTS",
    "pack": "packs.commands:GROUP",
    "questions": "assessment.commands:GROUP",
    "dmn": "cli.dmn:GROUP",
    "bpmn": "cli.bpmn:GROUP",
    "case": "cmmn.commands:GROUP",
    "ops": "cli.operations:GROUP",
    "terms": "cli.terms:GROUP",
}
"""The commands, in the order in which help lists them: below ``anyshore`` a module, and its function or group."""


def help_of(place: str) -> str:
    """The line of help of a command, read from its module, which is not imported for it."""
    module, _, name = place.partition(":")
    text = files("anyshore").joinpath(f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        match node:
            case ast.FunctionDef(name=found) if found == name:
                return inspect.cleandoc(ast.get_docstring(node) or "").partition("\n\n")[0]
            case ast.Assign([ast.Name(found)], ast.Call(args=[ast.Constant(str(said)), *_])) if found == name:
                return said
    raise KeyError(place)


class _OnDemand(dict[str, Any]):
    """Commands by name, each imported when it is first looked at."""

    def __getitem__(self, name: str) -> Any:
        if super().__getitem__(name) is None:
            self[name] = _load(name, COMMANDS[name])
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        if name not in self:
            return default
        return self[name]

    def items(self) -> Any:
        return Mapping.items(self)


def _load(name: str, place: str) -> Any:
    from anyshore.cli.declaring import bound  # takes a while to load: only where something is to be run

    module, _, within = place.partition(":")
    holder = bound(Group("", {name: getattr(import_module(f"anyshore.{module}"), within)}))
    holder.callback()(lambda: None)  # a group, though of one command
    return get_group(holder).commands[name]


class _Commands(TyperGroup):
    """The group of all commands, whose help needs none of them.

    An error raised on purpose by any command ends as text and status 1, never as a traceback.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _OnDemand(dict.fromkeys(COMMANDS))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except AnyshoreError as error:
            _told(error)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_of(place)) for name, place in COMMANDS.items()])


app = typer.Typer(
    name="anyshore",
    help="The open system for outsourced work: decide it, run it, prove and bill it.",
    epilog="Database and secrets are in the folder that ANYSHORE_HOME names, or in var below where you are.",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"{__version__} (time zones: {zones.VERSION})")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Options of all commands."""


EXTRAS = {
    "columns": ("polars", "duckdb", "pyarrow", "numpy", "sqlglot"),
    "tables": ("openpyxl",),
    "surveys": ("pyreadstat", "polars", "numpy", "scipy", "openpyxl"),
    "work": ("facturx", "saxonche", "holidays", "pypdfium2", "pypdf", "typst", "sklearn", "scipy", "numpy", "pyxirr",
             "publicsuffixlist", "ortools", "highspy", "ada_url", "cryptography", "mpmath",
             "snowballstemmer", "anyascii", "rapidfuzz", "sparse_dot_topn"),
    "browser": ("playwright",),
    "traces": ("opentelemetry",),
    "web": (
        "django", "django_htmx", "ninja", "whitenoise", "granian", "psycopg", "django_tasks", "django_tasks_db",
        "procrastinate", "allauth", "prometheus_client",
    ),
}  # fmt: skip
"""Parts that are installed by name, with the modules they bring."""


def main() -> None:
    """The entry point; a part that is not installed is named."""
    try:
        app()
    except ModuleNotFoundError as absent:
        module = (absent.name or "").partition(".")[0]
        parts = [part for part, modules in EXTRAS.items() if module in modules]
        if not parts:
            raise
        message = f"This command needs a part that is not installed: {module} is missing."
        _told(AnyshoreError("install.missing", message, hint=f"pip install 'anyshore[{','.join(EXTRAS)}]'"))


def _told(error: AnyshoreError) -> NoReturn:
    from anyshore.cli import output  # takes a while to load: only where there is something to tell

    output.problems(error.diagnostics)
    raise SystemExit(1) from error
