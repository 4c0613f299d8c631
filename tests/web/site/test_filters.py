"""The filters every template has: a name means one thing."""

from __future__ import annotations

from collections import Counter

from django.template import engines
from django.utils import translation

from anyshore.web.core.templatetags.show import severity


def test_no_library_takes_a_name_from_another() -> None:
    libraries = [one for one in engines["django"].engine.template_builtins if one.filters or one.tags]
    assert len(libraries) > 6
    names = Counter(name for one in libraries for name in (*one.filters, *one.tags))
    assert [name for name, count in names.items() if count > 1] == []


def test_a_problem_of_a_file_says_how_bad_it_is_in_the_language_of_its_reader() -> None:
    with translation.override("de"):
        found = [severity(word) for word in ("error", "warning", "info")]
    assert found == [
        '<span class="badge bad">Fehler</span>', '<span class="badge warn">Warnung</span>',
        '<span class="badge ">Hinweis</span>',
    ]  # fmt: skip
