"""Commands as an operator types them, each a process of its own, without importing the system anew for each.

A process has everything imported and the database brought up to date; it forks for every command. What a command leaves
in memory is gone with it, as at a prompt.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVER = """
import json, os, sys, traceback
from pathlib import Path

from anyshore.cli import engagements, ledger, operations, starters
from anyshore.cli.main import main
from anyshore.web.site import system
from django.contrib.auth import hashers

hashers.PBKDF2PasswordHasher.iterations = 1_000  # nobody tries to guess these
host = system.host()
host.store.release()


def run(asked):
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(Path(asked["folder"], name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    try:
        if "code" in asked:
            exec(asked["code"], {"given": asked["given"], "host": system.host()})
        else:
            sys.argv = ["anyshore", *asked["arguments"]]
            main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 70
    return 0


for line in sys.stdin:
    child = os.fork()
    if child == 0:
        status = run(json.loads(line))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Commands:
    """An installation and its prompt.

    Args:
        home: its folder.
        notes: a folder for what commands print.
    """

    def __init__(self, home: Path, notes: Path) -> None:
        self._notes = notes
        environment = os.environ | {"ANYSHORE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "anyshore.web.site.settings"}
        self._server = subprocess.Popen(
            [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def close(self) -> None:
        """Ends the process that commands are forked from."""
        for stream in (self._server.stdin, self._server.stdout):
            assert stream is not None
            stream.close()
        self._server.wait()

    def _ask(self, **asked: Any) -> tuple[int, str, str]:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps({"folder": str(self._notes), **asked}) + "\n")
        self._server.stdin.flush()
        status = int(self._server.stdout.readline())
        return status, *((self._notes / name).read_text(encoding="utf-8") for name in ("out", "err"))

    def run(self, *arguments: object, status: int = 0) -> Any:
        """What ``anyshore ARGUMENTS --json`` prints, or where that is nothing what it says of the problem."""
        found, out, err = self._ask(arguments=[*map(str, arguments), "--json"])
        assert found == status, err[-2000:]
        return json.loads(out) if out.strip() else err

    def execute(self, code: str, given: object = None) -> None:
        """Runs Python that is given ``host`` and ``given``."""
        found, _, err = self._ask(code=code, given=given)
        assert found == 0, err[-2000:]
