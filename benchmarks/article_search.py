"""Search over 100,000 articles: the CPU a question takes, on an index that stands.

Articles are made up from a seed: words of a vocabulary of 30,000, used as often as words of a language are (Zipf), in
English and German by turns; questions are the words of an article's title with one of them misspelt. The goal is
less than 50 ms a question; CPU is counted, as a question is answered by one core. Beside it stands what the index took.

Run: ``python -m benchmarks.article_search``.
"""

from __future__ import annotations

import time
from random import Random

from anyshore.knowledge.search import Article, Search

ARTICLES, QUESTIONS, VOCABULARY = 100_000, 200, 30_000
_SOUNDS = ("ba", "ber", "con", "de", "en", "for", "ge", "her", "in", "ka", "lor", "man", "ne", "per", "ro", "sta", "ti")


def main() -> None:
    """Prints the figures."""
    chance = Random(0)
    words = sorted({"".join(chance.choices(_SOUNDS, k=chance.randint(1, 5))) for _ in range(VOCABULARY * 2)})
    chance.shuffle(words)
    words = words[:VOCABULARY]
    weights = [1 / (rank + 1) for rank in range(len(words))]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, weights, k=length))

    articles = [
        Article(str(number), text(8), text(chance.randint(20, 120)), "de" if number % 2 else "en")
        for number in range(ARTICLES)
    ]
    begun = time.process_time()
    search = Search(articles)
    print(f"{ARTICLES:,} articles indexed in {time.process_time() - begun:.1f} s of CPU")
    search.find("warm")
    spent, first, five = [], 0, 0
    for _ in range(QUESTIONS):
        wanted = articles[chance.randrange(ARTICLES)]
        asked = wanted.title.split()
        asked[0] = asked[0][:-1] + "x"
        begun = time.process_time()
        found = [hit.article.id for hit in search.find(" ".join(asked))]
        spent.append(time.process_time() - begun)
        first += found[:1] == [wanted.id]
        five += wanted.id in found
    spent.sort()
    each, median, slowest = (1e3 * one for one in (sum(spent) / len(spent), spent[len(spent) // 2], spent[-1]))
    print(f"{QUESTIONS} questions: {each:.1f} ms of CPU each, median {median:.1f}, slowest {slowest:.1f};")
    print(f"the article is the first {first} times, among the first five {five} times")


if __name__ == "__main__":
    main()
