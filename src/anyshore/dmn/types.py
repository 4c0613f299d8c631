"""Item definitions as types: resolving a ``typeRef``, coercing a value to it, checking its constraints.

A type of FEEL says nothing of allowed values (``256 instance of t255`` is true, 10.3.2.9.3), so a :class:`Type` keeps
the FEEL type and the constraints beside it. A value that does not fit becomes null (10.3.2.9.4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from anyshore.dmn.elements import Definitions, ItemDefinition
from anyshore.dmn.expressions import UnaryTests
from anyshore.dmn.library import Library
from anyshore.feel.run import Run as FeelRun
from anyshore.feel.types import (
    ANY,
    SIMPLE_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    coerce,
)

Admits = Callable[[UnaryTests, Definitions, object], bool]


@dataclass(slots=True, eq=False)
class Type:
    """A type with its constraints.

    Attributes:
        feel: the type without constraints.
        owner: the file whose names its constraints use.
        allowed: restrict the value, or each item of a collection.
        constraint: restricts the value as a whole.
        base: a named type this one restricts.
        item: of a collection, the type of its items.
        components: of a structure.
        constrained: whether a constraint stands anywhere in it.
    """

    feel: FeelType
    owner: Definitions | None = None
    name: str = ""
    allowed: UnaryTests | None = None
    constraint: UnaryTests | None = None
    base: Type | None = None
    item: Type | None = None
    components: tuple[tuple[str, Type], ...] = ()
    constrained: bool = False


ANY_TYPE = Type(ANY, name="Any")


class UnknownType(Exception):
    """A ``typeRef`` means nothing; the argument is the reference."""


class Types:
    """The types of a library, resolved on demand."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[int, str], Type] = {}
        self._open: set[int] = set()
        self._named: dict[int, dict[str, FeelType]] = {}

    def resolve(self, reference: str | None, owner: Definitions) -> Type:
        """The type a reference means in a file.

        Raises:
            UnknownType: it means nothing there.
        """
        if not reference:
            return ANY_TYPE
        key = (id(owner), reference)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._find(" ".join(reference.split()), owner)
        return known

    def lenient(self, reference: str | None, owner: Definitions) -> Type:
        """As :meth:`resolve`, but an unknown type is Any: the check of the model reports it."""
        try:
            return self.resolve(reference, owner)
        except UnknownType:
            return ANY_TYPE

    def named(self, owner: Definitions) -> dict[str, FeelType]:
        """The FEEL types an expression in a file can name: its own, and those of imports with their prefix."""
        found = self._named.get(id(owner))
        if found is None:
            found = self._named[id(owner)] = {}
            for entry in owner.imports:
                target = self._library.imported(entry)
                for name in target.items if target else ():
                    prefix = f"{entry.name}." if entry.name else ""
                    found[prefix + name] = self.lenient(name, target).feel  # type: ignore[arg-type]
            for name in owner.items:
                found[name] = self.lenient(name, owner).feel
        return found

    def _find(self, name: str, owner: Definitions) -> Type:
        item = owner.items.get(name)
        if item is not None:
            return self._of(item, owner)
        # In DMN 1.1 and in the wild a prefix of FEEL's own namespace stands before a simple type.
        simple = SIMPLE_TYPES.get(name) or SIMPLE_TYPES.get(name.removeprefix("feel:"))
        if simple is not None:
            return Type(simple, name=name)
        for entry in owner.imports:
            target = self._library.imported(entry)
            if target is not None and (not entry.name or name.startswith(f"{entry.name}.")):
                try:
                    return self.resolve(name[len(entry.name) + 1 :] if entry.name else name, target)
                except UnknownType:
                    continue
        head, dot, rest = name.rpartition(".")
        if dot:
            # A component of a structure is a type too: tOrder.item
            for key, component in self.resolve(head, owner).components:
                if key == rest:
                    return component
        raise UnknownType(name)

    def _of(self, item: ItemDefinition, owner: Definitions) -> Type:
        if id(item) in self._open:
            return ANY_TYPE  # A type that contains itself; reported by the check.
        self._open.add(id(item))
        try:
            return self._built(item, owner)
        finally:
            self._open.discard(id(item))

    def _built(self, item: ItemDefinition, owner: Definitions) -> Type:
        single = self._single(item, owner)
        if not item.is_collection:
            return single
        return Type(
            ListType(single.feel),
            owner,
            item.name,
            constraint=item.type_constraint,
            item=single,
            constrained=single.constrained or item.type_constraint is not None,
        )

    def _single(self, item: ItemDefinition, owner: Definitions) -> Type:
        constraint = None if item.is_collection else item.type_constraint
        own = item.allowed_values is not None or constraint is not None
        if item.components:
            parts = tuple((component.name, self._of(component, owner)) for component in item.components)
            kind = ContextType({name: part.feel for name, part in parts})
            constrained = own or any(part.constrained for _, part in parts)
            return Type(kind, owner, item.name, item.allowed_values, constraint, None, None, parts, constrained)
        if item.function is not None:
            function = FunctionType(
                tuple(self.lenient(p.type_ref, owner).feel for p in item.function.parameters),
                self.lenient(item.function.output_type, owner).feel,
            )
            return Type(function, owner, item.name)
        base = self.resolve(item.type_ref, owner)
        return Type(
            base.feel,
            owner,
            item.name,
            item.allowed_values,
            constraint,
            base,
            base.item,
            base.components,
            own or base.constrained,
        )


def convert(value: object, target: Type, admits: Admits, run: FeelRun | None = None) -> tuple[object, str]:
    """A value made to fit a type, and what was wrong (empty where nothing was).

    Args:
        value: a FEEL value.
        target: the type.
        admits: evaluates a constraint for a value.
        run: whose budget what it looks at is taken from.
    """
    if value is None or target.feel is ANY:
        return value, ""
    result, fits = coerce(value, target.feel, run)
    if not fits:
        return None, f"a value of type {target.name or target.feel} is wanted"
    if target.constrained:
        broken = violated(result, target, admits)
        if broken:
            return None, broken
    return result, ""


def violated(value: object, target: Type, admits: Admits) -> str:
    """The first constraint of a type a value breaks, in words; null breaks none."""
    if value is None or not target.constrained:
        return ""
    owner = target.owner
    # Allowed values of a collection are those of its items (7.3.3).
    items = value if isinstance(value, list) else [value]
    allowed, constraint = target.allowed, target.constraint
    if allowed is not None and owner is not None and not all(admits(allowed, owner, item) for item in items):
        return f"{target.name} allows only {' '.join(allowed.text.split())}"
    if constraint is not None and owner is not None and not admits(constraint, owner, value):
        return f"{target.name} must satisfy {' '.join(constraint.text.split())}"
    if target.base is not None:
        return violated(value, target.base, admits)
    if target.item is not None and isinstance(value, list):
        return next((broken for item in value if (broken := violated(item, target.item, admits))), "")
    if target.components and isinstance(value, dict):
        for name, part in target.components:
            if broken := violated(value.get(name), part, admits):
                return f"in {name}: {broken}"
    return ""
