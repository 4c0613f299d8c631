"""Whether a certificate is revoked, by lists and by answers."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.website.authority import DAY, NOW, Issued, answer, crl, issue, key, name, scope, usage

from anyshore.website.certificates import chains
from anyshore.website.certificates.findings import Finding

ROOT = issue("Root", 1, ca=True)
OTHER = issue("Other", 3, ca=True)
LEAF = issue("shop.example", 9, ROOT, names=["shop.example"])
SERIAL = LEAF.cert.serial_number
COMPROMISED = (SERIAL, x509.ReasonFlags.key_compromise)
PLACE = x509.UniformResourceIdentifier("http://crl.example/a.crl")
Reasons = x509.ReasonFlags


def judged(*lists: bytes, leaf: Issued = LEAF, sent: tuple[Issued, ...] = (), **told: Any) -> tuple[Finding, ...]:
    material = chains.Material(leaf.pem, [one.pem for one in sent], [ROOT.pem], lists, told.get("stapled", ()))
    return chains.judge(material, chains.Question(NOW, ("shop.example",))).findings


def codes(*lists: bytes, **told: Any) -> list[tuple[str, bool]]:
    return [(one.code, one.grave) for one in judged(*lists, **told)]


REVOKED = [("revoked", True)]
UNKNOWN = [("revocation-unknown", False)]
UNSOUND = [("revocation-list", True)]


def test_a_revoked_certificate_is_told_with_day_and_reason() -> None:
    [found] = judged(crl(ROOT, [COMPROMISED]))
    assert found.reason == "Its authority revoked it on 2026-11-25 (keyCompromise)."
    assert found.section == "RFC 5280 5.3"


@pytest.mark.parametrize(
    ("lists", "wanted"),
    [
        ([crl(ROOT)], []), ([crl(ROOT, [(4711, None)])], []), ([crl(ROOT, [COMPROMISED])], REVOKED),
        ([crl(OTHER, [COMPROMISED])], UNKNOWN), ([crl(OTHER, [COMPROMISED]), crl(ROOT)], []),
        ([crl(ROOT, due=NOW - DAY / 2)], UNSOUND), ([crl(ROOT, made=NOW + DAY / 2)], UNSOUND),
        ([crl(ROOT, signer=OTHER)], UNSOUND), ([crl(ROOT, signer=OTHER), crl(ROOT)], []), ([b"odd"], UNSOUND + UNKNOWN),
        ([crl(ROOT, extra=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"), True)])], UNSOUND),
    ],
)  # fmt: skip
def test_a_list_counts_where_it_is_sound_and_of_the_issuer(lists: list[bytes], wanted: Any) -> None:
    assert codes(*lists) == wanted


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"only_contains_user_certs": True}, REVOKED), ({"only_contains_ca_certs": True}, UNKNOWN),
        ({"only_contains_attribute_certs": True}, UNKNOWN), ({"full_name": [PLACE]}, REVOKED),
        ({"only_some_reasons": frozenset({Reasons.key_compromise})}, REVOKED),
    ],
)  # fmt: skip
def test_the_scope_of_a_list_is_heeded(told: dict[str, Any], wanted: Any) -> None:
    assert codes(crl(ROOT, [COMPROMISED], extra=[scope(**told)])) == wanted


def test_a_list_published_elsewhere_is_not_about_it() -> None:
    point = x509.DistributionPoint([PLACE], None, None, None)
    leaf = issue(
        "shop.example", 9, ROOT, names=["shop.example"], extra=[(x509.CRLDistributionPoints([point]), False)]
    )  # fmt: skip
    elsewhere = x509.UniformResourceIdentifier("http://crl.example/b.crl")
    assert codes(crl(ROOT, [COMPROMISED], extra=[scope(full_name=[elsewhere])]), leaf=leaf) == UNKNOWN
    assert codes(crl(ROOT, [COMPROMISED], extra=[scope(full_name=[PLACE])]), leaf=leaf) == REVOKED


def test_lists_of_single_reasons_add_up() -> None:
    every = set(Reasons) - {Reasons.unspecified, Reasons.remove_from_crl}
    some = frozenset({Reasons.key_compromise})
    one, rest = (crl(ROOT, extra=[scope(only_some_reasons=reasons)]) for reasons in (some, frozenset(every - some)))
    assert codes(one) == UNKNOWN
    assert codes(one, rest) == []


def test_a_delta_adds_and_takes_off() -> None:
    def delta(*entries: Any, base: int = 7) -> bytes:
        return crl(ROOT, entries, number=8, extra=[(x509.DeltaCRLIndicator(base), True)])

    assert codes(crl(ROOT), delta(COMPROMISED)) == REVOKED
    held = crl(ROOT, [(SERIAL, Reasons.certificate_hold)])
    assert codes(held, delta((SERIAL, Reasons.remove_from_crl))) == []
    assert codes(held, delta((SERIAL, Reasons.remove_from_crl), base=8)) == REVOKED
    assert codes(delta(COMPROMISED)) == UNKNOWN


def test_an_indirect_list_tells_whose_its_entries_are() -> None:
    signs = issue("Lists", 4, ROOT, ca=True)
    point = x509.DistributionPoint(None, None, None, [x509.DirectoryName(name("Lists"))])
    leaf = issue(
        "shop.example", 9, ROOT, names=["shop.example"], extra=[(x509.CRLDistributionPoints([point]), False)]
    )  # fmt: skip
    entries = [(SERIAL, None), (4711, None)]
    mine = crl(signs, entries, extra=[scope(indirect_crl=True)], issuers=[name("Root")])
    theirs = crl(signs, entries, extra=[scope(indirect_crl=True)], issuers=[name("Somebody")])
    assert codes(mine, leaf=leaf, sent=(signs,)) == REVOKED
    assert codes(theirs, leaf=leaf, sent=(signs,)) == []


def test_who_may_not_sign_lists_is_not_believed() -> None:
    bare = issue("Bare", 5, extra=[
        (x509.BasicConstraints(True, None), True), (usage(key_cert_sign=True), True),
        (x509.SubjectKeyIdentifier.from_public_key(key(5).public_key()), False),
    ], uses=None)  # fmt: skip
    leaf = issue("shop.example", 9, bare, names=["shop.example"])
    material = chains.Material(leaf.pem, [], [bare.pem], [crl(bare)])
    [found] = chains.judge(material, chains.Question(NOW)).findings
    assert found.section == "RFC 5280 6.3.3 (f)"


GOOD, BAD, STRANGE = (getattr(ocsp.OCSPCertStatus, one) for one in ("GOOD", "REVOKED", "UNKNOWN"))
ANSWERS = issue("Answers", 6, ROOT, uses=(ExtendedKeyUsageOID.OCSP_SIGNING,))


@pytest.mark.parametrize(
    ("stapled", "wanted"),
    [
        (answer(LEAF, ROOT, GOOD), []), (answer(LEAF, ROOT, BAD), REVOKED),
        (answer(LEAF, ROOT, STRANGE), [("revocation-unknown", True)]),
        (answer(LEAF, ROOT, BAD, signer=ANSWERS), REVOKED), (answer(LEAF, ROOT, GOOD, signer=ANSWERS), []),
        (answer(LEAF, ROOT, GOOD, signer=OTHER), [("ocsp", True)]),
        (answer(LEAF, ROOT, GOOD, until=NOW - DAY / 2), [("ocsp", True)]),
        (answer(ANSWERS, ROOT, BAD), []), (b"odd", [("ocsp", True)]),
        (ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER),
         [("ocsp", False)]),
    ],
)  # fmt: skip
def test_an_answer_counts_where_its_authority_stands_behind_it(stapled: bytes, wanted: Any) -> None:
    assert codes(stapled=[stapled]) == wanted
