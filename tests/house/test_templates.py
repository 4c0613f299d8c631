"""Templates a reader can read: one tag a line, no line longer than the others of the house.

The formatter (``djangofmt``, in ``make lint``) breaks lines wherever a blank shows nowhere; what it cannot break is one
token: a text to be translated, or one attribute.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "anyshore" / "web"
MOST = 120
TAG = r"\{%(?:[^%]|%(?!\}))*%\}"
VALUE = r"\{\{(?:[^}]|\}(?!\}))*\}\}"
ONE_TOKEN = re.compile(rf'>?{TAG}|>?{VALUE}|[\w:-]+="(?:{TAG}|{VALUE}|[^"])*"|[\w:-]+=\'(?:{TAG}|{VALUE}|[^\'])*\'')


def too_long(text: str) -> list[str]:
    """The lines of a template that are too long and could be shorter."""
    lines = (line for line in text.splitlines() if len(line) > MOST)
    return [line for line in lines if not ONE_TOKEN.fullmatch(line.strip())]


def test_no_line_of_a_template_is_too_long_unless_it_is_one_token() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in sorted(ROOT.rglob("templates/**/*.html"))
        if (lines := too_long(path.read_text(encoding="utf-8")))
    }
    assert found == {}
    assert len(list(ROOT.rglob("templates/**/*.html"))) > 100


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ('{% translate "' + "a word and " * 20 + '" %}', True),
        ('  href="{% url "case" one.pk %}?' + "engagement={{ one.key }}&amp;" * 8 + '"', True),
        ('{% if x %}{% translate "' + "a word and " * 20 + '" %}{% endif %}', False),
        ("<p>" + "word " * 40 + "</p>", False),
        ("<p>short</p>", True),
    ],
)
def test_it_finds_what_it_is_there_for(line: str, kept: bool) -> None:
    assert (too_long(line) == []) is kept


def test_what_was_refused_as_a_whole_is_told_by_one_partial() -> None:
    """What is wrong with one field stands beside it; the rest has one way."""
    telling = re.compile(r"\{% for \w+ in [\w.]*errors(\.values)? %\}")
    second = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html") if telling.search(path.read_text("utf-8"))]
    assert sorted(second) == ["site/templates/site/field.html"]
    assert telling.search("{% for text in errors.values %}")
