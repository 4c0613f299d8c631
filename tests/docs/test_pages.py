"""The runner of the examples finds what is wrong: a check of the check."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import Page, blocks, commands, matches


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        ("a\nb", "a  \nb\n", True),
        ("a…d", "a\nb\nc d", True),
        ("a…", "ab", True),
        ("a", "ab", False),
        ("a…c", "ab", False),
        ("…b…", "abc", True),
        ("(a)", "a", False),
        ("│ a │ 12 │", "│ a   │     12 │", True),
        ("│ a │ 12 │", "│ a   │     13 │", False),
        ("a  b", "a b", False),
    ],
)
def test_matching(expected: str, actual: str, same: bool) -> None:
    assert matches(expected, actual) is same


def test_blocks_know_their_line_and_title() -> None:
    found = blocks("Text\n\n```yaml title=a/b.yaml\nx: 1\n```\n\n1. item\n\n   ```console\n   $ anyshore x\n   ```\n")
    assert [(b.language, b.title, b.text, b.line) for b in found] == [
        ("yaml", "a/b.yaml", "x: 1\n", 4),
        ("console", None, "$ anyshore x\n", 10),
    ]
    with pytest.raises(ValueError, match="never closed"):
        blocks("```python\n1\n")


def test_commands_go_over_lines_and_name_their_status() -> None:
    (block,) = blocks("```console\n$ anyshore a \\\n    --b\nsaid\n# exits with 2\n$ anyshore c\n```\n")
    first, second = commands(block)
    assert (first.text, first.expected, first.status, first.line) == ("anyshore a \\\n    --b", ["said"], 2, 2)
    assert (second.expected, second.status) == ([], 0)
    with pytest.raises(ValueError, match="begins with a command"):
        commands(blocks("```console\nanyshore a\n```\n")[0])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```console\n$ anyshore --version\n9.9.9\n```\n", "expected:"),
        ("```console\n$ anyshore nothing\n```\n", "exits with 2, not 0"),
        ("```console\n$ anyshore --version\n# exits with 1\n```\n", "exits with 0, not 1"),
        ("```console\n$ rm x\n```\n", "only anyshore and curl"),
        ("```python\n>>> 1 + 1\n3\n```\n", "Expected:"),
        ("```python\nassert 1 == 2\n```\n", "line 2, in <module>"),
        ("```python\nx = 1\n```\n```python\n>>> x\n1\n>>> y\n```\n", "NameError"),
    ],
)
def test_what_is_wrong_is_found(text: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (found,) = Page(text).run()
    assert problem in found


def test_an_option_of_curl_that_is_not_known_is_no_silent_success() -> None:
    (found,) = Page("```console\n$ curl --insecure http://127.0.0.1/\n```\n").run()
    assert "exits with 2, not 0" in found


def test_what_is_right_is_let_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        "```text title=a.txt\nhello\n```\n```python\nfrom pathlib import Path\nx = Path('a.txt').read_text()\n```\n"
        "```python\n>>> x\n'he…\\n'\n```\n```console\n$ anyshore --version\n0.…\n```\n```text\n$ rm -r /\n```\n"
    )
    assert Page(text).run() == []
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "hello\n"
