"""Finding the article that answers a question, among articles in any mix of languages.

Two indexes are asked and their scores added: stems of words (Porter 1980; the Snowball stemmers of each language),
and letters, three to five in a row within words, which forgive typing errors, spellings and compounds. Both weigh
by BM25F (Robertson, Zaragoza and Taylor 2004, CIKM, "Simple BM25 extension to multiple weighted fields"): how often a
field says a term, against its usual length, the title counting eight times the text. Everything is learnt from the
articles themselves; nobody's questions are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from anyshore.knowledge.languages import primary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MAX_QUERY = 200
"""Words of a question that are looked at."""
_TITLE, _TEXT = 8.0, 1.0
"""How much a field counts."""
_TITLE_LENGTH, _TEXT_LENGTH = 0.3, 0.75
"""How far a field's length is held against it, from 0 to 1: titles are short by nature."""
_SATURATION = 6.0
"""How often a term is said before saying it again counts half (k1): a title's one word alone weighs eight."""
_LETTERS = (3, 5)
_MOST_LOOKED_AT, _CANDIDATES = 150_000, 1000
"""Entries of an index that are added up, the rarest terms first; common terms then decide among so many articles."""
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile("['’ʼ](?=\\w)")
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""Snowball stemmers by the primary language of a tag; other languages are searched by whole words and letters."""


@dataclass(frozen=True, slots=True)
class Article:
    """What can be found.

    Attributes:
        id: unique.
        title: the question it answers, or the symptom; in the words of those who ask, where it is well kept.
        text: the answer.
        language: tag of BCP 47.
    """

    id: str
    title: str
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found.

    Attributes:
        article: the article.
        score: from 0 to 1: of what an article could score that says every term of the question.
        words: the words of the question that it says, in the order of the question.
    """

    article: Article
    score: float
    words: tuple[str, ...]


class Search:
    """An index of articles. It never changes: an article that changes makes another.

    Args:
        articles: all of them.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = tuple(articles)
        self._languages = tuple(dict.fromkeys(primary(one.language) for one in self.articles))
        words = _Counted.of(self.articles)
        self._words = _Index(words, words.stemmed())
        self._letters = _Index(words, words.spelt())

    def find(self, query: str, most: int = 5) -> list[Hit]:
        """The articles that answer a question best, the best first; those that say nothing of it are left out.

        Args:
            query: in any of the languages of the articles.
            most: how many.
        """
        import numpy as np

        said = _words(query)[:MAX_QUERY]
        if not said or not self.articles:
            return []
        stems = self._words.known(stem for word in said for stem in self._stems(word))
        letters = self._letters.known(part for word in said for part in spelt(word))
        words, common = self._words.scores(stems)
        others, common_letters = self._letters.scores(letters)
        places = _first(_together(words, others), _CANDIDATES if common or common_letters else most)
        words = words[places] + self._words.scores_of(common, places)
        others = others[places] + self._letters.scores_of(common_letters, places)
        scores = _together(words, others)
        ceiling = self._words.ceiling(stems) + self._letters.ceiling(letters)
        return [
            Hit(self.articles[places[at]], float(words[at] + others[at]) / ceiling, self._shared(said, int(places[at])))
            for at in np.argsort(-scores, kind="stable")[:most]
            if scores[at] > 0
        ]

    def _stems(self, word: str) -> list[str]:
        return [stemmed(word, language) for language in self._languages]

    def _shared(self, said: Sequence[str], article: int) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(word for word in said if any(self._words.says(stem, article) for stem in self._stems(word)))
        )


def stemmed(word: str, language: str) -> str:
    """The stem of a folded word; the word itself in a language without a stemmer."""
    stemmer = _stemmer(primary(language))
    return str(stemmer.stemWord(word)) if stemmer is not None else word


def spelt(word: str) -> list[str]:
    """The letters of a folded word, three to five in a row, its beginning and end marked."""
    marked = f" {word} "
    least, most = _LETTERS
    return [marked[at : at + size] for size in range(least, most + 1) for at in range(len(marked) - size + 1)]


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer  # a module for each language, read when the first word of it is met

    return snowballstemmer.stemmer(_STEMMERS[language]) if language in _STEMMERS else None


def _words(text: str) -> list[str]:
    """The words of a text, folded: ``Größe``, ``GRÖSSE`` and ``grösse`` are one, ``don't`` is ``dont``."""
    return _WORD.findall(_APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).casefold()))


def _together(words: Floats, letters: Floats) -> Floats:
    """Both scores as one, each as a share of its best."""
    return words / max(float(words.max()), 1e-9) + letters / max(float(letters.max()), 1e-9)


def _first(scores: Floats, most: int) -> NDArray[np.intp]:
    """The places of the highest scores, in order of place; of equal ones the first."""
    import numpy as np

    if most >= len(scores):
        return np.arange(len(scores))
    least = np.partition(scores, len(scores) - most)[len(scores) - most]
    above = np.flatnonzero(scores > least)
    return np.sort(np.concatenate([above, np.flatnonzero(scores == least)[: most - len(above)]]))


