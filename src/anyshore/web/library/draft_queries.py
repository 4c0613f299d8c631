"""Files that are being checked: what is wrong with them, what they hold, what their decisions say."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from anyshore.base.errors import Diagnostic
from anyshore.dmn import Result, testing
from anyshore.packs import uploads
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.engine.running import host
from anyshore.web.library.models import Draft


def one(by: Person, pk: int) -> Draft:
    """A draft of the person's own.

    Raises:
        Denied: the person's roles do not include this.
        NotFound: there is none.
    """
    permissions.require(by, "process.check")
    found = by.drafts.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such draft. It was put to use, or thrown away after 30 days."))
    return found


def contents(draft: Draft) -> dict[str, bytes]:
    """Its files by name."""
    return {file.name: bytes(file.content) for file in draft.files.all()}


def check(by: Person, files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Every problem of the files."""
    permissions.require(by, "process.check")
    return uploads.check(files)


def decide(by: Person, pk: int, file: str, decision: str, inputs: Mapping[str, str]) -> Result:
    """Tries a decision with given inputs.

    Args:
        by: whose draft it is.
        pk: the draft.
        file: name of the DMN file.
        decision: name of the decision.
        inputs: FEEL literals by name of input; what is no FEEL is taken as text, what is empty is left out.

    Raises:
        DmnError: the model cannot be used, or has no such decision.
    """
    files = contents(one(by, pk))
    if file not in files or not file.endswith(".dmn"):
        raise NotFound(_("The draft has no such file."))
    model = uploads.decisions(file, files)
    values = {name: testing.read_value(text) for name, text in inputs.items() if text.strip()}
    return model.decide(decision, values, now=host().clock(), explain=True)
