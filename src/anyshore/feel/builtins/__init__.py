"""The built-in functions, a file per type; each file is a table of rows. All of them together: `table.BUILTINS`."""
