"""What all REST routers share: sheets of long lists, and errors in the description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from anyshore.web.core.paging import LAST, Sheet, sheet


class Paging(Schema):
    """Which sheet of a list."""

    page: int = Field(1, ge=1, le=LAST, description="Which sheet, from 1. The header `Link` names the next one.")
    limit: int = Field(100, ge=1, le=500, description="Rows on a sheet.")


Paged = Annotated[Paging, Query()]


def cut(request: HttpRequest, response: HttpResponse, rows: Sequence[Any] | Any, paging: Paging) -> Sheet:
    """One sheet of the rows; where another one follows, the header ``Link`` (RFC 8288) says where."""
    found = rows if isinstance(rows, Sheet) else sheet(rows, paging.page, paging.limit)
    if found.more:
        asked = request.GET.copy()
        asked["page"] = str(found.number + 1)
        response["Link"] = f'<{request.build_absolute_uri(request.path)}?{asked.urlencode()}>; rel="next"'
    return found
