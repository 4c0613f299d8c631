"""Offers and rejections go into the outbox once, from the sender on record, and say so where they do not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from email import message_from_bytes
from email.policy import default

from anyshore.activities.memory import MemoryContext
from anyshore.activities.recruiting import applications, letters
from anyshore.activities.recruiting.letters import WriteInput
from anyshore.mail.composing import OUTBOX

OFFER = WriteInput(
    "offer", "mia@beispiel.example", "Mia {text}", "Accountant", "en", "", Decimal(50000), date(2026, 7, 1)
)
SENDER = {"address": "jobs@musterbau.example", "name": "Musterbau", "signature_en": "HR", "signature_de": "Personal"}


def test_an_offer_goes_out_once_and_is_kept() -> None:
    context = MemoryContext()
    context.load(letters.SENDER, [(SENDER["address"], SENDER)])
    first, again = letters.write(OFFER, context), letters.write(OFFER, context)
    assert first == again
    assert first.sent
    [row] = context.records(OUTBOX).find()
    mail = message_from_bytes(str(row.data["content"]).encode(), policy=default)
    assert (mail["To"], mail["Subject"]) == ("mia@beispiel.example", "Offer: Accountant")
    text = mail.get_content()
    assert "from 2026-07-01, at 50,000.00 EUR a year" in text
    assert "Hello Mia {text}," in text, "what somebody wrote is no place to be filled"
    assert text.split()[-2:] == ["--", "HR"]


def test_a_rejection_says_what_a_person_approved() -> None:
    context = MemoryContext()
    context.load(letters.SENDER, [(SENDER["address"], SENDER)])
    found = letters.write(
        WriteInput("rejection", "mia@beispiel.example", "Mia", "Buchhaltung", text="Danke {name}."), context
    )
    assert found.text == "Guten Tag, Mia,\n\nDanke {name}.\n\nMit freundlichen Grüßen"


def test_what_cannot_be_sent_says_why() -> None:
    context = MemoryContext()
    assert letters.write(OFFER, context).why == "no sender on record"
    context.load(letters.SENDER, [(SENDER["address"], SENDER)])
    found = letters.write(WriteInput("offer", None, None, None), context)
    assert (found.why, found.text.splitlines()[0]) == ("no address to write to", "Guten Tag,")
    assert not context.records(OUTBOX).find()


def test_a_letter_speaks_as_the_application_does() -> None:
    def read(text: str) -> str:
        return applications.read(applications.ReadInput(text=text), MemoryContext()).language

    assert read("Dear Sir or Madam,\nI am an accountant with ten years of experience at Spree GmbH.") == "en"
    assert read("Sehr geehrte Damen und Herren,\nich bin seit zehn Jahren Accountant bei der Spree GmbH.") == "de"
    assert read("CV 2026") == read("Experience with SAP und DATEV, Ausbildung in Berlin") == "de"
