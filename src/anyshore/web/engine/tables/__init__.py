"""The store port in SQL, a file per topic. Each is a mixin over ``base.Tables`` and knows only its own tables."""
