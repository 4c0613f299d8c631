"""Quotes to page and box: the clauses lawyers marked in ``legal/cuad`` in the PDFs of those contracts.

A case is a contract. It passes when all but one in 200 of its marked passages are found, and the text another extractor
(pdfplumber) finds inside the boxes has the letters and digits of the quote. ``extra`` holds the share over all
passages, and how often a passage is found in a contract that does not contain it: each is looked for in others; it
is contained there where its letters and digits are.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anyshore.knowledge import documents, marked_clauses
from anyshore.knowledge.anchors import Refusal, SourceIndex, Span, anchor
from anyshore.knowledge.quote_boxes import PageBoxes, boxes_of
from conformance import folders
from conformance.scores import Score

LEAST = 0.995
OTHERS = 7
"""Other contracts in which each passage is looked for."""
MARKS = ("<omitted>", "[…]")


@dataclass
class Contract:
    """A PDF with the passages marked in it."""

    data: bytes
    index: SourceIndex
    letters: str
    passages: list[str] = field(default_factory=list)


def run(data: Path) -> Score:
    """Looks for every marked passage in its contract, and in others."""
    score = Score("cuad-pdf", 0, 0, extra={"passages": 0, "found": 0, "boxed": 0})
    root = folders.of_suite(data, "legal/cuad")
    pdfs = {path.name: path for path in folders.files(root, ".pdf")}
    contracts: list[Contract] = []
    for table in folders.files(root, ".csv"):
        rows = folders.told(lambda table=table: marked_clauses.read(table), str)
        if isinstance(rows, str):
            score.total += 1
            score.failed.append(f"{table.name}: {rows[:200]}")
            continue
        for row, name in marked_clauses.with_contracts(rows, pdfs)[0]:
            passages = [passage for answer in row.answers.values() for passage in answer.passages]
            problem = folders.told(lambda n=name, p=passages: _measure(pdfs[n], p, contracts, score), str)
            score.total += 1
            score.passed += problem is None
            if problem is not None:
                score.failed.append(f"{name}: {problem}")
    score.extra["share"] = round(score.extra["boxed"] / max(score.extra["passages"], 1), 5)
    score.extra["looked_for_elsewhere"], score.extra["found_elsewhere"] = _elsewhere(contracts)
    return score


def _measure(path: Path, passages: list[str], contracts: list[Contract], score: Score) -> str | None:
    data = path.read_bytes()
    source = documents.read(data, path.name)
    contract = Contract(data, SourceIndex(source), letters(source.text), passages)
    contracts.append(contract)
    score.extra["passages"] += len(passages)
    wrong = []
    spans: list[Span] = []
    quotes: list[str] = []
    for passage in passages:
        places = anchor(contract.index, passage, in_order=False, by_letters=True)
        if isinstance(places, Refusal):
            wrong.append(f"{passage[:60]!r}: {places.message[:200]}")
        else:
            spans.append(places[0])
            quotes.append(passage)
    score.extra["found"] += len(spans)
    inside = _inside(data, boxes_of(data, source, spans))
    for quote, span, text in zip(quotes, spans, inside, strict=True):
        # A quote that begins or ends inside a word is shown with the whole word, and said to be.
        wanted = letters(span.quote if span.adjusted else _unmarked(quote))
        if sorted(wanted) == sorted(letters(text)):
            score.extra["boxed"] += 1
        else:
            wrong.append(f"{quote[:60]!r} on page {span.page}: inside the boxes stands {text[:60]!r}")
    return None if len(wrong) <= (1 - LEAST) * len(passages) else f"{len(wrong)} of {len(passages)}: {'; '.join(wrong)}"


def _unmarked(quote: str) -> str:
    for mark in MARKS:
        quote = quote.replace(mark, " ")
    return quote


def letters(text: str) -> str:
    """Its letters and digits; ligatures are taken apart, since extractors differ in them."""
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character.isalnum())


def _inside(data: bytes, quotes: Sequence[Sequence[PageBoxes]]) -> list[str]:
    """What pdfplumber finds inside the boxes of each quote: the characters whose middle lies in one of them."""
    import pdfplumber

    found = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        characters: dict[int, list[tuple[str, float, float]]] = {}
        for quote in quotes:
            text = []
            for page in quote:
                if page.page not in characters:
                    own = pdf.pages[page.page - 1]
                    # Of pdfplumber's coordinates back to the page's own.
                    _left, _top, _right, bottom = own.mediabox
                    high = max(own.mediabox[1], bottom)
                    characters[page.page] = [
                        (one["text"], (one["x0"] + one["x1"]) / 2, high - (one["top"] + one["bottom"]) / 2)
                        for one in own.chars
                    ]
                for character, x, y in characters[page.page]:
                    if any(box.left <= x <= box.right and box.bottom <= y <= box.top for box in page.boxes):
                        text.append(character)
            found.append("".join(text))
    return found


def _elsewhere(contracts: Sequence[Contract]) -> tuple[int, int]:
    looked = wrong = 0
    for number, contract in enumerate(contracts):
        for step in range(1, min(OTHERS, len(contracts) - 1) + 1):
            other = contracts[(number + step) % len(contracts)]
            for passage in contract.passages:
                if letters(_unmarked(passage)) in other.letters:
                    continue
                looked += 1
                wrong += not isinstance(anchor(other.index, passage, in_order=False, by_letters=True), Refusal)
    return looked, wrong
