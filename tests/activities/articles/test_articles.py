"""Articles in the work: found in the language of who asks first, drafts not by customers, used once, flagged."""

from __future__ import annotations

from anyshore.activities.articles.finding import ARTICLE, FLAG, USE, FindInput, UseInput, find, use
from anyshore.activities.memory import MemoryContext


def context() -> MemoryContext:
    made = MemoryContext()
    rows = {
        "jam": ("Paper jam", "Open the flap.", "en", "published"),
        "stau": ("Papierstau, paper jam", "Klappe öffnen.", "de", "published"),
        "toner": ("Paper jam after new toner", "Shake it.", "en", "draft"),
        "old": ("Paper jam in old printers", "Hit it.", "en", "retired"),
    }
    made.load(
        ARTICLE,
        [(key, dict(zip(("title", "text", "language", "state"), row, strict=True))) for key, row in rows.items()],
    )
    return made


def found(question: str, **more: object) -> list[str]:
    return [one.article for one in find(FindInput(question, **more), context()).articles]  # type: ignore[arg-type]


def test_the_language_of_who_asks_comes_first_and_retired_articles_never() -> None:
    assert found("paper jam", language="en")[-1] == "stau"
    assert found("paper jam", language="de")[0] == "stau"
    assert "old" not in found("paper jam")


def test_customers_are_shown_what_is_published() -> None:
    assert set(found("paper jam", public=True)) == {"jam", "stau"}


def test_an_article_is_linked_and_flagged_once_however_often_the_job_runs() -> None:
    one = context()
    for _ in range(2):
        assert use(UseInput("i7", "jam", flag="The flap is at the side"), one).noted
    assert len(one.records(USE).find()) == len(one.records(FLAG).find(article="jam")) == 1
    assert find(FindInput("paper jam", language="en"), one).articles[0].flags == 1
    assert not use(UseInput("i7", "nothing"), one).noted
    assert not use(UseInput("i7"), one).noted
