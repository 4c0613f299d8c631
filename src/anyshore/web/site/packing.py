"""What is sent is packed (gzip) for browsers that take it: pages and the site's own files.

Pages get random bytes with them, so that their length tells nothing of a secret in them (Heal the BREACH, 2022).
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

PACKED = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json")
LEAST = 1_000
"""Bytes below which packing does not pay."""
RANDOM = 100
"""Most random bytes that go with a page."""


def packed(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Packs what a browser takes packed."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.status_code != 200 or kind not in PACKED or response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" not in request.headers.get("Accept-Encoding", "") or request.method != "GET":
            return response
        return _packed(request, response)

    return middleware


def _packed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if getattr(response, "streaming", False):
        if not request.path_info.startswith("/static/"):
            return response
        content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
        response.streaming_content = [_file(content)]  # type: ignore[attr-defined]
        response.headers["Content-Length"] = str(len(_file(content)))
        del response.headers["ETag"]  # that of the file as it is; when it was changed is told anyway
    else:
        content = response.content  # type: ignore[attr-defined]
        if len(content) < LEAST:
            return response
        response.content = compress_string(content, max_random_bytes=RANDOM)  # type: ignore[attr-defined]
        response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
    response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=64)
def _file(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)
