"""What came of commands to many instances, printed."""

from __future__ import annotations

import typer

from anyshore.cli import output
from anyshore.host.operations import Outcome


def told(done: Outcome, word: str, json: bool) -> None:
    """Prints what came of commands to many instances; exits with 1 where one refused."""
    if json:
        reasons = [{"instance": number, "reason": reason} for number, reason in done.reasons]
        output.document({"done": done.done, "refused": done.refused, "reasons": reasons})
    else:
        output.out.print(f"{done.done:,} {word}, {done.refused:,} refused.")
        if done.reasons:
            output.table("Refused", ("Instance", "Reason"), done.reasons[:20], right=(0,))
    if done.refused:
        raise typer.Exit(1)
