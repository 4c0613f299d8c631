"""Files that are being checked: what is wrong with them, what they hold, what their decisions say."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.engine.running import host
from anyshore.web.library import examining
from anyshore.web.library.examining import Examined, Tried
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


def examine(by: Person, files: Mapping[str, bytes]) -> Examined:
    """Every problem of the files, and what there is to see of them."""
    permissions.require(by, "process.check")
    return examining.examine(files)


def decide(by: Person, pk: int, file: str, decision: str, inputs: Mapping[str, str]) -> Tried:
    """Tries a decision with given inputs.

    Args:
        by: whose draft it is.
        pk: the draft.
        file: name of the DMN file.
        decision: name of the decision.
        inputs: FEEL literals by name of input; what is no FEEL is taken as text, what is empty is left out.
    """
    files = contents(one(by, pk))
    if file not in files or not file.endswith(".dmn"):
        raise NotFound(_("The draft has no such file."))
    return examining.decide(file, files, decision, inputs, host().clock())
