"""The activities of training on the samples of the service."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.activities.memory import MemoryContext
from anyshore.activities.training import certificates, duties, letters, material, plan, seats, testing
from anyshore.activities.training.certificates import CertifyInput
from anyshore.activities.training.seats import EnrolInput, EnrolOutcome, GiveBackInput
from anyshore.base.errors import CommandRejected, DataError
from anyshore.packs import reading

SAMPLES = Path(__file__).resolve().parents[3] / "src/anyshore/services/bpo/training/samples"
MAY = date(2027, 5, 3)


@pytest.fixture
def context() -> MemoryContext:
    """The reference data of the samples, as the pack reads it."""
    pack = reading.read(SAMPLES.parent)
    made = MemoryContext()
    for kind, one in pack.references.items():
        content = (SAMPLES / one.file).read_bytes()
        made.load(kind, list(one.read(content, one.file)))
    return made


def enrol(context: MemoryContext, learner: str, course: str = "fire", day: date = MAY, job: str = "") -> EnrolOutcome:
    return seats.enrol(EnrolInput(learner, course, day), context.with_key(job or f"{learner} {course} {day}"))


def certify(context: MemoryContext, job: str, day: date, learner: str = "101") -> certificates.CertifyOutcome:
    return certificates.certify(CertifyInput(learner, "privacy", day, Decimal(80)), context.with_key(job))


def test_seats_go_to_who_comes_first_and_one_given_back_to_who_waits(context: MemoryContext) -> None:
    first, second, third = (enrol(context, one) for one in ("104", "105", "106"))
    assert (first.session, second.session, third.seat) == ("F-1", "F-1", None)
    assert first.seat is not None
    assert seats.give_back(GiveBackInput(first.seat), context).given_back
    assert not seats.give_back(GiveBackInput(first.seat), context).given_back
    assert enrol(context, "106", job="a day later").seat == "F-1/1/1"


def test_who_asks_again_keeps_the_seat(context: MemoryContext) -> None:
    first = enrol(context, "104")
    assert enrol(context, "104").seat == first.seat
    again = enrol(context, "104", job="another")
    assert (again.seat, again.again) == (first.seat, True)
    assert enrol(context, "105").seat != first.seat


def test_a_role_asks_by_a_day(context: MemoryContext) -> None:
    found = enrol(context, "101", "privacy")
    assert (found.needed, found.due, found.standing) == (True, date(2027, 5, 31), "none")
    assert enrol(context, "101", "excel").needed is False
    assert enrol(context, "199", "flying").missing == ("learner", "course")


def test_a_certificate_is_renewed_within_its_window_and_goes_on_from_its_end(context: MemoryContext) -> None:
    first = certify(context, "1", date(2026, 6, 30))
    assert first.until == date(2027, 6, 30)
    assert enrol(context, "101", "privacy", date(2027, 4, 30)).standing == "valid"
    assert enrol(context, "101", "privacy", date(2027, 5, 1)).standing == "renewal"
    renewed = certify(context, "2", date(2027, 5, 12))
    assert renewed.until == date(2028, 6, 30)
    assert certify(context, "2", date(2027, 5, 12)) == certificates.CertifyOutcome(renewed.number, renewed.until, False)
    assert enrol(context, "101", "privacy", date(2028, 7, 1)).standing == "expired"


def test_a_certificate_of_the_last_of_february_ends_with_february(context: MemoryContext) -> None:
    assert certify(context, "1", date(2028, 2, 29)).until == date(2029, 2, 28)


def test_duties_tell_who_is_late_who_expires_and_who_has_to_begin(context: MemoryContext) -> None:
    certify(context, "1", date(2026, 5, 20), "101")
    found = duties.duties(duties.DutiesInput(MAY), context)
    states = {(one.learner, one.course): one.state for one in found.duties}
    assert states["101", "privacy"] == "expiring"
    assert states["102", "privacy"] == "open"
    assert states["103", "privacy"] == "overdue"
    assert states["104", "fire"] == "overdue"
    assert (found.met, found.all) == (1, 8)
    assert next(one.letter.subject for one in found.duties if one.learner == "103") == "Overdue: Datenschutz im Alltag"


def test_a_test_is_drawn_the_same_again_and_marked(context: MemoryContext) -> None:
    drawn = testing.draw_test(testing.DrawInput("privacy"), context.with_key("job"))
    assert drawn == testing.draw_test(testing.DrawInput("privacy"), context.with_key("job"))
    assert drawn.seed != testing.draw_test(testing.DrawInput("privacy", Decimal(2)), context.with_key("job")).seed
    right = {one.key: one.answer for one in testing.key(testing.KeyInput("privacy"), context).right}
    answers = "\n".join(f"{one.number}: {right[one.key]}" for one in drawn.test)
    given = testing.MarkInput("privacy", tuple(one.key for one in drawn.test), drawn.seed, answers)
    assert testing.mark(given, context).percent == 100
    wrong = testing.MarkInput("privacy", given.keys, drawn.seed, "1: no idea")
    found = testing.mark(wrong, context)
    assert (found.percent, found.passed) == (0, False)
    assert found.marks[0].share == Decimal("-0.25")


def test_an_essay_is_marked_by_the_rubric(context: MemoryContext) -> None:
    drawn = testing.draw_test(testing.DrawInput("complaints"), context.with_key("job"))
    keys = tuple(one.key for one in drawn.test)
    answers = "1: 2\nand more\n2: 2"
    open_ = testing.mark(testing.MarkInput("complaints", keys, drawn.seed, answers), context)
    assert (open_.passed, [one.criterion for one in open_.rubric]) == (None, ["tone", "substance", "language"])
    judged = tuple(testing.Judged(one.criterion, one.most / 2, one.most) for one in open_.rubric)
    found = testing.mark(testing.MarkInput("complaints", keys, drawn.seed, answers, judged), context)
    assert {one.key: one.share for one in found.marks}["complaints-letter"] == Decimal("0.5")


def test_what_cannot_be_is_refused(context: MemoryContext) -> None:
    with pytest.raises(CommandRejected, match="no questions"):
        testing.draw_test(testing.DrawInput("fire"), context)
    with pytest.raises(CommandRejected, match="no longer in the bank"):
        testing.mark(testing.MarkInput("privacy", ("gone",), "", ""), context)
    with pytest.raises(CommandRejected, match="gives no certificate"):
        certificates.certify(CertifyInput("101", "excel", MAY), context)
    with pytest.raises(DataError) as caught:
        plan.bank_rows(b"2 + 2 = {#4}\n", "questions.gift")
    assert caught.value.location.line == 1


def test_a_mail_leaves_out_what_is_not_known_and_fills_nothing_in_twice(context: MemoryContext) -> None:
    found = letters.write(letters.WriteInput("invitation", "de", "{title}", "a@b.example", "Brand {day}"), context)
    assert found.text == "Guten Tag, {title},\n\nSie haben einen Platz in Brand {day}."


def test_material_of_a_damaged_archive_is_refused_and_not_a_fault_of_ours() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("K1/a.md", "# Hello\n" * 200)
    content = bytearray(packed.getvalue())
    assert [key for key, _ in material.rows(bytes(content), "m.zip")] == ["K1/a.md"]
    content[30 + len("K1/a.md")] = 0x07  # a kind of block there is none of (RFC 1951, 3.2.3)
    with pytest.raises(DataError, match="The archive cannot be read"):
        material.rows(bytes(content), "m.zip")


def test_every_page_of_material_that_is_no_utf_8_is_told() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in (("K1/a.md", b"\xff"), ("K1/b.md", b"# B"), ("K2/c.txt", b"\xfe")):
            archive.writestr(name, content)
    with pytest.raises(DataError) as refused:
        material.rows(packed.getvalue(), "m.zip")
    assert [one.location.element for one in refused.value.diagnostics] == ["K1/a.md", "K2/c.txt"]
