"""References with check digits, and references in a text."""

import pytest

from anyshore.activities.bank import references


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("RF18 5390 0754 7034", "RF:539007547034"),
        ("rf18539007547034", "RF:539007547034"),
        ("RF19 5390 0754 7034", None),
        ("RF97 72", "RF:72"),
        ("RF00 72", None),
        ("RF01 54", None),
        ("RF99 36", None),
        ("21 00000 00003 13947 14300 09017", "QRR:210000000003139471430009017"),
        ("21 00000 00003 13947 14300 09018", None),
        ("0" * 27, None),
        ("RE-2026-1", None),
    ],
)
def test_structured_references_need_their_check_digits(text: str, found: str | None) -> None:
    assert references.structured(text) == found


def test_an_identification_nobody_gave_is_none() -> None:
    assert references.end_to_end("NOTPROVIDED") is None
    assert references.end_to_end(" E-1 ") == "e1"


@pytest.mark.parametrize(
    ("reference", "text", "found"),
    [
        ("INV/2019/00001", "invoice 2019-00001", True),
        ("INV/2019/00001", "inv 2019 00001", True),
        ("INV/2019/00001", "invoice 2019-000011", False),
        ("INV/2019/00001", "INV/2019/0000 1 danke", True),
        ("RE-2026-0815", "Rechnung RE20260815", True),
        ("12", "Haus 12", False),
        ("1234", "Miete 1234", False),
        ("A-123", "zu A123", True),
        ("RF12 3456", "rf123456", True),
    ],
)
def test_references_are_found_in_another_spelling(reference: str, text: str, found: bool) -> None:
    keys = set(references.keys(reference))
    assert bool(keys & {one.key for one in references.candidates(text)}) is found


def test_years_and_short_words_tell_nothing() -> None:
    assert references.telling("RE 2026 7 0815 a1b") == {"0815", "a1b"}
