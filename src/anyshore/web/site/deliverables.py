"""Deliverables of cases as files: HTML and PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from anyshore.knowledge import deliverable_html, deliverable_pdf
from anyshore.web.cases import deliverable
from anyshore.web.core.models import Engagement
from anyshore.web.engine.models import Instance


def write(cases: Iterable[Instance], engagement: Engagement, folder: Path | None = None) -> Iterator[Path]:
    """Writes the deliverable of every case that has one; gives the HTML file of each.

    Args:
        cases: the cases.
        engagement: under which they are done.
        folder: where to; the installation's own folder if left out. Files there of the same case are written anew.

    Raises:
        OSError: the folder cannot be written.
    """
    target = folder or Path(settings.HOME) / "deliverables"
    for case in cases:
        made = deliverable.report(case, engagement)
        if made is None:
            continue
        target.mkdir(parents=True, exist_ok=True)
        # Two documents may be called alike: the number of the case tells them apart.
        stem = target / f"{Path(case.reference).stem or 'case'}-{case.pk}"
        page = stem.with_name(f"{stem.name}.html")
        page.write_text(deliverable_html.render(made.composed), encoding="utf-8")
        stem.with_name(f"{stem.name}.pdf").write_bytes(deliverable_pdf.render(made.composed))
        yield page
