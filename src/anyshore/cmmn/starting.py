"""How a case begins."""

from __future__ import annotations

from anyshore.base.errors import CommandRejected
from anyshore.cmmn import files, moves
from anyshore.cmmn.definition import Definition
from anyshore.cmmn.elements import stages
from anyshore.kernel import scopes
from anyshore.kernel.commands import Start
from anyshore.kernel.turn import Turn


def start(turn: Turn, command: Start) -> None:
    """Brings the case plan to life: variables, then the plan items, then the documents that came with it.

    So a sentry hears a document that was there at the start.
    """
    definition: Definition = turn.definition
    if command.element is not None and command.element not in (definition.root, definition.case.id):
        raise CommandRejected("case.start", f"A case begins at its plan, not at {command.element!r}.")
    root = moves.enter_case(turn, definition.items[definition.root])
    values = dict(command.variables)
    for parameter in definition.case.inputs:
        name = parameter.name or parameter.id
        if parameter.id in values and name not in values:  # a mapping from another file knows only the id
            values[name] = values.pop(parameter.id)
        bound = definition.files.get(parameter.binding_ref or "")
        if bound is not None and name in values:
            values.setdefault(bound[0].variable, values[name])
    for name, value in values.items():
        scopes.declare(turn, root, name, value)
    stages.populate(turn, root, definition.items[definition.root])
    for name, value in values.items():
        if name in definition.documents:
            files.changed(turn, definition.documents[name], None, value)
