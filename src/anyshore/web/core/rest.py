"""What all REST routers share: sheets of long lists, and errors in the description."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from anyshore.web.core.errors import Invalid
from anyshore.web.core.paging import LAST, Sheet, sheet


class Paging(Schema):
    """Which sheet of a list."""

    page: int = Field(1, ge=1, le=LAST, description="Which sheet, from 1. The header `Link` names the next one.")
    limit: int = Field(100, ge=1, le=500, description="Rows on a sheet.")


Paged = Annotated[Paging, Query()]


class Upload(Schema):
    """A file: its name and its content in base64."""

    name: str = Field(max_length=300, examples=["RE-2026-0117.xml"])
    content: str = Field(description="base64", examples=["PEludm9pY2UvPg=="])


def decoded(field: str, uploads: Sequence[Upload]) -> list[tuple[str, bytes]]:
    """Names and contents of the files in a field.

    Raises:
        Invalid: one is not base64.
    """
    found = []
    for index, upload in enumerate(uploads):
        try:
            found.append((upload.name, base64.b64decode(upload.content, validate=True)))
        except (binascii.Error, ValueError) as error:
            raise Invalid({f"{field}.{index}.content": "This is not base64."}) from error
    return found


def cut(request: HttpRequest, response: HttpResponse, rows: Sequence[Any] | Any, paging: Paging) -> Sheet:
    """One sheet of the rows; where another one follows, the header ``Link`` (RFC 8288) says where."""
    found = rows if isinstance(rows, Sheet) else sheet(rows, paging.page, paging.limit)
    if found.more:
        asked = request.GET.copy()
        asked["page"] = str(found.number + 1)
        response["Link"] = f'<{request.build_absolute_uri(request.path)}?{asked.urlencode()}>; rel="next"'
    return found
