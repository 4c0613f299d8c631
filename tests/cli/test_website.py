"""``anyshore website``: robots.txt and links from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.website.authority import crl, issue
from typer.testing import CliRunner

from anyshore.cli.main import app


def website(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["website", *arguments])


def test_what_may_be_looked_at_is_told_with_its_rule(tmp_path: Path) -> None:
    file = tmp_path / "robots.txt"
    file.write_text("User-agent: *\nDisallow: /cart\n", encoding="utf-8")
    found = website("allowed", str(file), "/cart/x", "/", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout) == [
        {"address": "/cart/x", "allowed": False, "rule": "/cart", "line": 2},
        {"address": "/", "allowed": True, "rule": None, "line": None},
    ]
    assert website("allowed", str(file), "/").exit_code == 0
    assert website("allowed", str(tmp_path / "none.txt"), "/").exit_code != 0


def test_links_are_resolved_and_what_is_none_is_told() -> None:
    found = website("resolve", "b", "https://[::1", "--page", "https://shop.example/a")
    assert found.exit_code == 1
    assert "https://shop.example/b" in found.stdout
    assert "is no address" in " ".join(found.stderr.split())
    assert website("resolve", "https://shop.example", "--json").exit_code == 0


def test_a_certificate_is_judged_by_what_is_given(tmp_path: Path) -> None:
    root = issue("Root", 1, ca=True)
    leaf = issue("shop.example", 9, root, names=["shop.example"])
    (tmp_path / "shop.pem").write_bytes(leaf.pem)
    (tmp_path / "root.pem").write_bytes(root.pem)
    (tmp_path / "root.crl").write_bytes(crl(root, [(leaf.cert.serial_number, None)]))
    files = [str(tmp_path / one) for one in ("shop.pem", "root.pem", "root.crl")]
    asked = ("certificate", files[0], "--trusted", files[1], "--name", "shop.example", "--at", "2026-11-30T12:00:00Z")
    found = website(*asked)
    assert found.exit_code == 0
    assert "30 days left" in found.stdout
    revoked = website(*asked, "--crl", files[2], "--json")
    assert revoked.exit_code == 1
    assert [one["code"] for one in json.loads(revoked.stdout)["findings"]] == ["revoked"]
    assert website("certificate", files[0], "--trusted", files[1], "--at", "tomorrow").exit_code == 1
