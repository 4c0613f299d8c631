"""Times of a log from text, in formats that are tried as a whole: a column has one format, or it is refused.

ISO 8601 in its usual forms and dates with dots are read without being told. Dates with slashes are not: 03/04/2026 is
March in one country and April in another, so their format must be given.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from anyshore.base.errors import DataError
from anyshore.base.locations import Location

ZONED = ("%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%:z")
LOCAL = (
    "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M:%S%.f", "%d.%m.%Y %H:%M", "%Y-%m-%d", "%d.%m.%Y",
)  # fmt: skip
_DATE_ONLY = frozenset({"%Y-%m-%d", "%d.%m.%Y"})


def read_times(texts: pl.Series, form: str, file: str, first_row: int = 1) -> tuple[pl.Series, bool]:
    """Texts as microseconds since 1970.

    Args:
        texts: of one column; null where there is none.
        form: the format as ``strptime`` writes it; empty to try the known ones.
        file: for messages.
        first_row: number of the first row in the file, for messages.

    Returns:
        whole numbers (null stays null), and whether they are UTC.

    Raises:
        DataError: no one format fits all texts; with the row that does not fit.
    """
    # Offset "Z" (ISO 8601 4.2.5.1) as the parser of formats knows it.
    plain = texts.str.strip_chars().str.replace(r"[zZ]$", "+00:00")
    zoned = [form] if form and _has_offset(form) else [] if form else list(ZONED)
    local = [form] if form and not _has_offset(form) else [] if form else list(LOCAL)
    for one in zoned:
        found = _parsed(plain, one, zone="UTC")
        if _fits(found, plain):
            return found.dt.timestamp("us"), True
    for one in local:
        found = _parsed(plain, one, zone=None)
        if _fits(found, plain):
            return found.dt.timestamp("us"), False
    best = max((_parsed(plain, one, "UTC" if one in zoned else None) for one in (*zoned, *local)), key=_known)
    row = int(((best.is_null() & plain.is_not_null()).arg_true())[0])
    raise DataError(
        "event-log.time",
        f"{texts[row]!r} is no time" + (f" of the format {form!r}." if form else " of a format that is known."),
        Location(file, line=row + first_row),
        "Give the format of the column, for example '%d/%m/%Y %H:%M'.",
    )


def _parsed(texts: pl.Series, form: str, zone: str | None) -> pl.Series:
    if form in _DATE_ONLY:
        return texts.str.to_date(form, strict=False).cast(pl.Datetime("us"))
    arguments: dict[str, Any] = {"time_unit": "us", "strict": False, "exact": True}
    if zone:
        arguments["time_zone"] = zone
    return texts.str.to_datetime(form, **arguments)


def _fits(found: pl.Series, texts: pl.Series) -> bool:
    return found.null_count() == texts.null_count()


def _known(found: pl.Series) -> int:
    return len(found) - found.null_count()


def _has_offset(form: str) -> bool:
    return "%z" in form or "%:z" in form or "%#z" in form
