"""HiGHS in one thread and without a word on standard output, where machines read what a command answers."""

from __future__ import annotations

from typing import Any


def silent() -> Any:
    """An empty programme.

    ``highspy.Highs()`` prints two lines about itself while it is made, before its output can be turned off: it asks for
    its callbacks then, and that is where it can be turned off first.
    """
    import highspy  # loading it takes a while, and most who import this make no roster

    class Silent(highspy.Highs):
        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    found: Any = Silent()  # type: ignore[no-untyped-call]
    found.setOptionValue("threads", 1)
    return found
