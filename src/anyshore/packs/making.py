"""Making a pack: a copy of a template under a name of one's own, which works as it is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from anyshore.base.errors import PackError
from anyshore.base.locations import Location
from anyshore.packs import reading
from anyshore.packs.reading import SHIPPED

TEMPLATES = {"bpo": "_template", "kpo": "_template-kpo"}
"""The folder a pack of a kind begins as."""

_ID = re.compile(r"[a-z][a-z0-9-]{0,62}")


def make(name: str, kind: str, into: Path) -> Path:
    """Makes a pack.

    Args:
        name: its id, which is the name of its folder, too.
        kind: ``bpo`` or ``kpo``.
        into: the folder it is made in.

    Returns:
        Its folder.

    Raises:
        PackError: the name is no id or that of a pack that comes with Anyshore, or something of that name is there.
    """
    target = into / name
    if not _ID.fullmatch(name):
        hint = "Use small letters, digits and hyphens, beginning with a letter, at most 63."
        raise PackError("pack.name", f"{name!r} is no name of a pack.", Location(str(target)), hint)
    if any(folder.name == name for folder in reading.find()):
        message = f"A pack {name!r} comes with Anyshore."
        raise PackError("pack.name", message, Location(str(target)), "Choose another name.")
    if target.exists():
        message = "There is something of that name already."
        raise PackError("pack.exists", message, Location(str(target)), "Choose another name, or another folder.")
    template = SHIPPED / TEMPLATES[kind]
    id = template.name.removeprefix("_")
    try:
        shutil.copytree(template, target)
        for path in (target / "pack.yaml", target / "terms.yaml"):
            path.write_text(_renamed(path.read_text(encoding="utf-8"), id, name), encoding="utf-8")
    except OSError as problem:
        message = f"The pack cannot be written: {problem.strerror}."
        raise PackError("pack.not-written", message, Location(str(target)), "Choose another folder.") from problem
    return target


def _renamed(text: str, old: str, new: str) -> str:
    """A file in which the id of the template is that of the pack: where it stands alone, as a key or a value."""
    return re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, text)
