"""A home is nobody else's to read: the folder 0700, what is in it 0600, also one that was open before."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.host.servers import environment

from anyshore.web.site import homes

START = "from anyshore.web.site import system; system.start()"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_an_installation_is_closed_from_its_beginning(tmp_path: Path) -> None:
    home = tmp_path / "a" / "home"
    done = subprocess.run([sys.executable, "-c", START], env=environment(home, None), umask=0o022)
    assert done.returncode == 0
    assert mode(home) == 0o700
    found = {path.name: mode(path) for path in home.rglob("*") if path.is_file()}
    assert {"secret-key", "anyshore.sqlite3"} <= set(found)
    assert set(found.values()) == {0o600}


def test_one_that_was_open_is_closed(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o755)
    sqlite3.connect(tmp_path / "anyshore.sqlite3").close()
    (tmp_path / "anyshore.sqlite3").touch()
    os.chmod(tmp_path / "anyshore.sqlite3", 0o644)
    homes.ready(tmp_path)
    assert (mode(tmp_path), mode(tmp_path / "anyshore.sqlite3")) == (0o700, 0o600)


def test_a_folder_of_somebody_elses_things_is_left_as_it_is(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o755)
    (tmp_path / "letters").mkdir(mode=0o755)
    homes.ready(tmp_path)
    assert (mode(tmp_path), mode(tmp_path / "letters")) == (0o755, 0o755)
