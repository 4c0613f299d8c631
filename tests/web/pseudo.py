"""A language in which every text of ours stands in brackets: what stands outside them was not translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.apps import apps
from django.utils.translation import trans_real
from lxml import html

import anyshore
from anyshore.packs import reading
from anyshore.params import marked
from anyshore.web.engine.models import Definition

OPEN, CLOSE = "⟦", "⟧"
SKIPPED = (
    "//code | //pre | //kbd | //time | //abbr | //script | //style | //template | //svg | //textarea | //blockquote"
    " | //*[@lang][not(self::html)] | //*[contains(@class, 'languages')]"
)
"""What holds data, or another language that says so."""
SHOWN = ("title", "aria-label", "placeholder", "alt")
WORD = re.compile(r"[^\W\d_]{4,}")
"""What may be a text; shorter ones are abbreviations and units."""
NAMES = {"cohen", "fleiss", "krippendorff", "starttls", "o*net", "ubl", "invoice", "rasch"}
"""Names that are the same in every language."""


class Pseudo(trans_real.DjangoTranslation):
    """Translates by putting brackets round the English text."""

    def __init__(self) -> None:  # nothing is read
        self._catalog = trans_real.TranslationCatalog()
        self._info: dict[str, str] = {}
        self.domain = "django"
        self.plural = lambda number: int(number != 1)
        self._DjangoTranslation__language = self._DjangoTranslation__to_language = "de"

    def gettext(self, message: str) -> str:
        """In brackets."""
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, one: str, many: str, number: int) -> str:
        """In brackets."""
        return f"{OPEN}{one if number == 1 else many}{CLOSE}"


@contextmanager
def spoken() -> Iterator[None]:
    """German is the pseudo-language meanwhile."""
    before = trans_real._translations.copy()
    trans_real._translations["de"] = Pseudo()
    try:
        yield
    finally:
        trans_real._translations.clear()
        trans_real._translations.update(before)


def told_by_packs() -> Iterator[str]:
    """The German texts of packs; their lessons, tables and samples as they are."""
    for file in reading.SHIPPED.rglob("*"):
        if file.suffix == ".yaml" and "samples" not in file.parts:
            yield from _german(marked.load(file.read_text(encoding="utf-8"), str(file))[0].data)
        elif file.suffix in (".gift", ".xml", ".csv", ".txt", ".dmn"):
            yield html.fromstring(f"<p>{file.read_text(encoding='utf-8', errors='ignore')}</p>").text_content()


def _german(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        yield from (one for one in (data.get("de"), data.get("id")) if isinstance(one, str))
        if "post_code" in data and "city" in data:  # an address, as a letter has it
            yield f"{data.get('country')}-{data['post_code']} {data['city']}"
        for one in data.values():
            yield from _german(one)
    elif isinstance(data, list):
        for one in data:
            yield from _german(one)


def told_by_engines() -> Iterator[str]:
    """What the engines say in two languages by themselves: explanations of terms, of sourcing."""
    for package in ("terms", "sourcing"):
        for file in Path(anyshore.__path__[0], package).rglob("*"):
            if file.suffix in (".py", ".yaml", ".csv", ".json"):
                text = file.read_text(encoding="utf-8")
                whole = re.sub(r'"\s*\n\s*f?"', "", text)  # texts over several lines
                yield whole
                for german in re.findall(r'"de": f?"([^"]*)"', whole):
                    yield re.sub(r"\{\w+\}", "0", german)  # with figures in it


def models() -> Iterator[str]:
    """The names in the deployed models: their own packs say what they are called in German, where they do."""
    for content in Definition.objects.values_list("content", flat=True):
        yield bytes(content).decode(errors="ignore")


def stored() -> Iterator[str]:
    """The texts of the database: names, references, titles, what people wrote."""
    for model in apps.get_models():
        names = [one.name for one in model._meta.fields if one.get_internal_type() in ("CharField", "TextField")]
        names += [one.name for one in model._meta.fields if one.get_internal_type() == "SlugField"]
        for row in model._default_manager.values_list(*names) if names else ():
            yield from (str(one) for one in row if one)


@cache
def known() -> str:
    """All that is no text of a page, in one: lower case, spaces as one."""
    return " ".join(" ".join([*told_by_packs(), *told_by_engines(), *models(), *stored()]).lower().split())


def outside(page: str) -> list[str]:
    """The words of a page that stand outside the brackets and are nothing anybody wrote, with what stands around."""
    tree = html.fromstring(page)
    for one in tree.xpath(SKIPPED):
        if one.getparent() is not None:
            one.drop_tree()
    told = list(tree.itertext())
    told += [one.get(name) for name in SHOWN for one in tree.xpath(f"//*[@{name}]")]
    bare = "\n".join(told)
    for _nested in range(3):
        bare = re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "\n", bare)
    pieces = (" ".join(one.split()) for one in re.split(r"[\n·()|,:;.!?→=≤≥⟶“”„]| - ", bare))
    said = known()
    return sorted({
        one
        for one in pieces
        if one.lower() not in said
        and re.sub(r"\d+", "0", one.lower()) not in said
        and any(word.lower() not in NAMES for word in WORD.findall(one))
    })  # fmt: skip
