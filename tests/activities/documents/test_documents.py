"""Deliveries become items; batches keep families together; a production set holds nothing privileged."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from tests.draws import seeds

import anyshore
from anyshore.activities.documents import assigning, codes, producing
from anyshore.activities.documents.codes import Code
from anyshore.activities.documents.model import Item
from anyshore.activities.families import ACTIVITIES
from anyshore.activities.memory import MemoryContext
from anyshore.base.errors import DataError

SAMPLE = Path(anyshore.__file__).parent / "services/kpo/document-review/samples/bottles-2025.zip"
COUNSEL = "privileged; attorney-client; correspondence with counsel"


def ran(name: str, values: dict[str, object], files: dict[str, bytes] | None = None) -> Any:
    return ACTIVITIES[name].run(values, MemoryContext(documents=files or {}))


def delivered(files: dict[str, bytes]) -> Any:
    return ran("documents.read", {"documents": [{"document": name, "name": name} for name in files]}, files)


@pytest.fixture
def sample() -> Any:
    with zipfile.ZipFile(SAMPLE) as archive:
        return delivered({name: archive.read(name) for name in archive.namelist()})


def mail(identifier: str, text: str, *attached: tuple[str, bytes], answers: str = "") -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "a@one.example", "b@two.example"
    made["Date"], made["Subject"] = "Mon, 24 Mar 2025 09:12:00 +0100", "Bottles"
    made["Message-ID"] = f"<{identifier}@one.example>"
    if answers:
        made["In-Reply-To"] = f"<{answers}@one.example>"
    made.set_content(text)
    for name, content in attached:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def produced(read: Any, first: str, **more: object) -> Any:
    values = {"items": read["items"], "first": [first], "second": "", **more}
    return ran("documents.produce", values)


def controls(rows: list[dict[str, object]]) -> list[object]:
    return [row["control"] for row in rows]


def test_a_delivery_becomes_families_threads_and_duplicates(sample: Any) -> None:
    by = {one["control"]: one for one in sample["items"]}
    assert (len(by), sample["families"], sample["threads"], sample["copies"], sample["screened"]) == (11, 9, 2, 1, 3)
    assert by["D0004"]["family"] == "D0003"
    assert by["D0006"]["copy_of"] == "D0002"  # it came another way, with another Received line
    assert by["D0005"]["holds"] == ["D0002", "D0003"]
    assert by["D0003"]["inclusive"], "its attachment comes nowhere else, although its text does"
    assert not by["D0002"]["inclusive"]
    assert {one for one, item in by.items() if item["screened"]} == {"D0007", "D0008", "D0009"}


def test_a_thread_is_kept_by_a_mail_nobody_delivered_and_never_by_a_subject() -> None:
    long = "This text is long enough to be found again."
    found = delivered({
        "1.eml": mail("x", long, answers="lost"), "2.eml": mail("y", "Another text.", answers="lost"),
        "3.eml": mail("z", "Same subject, other conversation."),
    })  # fmt: skip
    assert [one["thread"] for one in found["items"]] == ["D0001", "D0001", "D0003"]


def test_mails_in_mails_and_files_in_archives_are_of_the_family_and_a_workbook_is_one_document() -> None:
    archive, book = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("inner.txt", "inside")
    with zipfile.ZipFile(book, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "a@one.example", "b@two.example", "Outer"
    outer.set_content("See attached.")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "c@three.example", "Inner"
    inner.set_content("Forwarded.")
    inner.add_attachment(archive.getvalue(), maintype="application", subtype="zip", filename="all.zip")
    outer.add_attachment(inner)
    outer.add_attachment(book.getvalue(), maintype="application", subtype="octet-stream", filename="book.xlsx")
    found = delivered({"1.eml": outer.as_bytes(), "2.eml": b""})
    told = [(one["name"], int(one["level"]), one["family"]) for one in found["items"]]
    assert told == [(name, level, "D0001") for name, level in
                    [("Outer", 0), ("Inner", 1), ("all.zip", 2), ("inner.txt", 3), ("book.xlsx", 1)]]  # fmt: skip
    assert len(found["unread"]) == 1
    assert found["unread"][0].startswith("2.eml: ")


def test_an_attachment_by_itself_is_no_copy_of_one_that_came_with_a_mail() -> None:
    found = delivered({"1.eml": mail("x", "See.", ("a.bin", b"same")), "a.bin": b"same"})
    assert [one["copy_of"] for one in found["items"]] == ["", "", ""]


def drawn(seed: int) -> list[Item]:
    chance = random.Random(seed)
    items: list[Item] = []
    for family in range(chance.randint(1, 12)):
        head = f"D{len(items) + 1:04d}"
        thread = chance.choice([head, *(one.thread for one in items)])
        for level in range(chance.randint(1, 6)):
            control = f"D{len(items) + 1:04d}"
            items.append(Item(
                control, head, "d", control, "mail" if level == 0 else "attachment",
                chance.choice(["", f"2025-03-{chance.randint(1, 28):02d}"]), "", (), (), f"{family}-{level}", thread,
                chance.random() < 0.5, level=level,
            ))  # fmt: skip
    return items


def test_no_assignment_splits_a_family_or_forgets_an_item() -> None:
    for seed in seeds(1_000, 10_000):
        items, chance = drawn(seed), random.Random(seed + 1)
        reviewers, size = chance.randint(1, 4), chance.randint(1, 12)
        made = assigning.batches(items, reviewers, size)
        where = {one.control: batch.number for batch in made for one in batch.items}
        assert sorted(one.control for batch in made for one in batch.items) == [one.control for one in items], seed
        assert all(where[one.control] == where[one.family] for one in items), seed
        for batch in made:
            assert 1 <= batch.reviewer <= reviewers
            assert len(batch.items) <= size or len({one.family for one in batch.items}) == 1, seed


def test_the_most_inclusive_mail_of_a_thread_is_read_first(sample: Any) -> None:
    made = ran("documents.assign", {"items": sample["items"], "reviewers": 1, "size": 50})
    order = controls(made["batches"][0]["items"])
    assert order[1:5] == ["D0005", "D0003", "D0004", "D0002"]
    assert "D0006" not in order
    assert made["coded"] == 10


def test_no_drawn_codes_let_anything_privileged_out() -> None:
    for seed in seeds(200):
        items, chance = drawn(seed), random.Random(seed + 2)
        items = [replace(one, digest=str(chance.randint(1, 20))) for one in items]
        lines = [
            f"{one.control}: {chance.choice(['responsive', 'not responsive'])}"
            + (", privileged; attorney-client; advice" if chance.random() < 0.3 else "")
            for one in items if chance.random() < 0.9
        ]  # fmt: skip
        data = producing.ProduceInput(tuple(items), ("\n".join(lines),), "")
        outcome = producing.produce(data, MemoryContext())
        decided = codes.of_items(items, [codes.read("\n".join(lines))[0]])
        secret = {one.digest for one in items if one.control in decided and decided[one.control].privileged}
        assert not secret & {one.digest for one in outcome.produced}, seed
        assert [one.bates for one in outcome.produced] == [
            f"PROD{number:06d}" for number in range(1, len(outcome.produced) + 1)
        ]  # fmt: skip


def test_set_and_log_of_the_sample(sample: Any) -> None:
    lines = [f"{one}: responsive" for one in ("D0001", "D0002", "D0003", "D0005", "D0011")]
    lines += [f"D0007: responsive, {COUNSEL}", f"D0009: responsive, {COUNSEL}", "D0010: not responsive"]
    made = produced(sample, "\n".join(lines), prefix="KM", start=7)
    assert made["ready"], made["problems"]
    assert controls(made["produced"]) == ["D0001", "D0002", "D0003", "D0004", "D0005", "D0011"]
    assert [(one["bates"], one["first"], one["last"]) for one in made["produced"]][2:4] == [
        ("KM000009", "KM000009", "KM000010"), ("KM000010", "KM000009", "KM000010")
    ]  # fmt: skip
    row = made["log"][0]
    assert (row["control"], row["family"], row["day"], row["type"]) == ("D0007", "D0007", "2025-03-27", "mail")
    assert row["to"] == ["Dr. Lene Hartwig <hartwig@kanzlei-hartwig.example>"]
    assert row["copied"] == ["Bilal Demir <bilal.demir@kuestenmilch.example>"]
    assert controls(made["log"]) == ["D0007", "D0008", "D0009"]
    assert "may we hold back" not in made["text"], "a subject can tell what is protected"


def test_what_is_clawed_back_leaves_with_everything_that_tells_it(sample: Any) -> None:
    made = produced(sample, "\n".join(f"{one}: responsive" for one in controls(sample["items"])), clawed_back="d0006")
    assert "D0002" not in controls(made["produced"]), "the copy was named, the original goes with it"
    assert not {"D0003", "D0005"} & set(controls(made["produced"])), "they quote it"
    assert not made["ready"]
    assert [one["basis"] for one in made["log"]] == ["clawed back"]


def test_a_mail_goes_out_as_text_without_its_withheld_attachment() -> None:
    found = delivered({"1.eml": mail("x", "See.", ("a.txt", b"advice"), ("b.txt", b"price"))})
    made = produced(found, "D0001: responsive\nD0002: not responsive, privileged; work product; notes for counsel")
    assert [(one["control"], one["form"]) for one in made["produced"]] == [("D0001", "text"), ("D0003", "native")]
    assert controls(made["log"]) == ["D0002"]


def test_an_archive_that_holds_something_withheld_does_not_go_out() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("advice.txt", "advice")
        made.writestr("price.txt", "price")
    found = delivered({"all.bin": archive.getvalue()})
    out = produced(found, "D0001: responsive\nD0002: responsive, privileged; attorney-client; advice")
    assert controls(out["produced"]) == ["D0003"]


def test_a_mail_that_came_with_another_and_quotes_what_is_privileged_does_not_go_out() -> None:
    advice = "Hold back no more than the value of the bottles."
    outer, inner = EmailMessage(), EmailMessage()
    outer["From"], outer["Subject"], inner["Subject"] = "a@one.example", "For your information", "Re: Bottles"
    inner["Message-ID"], inner["In-Reply-To"] = "<y@one.example>", "<x@one.example>"
    outer.set_content("See attached.")
    inner.set_content(f"I agree.\n\n> {advice}\n")
    outer.add_attachment(inner)
    found = delivered({"1.eml": mail("x", advice), "2.eml": outer.as_bytes()})
    made = produced(found, "D0001: responsive, privileged; attorney-client; advice\nD0002: responsive")
    assert controls(made["produced"]) == ["D0002"]
    assert made["produced"][0]["form"] == "text"
    assert made["problems"] == ["D0003: says D0001 again, which is privileged"]


def test_the_last_look_refuses_what_is_privileged_the_same_or_says_it_again() -> None:
    first, *_ = drawn(1)
    secret = replace(first, control="D0001", digest="s")
    same, telling = replace(first, control="D0002", digest="s"), replace(first, control="D0003", holds=("D0001",))
    items = [secret, same, telling]
    decided = {one.control: Code(responsive=True, privileged=one is secret) for one in items}
    for one in items:
        with pytest.raises(DataError, match=one.control) as told:
            producing.release([one], items, decided)
        assert told.value.code == "production.privileged"
    with pytest.raises(DataError, match="D0009"):
        producing.release([replace(first, control="D0009")], items, decided)


def test_lines_that_code_nothing_are_told_and_nothing_is_guessed(sample: Any) -> None:
    read, wrong = codes.read("D0001: responsive, secret\nD0002 responsive\nD0003: responsive\nD0003: not responsive")
    assert (read, len(wrong)) == ({}, 3)
    made = produced(sample, "D0001: responsive\nD9999: responsive")
    assert "D9999: no such item" in made["problems"]
    assert "D0002: not coded" in made["problems"]
    with pytest.raises(DataError, match="Bates"):
        produced(sample, "D0001: responsive", prefix="a b")


def test_the_second_level_reads_all_that_is_privileged_screened_or_uncoded_and_a_sample(sample: Any) -> None:
    lines = [f"{one}: responsive" for one in ("D0002", "D0003", "D0005", "D0007", "D0010", "D0011")]
    first = "\n".join([*lines, f"D0009: responsive, {COUNSEL}"])
    none = ran("documents.sample", {"items": sample["items"], "first": [first], "share": 0})
    why = {one["control"]: one["why"] for one in none["again"]}
    assert why == {"D0001": "not coded", "D0007": "counsel", "D0008": "counsel", "D0009": "privileged"}
    some = ran("documents.sample", {"items": sample["items"], "first": [first], "share": 40})
    assert len({one["family"] for one in some["again"] if one["why"] == "sample"}) == 2
    every = ran("documents.sample", {"items": sample["items"], "first": [first], "share": 100})
    assert len(every["again"]) == 10


def test_what_the_second_level_left_out_stands_against_the_set_and_what_it_changed_is_counted(sample: Any) -> None:
    first = "\n".join(f"{one}: responsive" for one in controls(sample["items"]))
    made = produced(sample, first, second="D0010: not responsive\nD0011: responsive", again=["D0010", "D0011", "D0001"])
    assert made["problems"] == ["D0001: not decided at the second level"]
    assert (made["read_again"], made["overturned"]) == (2, 1)
    assert "D0010" not in controls(made["produced"])
