from __future__ import annotations

import dataclasses
import io
import itertools
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import HostError
from anyshore.terms.exports import ExportReader, verify_export, verify_stream, write_export
from anyshore.terms.ledger import EMPTY, Entry, append, entry_hash, head_of


def chain(count: int, engagement: str = "e1"):
    head = EMPTY
    for n in range(count):
        entry = append(
            head, engagement=engagement, at=n, type="instance.started", instance=f"i{n}", data={"ü": "ß\n", "n": n}
        )
        yield entry
        head = head_of(entry)


def export(count: int, engagement: str = "e1") -> bytes:
    stream = io.BytesIO()
    write_export(chain(count, engagement), stream, engagement=engagement)
    return stream.getvalue()


def codes(data: bytes) -> list[tuple[str, int | None]]:
    return [(f.code, f.location.line) for f in verify_stream(io.BytesIO(data), file="x.jsonl").findings]


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_what_is_written_reads_back(count: int) -> None:
    data = export(count)
    reader = ExportReader(io.BytesIO(data))
    entries = [entry for _, entry in reader]
    assert entries == list(chain(count))
    assert (reader.findings, reader.count, reader.engagement) == ([], count, "e1")
    assert data.count(b"\n") == count + 2


SMALL = export(3)


@settings(max_examples=examples(400))
@given(st.integers(0, len(SMALL) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found(position: int, mask: int) -> None:
    data = bytearray(SMALL)
    data[position] ^= mask
    assert codes(bytes(data))


def test_every_byte_flipped_in_one_bit_is_found() -> None:
    for position in range(len(SMALL)):
        data = bytearray(SMALL)
        data[position] ^= 1
        assert codes(bytes(data)), position


def test_a_changed_byte_in_an_export_without_entries_is_found() -> None:
    empty = export(0)
    for position, bit in itertools.product(range(len(empty)), range(8)):
        data = bytearray(empty)
        data[position] ^= 1 << bit
        assert codes(bytes(data)), (position, bit)


@settings(max_examples=examples(200))
@given(st.integers(0, len(SMALL)), st.binary(min_size=1, max_size=5))
def test_any_inserted_bytes_are_found(position: int, extra: bytes) -> None:
    data = SMALL[:position] + extra + SMALL[position:]
    assert data == SMALL or codes(data)


@settings(max_examples=examples(200))
@given(st.integers(0, len(SMALL) - 1), st.integers(1, 400))
def test_any_removed_bytes_are_found(position: int, length: int) -> None:
    assert codes(SMALL[:position] + SMALL[position + length :])


def test_faults_are_named_with_their_line() -> None:
    lines = export(5).splitlines(keepends=True)
    assert codes(b"".join(lines[:3] + lines[4:]))[0] == ("ledger.missing-entry", 4)
    assert codes(b"".join([*lines[:3], lines[4], lines[3], *lines[5:]]))[:2] == [
        ("ledger.missing-entry", 4),
        ("ledger.out-of-place", 5),
    ]
    assert codes(b"".join([*lines[:3], lines[2], *lines[3:]]))[0] == ("ledger.out-of-place", 4)
    assert codes(lines[0] + lines[1].replace(b"i0", b"i9") + b"".join(lines[2:])) == [("ledger.changed-entry", 2)]
    assert codes(b"".join(lines[:-1])) == [("ledger.cut", 7)]
    assert codes(b"".join([*lines, b"\n"])) == [("ledger.after-trailer", 8)]
    assert codes(b"".join([*lines[:3], b"garbage\n", *lines[4:]])) == [("ledger.unreadable-line", 4)]
    assert codes(lines[0] + b"".join(lines[1:]).replace(b'"n":3', b'"n": 3', 1)) == [("ledger.not-canonical", 5)]
    assert codes(b"") == codes(b"a,b\n1,2\n") == [("ledger.header", 1)]
    assert ("ledger.engagement", 2) in codes(export(1).replace(b'"e1","format"', b'"e2","format"'))
    assert codes(export(0).replace(b'"version":1', b'"version":2'))[0] == ("ledger.version", 1)


def test_a_forged_entry_with_its_own_hash_computed_anew() -> None:
    entries: list[Entry] = list(chain(4))
    changed = dataclasses.replace(entries[1], at=99)
    entries[1] = dataclasses.replace(changed, hash=entry_hash(changed))
    stream = io.BytesIO()
    write_export(entries, stream, engagement="e1")
    assert codes(stream.getvalue()) == [("ledger.broken-link", 4)]


def test_fractions_are_refused_even_with_a_fitting_hash() -> None:
    lines = export(1).splitlines(keepends=True)
    assert codes(lines[0] + lines[1].replace(b'"n":0', b'"n":0.5') + lines[2])[0] == ("ledger.unreadable-line", 2)


def test_garbage_does_not_flood_the_report() -> None:
    found = codes(export(0).splitlines(keepends=True)[0] + b"x\n" * 5000)
    assert len(found) == 1001
    assert found[-1][0] == "ledger.too-many"


def test_deep_nesting_is_a_finding() -> None:
    assert codes(b"[" * 100_000 + b"\n") == [("ledger.header", 1)]
    header = export(1).splitlines(keepends=True)[0]
    assert ("ledger.unreadable-line", 2) in codes(header + b"[" * 100_000 + b"\n")


def test_an_anchor_from_an_invoice_received() -> None:
    good = list(chain(4))
    verified = verify_stream(io.BytesIO(export(4)), anchors={4: good[3].hash})
    assert verified.findings == ()
    assert verified.head == head_of(good[3])
    verified = verify_stream(io.BytesIO(export(4)), anchors={3: "a" * 64, 9: "b" * 64})
    assert [f.code for f in verified.findings] == ["ledger.rewritten", "ledger.cut"]


def test_a_long_export_is_checked_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as stream:
        write_export(chain(20_000), stream, engagement="e1")
    seen: list[int] = []
    tracemalloc.start()
    verified = verify_export(path, progress=seen.append)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (verified.count, verified.findings) == (20_000, ())
    assert peak < 2_000_000 < path.stat().st_size
    assert seen == sorted(seen)
    assert seen[-1] == path.stat().st_size


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="cannot be opened"):
        verify_export(tmp_path / "absent")
