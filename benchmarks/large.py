"""What pages and files cost where much is stored: this build beside that of an earlier commit, in one run.

``python -m benchmarks large`` or, smaller, ``python -m benchmarks.large 2000``. Both get the same work: half of the
pieces open, two entries of the ledger each. The earlier one runs from a temporary worktree, on the libraries installed
here. CPU-seconds; of pages the median, once while the ledger stands still and once with an entry before each look.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.host import servers

EARLIER = "482ace0"
ROOT = Path(__file__).resolve().parent.parent
COUNT, FEW, TIMES = 100_000, 40, 5
CLIENTS, SECONDS = 8, 40.0
LOOKED_AT = ("work", "item", "cases", "case", "engagements", "scorecard", "invoice, month before", "operations")
SERVE = "import sys; sys.argv = ['anyshore', 'serve', '--port', '{}']; from anyshore.cli.main import main; main()"


class Build:
    """A build with a state of its own."""

    def __init__(self, name: str, tree: Path, home: Path) -> None:
        self.name = name
        self.environment = servers.environment(home, None) | {
            "PYTHONPATH": str(tree / "src"), "ANYSHORE_HOME": str(home), "ANYSHORE_HOSTS": "testserver,127.0.0.1",
        }  # fmt: skip

    def ask(self, *arguments: object) -> Any:
        """Runs one command of ``_large_child``; its answer."""
        command = [sys.executable, "-P", str(ROOT / "benchmarks" / "_large_child.py"), *map(str, arguments)]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout.splitlines()[-1])["answer"]

    def latency(self) -> list[float]:
        """Seconds that eight people wait who each look at a page as soon as the last one came, while work goes on."""
        known = self.ask("sessions")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE.format(port)], env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        waited: list[float] = []
        try:
            self._wait_for(port)
            threads = [
                threading.Thread(target=self._look, args=(port, known, number, time.monotonic() + SECONDS, waited))
                for number in range(CLIENTS)
            ]
            for thread in threads:
                thread.start()
            self.ask("write", SECONDS)
            for thread in threads:
                thread.join()
        finally:
            server.terminate()
            server.wait()
        return sorted(waited)

    @staticmethod
    def _wait_for(port: int) -> None:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("the server does not answer")

    @staticmethod
    def _look(port: int, known: Any, number: int, until: float, waited: list[float]) -> None:
        turn = number
        while time.monotonic() < until:
            who, address = known["addresses"][LOOKED_AT[turn % len(LOOKED_AT)]]
            turn += 1
            begun = time.monotonic()
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
            asked.request("GET", address.replace(" ", "%20"), headers={"Cookie": f"sessionid={known['cookies'][who]}"})
            asked.getresponse().read()
            asked.close()
            waited.append(time.monotonic() - begun)


def _pages(few: Any, many: Any, earlier: Any) -> None:
    print(f"{'CPU-ms a page':<26} {'at 40':>8} {'many':>8} {'ratio':>6} {'earlier':>9} {'earlier/now':>12}")
    for name, one in many.items():
        if "moving" not in one:
            print(f"{name:<26} status {one['status']}")
            continue
        base, now = few[name]["moving"] * 1000, one["moving"] * 1000
        before = earlier[name].get("moving", 0) * 1000
        text = f"{name:<26} {base:8.1f} {now:8.1f} {now / base:6.2f} {before:9.1f} {before / now:12.1f}"
        print(text, "" if now <= 20 and now <= 1.2 * base else "  missed (20 ms, 1.2 times)", flush=True)


def _files(now: Build, earlier: Build, folder: Path) -> None:
    files = {build.name: build.ask("export", folder / f"{build.name}.jsonl") for build in (now, earlier)}
    for what, goal in (("verify", 5), ("export", 2)):
        a, b = (files[build.name][what] * 1e6 for build in (now, earlier))
        print(f"{what:<8} {a:6.2f} µs an entry, earlier {b:6.2f}: {b / a:.2f} times  goal {goal}", flush=True)


def _work(now: Build, earlier: Build) -> None:
    a, b = (build.ask("starts", 300)["start"] * 1e3 for build in (now, earlier))
    print(f"starts   {a:6.2f} ms each, handed over together, earlier {b:6.2f}: {b / a:.1f} times  goal 4", flush=True)
    found = {build.name: build.latency() for build in (now, earlier)}
    a, b = (found[build.name][int(0.95 * len(found[build.name]))] for build in (now, earlier))
    counts = " and ".join(f"{len(found[build.name]):,}" for build in (now, earlier))
    print(
        f"p95      {a:6.2f} s with {CLIENTS} clients, earlier {b:6.2f}: {b / a:.1f} times  goal 20 ({counts} answers)"
    )


def main() -> None:
    """Makes the states, measures, and sees that both builds come to the same figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    print(f"Large: {count:,} instances beside {FEW}; the earlier build is {EARLIER}")
    with tempfile.TemporaryDirectory(dir=servers.HOME) as name:
        folder = Path(name)
        tree = folder / "earlier"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", tree, EARLIER], cwd=ROOT, check=True)
        try:
            _measure(folder, tree, count)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)


def _measure(folder: Path, tree: Path, count: int) -> None:
    few, now = Build("few", ROOT, folder / "few"), Build("now", ROOT, folder / "now")
    earlier = Build("before", tree, folder / "before")
    for build, size in ((few, FEW), (now, count), (earlier, count)):
        Path(build.environment["ANYSHORE_HOME"]).mkdir(mode=0o700)
        print(f"{build.name:<8} {build.ask('seed', size)}", flush=True)
    assert now.ask("figures") == earlier.ask("figures"), "both builds come to the same figures"
    print(f"counted in {now.ask('count')['cpu']:.1f} CPU-s, once", flush=True)
    _files(now, earlier, folder)
    _pages(few.ask("pages", TIMES), now.ask("pages", TIMES), earlier.ask("pages", TIMES))
    _work(now, earlier)


if __name__ == "__main__":
    main()
