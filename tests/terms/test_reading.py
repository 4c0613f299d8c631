from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import anyshore
from anyshore.base.errors import TermsError
from anyshore.params import marked, shapes
from anyshore.terms import reading
from anyshore.terms.book import BESIDE
from anyshore.terms.clocks import HOUR
from anyshore.terms.ledger import ENTRY_TYPES
from anyshore.terms.model import Duration, Match

PACKS = Path(anyshore.__file__).parent / "services"


def test_a_good_file(terms_text: str) -> None:
    terms = reading.loads(terms_text)
    assert (terms.id, terms.version, terms.in_force_from, terms.end) == ("acme", 1, date(2026, 1, 1), None)
    service = terms.services["payables"]
    objective = service.objectives[0]
    assert isinstance(objective, Duration)
    assert objective.limit == 8 * HOUR
    assert objective.exclusions[0].begins == Match("work.opened", {"party": ("client",)})
    assert service.prices[0].match == Match("instance.completed", {"outcome": ("paid", "rejected")})
    assert terms.vat.rate == Decimal(19)
    assert terms.calendars["office"].weekly[4:] == (((540, 1020),), (), ())


@pytest.mark.parametrize("pack", ["bpo/payables", "kpo/contract-review"])
def test_the_terms_of_our_packs(pack: str) -> None:
    terms = reading.read(PACKS / pack / "terms.yaml")
    assert terms.services.keys() == {pack.split("/")[1]}
    assert terms.services[pack.split("/")[1]].kind == pack.split("/")[0]


def test_payables_are_as_advertised() -> None:
    terms = reading.read(PACKS / "bpo/payables/terms.yaml")
    service = terms.services["payables"]
    assert service.credits is not None
    assert (service.credits.at_risk, terms.shores) == (Decimal(10), ("onshore", "nearshore"))


OBJ, L = "services.payables.objectives.decided.", "services.payables.prices[0]"
B, C = "services.payables.credits.bands.", "calendars.office."
BAD = [
    ("version: 1", "version: 1\nversion: 2", "yaml.duplicate-key", 4, "version"),
    ("currency: EUR", "curency: EUR", "yaml.unknown-key", 6, "curency"),
    ("currency: EUR", "currency: EUX", "terms.currency", 6, "currency"),
    ("start: 2026-01-01", "start: 2026-13-01", "yaml.date", 7, "start"),
    ("start: 2026-01-01", "start: 2026-01-01\nend: 2025-12-31", "terms.dates", 8, "end"),
    ("start: 2026-01-01", "start: 2026-01-15\nin_force_from: 2026-02-15", "terms.mid-month", 8, "in_force_from"),
    ("start: 2026-01-01", "start: 2026-01-15\nin_force_from: 2026-01-01", "terms.dates", 8, "in_force_from"),
    ("time_zone: Europe/Berlin\nshores", "time_zone: Europe/Berlyn\nshores", "terms.zone", 8, "time_zone"),
    ("time_zone: Europe/Berlin\nshores", "time_zone: ../etc/passwd\nshores", "terms.zone", 8, "time_zone"),
    ("[onshore, nearshore]", "[onshore, farshore]", "yaml.value", 9, "shores[1]"),
    ("subdivision: BE", "subdivision: XX", "terms.holidays", 13, C + "holidays[0].subdivision"),
    ("country: DE, subdivision: BE", "country: QQ", "terms.holidays", 13, C + "holidays[0].country"),
    ('friday: ["09:00-17:00"]', 'friday: ["17:00-09:00"]', "terms.hours", 19, C + "hours.friday[0]"),
    ('friday: ["09:00-17:00"]', 'friday: ["09:00-12:00", "11:00-17:00"]', "terms.hours", 19, C + "hours.friday[1]"),
    ('friday: ["09:00-17:00"]', 'friday: ["9-17"]', "yaml.pattern", 19, C + "hours.friday[0]"),
    ('friday: ["09:00-17:00"]', 'friday: ["20:00-24:30"]', "terms.hours", 19, C + "hours.friday[0]"),
    ("kind: bpo", "kind: itо", "yaml.value", 22, "services.payables.kind"),
    ("{per: instance,", "{per: invoice,", "yaml.value", 25, L + ".per"),
    (", price: 1.85", "", "terms.price", 25, L + ""),
    (", price: 1.85", ", tiers: [{up_to: 5, price: 1}, {up_to: 9, price: 1}]", "terms.tiers", 25, L + ".tiers"),
    (", price: 1.85", ", tiers: [{up_to: 9, price: 1}, {up_to: 5, price: 1}, {price: 0}]", "terms.tiers", 25,
     L + ".tiers"),
    (", price: 1.85", ", price: 1, tier_mode: volume", "terms.price", 25, L + ".tier_mode"),
    (", price: 1.85", ", price: -1", "yaml.range", 25, L + ".price"),
    (", price: 1.85", ", price: one", "yaml.type", 25, L + ".price"),
    ("to: instance.completed", "to: instance.complete", "yaml.value", 31, OBJ + "to"),
    ("{business_hours: 8}", "{business_hours: 8, hours: 8}", "terms.within", 32, OBJ + "within"),
    ("{business_hours: 8}", "{hours: 8}", "terms.calendar", 33, OBJ + "calendar"),
    ("calendar: office", "calendar: ofice", "terms.calendar", 33, OBJ + "calendar"),
    ("        calendar: office\n", "", "terms.calendar", 32, OBJ + "within"),
    ("target: 95", "target: 101", "yaml.range", 34, OBJ + "target"),
    ("        decided:\n          - {below: 95", "        decide:\n          - {below: 95", "terms.bands", 44,
     B + "decide"),
    ("{below: 95, credit: 3}", "{below: 96, credit: 3}", "terms.bands", 44, B + "decided[0].below"),
    ("{below: 90, credit: 6}", "{below: 90, credit: 2}", "terms.bands", 45, B + "decided[1]"),
    ("rate: 19", "rate: 0", "terms.vat", 48, "vat.rate"),
    (", price: 1.85", ", price: 1e99", "yaml.range", 25, L + ".price"),
    ("version: 1", "version: 99999999999999999999", "yaml.range", 3, "version"),
    ("countries: [DE]", "countries: [UK]", "terms.country", 4, "client.countries[0]"),
    ("countries: [PL]", "countries: [PL, ZZ]", "terms.country", 5, "provider.countries[1]"),
    ("name: Acme", "name: " + "A" * 201, "yaml.too-long", 4, "client.name"),
    ("start: 2026-01-01", "start: 0026-01-01", "terms.dates", 7, "start"),
    ("start: 2026-01-01", "start: 2026-01-01\nend: 9999-12-31", "terms.dates", 8, "end"),
    ("start: 2026-01-01", "start: 2026-01-01\nend: 2026-05-31\nin_force_from: 2026-06-01", "terms.dates", 9,
     "in_force_from"),
    ("category: S", "category: AE", "terms.vat", 48, "vat.rate"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "line", "element"), BAD, ids=[f"{b[2]}-{b[4]}" for b in BAD])
