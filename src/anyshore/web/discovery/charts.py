"""The recall curve of a set of documents, as SVG."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.base.svg import Svg, drawing, element, points
from anyshore.knowledge import queue

WIDTH, HEIGHT = 600, 240
LEFT, RIGHT, TOP, BOTTOM = 40, 590, 20, 210
"""Where the axes stand."""


def recall(relevances: Sequence[bool], total: int) -> Svg:
    """Relevant documents found over documents reviewed.

    Args:
        relevances: of the documents in the order they were reviewed.
        total: documents of the set.
    """
    found = queue.recall_curve(list(relevances))
    most = max(found[-1] if found else 0, 1)
    across, up = (RIGHT - LEFT) / max(total, 1), (BOTTOM - TOP) / most
    steps = [(0, 0), *enumerate(found, 1)]
    line = points((LEFT + across * x, BOTTOM - up * y) for x, y in steps)
    hits, read, whole = (formats.number_format(one, force_grouping=True) for one in (steps[-1][1], len(found), total))
    curve, ordinate, abscissa = _("Recall curve"), _("relevant found"), _("documents reviewed")
    return drawing(
        WIDTH, HEIGHT, f"{curve}: {hits} / {read}",
        element(
            "path", d=f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}", fill="none", stroke="currentColor", stroke_opacity=".4"
        ),
        element("polyline", points=line, fill="none", stroke="var(--sea)", stroke_width=2.5),
        element("text", f"{ordinate}: {hits}", x=44, y=16, font_size=19, fill="currentColor"),
        element(
            "text", f"{abscissa}: {read} / {whole}", x=RIGHT, y=232, font_size=19, text_anchor="end",
            fill="currentColor",
        ),
        class_="curve",
    )  # fmt: skip
