"""The command as a whole: what it lists, how fast it answers, what it says to a word it does not know."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module, metadata

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from anyshore.base.commands import Group
from anyshore.cli import main as main_module
from anyshore.cli.main import COMMANDS, app, help_of

runner = CliRunner()


def test_help_lists_every_command_and_what_it_says_is_true() -> None:
    found = runner.invoke(app, ["--help"])
    assert found.exit_code == 0
    assert all(name in found.stdout for name in COMMANDS)
    for name, place in COMMANDS.items():
        module, _, within = place.partition(":")
        target = getattr(import_module(f"anyshore.{module}"), within)
        said = target.help if isinstance(target, Group) else target.__doc__.partition("\n\n")[0].strip()
        assert help_of(place) == said, name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    found = runner.invoke(app, [name, "--help"])
    assert (found.exit_code, "Usage: " in found.stdout) == (0, True)


def test_all_commands_can_be_walked() -> None:
    """As the reference page and the completion of a shell do."""
    group = get_command(app)
    assert [name for name, _ in group.commands.items()] == list(COMMANDS)
    assert all(one is not None for one in group.commands.values())


def test_an_unknown_command_gets_a_suggestion() -> None:
    found = runner.invoke(app, ["scorcard"])
    assert (found.exit_code, "Did you mean 'scorecard'?" in found.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        (["--help"], ["anyshore.dmn", "anyshore.terms", "rich.console", "lxml", "django"]),
        (["decide", "--help"], ["anyshore.bpmn", "anyshore.terms", "django", "holidays"]),
        (["terms", "--help"], ["anyshore.bpmn", "anyshore.dmn", "django"]),
        (["ledger", "--help"], ["anyshore.bpmn", "anyshore.dmn", "django"]),
    ],
)
def test_a_command_imports_only_what_it_needs(words: list[str], unwanted: list[str]) -> None:
    program = f"""
import sys
from anyshore.cli.main import main
sys.argv = ["anyshore", *{words!r}]
try:
    main()
except SystemExit:
    pass
print([name for name in {unwanted!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_part_that_is_not_installed_is_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def absent() -> None:
        raise ModuleNotFoundError("No module named 'django.db'", name="django.db")

    monkeypatch.setattr(main_module, "app", absent)
    with pytest.raises(SystemExit) as end:
        main_module.main()
    assert end.value.code == 1
    said = " ".join(capsys.readouterr().err.split())
    assert (
        "django is missing. [install.missing] pip install 'anyshore[columns,tables,surveys,work,browser,traces,web]'"
        in said
    )


def test_a_module_of_ours_that_is_missing_is_no_missing_part(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise ModuleNotFoundError("No module named 'anyshore.nothing'", name="anyshore.nothing")

    monkeypatch.setattr(main_module, "app", absent)
    with pytest.raises(ModuleNotFoundError):
        main_module.main()


def test_every_module_of_every_part_is_known() -> None:
    """The parts of pyproject.toml, and the modules their distributions bring, are those the command names."""
    brought = metadata.packages_distributions()
    requirements = metadata.requires("anyshore") or []
    for part, modules in main_module.EXTRAS.items():
        named = {re.split(r"[^\w.-]", one)[0] for one in requirements if f"extra == '{part}'" in one}
        assert named, part
        for distribution in named:
            own = {
                name for name, by in brought.items() if distribution in (one.lower().replace("_", "-") for one in by)
            }
            assert own & set(modules), f"{distribution} of {part} brings {own}"
