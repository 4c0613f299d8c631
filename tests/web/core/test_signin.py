"""Signing in and out, tokens, the secret key, the headers of every page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone
from tests.harness import lines_executed
from tests.web.conftest import PASSWORD

from anyshore.web.accounts import addresses, throttle, tokens
from anyshore.web.core.models import ApiToken, AuditEntry, SignInFailure
from anyshore.web.site import databases, middleware
from anyshore.web.site.secrets import secret_key


def test_email_and_password_open_the_door(world: Any) -> None:
    browser = Client()
    answer = browser.post("/sign-in/", {"email": " Owner@Example.org ", "password": PASSWORD, "next": "/cases/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cases/")
    assert browser.get("/engagements/").status_code == 200
    assert browser.post("/sign-out/").status_code == 302
    assert browser.get("/engagements/").status_code == 302


@pytest.mark.parametrize("email", ["owner@example.org", "nobody@example.org"])
def test_a_wrong_password_tells_nothing(world: Any, email: str) -> None:
    answer = Client().post("/sign-in/", {"email": email, "password": "wrong"})
    assert answer.status_code == 422
    assert "do not belong together" in answer.content.decode()


def test_guessing_is_stopped_and_forgotten_after_success(world: Any) -> None:
    browser = Client()
    for _ in range(throttle.MAX_FAILURES):
        browser.post("/sign-in/", {"email": "owner@example.org", "password": "wrong"})
    locked = browser.post("/sign-in/", {"email": "owner@example.org", "password": PASSWORD})
    assert "Too many attempts" in locked.content.decode()
    SignInFailure.objects.all().delete()
    assert browser.post("/sign-in/", {"email": "owner@example.org", "password": PASSWORD}).status_code == 302


def guess(number: int, password: str = "wrong", **meta: str) -> str:
    body = {"email": f"person{number}@example.org", "password": password}
    return Client().post("/sign-in/", body, **meta).content.decode()


def test_guessing_many_accounts_from_one_address_is_stopped(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MAX_FROM_ADDRESS", 3)
    for number in range(2):
        assert "do not belong together" in guess(number, REMOTE_ADDR="203.0.113.7")
    guess(2, REMOTE_ADDR="203.0.113.7")
    assert "Too many attempts" in guess(9, REMOTE_ADDR="203.0.113.7")
    right = {"email": "owner@example.org", "password": PASSWORD}
    assert Client().post("/sign-in/", right, REMOTE_ADDR="203.0.113.7").status_code == 422
    assert Client().post("/sign-in/", right, REMOTE_ADDR="203.0.113.8").status_code == 302
    # Being right for one's own account gives no further guesses at others.
    assert "Too many attempts" in guess(9, REMOTE_ADDR="203.0.113.7")
    SignInFailure.objects.update(at=timezone.now() - throttle.WINDOW * 2)
    assert Client().post("/sign-in/", right, REMOTE_ADDR="203.0.113.7").status_code == 302


def test_a_client_cannot_choose_its_address(world: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(throttle, "MAX_FROM_ADDRESS", 3)
    for number in range(3):  # without a proxy the header is anybody's word
        guess(number, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert "Too many attempts" in guess(9, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.9")
    SignInFailure.objects.all().delete()
    settings.PROXIES = 1
    for number in range(3):  # the proxy appends the true one
        guess(number, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.7")
    assert "Too many" in guess(9, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert "do not belong" in guess(9, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7, 203.0.113.8")


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "203.0.113.7", "", "203.0.113.7"),
        (0, "2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.7"),
        (0, "", "", ""),
        (1, "127.0.0.1", "", ""),  # a proxy that does not say must not lock everybody out
        (1, "127.0.0.1", "unknown", ""),
        (2, "127.0.0.1", "9.9.9.9, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
    ],
)
def test_where_a_request_comes_from(settings: Any, proxies: int, remote: str, forwarded: str, address: str) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert addresses.address_of(request) == address


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_on_stays_in_the_house(world: Any, target: str) -> None:
    answer = Client().post("/sign-in/", {"email": "owner@example.org", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"


def test_a_token_acts_for_its_person_until_revoked(world: Any) -> None:
    token = tokens.issue(world.people["owner"], "report")
    assert token not in str(ApiToken.objects.values())
    header = {"authorization": f"Bearer {token}"}
    assert Client().get("/api/me", headers=header).json()["email"] == "owner@example.org"
    world.browser("agent").post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert Client().get("/api/me", headers=header).status_code == 200, "nobody revokes another's token"
    world.browser("owner").post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert Client().get("/api/me", headers=header).status_code == 401


def test_a_session_needs_the_csrf_token_for_writing(world: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.people["agent"])
    assert browser.post("/work/next/").status_code == 403
    assert browser.post("/api/work/next").status_code == 403


def test_a_password_is_changed_by_its_owner_and_ends_other_sessions(world: Any) -> None:
    here, elsewhere = world.browser("agent"), world.browser("agent")
    fresh = "another long phrase"
    for old, new, said in (("wrong", fresh, "not your password"), (PASSWORD, "short", "at least 10 characters")):
        answer = here.post("/account/", {"form": "password", "old": old, "new": new})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert here.post("/account/", {"form": "password", "old": PASSWORD, "new": fresh}).status_code == 302
    assert here.get("/work/").status_code == 200
    assert elsewhere.get("/work/").status_code == 302
    body = {"email": "agent@example.org", "password": fresh}
    assert Client().post("/sign-in/", body).status_code == 302
    assert AuditEntry.objects.filter(action="password.changed").count() == 1


def test_a_request_that_is_too_large_is_refused_before_it_is_read(world: Any, settings: Any) -> None:
    settings.MOST_FILE, settings.MOST_REQUEST = 1000, 3000
    owner = world.browser("owner")
    for size, status in ((900, 422), (1100, 422), (4000, 413)):
        file = SimpleUploadedFile("activities.csv", b"x" * size)
        answer = owner.post("/sourcing/", {"organisation": world.client.pk, "file": file})
        assert answer.status_code == status
        assert ("too large" in answer.content.decode()) == (size == 1100)
    body = {"service": "payables", "reference": "x" * 4000}
    answer = world.browser("manager").post("/api/engagements/payables/work", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/sign-in/", "application/x-www-form-urlencoded"),
        ("/sourcing/", "multipart/form-data; boundary=x"),
        ("/api/engagements/payables/work", "application/json"),
        ("/api/me", "application/json"),
        ("/nowhere/", "application/json"),
    ],
)
@pytest.mark.parametrize("token", ["", "Bearer any_of_nobody", "Basic YTpi"])
def test_of_an_unknown_sender_only_64_kb_are_read(world: Any, address: str, kind: str, token: str) -> None:
    unread = _Unread()
    environment = {
        "wsgi.input": unread, "CONTENT_LENGTH": str(64 * 1024 + 1), "CONTENT_TYPE": kind, "HTTP_AUTHORIZATION": token
    }  # fmt: skip
    answer = Client().request(REQUEST_METHOD="POST", PATH_INFO=address, **environment)
    assert answer.status_code == 413
    assert "64 kB" in answer.content.decode()
    assert not unread.asked


class _Unread:
    """A body that tells whether anybody asked for it."""

    asked = False

    def read(self, *_: int) -> bytes:
        self.asked = True
        return b""

    readline = read


def test_who_is_signed_in_may_send_more(world: Any) -> None:
    token = {"authorization": f"Bearer {tokens.issue(world.people['manager'], 'intake')}"}
    body = json.dumps({"service": "payables", "reference": "x" * 100_000})
    address = "/api/engagements/payables/work"
    for sender in (world.browser("manager"), Client(headers=token)):
        assert sender.post(address, body, content_type="application/json").status_code != 413


def test_the_search_for_null_characters_is_one_pass() -> None:
    small, large = (
        lines_executed(lambda n=n: middleware._has_escaped_null(rb"\\u0000" * n + b"\\" * (2 * n)))  # type: ignore[misc]
        for n in (100, 1000)
    )
    assert large < 11 * small
    assert lines_executed(lambda: middleware._has_escaped_null(b"x" * 1_000_000)) < 10


@pytest.mark.parametrize(
    ("body", "found"), [(rb"\u0000", True), (rb"\\u0000", False), (rb"\\\u0000", True), (rb"\\u0000\u0000", True)]
)
def test_an_escape_counts_its_backslashes(body: bytes, found: bool) -> None:
    assert middleware._has_escaped_null(body) is found


def test_behind_a_proxy_that_speaks_https_nothing_is_sent_round_in_circles(
    tmp_path: Path, installed: Callable[[Path], Path]
) -> None:
    program = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "plain = Client().get('/sign-in/', headers={'host': 'any.example'})\n"
        "behind = Client().get('/sign-in/', headers={'host': 'any.example', 'x-forwarded-proto': 'https'})\n"
        "print(plain.status_code, behind.status_code, behind.cookies['csrftoken']['secure'])\n"
        "print(behind.headers['Strict-Transport-Security'])\n"
    )
    environment = os.environ | {
        "ANYSHORE_HOME": str(installed(tmp_path)), "ANYSHORE_HTTPS": "1", "ANYSHORE_HOSTS": "any.example",
        "DJANGO_SETTINGS_MODULE": "anyshore.web.site.settings",
    }  # fmt: skip
    environment.pop("ANYSHORE_DATABASE", None)
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["301 200 True", "max-age=31536000"]


def test_the_audit_trail_only_grows(world: Any) -> None:
    entry = AuditEntry.objects.first()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


def test_every_page_says_what_it_may_load(world: Any) -> None:
    answer = world.browser("owner").get("/engagements/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>" not in answer.content.decode()


def test_the_secret_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANYSHORE_SECRET_KEY", raising=False)
    first = secret_key(tmp_path / "home")
    assert secret_key(tmp_path / "home") == first
    assert len(first) > 60
    assert (os.stat(tmp_path / "home" / "secret-key").st_mode & 0o777) == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret-key"]
    monkeypatch.setenv("ANYSHORE_SECRET_KEY", "given")
    assert secret_key(tmp_path) == "given"


def test_database_addresses() -> None:
    found = databases.postgresql("postgresql://me:p%40ss@db.example:5433/any?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("me", "p@ss", "db.example", "5433")
    assert (found["NAME"], found["OPTIONS"]["sslmode"]) == ("any", "require")
    for wrong in ("mysql://me@db/any", "postgresql://db", "nonsense"):
        with pytest.raises(ImproperlyConfigured):
            databases.postgresql(wrong)


@pytest.mark.parametrize(
    ("method", "address", "content", "kind"),
    [
        ("get", "/work/?text=a%00b", "", "text/plain"),
        ("get", "/api/instances?text=a%00b", "", "text/plain"),
        ("post", "/work/next/", "name=a%00b", "application/x-www-form-urlencoded"),
        ("post", "/api/engagements/payables/work", r'{"reference": "a\u0000b"}', "application/json"),
    ],
)
def test_a_null_character_is_refused(world: Any, method: str, address: str, content: str, kind: str) -> None:
    answer = world.browser("agent").generic(method.upper(), address, content, content_type=kind)
    assert answer.status_code == 400
    assert "null character" in answer.content.decode()


def test_the_letters_of_an_escape_are_no_null_character(world: Any) -> None:
    content = r'{"service": "payables", "reference": "a\\u0000b", "variables": {}}'
    address = "/api/engagements/payables/work"
    answer = world.browser("agent").post(address, content, content_type="application/json")
    assert answer.status_code != 400
