"""Which partners a text names: all words of a name in any order, legal forms apart, and never a look-alike."""

from __future__ import annotations

from collections.abc import Iterable

from anyshore.activities.bank.references import words
from anyshore.activities.common.parties import name_key

_JOINING = frozenset({"und", "and", "u", "co"})
_FORMS = _JOINING | frozenset(
    {"ag", "ab", "bv", "corp", "eg", "ek", "ev", "gbr", "gmbh", "inc", "kg", "kgaa", "llc", "llp", "ltd", "mbh", "nv"}
    | {"oy", "ohg", "plc", "sa", "sarl", "sas", "se", "spa", "srl", "ug"}
)
"""Legal forms and joining words; the forms tell firms apart only where both sides have one."""
_SHORTEST = 5
"""Letters of a name of one word, from which it names somebody in a text."""


class Names:
    """Finds partners by the words of their names.

    Args:
        partners: pairs of a partner and its name, as open items have them.
    """

    __slots__ = ("_by_key", "_by_word")

    def __init__(self, partners: Iterable[tuple[str, str]]) -> None:
        self._by_word: dict[str, list[tuple[str, frozenset[str], frozenset[str]]]] = {}
        self._by_key: dict[str, list[str]] = {}
        for partner, name in partners:
            self._by_key.setdefault(name_key(name), []).append(partner)
            found = frozenset(words(name))
            core = found - _FORMS
            if len(core) > 1 or any(len(word) >= _SHORTEST for word in core):
                longest = max(core, key=lambda word: (len(word), word))
                self._by_word.setdefault(longest, []).append((partner, core, found & _FORMS))

    def called(self, name: str) -> tuple[str, ...]:
        """The partners of exactly this name, however it is spelt."""
        return tuple(sorted(set(self._by_key.get(name_key(name), ())))) if name else ()

    def in_text(self, text: str) -> tuple[str, ...]:
        """The partners a text names; of two names of which one holds the other, only the longer.

        A partner with a legal form is not meant where the text has another one: the other firm is no look-alike.
        """
        found = frozenset(words(text))
        forms = found & _FORMS
        hits = [
            (partner, core)
            for word in found
            for partner, core, own in self._by_word.get(word, ())
            if core <= found and not (own - _JOINING and forms - _JOINING and not own & forms)
        ]
        return tuple(sorted({partner for partner, core in hits if not any(core < other for _, other in hits)}))
