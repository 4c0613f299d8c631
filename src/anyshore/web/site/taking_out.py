"""``?export=csv&table=1``: a table of a page as a file, CSV, Excel or PDF, with all its rows.

The page is made as for whoever asks, so a file holds what they may see and the filters and the order that the address
names; see :mod:`anyshore.web.core.taken_out`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import formats
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _

from anyshore.base.tables.writing import Cell, Written, write_csv, write_workbook
from anyshore.web.core import paging, reader, taken_out
from anyshore.web.core.numbers import whole
from anyshore.web.core.taken_out import Table
from anyshore.web.core.templatetags.show import moment
from anyshore.web.engine.running import now
from anyshore.web.site import problems

Answer = Callable[[HttpRequest], HttpResponse]
MOST_NAME = 60
WIDE = 6
"""Columns from which a table is printed across."""


def tables(answer: Answer) -> Answer:
    """Answers with a table of the page where a table is asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        kind = request.GET.get("export", "")
        if request.method != "GET" or kind not in KINDS or request.path_info.startswith("/api/"):
            return answer(request)
        with paging.whole_lists() as list_of:
            response = answer(request)
        if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
            return response
        found = taken_out.table(response.content.decode(), whole(request.GET.get("table", "1")) or 0)
        if found is None or not found.rows:
            return problems.not_found(request, Http404())
        rows = [*found.rows]
        if list_of.cut:
            rows.append([_("Only the first %s rows: narrow the list for the others.") % paging.MOST])
        return _file(kind, Table(found.name, rows))

    return middleware


def _file(kind: str, found: Table) -> HttpResponse:
    content_type, written = KINDS[kind]
    name = slugify(found.name)[:MOST_NAME] or "table"
    response = HttpResponse(written(found), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _csv(found: Table) -> bytes:
    """With the marks of the reader's numbers, and so that their spreadsheet opens it with its letters."""
    point = formats.get_format("DECIMAL_SEPARATOR")
    rows = [[_plain(cell).replace(".", point) if isinstance(cell, Decimal) else cell for cell in row]
            for row in found.rows]  # fmt: skip
    return write_csv(rows, ";" if point == "," else ",", for_people=True).encode("utf-8-sig")


def _xlsx(found: Table) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.xlsx"
        write_workbook([Written(found.name, found.rows)], file)
        return file.read_bytes()


def _pdf(found: Table) -> bytes:
    import typst

    head, *rows = [[_shown(cell) for cell in row] for row in found.rows]
    said = {
        "language": reader.language(), "title": found.name, "head": head,
        "rows": [_padded(row, len(head)) for row in rows], "at": strip_tags(moment(now())), "wide": len(head) >= WIDE,
        "right": [any(isinstance(row[place], Decimal) for row in found.rows if place < len(row))
                  for place in range(len(head))],
    }  # fmt: skip
    made = typst.compile(
        files(__package__).joinpath("table.typ").read_bytes(), format="pdf",
        sys_inputs={"data": json.dumps(said, ensure_ascii=False)}, ignore_system_fonts=True, pdf_standards=["a-2b"],
        timestamp=now() // 1_000_000,
    )  # fmt: skip
    return bytes(made)


def _padded(row: Sequence[str], columns: int) -> list[str]:
    return [*row, *([""] * (columns - len(row)))]


def _shown(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return formats.number_format(cell, -int(cell.as_tuple().exponent), use_l10n=True, force_grouping=True)


def _plain(value: Decimal) -> str:
    return f"{value:f}"


KINDS: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "pdf": ("application/pdf", _pdf),
}
"""What a table can be taken out as: its type, and what writes it."""
