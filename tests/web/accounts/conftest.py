"""The world, for tests of who comes in."""

from tests.web.conftest import english, quick_passwords, shared, world

__all__ = ["english", "quick_passwords", "shared", "world"]
