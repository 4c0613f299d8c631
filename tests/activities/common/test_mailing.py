"""Letters by mail: once for a job and its part, from the sender on record, and not at all where there is none."""

from __future__ import annotations

from email import message_from_string
from email.policy import default

import pytest

from anyshore.activities.common import mailing
from anyshore.activities.memory import MemoryContext
from anyshore.mail.composing import OUTBOX

KIND = "training-sender"
SENDER = {
    "address": "school@client.example", "name": "School", "pages": "https://pages.example/",
    "signature_de": "Die Schule", "signature_en": "The school",
}  # fmt: skip


@pytest.fixture
def context() -> MemoryContext:
    made = MemoryContext()
    made.records(KIND).put_once("school@client.example", SENDER)
    return made


def posted(
    context: MemoryContext, to: str = "jo@client.example", language: str = "de", part: str = ""
) -> mailing.Posted:
    return mailing.post(context, KIND, to, "Ihr Kurs", "Guten Tag", language, part)


def test_a_letter_is_written_once_for_a_job_and_its_part(context: MemoryContext) -> None:
    first = posted(context)
    assert first.sent
    assert first == posted(context)
    assert posted(context, part="second").message != first.message
    assert len(context.records(OUTBOX).find()) == 2


@pytest.mark.parametrize(("language", "signature"), [("de", "Die Schule"), ("en", "The school"), ("fr", "The school")])
def test_it_comes_from_the_sender_with_the_pages_and_a_signature(
    context: MemoryContext, language: str, signature: str
) -> None:
    assert posted(context, language=language).sent
    (row,) = context.records(OUTBOX).find()
    mail = message_from_string(str(row.data["content"]), policy=default)
    assert (mail["From"], mail["Auto-Submitted"]) == ("School <school@client.example>", "auto-generated")
    assert mail.get_content().splitlines() == ["Guten Tag", "", "https://pages.example/", "", "-- ", signature]


def test_without_a_sender_or_an_address_nothing_is_written_and_it_says_why(context: MemoryContext) -> None:
    assert posted(context, to="nobody") == mailing.Posted(False, mailing.NO_ADDRESS)
    assert posted(MemoryContext()) == mailing.Posted(False, mailing.NO_SENDER)
    assert not context.records(OUTBOX).find()