@dataclass(frozen=True, slots=True)
class _Counted:
    """How often each article says each word, by field: rows are articles, columns words of a language."""

    words: list[tuple[str, str]]
    fields: tuple[Any, Any]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> _Counted:
        known: dict[tuple[str, str], int] = {}
        titles = _counts(((one.title, primary(one.language)) for one in articles), known)
        texts = _counts(((one.text, primary(one.language)) for one in articles), known)
        shape = (len(articles), len(known))
        return cls(list(known), (_matrix(titles, shape), _matrix(texts, shape)))

    def stemmed(self) -> list[list[str]]:
        """The stem of each word."""
        return [[stemmed(word, language)] for word, language in self.words]

    def spelt(self) -> list[list[str]]:
        """The letters of each word."""
        return [spelt(word) for word, _ in self.words]


def _counts(
    texts: Iterable[tuple[str, str]], known: dict[tuple[str, str], int]
) -> tuple[list[int], list[int], list[int]]:
    """Row, column and count of what texts say; new words are added to the known ones."""
    rows: list[int] = []
    columns: list[int] = []
    values: list[int] = []
    for number, (text, language) in enumerate(texts):
        for word, count in Counter(_words(text)).items():
            rows.append(number)
            columns.append(known.setdefault((word, language), len(known)))
            values.append(count)
    return rows, columns, values


def _matrix(counts: tuple[list[int], list[int], list[int]], shape: tuple[int, int]) -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix

    rows, columns, values = counts
    return csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), shape=shape)


class _Index:
    """An inverted index with the weight of each term in each article, ready to be added."""

    def __init__(self, counted: _Counted, terms: Sequence[Sequence[str]]) -> None:
        import numpy as np

        self._places: dict[str, int] = {}
        parts = _counts_of_terms(terms, self._places)
        self.size = counted.fields[0].shape[0]
        said = sum(
            _by_length(field @ parts, held) * weight
            for field, weight, held in zip(counted.fields, (_TITLE, _TEXT), (_TITLE_LENGTH, _TEXT_LENGTH), strict=True)
        ).T.tocsr()
        often = np.diff(said.indptr)
        self._rarity = np.log1p((self.size - often + 0.5) / (often + 0.5)).astype(np.float32)
        said.data = said.data / (_SATURATION + said.data) * np.repeat(self._rarity, often)
        said.sort_indices()
        self._starts, self._articles, self._weights = said.indptr, said.indices, said.data

    def known(self, terms: Iterable[str]) -> list[int]:
        """The places of the terms some article says, each once, the rarest first."""
        places = dict.fromkeys(self._places[term] for term in terms if term in self._places)
        return sorted(places, key=lambda at: int(self._starts[at + 1] - self._starts[at]))

    def scores(self, terms: Sequence[int]) -> tuple[Floats, Sequence[int]]:
        """What each article scores by the rarest terms, and the common terms that are left to be asked for a few."""
        import numpy as np

        scores = np.zeros(self.size, dtype=np.float32)
        looked_at = 0
        for number, at in enumerate(terms):
            begin, end = self._starts[at], self._starts[at + 1]
            looked_at += int(end - begin)
            if looked_at > _MOST_LOOKED_AT and number:
                return scores, terms[number:]
            scores[self._articles[begin:end]] += self._weights[begin:end]
        return scores, ()

    def scores_of(self, terms: Sequence[int], articles: NDArray[np.intp]) -> Floats:
        """What terms add to the score of a few articles, which are in order."""
        import numpy as np

        scores = np.zeros(len(articles), dtype=np.float32)
        for at in terms:
            begin, end = self._starts[at], self._starts[at + 1]
            places = np.minimum(np.searchsorted(self._articles[begin:end], articles), end - begin - 1) + begin
            scores += np.where(self._articles[places] == articles, self._weights[places], 0)
        return scores

    def ceiling(self, terms: Sequence[int]) -> float:
        """What an article could score at most."""
        return float(self._rarity[list(terms)].sum()) if terms else 0.0

    def says(self, term: str, article: int) -> bool:
        """Whether an article says a term."""
        import numpy as np

        at = self._places.get(term)
        if at is None:
            return False
        articles = self._articles[self._starts[at] : self._starts[at + 1]]
        place = int(np.searchsorted(articles, article))
        return place < len(articles) and int(articles[place]) == article


def _counts_of_terms(terms: Sequence[Sequence[str]], places: dict[str, int]) -> Any:
    """Of each word the terms it gives, as a matrix; new terms are given places."""
    columns = [[places.setdefault(term, len(places)) for term in some] for some in terms]
    rows = [number for number, some in enumerate(columns) for _ in some]
    flat = [column for some in columns for column in some]
    return _matrix((rows, flat, [1] * len(flat)), (len(terms), len(places)))


def _by_length(said: Any, held: float) -> Any:
    """Counts against the usual length of the field; an article without the field says nothing in it."""
    import numpy as np
    from scipy.sparse import diags

    lengths = np.asarray(said.sum(axis=1)).ravel()
    usual = float(lengths.mean()) if len(lengths) else 0.0
    against = 1 - held + held * lengths / usual if usual else np.ones(len(lengths))
    return diags((1 / against).astype(np.float32)) @ said
