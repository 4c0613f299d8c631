"""Everything a person reads exists in English and German."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils import translation

import anyshore.web

WEB = Path(anyshore.web.__file__).parent
CATALOGUE = WEB / "site" / "locale" / "de" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}
TAGS = re.compile(r'{% translate "((?:[^"\\]|\\.)*)"')
BLOCKS = re.compile(r"{% blocktranslate[^%]*%}(.*?)(?:{% plural %}(.*?))?{% endblocktranslate %}", re.DOTALL)


def texts_in_code() -> set[str]:
    found = set()
    for file in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS
            if called and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                found.add(node.args[0].value)
    return found


def texts_in_templates() -> set[str]:
    found = set()
    for file in WEB.rglob("*.html"):
        content = file.read_text(encoding="utf-8")
        # Django looks for a text with a percent sign in the form in which it stands in the catalogue.
        found |= {text.replace("%", "%%") for text in TAGS.findall(content)}
        found |= set(re.findall(r'(?<=[ =])_\("([^"]+)"\)', content))
        blocks = {" ".join(text.split()) for pair in BLOCKS.findall(content) for text in pair if text}
        assert content.count("{% blocktranslate") == len(BLOCKS.findall(content)), file
        found |= {re.sub(r"{{ (\w+) }}", r"%(\1)s", text) for text in blocks}
    return found


def known() -> set[str]:
    content = CATALOGUE.read_text(encoding="utf-8")
    found = re.findall(r'^msgid(?:_plural)? "(.+)"$', content, re.MULTILINE)
    return {text.replace('\\"', '"') for text in found}


def test_every_text_is_in_the_catalogue() -> None:
    assert (texts_in_code() | texts_in_templates()) - known() == set()


def test_no_text_is_left_untranslated() -> None:
    content = CATALOGUE.read_text(encoding="utf-8")
    assert re.findall(r'msgid "(.+)"\nmsgstr(?:\[\d\])? ""', content) == []
    assert 'msgstr[1] ""' not in content
    assert "fuzzy" not in content


def test_placeholders_are_the_same() -> None:
    content = CATALOGUE.read_text(encoding="utf-8")
    marks = re.compile(r"%(?:\([a-z]+\))?[sd]")
    for source, target in re.findall(r'msgid "(.+)"\nmsgstr "(.+)"', content):
        assert sorted(marks.findall(source)) == sorted(marks.findall(target)), source


def test_the_compiled_catalogue_is_of_this_source(tmp_path: Path) -> None:
    if shutil.which("msgfmt") is None:
        pytest.skip("no msgfmt: the gettext tools are absent")
    fresh = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "-o", fresh, CATALOGUE], check=True)
    assert fresh.read_bytes() == CATALOGUE.with_suffix(".mo").read_bytes()


def test_german_is_spoken() -> None:
    with translation.override("de"):
        assert translation.gettext("My work") == "Meine Arbeit"
        assert translation.ngettext("%d day", "%d days", 2) == "%d Tage"


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("en", "Sign in to Anyshore"), ("de", "Bei Anyshore anmelden")])
def test_the_page_speaks_the_browsers_language(client, language: str, title: str) -> None:  # type: ignore[no-untyped-def]
    page = client.get("/sign-in/", headers={"accept-language": language}).content.decode()
    assert title in page
    assert f'<html lang="{language}"' in page
