"""A changed definition over the rows of a batch, before it goes live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from anyshore.base.errors import DefinitionError
from anyshore.host.batched import contents
from anyshore.runtime import catalogue
from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.engine.running import host
from anyshore.web.intake import batches

if TYPE_CHECKING:
    from anyshore.columnar.trials import Difference


def tried(by: Person, key: str, number: int, changed: Sequence[tuple[str, bytes]]) -> Difference:
    """What becomes of the rows of a batch with some files of its pack changed; nothing is kept.

    Raises:
        NotFound: there is no such batch.
        Invalid: a file has no place in the pack, or cannot be used.
    """
    # Polars takes a while to load: only where rows are decided.
    from anyshore.columnar import trials
    from anyshore.host.batched import documents

    permissions.engagement(by, key, "work.start")
    row = batches.batch(by, key, number).row
    target, _at, deployment = row.definition.rpartition("@")
    with host().store.transaction() as tx:
        files = {one.name: bytes(one.content) for one in tx.definitions(int(deployment))}
    strange = [name for name, _content in changed if name not in files]
    if strange or not changed:
        names = ", ".join(name for name in sorted(files) if name.endswith((".dmn", ".bpmn")))
        raise Invalid({"file": _("Give changed files of the pack: %s.") % names})
    try:
        versions = [catalogue.read(0, "old", files), catalogue.read(0, "new", {**files, **dict(changed)})]
        found, told = trials.Difference(), contents.read(row)
        for part in told.parts:
            document = documents.opened(host().store, key, part.digest)
            for group in range(document.groups):
                frame = document.group(group, list(told.given)).rename(told.given)
                found.add(
                    *(
                        trials.moved(one.definitions[target].definition, list(one.models.values()), frame)
                        for one in versions
                    )
                )
    except DefinitionError as problem:
        raise Invalid({"file": "\n".join(one.message for one in problem.diagnostics)}) from problem
    except KeyError as problem:
        raise Invalid({"file": _("The process is not there any more.")}) from problem
    return found
