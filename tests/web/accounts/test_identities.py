"""Signing in elsewhere, against a provider of OpenID Connect and one of SAML that run here."""

from __future__ import annotations

import base64
import datetime
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Saml

from anyshore.base.errors import DataError
from anyshore.web.accounts import identities
from anyshore.web.core.models import AuditEntry, Person


@dataclass
class Directory:
    """A provider of OpenID Connect: discovery, a token for any code, and what it says of who signed in."""

    claims: dict[str, Any] = field(default_factory=dict)
    server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> dict[str, Any]:
        if path.startswith("/.well-known/"):
            return {
                "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token", "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
            }  # fmt: skip
        if path == "/token":
            said = {"iss": self.url, "aud": "anyshore", "exp": time.time() + 60, "iat": time.time(), **self.claims}
            return {"access_token": "a", "token_type": "Bearer", "id_token": jwt.encode(said, "k" * 32)}
        return self.claims


@pytest.fixture
def directory(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    found = Directory()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps(found.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing of it belongs into the output of tests."""

    found.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=found.server.serve_forever, args=(0.01,))
    serving.start()
    monkeypatch.setenv("ANYSHORE_OUTGOING", "127.0.0.1")
    (tmp_path / "secret").write_text("shh\n")
    row = f"""
- key: house
  name: House of Musterbau
  kind: oidc
  organisations: [musterbau]
  server_url: {found.url}
  client_id: anyshore
  client_secret_file: secret
"""
    use(settings, tmp_path, row)
    yield found
    found.server.shutdown()
    found.server.server_close()
    serving.join()


def use(settings: Any, folder: Path, text: str) -> None:
    (folder / "identity.yaml").write_text(text)
    settings.IDENTITIES = identities.read(str(folder / "identity.yaml"))
    settings.SOCIALACCOUNT_PROVIDERS = identities.configured(settings.IDENTITIES)


def came_back(browser: Client, directory: Directory, **claims: Any) -> Any:
    """The whole way: out to the provider, and back with what it says."""
    directory.claims = {"sub": "u1", "email_verified": True, **claims}
    out = browser.post("/sign-in/oidc/house/")
    assert out.status_code == 302, out.content.decode()[-800:]
    target = urlsplit(out.headers["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == f"{directory.url}/authorize"
    asked = {key: values[0] for key, values in parse_qs(target.query).items()}
    assert asked["code_challenge_method"] == "S256"
    return browser.get("/sign-in/oidc/house/back/", {"code": "c", "state": asked["state"]})


def inside(browser: Client) -> bool:
    return browser.get("/engagements/").status_code == 200


def test_a_directory_lets_in_the_people_of_its_organisation(world: Any, directory: Directory) -> None:
    browser = Client()
    page = browser.get("/sign-in/")
    assert "Sign in with House of Musterbau" in page.content.decode()
    assert f"form-action 'self' {directory.url}" in page.headers["Content-Security-Policy"]
    came_back(browser, directory, email="Owner@Example.org")
    assert inside(browser)
    actions = list(AuditEntry.objects.filter(object="owner@example.org").values_list("action", flat=True))
    assert actions[:2] == ["sign-in", "identity.linked"]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "expert@example.org"},  # of the provider of the services
        {"email": "rival@example.org"},  # of another client
        {"email": "nobody@example.org"},
        {"email": "owner@example.org", "email_verified": False},
        {"email": "owner@example.org", "email_verified": "false"},
        {},
    ],
)
def test_a_directory_speaks_for_nobody_else(world: Any, directory: Directory, claims: dict[str, Any]) -> None:
    before, browser = Person.objects.count(), Client()
    answer = came_back(browser, directory, **claims)
    assert answer.headers["Location"] == "/sign-in/"
    assert "opens no account here" in browser.get("/sign-in/").content.decode()
    assert not inside(browser)
    assert Person.objects.count() == before


def test_who_belongs_to_others_too_is_not_the_directorys(world: Any, directory: Directory) -> None:
    world.people["owner"].memberships.create(organisation=world.provider, role="agent")
    browser = Client()
    came_back(browser, directory, email="owner@example.org")
    assert not inside(browser)


def test_an_account_of_the_directory_that_names_somebody_else_now_opens_nothing(
    world: Any, directory: Directory
) -> None:
    second = Person.objects.create_user("second@example.org", None, name="Second")
    second.memberships.create(organisation=world.client, role="owner")
    came_back(Client(), directory, email="owner@example.org")
    browser = Client()
    came_back(browser, directory, email="second@example.org")
    assert not inside(browser)


def test_a_directory_confirms_nothing_that_binds(world: Any, directory: Directory) -> None:
    browser = Client()
    came_back(browser, directory, email="owner@example.org")
    asked = browser.post("/engagements/payables/terms/1/accept/")
    assert asked.headers["Location"].startswith("/account/confirm/")


def test_a_directory_inside_is_not_asked_unless_it_is_listed(
    world: Any, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANYSHORE_OUTGOING")
    answer = Client().post("/sign-in/oidc/house/")
    assert answer.status_code == 409
    assert "not reached from here" in answer.content.decode()


KEY = rsa.generate_private_key(65537, 2048)


def certificate() -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")])
    day, now = datetime.timedelta(days=1), datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
    made = made.serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
    return made.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a{id}" Version="2.0"
 IssueInstant="{now}"><saml:Issuer>https://idp.example/meta</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">u1</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 NotOnOrAfter="{later}" Recipient="{acs}" InResponseTo="{asked}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{before}" NotOnOrAfter="{later}"><saml:AudienceRestriction>
<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="s"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>{email}</saml:AttributeValue>
</saml:Attribute></saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r{id}" Version="2.0"
 IssueInstant="{now}" Destination="{acs}" InResponseTo="{asked}"><saml:Issuer
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/meta</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


@pytest.mark.parametrize(
    ("email", "signed", "opens"),
    [("owner@example.org", "ours", True), ("owner@example.org", "none", False), ("owner@example.org", "other", False),
     ("expert@example.org", "ours", False)],
)  # fmt: skip
def test_an_assertion_of_saml(world: Any, settings: Any, tmp_path: Path, email: str, signed: str, opens: bool) -> None:
    (tmp_path / "idp.pem").write_text(certificate())
    row = """
- {key: saml-house, name: SAML of Musterbau, kind: saml, organisations: [musterbau], certificate_file: idp.pem,
   entity_id: "https://idp.example/meta", sso_url: "https://idp.example/sso"}
"""
    use(settings, tmp_path, row)
    browser = Client(headers={"host": "testserver"})
    out = browser.post("/sign-in/saml/saml-house/")
    request = Saml.decode_base64_and_inflate(parse_qs(urlsplit(out.headers["Location"]).query)["SAMLRequest"][0])
    asked = request.decode().partition('ID="')[2].partition('"')[0]
    now = datetime.datetime.now(datetime.UTC)
    times = {
        name: (now + datetime.timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name, m in (("now", 0), ("before", -5), ("later", 5))
    }
    base = "http://testserver/sign-in/saml/saml-house"
    said = {"id": "1", "acs": f"{base}/acs/", "audience": f"{base}/metadata/", "asked": asked, "email": email, **times}
    assertion = ASSERTION.format(**said)
    if signed != "none":
        key = KEY if signed == "ours" else rsa.generate_private_key(65537, 2048)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        ).decode()
        assertion = Saml.add_sign(assertion, private, certificate())
        assertion = assertion.decode() if isinstance(assertion, bytes) else assertion
    response = RESPONSE.format(assertion=assertion.partition("?>")[2] or assertion, **said)
    body = {"SAMLResponse": base64.b64encode(response.encode()).decode()}
    acs = browser.post("/sign-in/saml/saml-house/acs/", body)
    browser.get(acs.headers["Location"])
    assert inside(browser) is opens


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("key: x", "shape"), ("- key: x", "missing"), ("- {key: X Y, name: n, kind: oidc, organisations: [a]}", ""),
        ("- {key: x, name: n, kind: oidc, organisations: []}", ""),
        ("- {key: x, name: n, kind: oidc, organisations: [a]}", "identity.lacks"),
        ("- {key: x, name: n, kind: ldap, organisations: [a]}", ""), ("]", ""),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "identity.yaml").write_text(text)
    with pytest.raises(DataError) as problem:
        identities.read(str(tmp_path / "identity.yaml"))
    assert problem.value.diagnostics[0].location.file == str(tmp_path / "identity.yaml")
    assert code in problem.value.diagnostics[0].code or code in ("shape", "missing")
