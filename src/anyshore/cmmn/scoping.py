"""Which instances hear each other: those in the same instance of the innermost stage around both (ADR 0303)."""

from __future__ import annotations

from dataclasses import replace

from anyshore.cmmn.definition import Definition, Listener


def give_scopes(definition: Definition) -> None:
    """Gives every on-part its scope. Stages must not be planned within themselves."""
    around = _Around(definition)
    for (source, _), listeners in definition.heard_by.items():
        if source in definition.items:
            listeners[:] = [_scoped(definition, around, source, listener) for listener in listeners]


def _scoped(definition: Definition, around: _Around, source: str, listener: Listener) -> Listener:
    if listener.owner not in definition.items:
        return listener
    one, other = definition.items[source], definition.items[listener.owner]
    around_one, around_other = around.stages(one.container), around.stages(other.container)
    if other.stage is not None and other.stage in around_one:
        scope = other.stage
    elif one.stage is not None and one.stage in around_other:
        scope = one.stage
    else:
        scope = next((stage for stage in around_one if stage in around_other), definition.root)
    return replace(listener, scope=scope)


class _Around:
    def __init__(self, definition: Definition) -> None:
        self.users: dict[str, list[str]] = {}
        for item in definition.items.values():
            if item.stage is not None and item.container:
                self.users.setdefault(item.stage, []).append(item.container)
        self.known: dict[str, dict[str, None]] = {"": {}}

    def stages(self, stage: str) -> dict[str, None]:
        """A stage and the stages around it, innermost first."""
        found = self.known.get(stage)
        if found is None:
            found = {stage: None}
            level = [stage]
            while level:
                level = [user for inner in level for user in self.users.get(inner, ()) if user not in found]
                found.update(dict.fromkeys(level))
            self.known[stage] = found
        return found