def test_bad_files(terms_text: str, old: str, new: str, code: str, line: int, element: str) -> None:
    assert old in terms_text
    problems = reading.check(terms_text.replace(old, new, 1), file="t.yaml")
    found = [(p.code, p.location.file, p.location.line, p.location.element) for p in problems]
    if code == "yaml.unknown-key":  # the right key is then missing, too
        found = [row for row in found if row[0] != "yaml.missing-key"]
    assert found == [(code, "t.yaml", line, element)]


def test_did_you_mean(terms_text: str) -> None:
    (problem,) = reading.check(terms_text.replace("calendar: office", "calendar: ofice"))
    assert problem.hint == "did you mean 'office'?"
    problems = reading.check(terms_text.replace("currency:", "curency:"))
    assert [p.hint for p in problems if p.code == "yaml.unknown-key"] == ["did you mean 'currency'?"]


def test_all_problems_at_once(terms_text: str) -> None:
    text = terms_text.replace("EUR", "EUX").replace("rate: 19", "rate: 0").replace("calendar: office", "calendar: x")
    with pytest.raises(TermsError) as caught:
        reading.loads(text, file="t.yaml")
    assert [d.code for d in caught.value.diagnostics] == ["terms.currency", "terms.calendar", "terms.vat"]


@pytest.mark.parametrize("text", ["", "[]", "a: [", "\t", "services: {}", "id: 1\nid: 2"])
def test_hopeless_files(text: str) -> None:
    with pytest.raises(TermsError):
        reading.loads(text)


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(TermsError, match="Cannot read"):
        reading.read(tmp_path / "absent")


def test_the_schema_knows_the_entry_types_of_the_ledger() -> None:
    schema = reading.schema()
    named = set(schema["$defs"]["entry_type"]["enum"])
    assert named == set(schema["$defs"]["entry"]["oneOf"][0]["enum"])
    apart = {"engagement.signed", "turn", "invoice.issued", "invoice.corrected", "instance.migrated"}
    apart |= {"service.described", "references.loaded", "assessment.begun", "assessment.ended", "documents.erased"}
    apart |= {"batch.decided", "instance.pulled"}
    apart |= {"instance.erased", "invoice.accepted", "invoice.disputed", "invoice.paid"}
    assert named == {name for name in ENTRY_TYPES if not name.startswith(BESIDE)} - apart


def test_every_part_of_the_schema_is_one_we_check(terms_text: str) -> None:
    """A keyword our checker does not know would raise; walk the whole schema with fitting values."""

    def walk(schema: object, visit: Callable[[dict[str, object]], None]) -> None:
        if isinstance(schema, dict):
            visit(schema)
            for value in schema.values():
                walk(value, visit)
        elif isinstance(schema, list):
            for value in schema:
                walk(value, visit)

    references = []
    walk(reading.schema(), lambda part: references.append(part.get("$ref")))
    known = {f"#/$defs/{name}" for name in reading.schema()["$defs"]}
    assert {r for r in references if isinstance(r, str)} == known
    document, _ = marked.load(terms_text)
    assert shapes.check(document, reading.schema()) == []


def test_the_schema_is_published_json() -> None:
    path = Path(anyshore.__file__).parent / "terms" / "schema.json"
    assert json.loads(path.read_text(encoding="utf-8"))["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_long_wrong_name_is_quoted_in_short(terms_text: str) -> None:
    (problem,) = reading.check(terms_text.replace("id: acme", "id: " + "a" * 100_000))
    assert (problem.code, len(problem.message) < 120) == ("yaml.pattern", True)
