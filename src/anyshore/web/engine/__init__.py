"""The database host: the store port over SQLite and PostgreSQL, and the host the pages talk to.

Rooms: ``models`` (the tables), ``store`` with one file per topic under ``tables`` (raw SQL, one transaction per batch),
``running`` (the host of this process), ``queries`` (instances, work items, incidents, as far as a person may see them).
"""
