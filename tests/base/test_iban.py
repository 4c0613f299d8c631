"""Check digits of accounts, and banks in one notation."""

import pytest

from anyshore.base.iban import bic_key, is_iban, mod97


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("DE89370400440532013000", True),
        ("de89 3704 0044 0532 0130 00", True),
        ("GB33BUKB20201555555555", True),
        ("DE88370400440532013000", False),
        ("DE8937040044053201300", False),
        ("٩٩89370400440532013000", False),
        ("", False),
    ],
)
def test_check_digits(text: str, valid: bool) -> None:
    assert is_iban(text) is valid


def test_one_account_has_one_number() -> None:
    """Check digits run from 02 to 98: those 97 apart leave the same remainder."""
    bare = "370400440532013000"
    right = next(digits for digits in range(2, 99) if mod97(bare + f"DE{digits:02}") == 1)
    assert [digits for digits in range(100) if is_iban(f"DE{digits:02}{bare}")] == [right]
    twice = [
        f"DE{digits:02}{account:018}"
        for account in range(400)
        for digits in (0, 1, 99)
        if mod97(f"{account:018}DE{digits:02}") == 1
    ]
    assert twice
    assert not any(is_iban(number) for number in twice)


def test_a_bank_of_eight_letters_is_its_head_office() -> None:
    assert bic_key("INGBNL2A") == bic_key("ingbnl2axxx") == "INGBNL2AXXX"
    assert bic_key("INGBNL2A123") == "INGBNL2A123"
    assert bic_key("50050201") is None
