"""The helpdesk as it runs: what goes out comes back to its ticket, clocks stand in the ledger, who is late is told."""

from __future__ import annotations

import hashlib

import pytest
from tests.packs.running import HOUR, Running, moment

from anyshore.mail import kinds, message
from anyshore.packs import reading
from anyshore.packs.skills import Held, Lack

PACK = reading.named("helpdesk")
MONDAY = moment("2026-02-02T08:12:00+01:00")


@pytest.fixture
def desk() -> Running:
    return Running(PACK, MONDAY)


def sample(name: str) -> bytes:
    return (PACK.samples / name).read_bytes()


def reply_to(content: bytes, text: str, *, by: str, drop: tuple[str, ...] = (), more: str = "") -> bytes:
    """An answer as a mail program writes it; some drop what others rely on."""
    mail = message.read(content)
    headers = {
        "From": by, "To": mail.answers_to, "Subject": f"Re: {mail.subject}",
        "Message-ID": f"<{hashlib.sha256(text.encode()).hexdigest()}@x.example>",
        "In-Reply-To": f"<{mail.id}>", "References": f"<{mail.id}>",
    }  # fmt: skip
    kept = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name not in drop)
    return f"{kept}{more}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}".encode()


JO = "Jo Miller <jo@office.example>"
WAYS = {
    "by references": (),
    "by the address alone": ("References", "In-Reply-To", "Subject"),
}


@pytest.mark.parametrize("drop", WAYS.values(), ids=WAYS)
def test_an_answer_comes_back_to_its_ticket(desk: Running, drop: tuple[str, ...]) -> None:
    desk.mail(sample("01-broken-shade.eml"))
    (ticket, element), *others = desk.open()
    assert (element, others) == ("answer", [])
    acknowledged = message.read(desk.sent[-1])
    assert (acknowledged.header("auto-submitted"), acknowledged.receivers[0].address) == (
        "auto-replied",
        "jo@office.example",
    )
    desk.answer(ticket, action="ask", text="Which lamp is it, {name}?")
    assert "Which lamp is it, Jo Miller?" in message.read(desk.sent[-1]).text
    assert desk.open() == []
    came = desk.mail(
        reply_to(
            desk.sent[-1],
            "The green one.\r\n\r\nOn Mon, 2 Feb 2026, Lampenhaus Service wrote:\r\n> Which lamp is it?",
            by=JO,
            drop=drop,
        )
    )
    assert (came["outcome"], came["mail"]["text"]) == ("mail threaded", "The green one.")
    assert desk.open() == [(ticket, "answer")]
    assert desk.of(ticket)["conversation"][-1]["text"] == "The green one."
    assert desk.milestones(ticket) == ["answered", "waiting for the customer", "the customer answered"]
    assert desk.incidents() == []


def test_a_stranger_with_the_subject_alone_begins_a_ticket_of_their_own(desk: Running) -> None:
    desk.mail(sample("01-broken-shade.eml"))
    drop = ("References", "In-Reply-To")
    forged = reply_to(sample("01-broken-shade.eml"), "The shade is broken", by="m@other.example", drop=drop)
    assert desk.mail(forged)["mail"]["new"]


def test_machines_never_loop_with_the_desk(desk: Running) -> None:
    desk.mail(sample("01-broken-shade.eml"))
    before = len(desk.sent)
    auto = reply_to(desk.sent[-1], "I am away.", by=JO, more="Auto-Submitted: auto-replied\r\n")
    assert desk.mail(auto)["outcome"] == "mail kept out"
    assert desk.mail(desk.sent[-1])["outcome"] == "mail kept out"  # its own mail comes back
    assert len(desk.sent) == before
    second = desk.mail(sample("01-broken-shade.eml").replace(b"<1@office", b"<3@office"))
    assert second["acknowledged"] == {"sent": False, "why": "the address was told of it today already"}


def test_a_bounce_of_a_reply_is_told_to_its_ticket(desk: Running) -> None:
    desk.mail(sample("02-rechnung.eml"))
    ((ticket, _),) = desk.open()
    desk.answer(ticket, action="ask", text="Von welchem Konto?")
    sent = message.read(desk.sent[-1])
    bounce = sample("05-bounce.eml").replace(
        b"--part--",
        f"--part\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{sent.id}>\r\n\r\n--part--".encode(),
    )
    assert kinds.of(message.read(bounce)).kind == "bounce"
    assert desk.mail(bounce)["outcome"] == "mail threaded"
    assert desk.open() == [(ticket, "answer")]


def test_what_is_solved_is_opened_again_by_a_question_but_not_by_thanks_and_closes_after_a_week(desk: Running) -> None:
    desk.mail(sample("06-wo-bleibt-das-paket.eml"))
    ((ticket, _),) = desk.open()
    desk.answer(ticket, action="solve", template="where-it-is")
    reply = desk.sent[-1]
    by = "Olaf Kern <olaf.kern@post.example>"
    desk.mail(reply_to(reply, "Vielen Dank!", by=by))
    assert (desk.open(), desk.of(ticket)["reopened"]) == ([], 0)
    desk.work(3 * 24 * HOUR)
    desk.mail(reply_to(reply, "Danke, aber es ist noch nicht da.", by=by))
    assert (desk.open(), desk.of(ticket)["reopened"]) == ([(ticket, "answer")], 1)
    desk.answer(ticket, action="solve", text="Heute um drei.")
    desk.work(8 * 24 * HOUR)
    desk.work(HOUR)
    later = desk.mail(reply_to(reply, "Noch eine Frage zur Rechnung, bitte.", by=by))
    assert (later["mail"]["new"], later["mail"]["follows"], later["links"]) == (True, "t1", ["t1"])
    assert desk.ended(ticket)
    assert desk.of(ticket)["outcome"] == "ticket solved"
    assert desk.incidents() == []


