"""Signatures of mails, checked by a verifier that is not ours."""

from __future__ import annotations

import os
import re
import subprocess
from base64 import b64encode
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from anyshore.base.errors import HostError
from anyshore.host.outgoing import signing
from anyshore.host.outgoing.signing import Signers
from anyshore.mail import dkim_records
from anyshore.mail.composing import Draft, compose
from anyshore.mail.dkim import relaxed_body, relaxed_header

AT = 1_772_452_800_000_000
KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)  # fmt: skip
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def keep(folder: Path, domain: str, name: str, content: bytes, mode: int = 0o600) -> Path:
    path = folder / domain / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)
    return path


def named(name: bytes, timeout: int = 5) -> bytes:
    """What the DNS says of the key."""
    del timeout
    return b"v=DKIM1; k=rsa; p=" + b64encode(PUBLIC) if name == b"s2026a._domainkey.garden.example." else b""


@pytest.fixture
def signers(tmp_path: Path) -> Signers:
    keep(tmp_path, "garden.example", "s2026a.pem", PEM)
    return Signers(tmp_path)


def mail(text: str = "Hello\n", subject: str = "Spring") -> bytes:
    one = "https://shore.example/unsubscribe/garden/m1.aaaaaaaaaaaaaaaa"
    draft = Draft("news@garden.example", "Gärten", ("a@x.example",), subject, text, "m.1@garden.example", AT,
                  unsubscribe=(one, "mailto:out@garden.example"))  # fmt: skip
    return compose(draft)


@pytest.mark.parametrize(
    "text",
    ["Hello\n", "", "\n\n\n", "two  spaces \t and a tab \n\n  \n", "Grüße an alle, die lange Zeilen mögen " * 40 + "\n",
     ".dot\nFrom here\n"],
)  # fmt: skip
def test_another_verifier_believes_it(signers: Signers, text: str) -> None:
    signed = signers.signed("News@Garden.Example", mail(text, "Grüße " * 30), AT)
    assert dkim.verify(signed, dnsfunc=named)
    assert all(len(line) < 998 for line in signed.split(b"\r\n"))


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (b"Hello", b"Hallo"), (b"Spring", b"Summer"), (b"/unsubscribe/garden/", b"/unsubscribe/others/"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"List-Unsubscribe-Post:", b"X-List-Unsubscribe-Post:"), (b"\r\n\r\n", b"\r\nSubject: Second\r\n\r\n"),
        (b"\r\n\r\n", b"\r\nList-Unsubscribe: <https://evil.example/>\r\n\r\n"),
    ],
)  # fmt: skip
def test_what_is_changed_on_the_way_is_seen(signers: Signers, found: bytes, put: bytes) -> None:
    signed = signers.signed("news@garden.example", mail(), AT)
    changed = signed.replace(found, put, 1) if found != b"\r\n\r\n" else put.join(signed.split(found, 1))
    assert changed != signed
    assert dkim.verify(signed, dnsfunc=named)
    assert not dkim.verify(changed, dnsfunc=named)


def test_the_examples_of_the_specification() -> None:
    """RFC 6376, 3.4.5."""
    assert relaxed_header(b"A: X") == b"a:X"
    assert relaxed_header(b"B : Y\t\r\n\tZ  ") == b"b:Y Z"
    assert relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"


def test_each_domain_has_its_key_and_the_last_selector_signs(signers: Signers, tmp_path: Path) -> None:
    assert signers.signed("a@other.example", mail(), AT) == mail(), "no key, no signature"
    assert signers.of("../garden.example") is None
    assert signers.of("garden.example") is signers.of("GARDEN.example"), "a key is read once"
    keep(tmp_path, "garden.example", "s2026b.pem", PEM)
    newer = Signers(tmp_path).of("garden.example")
    assert newer is not None
    assert newer.selector == "s2026b"


def test_a_key_that_cannot_be_used_lets_nothing_leave(tmp_path: Path) -> None:
    small = rsa.generate_private_key(65537, 1024).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for content, mode, name in ((PEM, 0o644, "a.pem"), (small, 0o600, "a.pem"), (b"no", 0o600, "a.pem"),
                                (PEM, 0o600, "a_b.pem")):  # fmt: skip
        path = keep(tmp_path, "garden.example", name, content, mode)
        with pytest.raises(HostError, match="key"):
            Signers(tmp_path).signed("news@garden.example", mail(), AT)
        path.unlink()


def test_a_key_as_openssl_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "garden.example/s1.pem"
    path.parent.mkdir()
    before = os.umask(0o077)
    subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True, capture_output=True)
    os.umask(before)
    assert b"s=s1;" in Signers(tmp_path).signed("news@garden.example", mail(), AT)


def test_a_key_is_made_and_its_record_is_published_and_checked(tmp_path: Path) -> None:
    first = signing.make(tmp_path, "Garden.Example", year=2026)
    assert (first.name, first.selector) == ("s2026a._domainkey.garden.example", "s2026a")
    signed = Signers(tmp_path).signed("news@garden.example", mail(), AT)
    assert dkim.verify(signed, dnsfunc=lambda name, timeout=5: first.record.encode())
    strings = re.findall(r'"([^"]*)"', first.zone)
    assert "".join(strings) == first.record
    assert max(map(len, strings)) <= 255
    for text in (first.record, first.zone, f'"{first.record}"', first.record.replace("p=", "p= ").replace("A", "A ")):
        assert dkim_records.problems(text, first.public) == []
    second = signing.make(tmp_path, "garden.example", year=2026)
    assert second.selector == "s2026b"
    assert dkim_records.problems(first.record, second.public) == ["its key is another than the one that signs"]
    for selector in ("s2026a", "a", "../x", "s2027_"):
        with pytest.raises(HostError, match="key"):
            signing.make(tmp_path, "garden.example", selector)
    for domain in ("../../etc", "garden", ""):
        with pytest.raises(HostError, match="domain"):
            signing.make(tmp_path, domain)
    with pytest.raises(HostError, match="not there"):
        signing.published(tmp_path, "other.example")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("p=", "p=; x="), "withdraws"), (("v=DKIM1", "v=DKIM2"), "v=DKIM1"), (("k=rsa", "k=ed25519"), "ed25519"),
        (("k=rsa", "k=rsa; h=sha1"), "SHA-256"), (("k=rsa", "s=tls"), "mail"), (("k=rsa", "t=y"), "tests"),
        (("p=", "p=!"), "Base64"), (("p=", "q="), "no key"),
    ],
)  # fmt: skip
def test_what_keeps_a_record_from_being_believed_is_told(change: tuple[str, str], problem: str) -> None:
    found = dkim_records.problems(dkim_records.written(PUBLIC).replace(*change), PUBLIC)
    assert any(problem in one for one in found)
