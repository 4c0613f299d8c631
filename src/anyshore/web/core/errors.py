"""Errors of the web and what they are in HTTP."""

from __future__ import annotations

from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError, CommandRejected, DefinitionError, Diagnostic, HostError
from anyshore.base.locations import Location
from anyshore.host.ports import STORE_FAULTS


class NotFound(AnyshoreError):
    """There is no such thing, or the person may not know of it: both look the same from outside."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__("access.unknown", message, hint=hint)


class Erased(AnyshoreError):
    """There was such a case; what it held is gone for good, and the ledger says since when and why."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__("instance.erased", message, hint=hint)


class Denied(AnyshoreError):
    """The person sees the thing but may not do this with it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__("access.denied", message, hint=hint)


class Invalid(AnyshoreError):
    """What a person entered cannot be accepted. ``fields`` says what is wrong with which field."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("input.invalid", _("Please correct the marked fields."))
        self.fields = fields

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """One problem per field."""
        return tuple(Diagnostic(self.code, text, Location(element=name)) for name, text in self.fields.items())


_STATUS: tuple[tuple[type[AnyshoreError], int], ...] = (
    (NotFound, 404),
    (Erased, 410),
    (Denied, 403),
    (Invalid, 422),
    (DefinitionError, 422),
    (CommandRejected, 409),
    (HostError, 409),
)

_GONE = frozenset({"instance.unknown", "document.unknown"})
"""What a host does not have (any more)."""

RETRY_AFTER = {"store.busy": 2}
"""Seconds after which what the store could not do may be asked again; where it is away, later."""
LATER = 30


def status_of(error: AnyshoreError) -> int:
    """The HTTP status that says the same as the error."""
    if error.code == "store.full":
        return 507
    if error.code in STORE_FAULTS or error.code == "request.too-long":
        return 503  # no fault of the request, which may be sent again: see ``headers_of``
    if error.code in _GONE:
        return 404
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def headers_of(error: AnyshoreError) -> dict[str, str]:
    """What the answer to a request says beside its status."""
    return {"Retry-After": str(RETRY_AFTER.get(error.code, LATER))} if status_of(error) in (503, 507) else {}
