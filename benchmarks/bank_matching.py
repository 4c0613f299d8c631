"""100,000 bank lines against 100,000 open items: time, what was found, and whether anything was matched wrongly.

The lines are made from the items, so what each is for is known: by number in the text, by creditor reference, by
account and amount, several items in one sum, short by less than the tolerance, and a tenth that is for nothing. The
peer is a join in Polars over the number cut from the text by a pattern and the amount, the way it is done in a
spreadsheet or a warehouse: whatever it finds has to be what matching found.

Run: ``python -m benchmarks.bank_matching [lines]``.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date, timedelta
from decimal import Decimal

import polars

from anyshore.activities.bank.amounts import Rules
from anyshore.activities.bank.book import Book
from anyshore.activities.bank.items import Line, OpenItem
from anyshore.activities.bank.matching import match_all
from anyshore.base.iban import mod97

LINES = 100_000
PARTNERS = 8_000


def made(count: int) -> tuple[list[OpenItem], list[Line], dict[str, tuple[str, ...]]]:
    """Items, lines and for each line the items it is for; the same every time."""
    draw = random.Random(7)
    start = date(2025, 1, 1)
    items = [_item(number, draw, start) for number in range(count)]
    owned: dict[str, list[OpenItem]] = {}
    for item in items:
        owned.setdefault(item.partner, []).append(item)
    lines: list[Line] = []
    truth: dict[str, tuple[str, ...]] = {}
    for place, item in enumerate(items):
        kind = draw.random()
        line = Line(f"L{place}", item.amount, "EUR", start, iban=item.ibans[0], name=f"Firma {item.partner}")
        chosen = (item.id,)
        if kind < 0.55:
            line = _with(line, text=f"Rechnung {item.number.replace('-', draw.choice(' /-'))} danke")
        elif kind < 0.75:
            line = _with(line, text=f"SVWZ {' '.join(item.reference[i : i + 4] for i in range(0, 20, 4)).strip()}")
        elif kind < 0.8:
            line = _with(
                line, text=f"RE {item.number}", amount=(item.amount * Decimal("0.99")).quantize(Decimal("0.01"))
            )
        elif kind < 0.9:
            line = _with(line, text="Zahlung")
        else:
            line, chosen = _with(line, text="Spende", iban="", amount=Decimal("1.23")), ()
        lines.append(line)
        truth[line.id] = chosen
    return items, lines, truth


def _item(number: int, draw: random.Random, start: date) -> OpenItem:
    partner = f"K{draw.randrange(PARTNERS):05}"
    bare = f"{number + 7_000_000:016}"
    check = 98 - mod97(bare + "RF00")
    return OpenItem(
        f"i{number}", partner, Decimal(draw.randrange(1_000, 900_000)) / 100, "EUR", f"RE-2025-{number:06}",
        f"RF{check:02}{bare}", dated=start + timedelta(draw.randrange(300)), ibans=(f"DE89370400440{partner[1:]:0>9}",),
    )  # fmt: skip


def _with(line: Line, *, text: str, amount: Decimal | None = None, iban: str | None = None) -> Line:
    return Line(
        line.id, line.amount if amount is None else amount, line.currency, line.booked, text, line.name,
        line.iban if iban is None else iban,
    )  # fmt: skip


def joined(items: list[OpenItem], lines: list[Line]) -> dict[str, str]:
    """The peer: number cut from the text, joined with the amount."""
    number = polars.col("text").str.extract(r"(\d{4}[ /-]\d{6})").str.replace_all(r"\D", "")
    left = polars.DataFrame({
        "line": [line.id for line in lines], "text": [line.text for line in lines],
        "cents": [int(line.amount * 100) for line in lines],
    }).with_columns(number.alias("number"))  # fmt: skip
    right = polars.DataFrame({
        "item": [item.id for item in items], "number": [item.number[3:].replace("-", "") for item in items],
        "cents": [int(item.amount * 100) for item in items],
    })  # fmt: skip
    found = left.join(right, on=["number", "cents"], how="inner")
    return dict(zip(found["line"], found["item"], strict=True))


def main() -> None:
    """Prints the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    items, lines, truth = made(count)
    begun = time.process_time()
    peer = joined(items, lines)
    peer_seconds = time.process_time() - begun
    begun = time.process_time()
    book = Book.of(items)
    indexed = time.process_time() - begun
    found = list(match_all(lines, book, Rules(tolerance_percent=Decimal(2))))
    seconds = time.process_time() - begun
    given = {one.line: tuple(sorted(each.item for each in one.allocations)) for one in found}
    right = sum(given[line] == tuple(sorted(chosen)) for line, chosen in truth.items())
    automatic = [one for one in found if one.automatic]
    false = sum(given[one.line] != truth[one.line] for one in automatic)
    missed = sum(given[line] != (item,) for line, item in peer.items())
    print(f"{count:,} lines, {count:,} items, {PARTNERS:,} partners")
    pace = count / seconds
    print(f"matching      {seconds:6.1f} CPU s, of them {indexed:.1f} for the index; {pace:,.0f} lines a second")
    print(f"join (Polars) {peer_seconds:6.1f} CPU s, finds {len(peer):,}; of them matched otherwise: {missed}")
    print(f"right {right:,} of {count:,}; without a person {len(automatic):,}, of them wrong {false}")


if __name__ == "__main__":
    main()
