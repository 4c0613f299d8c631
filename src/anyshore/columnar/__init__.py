"""Decision tables over columns: Polars, Arrow and DuckDB data decided at the speed of array lookups."""

from anyshore.columnar.tables import Decided, decide_table

__all__ = ["Decided", "decide_table"]
