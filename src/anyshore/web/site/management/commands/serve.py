"""``serve``: everything one machine needs: the tables, a worker, the web server."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrates, starts a worker beside the web server, and stops both together."""

    help = "Prepares the database, then runs the web server and a worker until stopped."

    def add_arguments(self, parser: Any) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")
        parser.add_argument("--threads", default="4", help="requests answered at the same time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until the web server ends."""
        call_command("migrate", verbosity=0)
        worker = subprocess.Popen([sys.executable, "-m", "anyshore.web.manage", "worker"])
        server = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", options["host"],
            "--port", options["port"], "--blocking-threads", options["threads"], "anyshore.web.site.wsgi:application",
        ]  # fmt: skip
        self.stdout.write(f"Anyshore listens on http://{options['host']}:{options['port']}")
        try:
            subprocess.run(server, check=False)  # noqa: S603
        except KeyboardInterrupt:
            pass
        finally:
            worker.terminate()
            worker.wait(30)