def test_who_is_late_is_told_by_the_calendar_of_the_contract(desk: Running) -> None:
    desk.now = moment("2026-02-06T16:00:00+01:00")  # a Friday
    desk.mail(sample("02-rechnung.eml"))
    ((ticket, _),) = desk.open()
    desk.work(40 * HOUR)  # over the weekend no business hour passes
    assert desk.open() == [(ticket, "answer")]
    desk.now = moment("2026-02-09T10:00:01+01:00")
    desk.work()
    assert desk.open() == [(ticket, "answer"), (ticket, "lead")]
    desk.work(2 * HOUR)
    assert desk.open() == [(ticket, "answer"), (ticket, "inform"), (ticket, "lead")]
    desk.answer(ticket, action="ask", text="Von welchem Konto?")
    assert desk.open() == []  # nobody is asked for what is done
    assert desk.of(ticket)["escalated"] == 2


def test_silence_is_reminded_of_once_and_then_counts_as_solved(desk: Running) -> None:
    desk.mail(sample("02-rechnung.eml"))
    ((ticket, _),) = desk.open()
    desk.answer(ticket, action="ask", text="Von welchem Konto?")
    desk.work(5 * 24 * HOUR)
    assert desk.of(ticket)["reminded"] is True
    desk.work(5 * 24 * HOUR)
    assert desk.milestones(ticket)[-1] == "resolved"


def test_a_mail_that_comes_while_somebody_answers_is_added(desk: Running) -> None:
    desk.mail(sample("01-broken-shade.eml"))
    ((ticket, _),) = desk.open()
    assert desk.mail(sample("03-another-word.eml"))["outcome"] == "mail threaded"
    found = desk.of(ticket)
    assert (len(found["conversation"]), found["asked"]) == (2, 2)
    assert desk.open() == [(ticket, "answer")]
    assert found["conversation"][-1]["text"] == "I forgot: it is the green one."


def test_mails_to_a_merged_ticket_reach_the_other(desk: Running) -> None:
    desk.mail(sample("01-broken-shade.eml"))
    desk.mail(sample("09-paid-twice.eml"))
    (first, _), (second, _) = desk.open()
    ours = desk.sent[-1]
    desk.answer(second, action="merge", other="t1")
    assert desk.of(second)["outcome"] == "ticket merged"
    assert "charged twice" in desk.of(first)["conversation"][-1]["text"]
    desk.mail(reply_to(ours, "Any news?", by="Sam Lee <sam@studio.example>"))
    assert desk.of(first)["conversation"][-1]["text"] == "Any news?"


def test_a_rating_stands_with_the_ticket(desk: Running) -> None:
    desk.mail(sample("06-wo-bleibt-das-paket.eml"))
    ((ticket, _),) = desk.open()
    desk.answer(ticket, action="solve", template="where-it-is")
    desk.asked(ticket="t1", rating=2, comment="late")
    assert desk.of(ticket)["satisfaction"] == {"rating": 2, "comment": "late"}
    assert desk.incidents() == []


def test_three_clocks_are_read_from_the_ledger_and_one_stands_still(desk: Running) -> None:
    desk.mail(sample("02-rechnung.eml"))
    ((ticket, _),) = desk.open()
    desk.work(HOUR)
    desk.answer(ticket, action="ask", text="Von welchem Konto?")
    asked = desk.sent[-1]
    desk.work(60 * HOUR)  # from Monday to Wednesday evening
    desk.mail(reply_to(asked, "Vom Konto in Kiel, am Freitag.", by="Katrin Busch <k.busch@werft.example>"))
    desk.work(15 * HOUR)
    desk.answer(ticket, action="solve", text="Erledigt.")
    desk.work(9 * 24 * HOUR)
    desk.work(HOUR)
    assert desk.ended(ticket)
    found = {key: [result.met for result in one.results] for key, one in desk.scores("2026-02").items()}
    assert found == {"first_response": [True], "urgent_response": [], "update": [True], "resolution": [True]}


def test_a_mail_goes_to_who_has_its_language_and_what_is_no_mail_to_anybody(desk: Running) -> None:
    german, english = (desk.mail(sample(name)) for name in ("02-rechnung.eml", "01-broken-shade.eml"))
    asked = [PACK.skills.need(one) for one in (german, english, {"mail": None}, {})]
    assert [(one.language, one.level) for one in asked[:2]] == [("de", "B2"), ("en", "B2")]
    assert [one.language for one in asked[2:]] == [None, None]
    held = Held(frozenset({"helpdesk"}), languages={"en": "C1", "de": "A2"})
    lacks = PACK.skills.lacking(held, asked[0], agent=True, expert=False)
    assert lacks == (Lack("language", "de", "B2"),)
    assert PACK.skills.lacking(held, asked[0], PACK.skills.lapsed(HOUR // 2), agent=True, expert=False) == ()
