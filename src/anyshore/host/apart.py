"""Work on what strangers hand in, in a process that can be ended: it has so much time and memory and no more.

One call into a library may take minutes in which nothing else of a process runs, and threads cannot be ended. So there
is a child, begun with the first call and used for many; a call that costs too much costs the child. It runs our own
functions by name, and what goes in and comes out is pickled: it is a part of this process, and no way in.
"""

from __future__ import annotations

import atexit
import os
import pickle
import resource
import selectors
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass
from importlib import import_module
from threading import Lock
from typing import Any, BinaryIO

from anyshore.base.errors import AnyshoreError, HostError, InternalError

_LENGTH = 8
SERVED = 500
"""Calls after which a child is replaced, so that nothing it lost adds up."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one call may use.

    Attributes:
        seconds: on a processor; of the clock four times as many.
        memory: MB.
    """

    seconds: int = 20
    memory: int = 1024


class TooCostly(AnyshoreError):
    """A call needed more than it may have; its process is gone."""

    def __init__(self, allowed: Allowed) -> None:
        super().__init__(
            "request.too-costly", f"This takes more than {allowed.seconds} seconds or {allowed.memory:,} MB.",
            hint="Hand in smaller files, or one after the other. Nothing was kept.",
        )  # fmt: skip


class Apart:
    """A child that works for this process, one call at a time.

    Args:
        prepare: ``module:function`` the child calls first.
        allowed: what a call may use.
    """

    def __init__(self, prepare: str = "", allowed: Allowed = Allowed()) -> None:
        self.prepare, self.allowed = prepare, allowed
        self._one_at_a_time = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._parent, self._served = 0, 0
        atexit.register(self.end)

    def call(self, function: str, *arguments: Any) -> Any:
        """What a function gives, ``module:function``, for arguments that can be pickled.

        Raises:
            TooCostly: it needed more than is allowed.
            AnyshoreError: what it raised.
            HostError: others had the child for longer than is waited (``store.busy``).
        """
        patience = 4 * self.allowed.seconds
        if not self._one_at_a_time.acquire(timeout=patience):
            raise HostError("store.busy", "Others check large files at the moment.", hint="Try again.")
        try:
            child = self._running()
            found = self._answer(child, pickle.dumps((function, arguments)), patience)
            self._served += 1
            if found is None:
                self.end()
                raise TooCostly(self.allowed)
            if self._served >= SERVED:
                self.end()
        finally:
            self._one_at_a_time.release()
        fine, value = pickle.loads(found)  # noqa: S301 - of our own child
        if not fine:
            raise value
        return value

    def _answer(self, child: subprocess.Popen[bytes], asked: bytes, patience: float) -> bytes | None:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(len(asked).to_bytes(_LENGTH) + asked)
            child.stdin.flush()
        except OSError:
            return None
        until, got = time.monotonic() + patience, b""
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while len(got) < _LENGTH or len(got) < _LENGTH + int.from_bytes(got[:_LENGTH]):
                if not selector.select(max(until - time.monotonic(), 0)):
                    return None
                part = os.read(child.stdout.fileno(), 1 << 20)
                if not part:
                    return None
                got += part
        return got[_LENGTH:]

    def _running(self) -> subprocess.Popen[bytes]:
        if self._parent != os.getpid():  # after a fork it is somebody else's child
            self._child = None
        if self._child is None or self._child.poll() is not None:
            command = [sys.executable, "-m", "anyshore.host.apart", str(self.allowed.seconds), str(self.allowed.memory)]
            self._child = subprocess.Popen(  # noqa: S603 - a fixed command of our own
                [*command, self.prepare], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._parent, self._served = os.getpid(), 0
        return self._child

    def end(self) -> None:
        """Ends the child, if there is one and it is ours; the next call begins another."""
        child, self._child = self._child, None
        if child is None or self._parent != os.getpid():
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was written to it and not read is of no use any more
                    continue


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(_LENGTH)
    return stream.read(int.from_bytes(head)) if len(head) == _LENGTH else None


def _named(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)


def main(seconds: int, memory: int, prepare: str) -> None:
    """The child: calls what it is told to until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if prepare:
        _named(prepare)()
    resource.setrlimit(resource.RLIMIT_DATA, (memory * 1024 * 1024,) * 2)
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    while (asked := _read(source)) is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))
        function, arguments = pickle.loads(asked)  # noqa: S301 - of our own parent
        try:
            found: tuple[bool, Any] = True, _named(function)(*arguments)
        except MemoryError:
            return
        except AnyshoreError as problem:
            found = False, _plain(problem)
        except Exception as problem:  # noqa: BLE001 - told where it was asked for, as any fault of ours
            traceback.print_exc()
            found = False, InternalError("internal", f"{type(problem).__name__}: {problem}")
        answer = pickle.dumps(found)
        target.write(len(answer).to_bytes(_LENGTH) + answer)
        target.flush()


def _plain(problem: AnyshoreError) -> AnyshoreError:
    """An error that can be pickled: of a kind that is made of its parts."""
    made = problem.of(list(problem.diagnostics)) if hasattr(problem, "of") else None
    try:
        pickle.loads(pickle.dumps(made or problem))  # noqa: S301 - our own
    except TypeError:
        return AnyshoreError(problem.code, problem.message, problem.location, problem.hint)
    return made or problem


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
