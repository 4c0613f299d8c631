"""Both sides of an engagement from a terms file, as ``anyshore engage`` sets them up."""

from __future__ import annotations

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.packs import reading
from anyshore.web.core.models import Organisation, Person
from anyshore.web.site import demonstration

pytestmark = pytest.mark.django_db
TERMS = (reading.named("payables").folder / "terms.yaml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def home(tmp_path, settings) -> None:
    settings.HOME = str(tmp_path)


def between(key: str, client: str, provider: str = "Anyshore Services", version: int = 1) -> str:
    text = TERMS.replace("id: payables", f"id: {key}").replace("version: 1", f"version: {version}")
    return text.replace("Musterbau GmbH", client).replace("Anyshore Services", provider)


def test_names_that_are_written_alike_in_a_key_stay_two_organisations() -> None:
    for key, client, provider in (
        ("a", "Müller GmbH", "Desk"), ("b", "Muller GmbH", "Desk"), ("c", "発票", "株式会社"), ("d", "請求書", "Desk"),
        ("e", "Desk", "Müller GmbH"),
    ):  # fmt: skip
        engagement, accounts, signed = demonstration.engage(between(key, client, provider))
        assert (engagement.client.name, engagement.provider.name, signed) == (client, provider, True)
        assert len({account.email for account in accounts}) == 6
    assert Organisation.objects.count() == 8
    assert len(set(Organisation.objects.values_list("key", flat=True))) == 8


def test_signing_again_changes_nothing_and_an_amendment_counts_up() -> None:
    text = between("mill", "Mill")
    _, first, signed = demonstration.engage(text)
    again, accounts, twice = demonstration.engage(text)
    assert (signed, twice, accounts) == (True, False, first)
    with pytest.raises(AnyshoreError, match="correct"):
        demonstration.engage(text.replace("price: 1.85", "price: 1.80"))
    with pytest.raises(AnyshoreError):
        demonstration.engage(between("mill", "Another client", version=2))
    amended = between("mill", "Mill", version=2).replace("price: 1.85", "price: 1.80")
    assert demonstration.engage(amended)[2]
    assert again.terms.count() == 2


def test_accounts_nobody_is_told_of_have_no_password_until_they_are_shown() -> None:
    text = between("mill", "Mill")
    _, accounts, _ = demonstration.engage(text, told=False)
    people = list(Person.objects.filter(email__in=[account.email for account in accounts]))
    assert len(people) == 6
    assert not any(
        person.has_usable_password() or account.password for person, account in zip(people, accounts, strict=True)
    )
    _, shown, _ = demonstration.engage(text)
    assert all(Person.objects.get(email=account.email).check_password(account.password) for account in shown)
