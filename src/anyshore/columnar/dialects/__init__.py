"""Plans in the words of an engine: Polars expressions, SQL of DuckDB and of Spark. A file per dialect."""
