"""Languages people name and their tags: ``German``, ``Deutsch`` and ``de-AT`` are ``de``."""

from __future__ import annotations

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from anyshore.knowledge.languages import primary

_PLAIN = {code: info for code, info in LANG_INFO.items() if len(code) in (2, 3) and "name" in info}
_TAGS = {
    name.casefold(): code
    for code, info in _PLAIN.items()
    for name in (code, str(info["name"]), str(info["name_local"]))
}


def tag(text: str) -> str | None:
    """The primary tag of a language named by its tag, its English name, its own name or the reader's; None: unknown."""
    plain = text.strip().casefold()
    found = _TAGS.get(plain) or _TAGS.get(primary(plain))
    return found or next((code for code in _PLAIN if name(code).casefold() == plain), None)


def name(code: str) -> str:
    """What the reader calls a language; the tag where it has no name here."""
    return str(get_language_info(code)["name_translated"]) if code in _PLAIN else code


def with_level(code: str, level: str) -> str:
    """A language with its level, for people: ``German B2``, ``Deutsch, Muttersprache``."""
    return f"{name(code)}, {_('native')}" if level == "native" else f"{name(code)} {level}".strip()


def known() -> list[tuple[str, str]]:
    """Tags and names in the reader's language, by name."""
    return sorted(((code, name(code)) for code in _PLAIN), key=lambda one: one[1].casefold())
