"""Cutting a mail to what is new in it; what is not surely somebody else's stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.mail import reply

QUOTED = "> Good morning,\n> how are you?\n"


@pytest.mark.parametrize(
    "named",
    [
        "On Tue, 4 Jun 2024 at 09:15, Desk <desk@x.example> wrote:",
        "Am 04.06.2024 um 09:15 schrieb Desk <desk@x.example>:",
        "Le mar. 4 juin 2024 à 09:15, Desk <desk@x.example> a écrit :",
        "El mar, 4 jun 2024 a las 9:15, Desk (<desk@x.example>) escribió:",
        "Il giorno mar 4 giu 2024 alle ore 09:15 Desk <desk@x.example> ha scritto:",
        "Em ter., 4 de jun. de 2024 às 09:15, Desk <desk@x.example> escreveu:",
        "Op di 4 jun 2024 om 09:15 schreef Desk <desk@x.example>:",
        "wt., 4 cze 2024 o 09:15 Desk <desk@x.example> napisał(a):",
        "Den tis 4 juni 2024 kl 09:15 skrev Desk <desk@x.example>:",
        "tir. 4. jun. 2024 kl. 09:15 skrev Desk <desk@x.example>:",
        "вт, 4 июн. 2024 г. в 09:15, Desk <desk@x.example>:",
        "Vào 14:24 8 tháng 6, 2024, Desk <desk@x.example> đã viết:",
        "On Tue, 4 Jun 2024 at 09:15, Desk from the Accounts Department <\ndesk@x.example> wrote:",
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "-------- Oorspronkelijk bericht --------",
    ],
)
def test_what_is_quoted_goes(named: str) -> None:
    assert reply.cut(f"Thank you.\n\n{named}\n{QUOTED}").reply == "Thank you."
    assert reply.cut(f"Thank you.\n{named}\n\nGood morning,\nhow are you?").reply == "Thank you."


@pytest.mark.parametrize(
    "headers",
    [
        "From: Desk <d@x.example>\nSent: Monday\nTo: Jo\nSubject: Hi",
        "Von: Desk\nGesendet: Montag\nAn: Jo\nBetreff: AW: Hi",
        "De : Desk\nEnvoyé : lundi\nÀ : Jo\nObjet : Hi",
        "Da: Desk\nInviato: lunedì\nA: Jo\nOggetto: Hi",
        "Van: Desk\nVerzonden: maandag\nAan: Jo\nOnderwerp: Hi",
        "Od: Desk\nWysłano: poniedziałek\nDo: Jo\nTemat: Hi",
        "*From:* Desk\n*Sent:* Monday\n*To:* Jo\n*Subject:* Hi",
        "От: Desk\nДата: понедельник\nКому: Jo\nТема: Hi",
    ],
)
def test_header_lines_of_the_mail_that_is_answered_go(headers: str) -> None:
    assert reply.cut(f"Thank you.\n\n________________________________\n{headers}\n\nGood morning").reply == "Thank you."


def test_answers_between_the_lines_stay_with_what_they_answer() -> None:
    text = "On 1 Jan 2024 at 10:00, Jo <j@x.example> wrote:\n> When?\nToday.\n> Where?\nHere."
    found = reply.cut(text)
    assert found.inline
    assert found.reply == text


def test_a_mail_that_is_passed_on_stays() -> None:
    text = "See below.\n\n---------- Forwarded message ---------\nFrom: X <x@x.example>\nSubject: Hi\n\nHello"
    found = reply.cut(text)
    assert found.forwarded
    assert found.reply == text


def test_what_stands_behind_a_marked_quotation_is_new() -> None:
    assert reply.cut(f"On 1 Jan 2024 10:00, Jo wrote:\n{QUOTED}\nThanks!").reply == "Thanks!"


@pytest.mark.parametrize(
    "text",
    [
        "Please note:\n- first\n- second\n-- third",
        "From: the docks\nTo: the station\nis how I go.",
        "On Monday at 10:30 it failed.\nMy colleague wrote:\nit is broken.",
        "> only this line looks quoted",
        "It began on 12.03.2024 <admin@x.example>\nplease look",
        "see > here\n>>> mark <<<\nand there",
    ],
)
def test_what_only_looks_quoted_stays(text: str) -> None:
    assert reply.cut(text).reply == text


def test_a_signature_is_set_apart_and_lists_are_none() -> None:
    found = reply.cut("It fails:\n\n- at start\n- at stop\n\nKind regards\nJo Miller\n+49 30 1")
    assert (found.text, found.signature) == ("It fails:\n\n- at start\n- at stop", "Kind regards\nJo Miller\n+49 30 1")
    assert reply.cut("Hello\n-- \nJo").signature == "-- \nJo".strip()
    assert (
        reply.cut(
            "Thanks\n\nIt works again, as I wrote in my long letter of last week, which you have not answered."
        ).signature
        == ""
    )


def test_what_a_telephone_adds_goes() -> None:
    assert reply.cut("Yes.\n\nVon meinem iPhone gesendet\n\n> x").reply == "Yes."
    assert reply.cut("Sent from my iPhone").reply == "Sent from my iPhone"


_PARTS = st.sampled_from(
    [
        "Hello",
        "> quoted",
        "On 1 Jan 2024 10:00, Jo <j@x.example> wrote:",
        "",
        "-- ",
        "Regards",
        "From: a@x",
        "Sent: 1",
        "---------- Forwarded message ----------",
        "-----Original Message-----",
        "(http://x.example/",
        ">",
        "Sent from my iPhone",
    ],
)


@settings(max_examples=examples(120))
@given(st.lists(_PARTS, max_size=14))
def test_nothing_is_lost_and_nothing_added(lines: list[str]) -> None:
    found = reply.cut("\n".join(lines))
    kept = [line for part in (found.reply, found.quoted) for line in part.split("\n") if line.strip()]
    assert sorted(line.strip() for line in kept) == sorted(line.strip() for line in lines if line.strip())
    assert " ".join((found.text + "\n" + found.signature).split()) == " ".join(found.reply.split())


def test_who_is_quoted_may_be_named_on_the_line_of_the_answer() -> None:
    assert reply.cut("Yes. On Wed, Apr 4, 2012 at 3:59 PM, bob@x.example wrote:\n> Hi").reply == "Yes."
    text = "Yes. On 4 Apr 2012 at 3:59, Bob wrote:\nsomething else"
    assert reply.cut(text).reply == text
