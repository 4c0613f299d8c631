"""The typed errors of the whole system. Exceptions stop; diagnostics accumulate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Self, TypeVar

from anyshore.base.locations import Location

Severity = Literal["error", "warning", "info"]
Thing = TypeVar("Thing")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem found in something a user wrote.

    Attributes:
        code: stable short name, for example ``bpmn.missing-target``.
        message: what is wrong and why, in one sentence.
        location: where.
        hint: what to do.
        severity: an ``error`` refuses the file, a ``warning`` does not.
    """

    code: str
    message: str
    location: Location = Location()
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        text = f"{self.location}: {self.severity}: {self.message} [{self.code}]"
        return f"{text}\n    {self.hint}" if self.hint else text

    def as_dict(self) -> dict[str, str | int | None]:
        """The problem as plain data, for ``--json`` and the REST API."""
        place = self.location
        return {
            "code": self.code, "severity": self.severity, "message": self.message, "hint": self.hint,
            "file": place.file, "element": place.element, "line": place.line, "column": place.column,
            "cell": place.cell,
        }  # fmt: skip


class AnyshoreError(Exception):
    """Root of every error raised on purpose.

    Args:
        code: stable short name, for example ``store.locked``.
        message: what happened.
        location: where, if a file is concerned.
        hint: what the reader can do about it.
    """

    def __init__(self, code: str, message: str, location: Location | None = None, hint: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.location = location or Location()
        self.hint = hint

    def __str__(self) -> str:
        place = "" if self.location == Location() else f"{self.location}: "
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message} [{self.code}]{hint}"

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """All problems this error stands for."""
        return (Diagnostic(self.code, self.message, self.location, self.hint),)


class DefinitionError(AnyshoreError):
    """A file a user wrote cannot be used. Carries every problem found in it, not only the first."""

    def __init__(
        self,
        code: str,
        message: str,
        location: Location | None = None,
        hint: str = "",
        *,
        diagnostics: Iterable[Diagnostic] = (),
    ) -> None:
        super().__init__(code, message, location, hint)
        self._diagnostics = tuple(diagnostics) or (Diagnostic(code, message, self.location, hint),)

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """All problems of the file."""
        return self._diagnostics

    def __str__(self) -> str:
        if len(self._diagnostics) == 1:
            return super().__str__()
        return "\n".join([f"{self.message} [{self.code}]", *(str(d) for d in self._diagnostics)])

    @classmethod
    def of(cls, diagnostics: Sequence[Diagnostic]) -> Self:
        """The error for a non-empty list of problems, worded by the first of them."""
        first = diagnostics[0]
        message = first.message if len(diagnostics) == 1 else f"{len(diagnostics)} problems"
        return cls(first.code, message, first.location, first.hint, diagnostics=diagnostics)


class FeelError(DefinitionError):
    """A FEEL expression cannot be read, or broke its budget."""


class DmnError(DefinitionError):
    """A decision model cannot be used."""


class BpmnError(DefinitionError):
    """A process model cannot be used."""


class CmmnError(DefinitionError):
    """A case model or case template cannot be used."""


class FormError(DefinitionError):
    """A form definition cannot be used."""


class PackError(DefinitionError):
    """A service pack cannot be used."""


class TermsError(DefinitionError):
    """A terms file cannot be used."""


class DataError(DefinitionError):
    """An input file (portfolio, invoice, purchase orders, document) cannot be used."""


class CommandRejected(AnyshoreError):
    """A command does not fit the state of its instance. The state is untouched."""


class TooLargeError(AnyshoreError):
    """A value is larger than may be stored or written out."""


class HostError(AnyshoreError):
    """The store or the queue failed, or holds something it should not."""


class InternalError(AnyshoreError):
    """A fault of ours. Please report it with the instance's records."""


def each(do: Callable[[Thing], Found], things: Iterable[Thing]) -> tuple[list[Found], list[Diagnostic]]:
    """What each of several things gives, and the problems of those a file of which cannot be used.

    Args:
        do: reads or checks one of them.
        things: files, say.
    """
    given, problems = list[Found](), list[Diagnostic]()
    for one in things:
        try:
            given.append(do(one))
        except DefinitionError as refused:
            problems += refused.diagnostics
    return given, problems


def wrong_with(check: Callable[[Thing], Iterable[Diagnostic]], things: Iterable[Thing]) -> list[Diagnostic]:
    """What a check finds in several things, also in those a file of which cannot be used, in their order."""
    found = list[Diagnostic]()
    for one in things:
        try:
            found += check(one)
        except DefinitionError as refused:
            found += refused.diagnostics
    return found


def plain(found: Iterable[Diagnostic]) -> list[dict[str, str | int | None]]:
    """Problems as JSON has them."""
    return [diagnostic.as_dict() for diagnostic in found]


def grave(found: Iterable[Diagnostic]) -> bool:
    """Whether there is more among problems than warnings and hints."""
    return any(diagnostic.severity == "error" for diagnostic in found)
