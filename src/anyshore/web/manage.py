"""``python -m anyshore.web.manage``: Django's commands with our settings."""

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Runs one Django command, for example ``migrate`` or ``serve``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyshore.web.site.settings")
    from django.core.management import execute_from_command_line  # reads the settings named above

    execute_from_command_line(["anyshore", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    main()
