"""Articles that answer a request: searched, and proposed where somebody works on it.

An article has a life: ``draft``, ``published``, ``retired`` (KCS v6 calls the states work in progress, validated,
archived). Drafts and published ones are found by those who work, published ones alone by customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anyshore.activities.activity import ActivityContext
from anyshore.knowledge.search import Article, Search

ARTICLE = "knowledge-article"
FLAG = "article-flag"
USE = "article-use"


@dataclass(frozen=True, slots=True)
class FindInput:
    """What is looked for.

    Attributes:
        question: in the words of who asks.
        language: articles in it come first where they say as much; empty: any.
        most: how many are wanted.
        public: whether only published articles may be found, as a customer is shown them.
    """

    question: str
    language: str = ""
    most: int = 5
    public: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found.

    Attributes:
        article: its id.
        title: its title.
        text: what it says.
        share: how much of the question it answers, in per cent.
        words: the words of the question it says.
        flags: how often somebody flagged it.
    """

    article: str
    title: str
    text: str
    share: int
    words: tuple[str, ...]
    flags: int = 0


@dataclass(frozen=True, slots=True)
class FindOutcome:
    """What was found, the best first."""

    articles: tuple[Found, ...]


def find(data: FindInput, context: ActivityContext) -> FindOutcome:
    """The articles that answer a question best."""
    rows = [row for row in context.records(ARTICLE).find() if _may(str(row.data.get("state") or ""), data.public)]
    texts = tuple(
        (row.key, str(row.data["title"]), str(row.data["text"]), str(row.data.get("language") or "en")) for row in rows
    )
    hits = _search(texts).find(data.question, 2 * data.most)
    hits.sort(key=lambda hit: (bool(data.language) and hit.article.language != data.language, -hit.score))
    flags = context.records(FLAG)
    found = [
        Found(
            hit.article.id, hit.article.title, hit.article.text, round(100 * hit.score), hit.words,
            len(flags.find(article=hit.article.id)),
        )
        for hit in hits[: data.most]
    ]  # fmt: skip
    return FindOutcome(tuple(found))


def _may(state: str, public: bool) -> bool:
    return state != "retired" and (not public or state in ("", "published"))


@lru_cache(maxsize=8)
def _search(articles: tuple[tuple[str, str, str, str], ...]) -> Search:
    """An index of articles: made once in a process until one of them changes."""
    return Search(Article(*one) for one in articles)


@dataclass(frozen=True, slots=True)
class UseInput:
    """What became of an article in the work.

    Attributes:
        article: its id; none: no article helped.
        work: where it was used.
        helped: whether it solved it.
        flag: what is wrong with it, or what is missing; none: nothing.
    """

    work: str
    article: str | None = None
    helped: bool = True
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class UseOutcome:
    """Whether it was noted."""

    noted: bool


def use(data: UseInput, context: ActivityContext) -> UseOutcome:
    """Links an article to the work it was used in, and flags it where something is wrong with it."""
    article = (data.article or "").strip()
    if not article or context.records(ARTICLE).get(article) is None:
        return UseOutcome(False)
    row = {"article": article, "work": data.work, "helped": data.helped}
    context.records(USE).put_once(context.idempotency_key, row)
    if data.flag and data.flag.strip():
        flag = {"article": article, "work": data.work, "flag": data.flag.strip()}
        context.records(FLAG).put_once(context.idempotency_key, flag)
    return UseOutcome(True)
