"""A folder of files as a browser gets it from a server."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from anyshore.host.websites.browser import Fetched


@dataclass(frozen=True, slots=True)
class Folder:
    """Files below a path of one place; whatever else is asked for is not contacted.

    Attributes:
        root: the folder.
        place: scheme and host, with no slash at the end.
        below: path the folder is served under, with a slash at either end.
    """

    root: Path
    place: str = "http://site.invalid"
    below: str = "/"

    def address(self, path: str) -> str:
        """Where a file of it is found."""
        return f"{self.place}{self.below}{path}"

    def __call__(self, address: str) -> Fetched | None:
        """What an address gives; see ``browser.Fetch``."""
        parts = urlsplit(address)
        if f"{parts.scheme}://{parts.netloc}" != self.place:
            return None
        path = unquote(parts.path)
        if not path.startswith(self.below):
            return Fetched(404)
        root = self.root.resolve()
        file = (root / path.removeprefix(self.below)).resolve()
        if root not in [file, *file.parents]:
            return Fetched(404)
        if file.is_dir():
            file = file / "index.html"
        if not file.is_file():
            return Fetched(404)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if kind.startswith("text/"):
            kind = f"{kind}; charset=utf-8"
        return Fetched(200, file.read_bytes(), {"content-type": kind})
