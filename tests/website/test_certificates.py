"""Chains of certificates: what holds, and what is told about what does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from tests.website.authority import DAY, NOW, Issued, general, issue, usage

from anyshore.website.certificates import chains, reading
from anyshore.website.certificates.findings import Profile

ROOT = issue("Root", 1, ca=True)
MIDDLE = issue("Middle", 2, ROOT, ca=True)
SHOP = "shop.example"


def judged(leaf: Issued, *sent: Issued, name: str = SHOP, trusted: Issued = ROOT, **asked: Any) -> chains.Verdict:
    material = chains.Material(leaf.pem, [one.pem for one in sent], [trusted.pem])
    return chains.judge(material, chains.Question(moment=asked.pop("moment", NOW), names=(name,), **asked))


def grave(found: chains.Verdict) -> list[tuple[str, str]]:
    return sorted({(one.code, one.section) for one in found.findings if one.grave})


def shop(by: Issued = MIDDLE, **told: Any) -> Issued:
    return issue(told.pop("common", SHOP), 9, by, **{"names": [SHOP], **told})


def test_a_sound_chain_holds_and_tells_what_it_is() -> None:
    found = judged(shop(), MIDDLE)
    assert found.holds
    assert found.findings == ()
    assert found.chain == ("CN=shop.example", "CN=Middle", "CN=Root")
    assert found.names == (SHOP,)
    assert found.days_left == 30
    assert found.ends == NOW + 30 * DAY


@pytest.mark.parametrize(
    ("moment", "code"),
    [(NOW + 30 * DAY, ""), (NOW + 30 * DAY + timedelta(seconds=1), "expired"), (NOW - 90 * DAY, ""),
     (NOW - 90 * DAY - timedelta(seconds=1), "not-yet-valid"), (NOW + 30 * DAY + timedelta(microseconds=9), "")],
)  # fmt: skip
def test_both_ends_of_a_validity_are_within_it(moment: Any, code: str) -> None:
    leaf = shop(by=issue("Root", 1, ca=True, since=NOW - 900 * DAY, until=NOW + 900 * DAY))
    trusted = issue("Root", 1, ca=True, since=NOW - 900 * DAY, until=NOW + 900 * DAY)
    assert grave(judged(leaf, trusted=trusted, moment=moment)) == ([(code, "RFC 5280 4.1.2.5")] if code else [])


@pytest.mark.parametrize(
    ("names", "asked", "holds"),
    [
        ([SHOP], "SHOP.example", True), ([SHOP], "shop.example.", True), (["*.example.org"], "a.example.org", True),
        (["*.example.org"], "example.org", False), (["*.example.org"], "b.a.example.org", False),
        (["192.0.2.1"], "192.0.2.1", True), (["2001:db8::1"], "2001:DB8:0::1", True), (["192.0.2.1"], SHOP, False),
        ([SHOP], "192.0.2.1", False),
    ],
)  # fmt: skip
def test_a_certificate_stands_for_its_names(names: list[str], asked: str, holds: bool) -> None:
    found = judged(shop(names=names, common=names[0]), MIDDLE, name=asked)
    assert grave(found) == ([] if holds else [("other-name", "RFC 9525 6")])


@pytest.mark.parametrize(
    ("told", "code", "section"),
    [
        ({"names": ["under_score.example"], "common": "under_score.example"}, "names", "RFC 5280 4.2.1.6"),
        ({"names": ["a*.example.org"], "common": "a*.example.org"}, "names", "RFC 5280 4.2.1.6"),
        ({"names": [".example.org"], "common": ".example.org"}, "names", "RFC 5280 4.2.1.6"),
        ({"names": ["*.co.uk"], "common": "*.co.uk"}, "wildcard", "CABF BR 3.2.2.6"),
        ({"names": [SHOP], "common": "Shop.Example"}, "common-name", "CABF BR 7.1.4.3"),
        ({"names": []}, "no-names", "CABF BR 7.1.2.7.12"),
        ({"uses": None}, "extended-key-usage", "CABF BR 7.1.2.7.6"),
        ({"uses": (chains.CLIENT,)}, "extended-key-usage", "RFC 5280 4.2.1.12"),
        ({"extra": [(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)]},
         "critical", "RFC 5280 4.2"),
        ({"extra": [(usage(key_cert_sign=True), True)]}, "key-usage", "RFC 5280 4.2.1.3"),
        ({"ca": True, "uses": None}, "authority", "CABF BR 7.1.2.7.8"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_certificate_is_told_with_its_rule(told: dict[str, Any], code: str, section: str) -> None:
    leaf = shop(**told)
    found = judged(leaf, MIDDLE)
    assert (code, section) in grave(found)
    assert all(one.reason.endswith(".") for one in found.findings)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (rsa.generate_private_key(65537, 1024), "1024 bits"), (rsa.generate_private_key(65537, 2052), "multiple of 8"),
        (dsa.generate_private_key(1024), "DSA"), (ec.generate_private_key(ec.SECP192R1()), "secp192r1"),
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
    ],
)  # fmt: skip
def test_a_weak_key_is_named(key: Any, told: str) -> None:
    found = judged(shop(own_key=key), MIDDLE)
    assert [one.code for one in found.findings] == ["weak-key"]
    assert told in found.findings[0].reason


def test_a_key_of_an_authority_may_be_rsa() -> None:
    big = rsa.generate_private_key(65537, 2048)
    root = issue("Strong", 1, ca=True, own_key=big)
    assert judged(shop(by=root), trusted=root).holds


def test_what_the_house_rules_allow_browsers_may_not() -> None:
    leaf = shop(uses=None)
    assert judged(leaf, MIDDLE, profile=Profile.RFC5280).holds
    assert not judged(leaf, MIDDLE).holds


def test_without_a_chain_it_is_told_why() -> None:
    assert grave(judged(shop())) == [("no-chain", "RFC 5280 6.1")]
    alone = issue(SHOP, 9, names=[SHOP])
    assert ("self-signed", "RFC 5280 6.1") in grave(judged(alone))
    assert grave(judged(shop(by=Issued(MIDDLE.cert, ROOT.key)), MIDDLE)) == [("no-chain", "RFC 5280 6.1")]


def test_of_two_chains_the_one_that_holds_is_taken() -> None:
    old = issue("Middle", 2, ROOT, ca=True, until=NOW - DAY)
    found = judged(shop(), old, MIDDLE)
    assert found.holds
    assert grave(judged(shop(), old)) == [("expired", "RFC 5280 4.1.2.5")]


def test_a_chain_in_a_circle_ends() -> None:
    one = issue("A", 11, Issued(issue("B", 12, ca=True).cert, issue("B", 12, ca=True).key), ca=True)
    two = issue("B", 12, one, ca=True)
    assert not judged(shop(by=one), one, two).holds


def test_the_length_of_a_path_counts_authorities_between() -> None:
    short = issue("Root", 1, ca=True, path=0)
    assert judged(shop(by=short), trusted=short).holds
    assert grave(judged(shop(), MIDDLE, trusted=short)) == [("path-length", "RFC 5280 4.2.1.9")]
    again = issue("Root", 3, ROOT, ca=True)  # issues itself: does not count
    assert judged(shop(by=again), again, trusted=short).holds
    assert judged(shop(), MIDDLE, intermediates=1).holds
    assert grave(judged(shop(), MIDDLE, intermediates=0)) == [("path-length", "RFC 5280 6.1.1")]


def limits(permitted: list[str] | None = None, excluded: list[str] | None = None) -> tuple[x509.NameConstraints, bool]:
    def every(names: list[str] | None) -> list[x509.GeneralName] | None:
        return [general(one) for one in names] if names else None

    return x509.NameConstraints(every(permitted), every(excluded)), True


@pytest.mark.parametrize(
    ("permitted", "excluded", "name", "holds"),
    [
        (["example"], None, SHOP, True), (["shop.example"], None, SHOP, True), (["op.example"], None, SHOP, False),
        (None, ["example"], SHOP, False), (None, ["other.example"], SHOP, True),
        (["example.org"], None, "*.example.org", True), (["a.example.org"], None, "*.example.org", False),
        (None, ["a.example.org"], "*.example.org", False), (None, ["b.a.example.org"], "*.example.org", True),
        (["192.0.2.0/24"], None, "192.0.2.9", True), (["192.0.2.0/24"], None, "192.0.3.9", False),
        (["192.0.2.0/24"], None, SHOP, True), (["2001:db8::/32"], None, "192.0.2.9", False),
    ],
)  # fmt: skip
def test_constraints_bind_the_names_below(
    permitted: list[str] | None, excluded: list[str] | None, name: str, holds: bool
) -> None:
    middle = issue("Middle", 2, ROOT, ca=True, extra=[limits(permitted, excluded)])
    asked = name.replace("*", "x")
    found = judged(shop(by=middle, names=[name], common=name), middle, name=asked)
    assert grave(found) == ([] if holds else [("constrained", "RFC 5280 4.2.1.10")])


@pytest.mark.parametrize(
    ("base", "mailbox", "holds"),
    [
        ("example.com", "a@example.com", True), ("example.com", "a@mail.example.com", False),
        (".example.com", "a@mail.example.com", True), (".example.com", "a@example.com", False),
        ("a@example.com", "a@EXAMPLE.com", True), ("A@example.com", "a@example.com", False),
    ],
)  # fmt: skip
def test_constraints_bind_mailboxes(base: str, mailbox: str, holds: bool) -> None:
    limit = x509.NameConstraints([x509.RFC822Name(base)], None), True
    middle = issue("Middle", 2, ROOT, ca=True, extra=[limit])
    leaf = issue("Person", 9, middle, names=[mailbox], uses=(chains.CLIENT,))
    found = judged(leaf, middle, name=mailbox, use=chains.CLIENT, profile=Profile.RFC5280)
    assert grave(found) == ([] if holds else [("constrained", "RFC 5280 4.2.1.10")])


@pytest.mark.parametrize("base", ["under_score.example", ".example.com"])
def test_a_constraint_of_another_form_is_refused(base: str) -> None:
    middle = issue("Middle", 2, ROOT, ca=True, extra=[(x509.NameConstraints([x509.DNSName(base)], None), True)])
    assert ("constraints", "RFC 5280 4.2.1.10") in grave(judged(shop(by=middle), middle))


def policy(*numbers: str) -> tuple[x509.CertificatePolicies, bool]:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(one), None) for one in numbers]
    ), False


@pytest.mark.parametrize(
    ("middle", "leaf", "holds"),
    [(["1.2.3"], ["1.2.3"], True), (["1.2.3"], ["1.2.4"], False), (["1.2.3"], [], False),
     (["2.5.29.32.0"], ["1.2.4"], True), (["1.2.3"], ["2.5.29.32.0"], True)],
)  # fmt: skip
def test_a_policy_holds_along_a_path_that_needs_one(middle: list[str], leaf: list[str], holds: bool) -> None:
    needs = x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None), True
    authority = issue("Middle", 2, ROOT, ca=True, extra=[needs, policy(*middle)])
    below = shop(by=authority, extra=[policy(*leaf)] if leaf else [])
    found = {one.code for one in judged(below, authority).findings if one.grave}
    assert found == (set() if holds else {"policy"})


def test_policies_are_free_where_no_path_needs_one() -> None:
    authority = issue("Middle", 2, ROOT, ca=True, extra=[policy("1.2.3")])
    assert judged(shop(by=authority, extra=[policy("1.2.4")]), authority).holds


def test_what_cannot_be_read_is_a_finding() -> None:
    found = chains.judge(chains.Material(b"nothing"), chains.Question(NOW))
    assert [one.code for one in found.findings] == ["unreadable"]
    sound = chains.judge(chains.Material(shop().pem, [b"odd", MIDDLE.pem], [ROOT.pem]), chains.Question(NOW, (SHOP,)))
    assert sound.holds


LEAF = shop().cert.public_bytes(Encoding.DER)


@given(place=st.integers(0, len(LEAF) - 1), bit=st.integers(0, 7))
def test_a_certificate_with_a_bit_turned_never_holds(place: int, bit: int) -> None:
    changed = bytearray(LEAF)
    changed[place] ^= 1 << bit
    found = chains.judge(chains.Material(bytes(changed), [MIDDLE.pem], [ROOT.pem]), chains.Question(NOW, (SHOP,)))
    assert not found.holds


@given(st.binary(max_size=300))
def test_whatever_is_given_something_is_said(content: bytes) -> None:
    found = chains.judge(chains.Material(content, [content], [content], [content], [content]), chains.Question(NOW))
    assert not found.holds


def test_a_file_of_several_is_split() -> None:
    assert reading.split(MIDDLE.pem + b"\nnoise\n" + ROOT.pem) == [MIDDLE.pem.strip(), ROOT.pem.strip()]
    assert reading.split(LEAF) == [LEAF]
