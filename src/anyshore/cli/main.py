"""The command ``anyshore``: every step of the main job is a command of its own.

A command's module is imported when the command is asked for: who asks for help or checks one file does not wait for
the engines and the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_group

from anyshore import __version__
from anyshore.base import zones
from anyshore.base.errors import AnyshoreError


class Place(NamedTuple):
    """Where a command stands: module of ``anyshore.cli``, its function or ``Typer`` there, and its line of help."""

    module: str
    name: str
    help: str


COMMANDS = {
    "decide": Place(
        "decide",
        "decide",
        "Decide what becomes of each activity: BPO, KPO, keep, automate first, bring back, split, pilot or ask.",
    ),
    "shore": Place("shores", "app", "Rank sites for a piece of work: onshore, nearshore, offshore."),
    "business-case": Place(
        "business_case", "app", "What sending work out brings, with its uncertainty, and whether it came true."
    ),
    "compare": Place(
        "compare", "compare", "Place a portfolio on the ten differences of BPO and KPO; draw it, and write its paper."
    ),
    "bootstrap": Place(
        "upkeep",
        "bootstrap",
        "Print one link by which the first manager of a provider comes in, and chooses a password.",
    ),
    "engage": Place("engagements", "engage", "Sign an engagement between client and provider from a terms file."),
    "engagements": Place(
        "engagements", "listing", "List the engagements there are: who works for whom, and how they stand."
    ),
    "scorecard": Place(
        "engagements", "scorecard", "Show how the service level objectives of a month were met, from the ledger."
    ),
    "invoice": Place(
        "engagements", "invoice", "Show the invoice of a month with its service credits, from the ledger, and issue it."
    ),
    "correction": Place(
        "engagements", "correct", "Show what a billed month comes to by now beside what was billed, and correct it."
    ),
    "dashboard": Place(
        "engagements",
        "dashboard",
        "Show a service at a glance: volume, what needs no person, backlog, time in hand, attainment, quality, cost.",
    ),
    "demo": Place(
        "demo",
        "demo",
        "Decide, engage, run both kinds of work, prove and bill: each step is also a command of its own.",
    ),
    "serve": Place(
        "serve", "serve", "Serve the web pages and the REST API until interrupted, with a worker for what falls due."
    ),
    "work": Place(
        "serve", "work", "Run a worker: channels, commands, timers and jobs as they fall due. Several may run together."
    ),
    "migrate": Place("upkeep", "migrate", "Bring the tables of the database up to date."),
    "backup": Place("upkeep", "backup", "Write the database and the secrets into one file, while everything runs."),
    "restore": Place("upkeep", "restore", "Restore a backup into an empty installation."),
    "workforce": Place("workforce", "app", "Forecast the coming week, and find who has to be there."),
    "project": Place("projects", "app", "Plan work packages that wait for each other and share scarce teams."),
    "diagnose": Place("diagnosis", "diagnose", "Rank the causes of a fault, and say what to look at next."),
    "website": Place(
        "website", "app", "Checks of websites: up, certificate, links, accessibility; robots.txt and addresses."
    ),
    "survey": Place("surveys", "app", "Survey files: variables, weights, tables by a banner."),
    "analysis": Place("analyses", "app", "Data contracts, and plans of statistics that anybody can run again."),
    "run": Place(
        "run", "run", "Run a service on files: receive them, work until nothing is due, tell what came of it."
    ),
    "received": Place("arrivals", "received", "List what an engagement received, and how each thing was answered."),
    "references": Place("arrivals", "app", "Reference data of an engagement: versions, loading, what changed."),
    "channel": Place("channels", "app", "Folders and mailboxes that are looked into for what has arrived."),
    "mail": Place(
        "mail", "read", "Tell who mails are from and what is new in them; of what came back, recipients and reasons."
    ),
    "segment": Place(
        "segment",
        "segment",
        "Count who of a list is in a segment, over columns: a million contacts in less than a second.",
    ),
    "outbox": Place(
        "arrivals", "outbox", "List the mails of an engagement that wait to be sent; write or send them, each once."
    ),
    "ledger": Place("ledger", "app", "Export the ledger and verify an export offline."),
    "review": Place("review", "app", "Judgement work: clause suggestions, experts to cases, walls."),
    "person": Place("upkeep", "persons", "What is kept of a person: tell it, erase it."),
    "retention": Place("retention", "app", "How long an engagement's data is kept, and erasing what is over."),
    "subject": Place("retention", "subjects", "Somebody whose data work holds: tell it, erase it."),
    "pack": Place("packs", "app", "List, check and test service packs."),
    "questions": Place("questions", "app", "Question banks: check, move between GIFT and YAML, find weak questions."),
    "dmn": Place("dmn", "app", "Check, test and run decision tables."),
    "bpmn": Place("bpmn", "app", "Check, run and simulate processes from any modeller."),
    "case": Place("cases", "app", "Check case templates and models."),
    "ops": Place("operations", "app", "Instances, incidents, migrations, archive."),
    "terms": Place("terms", "app", "Check terms files; recompute figures offline."),
}
"""The commands, in the order in which help lists them."""


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


def _load(name: str, place: Place) -> Any:
    target = getattr(import_module(f"anyshore.cli.{place.module}"), place.name)
    holder = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    if isinstance(target, typer.Typer):
        holder.add_typer(target, name=name, help=place.help)
    else:
        holder.command(name)(target)
    holder.callback()(lambda: None)
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
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items()])


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
