"""What people meet where the database is full, may only be read, or is away: 507 or 503, and what can be seen is seen.

Each time the whole system runs in a process of its own, over a database of its own that really is in that state.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.host.servers import Postgresql, environment

from anyshore.web.site import problems

BEGIN = """
import json, os, sys
from anyshore.web.site import system
system.start()
from django.conf import settings
from django.db import close_old_connections, connection
from django.test import Client
from anyshore.web.core.models import Person
settings.ALLOWED_HOSTS.append("testserver")
person = Person.objects.create_user("a@example.com", "a long password 1")
browser = Client(raise_request_exception=False)
browser.force_login(person)

def told(answer):
    text = answer.content.decode()
    return [answer.status_code, answer.headers.get("Retry-After"), "store." in text, "Traceback" in text]

def sign_in():
    given = {"email": "a@example.com", "password": "a long password 1"}
    return told(Client(raise_request_exception=False).post("/sign-in/", given))

def everything():
    close_old_connections()  # as a server does before each request
    return {
        "page": told(browser.get("/account/")), "rest": told(browser.get("/api/instances")), "sign in": sign_in(),
    }

found = {"before": everything()}
"""
FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with connection.cursor() as cursor:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
size = os.path.getsize(connection.settings_dict["NAME"])
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, size))
found["during"] = everything()
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
connection.close()
found["after"] = everything()
"""
READ_ONLY = """
path = connection.settings_dict["NAME"]
connection.close()
connection.settings_dict["NAME"] = f"file:{path}?mode=ro"
connection.settings_dict["OPTIONS"]["uri"] = True
found["during"] = everything()
connection.close()
connection.settings_dict["NAME"] = path
found["after"] = everything()
"""
AWAY = """
from tests.host.servers import running
server = running(sys.argv[1])
server.crash()
found["during"] = everything()
server.start()
found["after"] = everything()
"""


def asked(program: str, home: Path, address: str | None, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program + "\nprint(json.dumps(found))", *arguments],
        env=environment(home, address), capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


SEEN = {"page": [200, None, False, False], "rest": [200, None, False, False]}
WHOLE = SEEN | {"sign in": [302, None, False, False]}


def test_a_database_that_may_only_be_read_is_still_looked_at(tmp_path: Path, installed: Callable[[Path], Path]) -> None:
    found = asked(READ_ONLY, installed(tmp_path), None)
    assert found["during"] == SEEN | {"sign in": [503, "30", True, False]}
    assert found["before"] == found["after"] == WHOLE


def test_a_full_disk_refuses_what_is_to_be_kept_and_nothing_else(
    tmp_path: Path, installed: Callable[[Path], Path]
) -> None:
    """The operating system refuses to let the files of the database grow."""
    found = asked(FULL, installed(tmp_path), None)
    assert found["during"] == SEEN | {"sign in": [507, "30", True, False]}
    assert found["before"] == found["after"] == WHOLE


@pytest.mark.long
def test_a_database_that_is_away_is_told_and_used_again(tmp_path: Path) -> None:
    try:
        server = Postgresql(synced=False)
    except LookupError as absent:
        pytest.skip(str(absent))
    try:
        found = asked(AWAY, tmp_path, server.address, str(server.folder))
    finally:
        server.remove()
    assert found["during"] == {key: [503, "30", True, False] for key in WHOLE}
    assert found["before"] == found["after"] == WHOLE


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "store.full"), (errno.EROFS, "store.read-only"), (errno.EFBIG, "store.full")]
)
def test_a_file_that_cannot_be_written_says_the_same(number: int, code: str) -> None:
    found = problems.typed(OSError(number, os.strerror(number)))
    assert found is not None
    assert found.code == code
    assert problems.typed(OSError(errno.ENOENT, "no such file")) is None
