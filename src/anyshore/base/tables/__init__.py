"""Tables of rows from CSV files and Excel workbooks: the one reader of the whole system.

``open_table`` finds declared columns and gives rows of typed values; ``open_sheet`` gives cells as they stand, for what
is no table of columns. Both read row by row in bounded memory. ``fields`` is for formats whose standard says how fields
are separated.
"""

from anyshore.base.tables.fields import fields
from anyshore.base.tables.headers import Column, columns, schema
from anyshore.base.tables.rows import Row, Table, head, open_table
from anyshore.base.tables.sources import open_sheet, open_workbook

__all__ = ["Column", "Row", "Table", "columns", "fields", "head", "open_sheet", "open_table", "open_workbook", "schema"]
