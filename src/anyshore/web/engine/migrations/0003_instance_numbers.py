"""Instances are numbered by a sequence on PostgreSQL: a counter's row would be held until the transaction ends."""

from typing import Any

from django.db import migrations

CREATE = """
CREATE SEQUENCE engine_instance_number;
SELECT setval('engine_instance_number', COALESCE((SELECT value FROM engine_counter WHERE name = 'instance'), 0) + 1, false)
"""
DROP = """
INSERT INTO engine_counter (name, value) SELECT 'instance', last_value FROM engine_instance_number
    ON CONFLICT (name) DO UPDATE SET value = excluded.value;
DROP SEQUENCE engine_instance_number
"""


def _on_postgresql(sql: str) -> Any:
    def run(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("engine", "0002_signed_terms")]
    operations = [migrations.RunPython(_on_postgresql(CREATE), _on_postgresql(DROP))]
