"""Whether what a site answered is what was agreed, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expected:
    """What an address has to answer.

    Attributes:
        status: of HTTP, one of them.
        text: that has to be in it; empty for any.
        seconds: it may take; None for as long as may be waited.
    """

    status: tuple[int, ...] = (200,)
    text: str = ""
    seconds: float | None = None


def unmet(expected: Expected, status: int, body: bytes, seconds: float) -> str:
    """Why an answer is not as agreed; empty where it is.

    Args:
        expected: what was agreed.
        status: of HTTP.
        body: what came.
        seconds: it took.
    """
    if status not in expected.status:
        wanted = " or ".join(str(one) for one in expected.status)
        return f"It answers {status} instead of {wanted}."
    if expected.text and expected.text not in body.decode("utf-8", "replace"):
        return f"What it answers does not hold {expected.text!r}."
    if expected.seconds is not None and seconds > expected.seconds:
        return f"It took {seconds:.2f} s; agreed are {expected.seconds:.2f} s."
    return ""
