"""Second factors: codes of an app and passkeys; and acts that bind somebody ask again who it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)
from tests.web.conftest import PASSWORD

from anyshore.web.accounts import throttle
from anyshore.web.core.models import AuditEntry, Engagement

SIGN_IN = {"email": "owner@example.org", "password": PASSWORD}


def code_of(secret: str, ahead: int = 0) -> str:
    """What an app would show now, or half a minute ahead: a code counts once."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1 + ahead]))


def with_app(world: Any) -> str:
    """The owner sets an app up; its secret."""
    browser = world.browser("owner")
    page = browser.get("/account/factors/app/").content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', page)[1]
    answer = browser.post("/account/factors/app/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/account/factors/codes/", answer.content.decode()[-1000:]
    return secret


def test_with_an_app_the_password_alone_opens_nothing(
    world: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        secret = with_app(world)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept, "a copy of the database is no second factor"
    browser = Client()
    assert browser.post("/sign-in/", SIGN_IN).headers["Location"] == "/account/factors/code/"
    assert browser.get("/engagements/").status_code == 302
    wrong = browser.post("/account/factors/code/", {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    assert browser.get("/engagements/").status_code == 302
    assert browser.post("/account/factors/code/", {"code": code_of(secret)}).status_code == 302
    assert browser.get("/engagements/").status_code == 200
    noted = set(AuditEntry.objects.filter(object="owner@example.org").values_list("action", flat=True))
    assert {"factor.added", "sign-in.failed", "sign-in"} <= noted


def test_codes_are_not_guessed_without_end(world: Any) -> None:
    secret = with_app(world)
    browser = Client()
    browser.post("/sign-in/", SIGN_IN)
    for _ in range(throttle.MAX_FAILURES):
        browser.post("/account/factors/code/", {"code": "000000"})
    refused = browser.post("/account/factors/code/", {"code": code_of(secret)})
    assert "Too many attempts" in refused.content.decode()
    assert browser.get("/engagements/").status_code == 302


def test_a_code_on_paper_opens_once(world: Any) -> None:
    with_app(world)
    codes = re.findall(r"^\d{8}$", world.browser("owner").get("/account/factors/codes/").content.decode(), re.MULTILINE)
    for opens in (True, False):
        browser = Client()
        browser.post("/sign-in/", SIGN_IN)
        browser.post("/account/factors/code/", {"code": codes[0]})
        assert (browser.get("/engagements/").status_code == 200) is opens


class Key:
    """A passkey in software: what a browser's authenticator does with one origin."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self.origin, self.id = origin, b"a credential id!"
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.user = b""

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, challenge, self.origin)

    def _data(self, rp: str, extra: AttestedCredentialData | None = None) -> AuthenticatorData:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(rp.encode())
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
        if extra is not None:
            flags |= AuthenticatorData.FLAG.AT
        return AuthenticatorData.create(digest.finalize(), flags, 0, extra or b"")

    def made(self, options: dict[str, Any]) -> str:
        asked = options["publicKey"]
        self.user = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.private.public_key())
        data = self._data(asked["rp"]["id"], AttestedCredentialData.create(Aaguid.NONE, self.id, public))
        client = self._client("webauthn.create", asked["challenge"])
        said = {"attestationObject": AttestationObject.create("none", data, {}), "clientDataJSON": client}
        return self._said(said | {"transports": ["internal"]}, {"credProps": {"rk": True}})

    def used(self, options: dict[str, Any]) -> str:
        asked = options["publicKey"]
        data, client = self._data(asked["rpId"]), self._client("webauthn.get", asked["challenge"])
        signature = self.private.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        said = {"authenticatorData": data, "clientDataJSON": client, "signature": signature, "userHandle": self.user}
        return self._said(said, {})

    def _said(self, response: dict[str, Any], results: dict[str, Any]) -> str:
        plain = {k: v if isinstance(v, list) else websafe_encode(bytes(v)) for k, v in response.items()}
        id = websafe_encode(self.id)
        return json.dumps({
            "id": id, "rawId": id, "type": "public-key", "response": plain, "clientExtensionResults": results,
        })  # fmt: skip


def with_key(world: Any, key: Key) -> None:
    browser = world.browser("owner")
    page = browser.get("/account/factors/keys/add/", headers={"host": "localhost"}).content.decode()
    told = json.loads(re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page)[1])
    body = {"name": "My key", "passwordless": "on", "credential": key.made(told["creation_options"])}
    answer = browser.post("/account/factors/keys/add/", body, headers={"host": "localhost"})
    assert answer.status_code == 302, answer.content.decode()[-1500:]


@pytest.mark.parametrize("origin", ["http://localhost", "http://evil.example"])
def test_a_passkey_signs_in_at_our_address_alone(world: Any, origin: str) -> None:
    key = Key()
    with_key(world, key)
    browser = Client(headers={"host": "localhost"})
    told = browser.get("/sign-in/key/", headers={"accept": "application/json"}).json()
    key.origin = origin
    browser.post("/sign-in/key/", {"credential": key.used(told["request_options"])})
    came_in = browser.get("/engagements/").status_code == 200
    assert came_in is (origin == "http://localhost")


def test_with_a_passkey_the_password_alone_opens_nothing(world: Any) -> None:
    with_key(world, Key())
    browser = Client(headers={"host": "localhost"})
    assert browser.post("/sign-in/", SIGN_IN).headers["Location"] == "/account/factors/code/"
    assert browser.get("/engagements/").status_code == 302
    assert "mfa_webauthn_authenticate" in browser.get("/account/factors/code/").content.decode()


def test_what_was_sent_is_done_once_it_is_confirmed(world: Any) -> None:
    text = world.engagement.terms.get(version=1).text.replace("version: 1", "version: 2", 1).replace("1.85", "1.86")
    from anyshore.web.engagements import actions

    actions.propose(world.people["manager"], world.provider, world.client, text)
    browser = world.browser("owner", confirmed=False)
    asked = browser.post("/engagements/payables/terms/2/accept/").headers["Location"]
    page = browser.get(asked)
    assert "Confirm Access" in page.content.decode()
    assert "Zugriff bestätigen" in browser.get(asked, headers={"accept-language": "de"}).content.decode()
    next_page = "/engagements/payables/terms/2/accept/"
    assert browser.post("/account/confirm/", {"password": "wrong", "next": next_page}).status_code == 200
    engagement = Engagement.objects.get(key="payables")
    assert engagement.terms.get(version=2).accepted is None
    assert browser.post("/account/confirm/", {"password": PASSWORD, "next": next_page}).status_code == 302
    assert engagement.terms.get(version=2).accepted is not None
