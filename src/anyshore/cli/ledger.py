"""``anyshore ledger``: export an engagement's ledger, and verify an export without the database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import NOTHING, Answer, Group, Lang
from anyshore.base.errors import Diagnostic
from anyshore.cli import output, terms
from anyshore.cli.declaring import Engagement
from anyshore.cli.engagements import PeriodOption, Service
from anyshore.terms import dashboard_reading, dashboard_sheets, dashboards
from anyshore.web.site import system
from anyshore.web.site.proof_commands import check_proof, decided, prove, rows


def export(
    engagement: Engagement,
    *,
    file: Annotated[Path, "--out", "Where to write it; ENGAGEMENT.ledger.jsonl if left out."] = Path(),
) -> Answer:
    """Export the whole ledger of an engagement, with everything needed to recompute its figures."""
    target = file if file != Path() else Path(f"{engagement}.ledger.jsonl")
    system.start(read_only=True)
    from anyshore.web.engine import books

    with output.progress("Exporting", books.head(engagement)[0]) as advance:
        entries, digest = books.export(engagement, target, advance)
    text = f"{entries:,} entries in {target}; the last one has the hash {digest}."
    return Answer({"file": str(target), "entries": entries, "hash": digest}, text)


def verify(
    export: terms.Export,
    *,
    month: terms.Asked = (),
    anchor: terms.Anchor = NOTHING,
    totals: Annotated[
        bool, "--totals", "Also count the ledger of its engagement anew in the database; compare the totals kept."
    ] = False,
    batches: Annotated[
        Sequence[Path], "--rows", "Documents of batches, or a folder of them: they are computed anew from their rows."
    ] = (),
    lang: Lang = "en",
) -> Answer:
    """Compute every invoice and correction of an export anew; name each figure that differs from the recorded one."""

    def beside(engagement: str) -> list[Diagnostic]:
        return (_differing(engagement) if totals else []) + (decided(export, [*batches]) if batches else [])

    return terms.recomputed(export, month, anchor, lang, beside)


def _differing(engagement: str) -> list[Diagnostic]:
    system.start()
    from anyshore.web.engine import tally_checks

    return tally_checks.check(engagement)


def count(
    engagement: Engagement, *, anew: Annotated[bool, "--anew", "Throw away what was counted before."] = False
) -> Answer:
    """Count the monthly totals of an engagement now, instead of when somebody looks at them."""
    system.start()
    from anyshore.web.engine import tallies

    found = tallies.counted_now(engagement, anew=anew)
    text = f"{found.sequence:,} entries are counted."
    return Answer({"engagement": engagement, "entries": found.sequence}, text)


def dashboard(export: terms.Export, service: Service, *, by: PeriodOption = "week", lang: Lang = "en") -> Answer:
    """Compute the dashboard of a service from an export alone, as of the time of the export."""
    found, problems = dashboard_reading.of_export(export, service, by)
    return Answer(dashboards.as_dict(found), dashboard_sheets.sheets(found, lang), beside=problems, bad=problems)


GROUP = Group(
    "Export the ledger and verify an export offline.",
    {
        "export": export,
        "verify": verify,
        "prove": prove,
        "check-proof": check_proof,
        "rows": rows,
        "count": count,
        "dashboard": dashboard,
    },
)
