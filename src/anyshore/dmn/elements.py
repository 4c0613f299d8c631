"""The elements of a decision requirements graph and of a definitions file (DMN 1.5 clause 6), as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from anyshore.base.xml import XmlDocument
from anyshore.dmn.expressions import Expression, FunctionDefinition, InformationItem, UnaryTests

if TYPE_CHECKING:
    from lxml import etree

    from anyshore.base.locations import Location


Implied: TypeAlias = Literal["", "column", "cell"]


@dataclass(slots=True, eq=False)
class FunctionItem:
    """The type of a function: its parameters and what it returns (7.3.3)."""

    parameters: tuple[InformationItem, ...]
    output_type: str | None


@dataclass(slots=True, eq=False)
class ItemDefinition:
    """A type with a name: a restricted type, a structure, a function type, or a list of one of them (7.3.3).

    Attributes:
        allowed_values: restrict the value; for a collection, each of its items.
        type_constraint: restricts the value; for a collection, the collection as a whole (DMN 1.5).
    """

    name: str
    type_ref: str | None
    is_collection: bool
    allowed_values: UnaryTests | None
    type_constraint: UnaryTests | None
    components: tuple[ItemDefinition, ...]
    function: FunctionItem | None
    source: etree._Element


@dataclass(slots=True, eq=False)
class Import:
    """A reference to another file (6.3.3); an empty name brings its elements in without a prefix."""

    name: str
    namespace: str
    location: str | None
    import_type: str
    source: etree._Element


@dataclass(slots=True, eq=False)
class InputData:
    """What a decision is made on (6.3.11).

    Attributes:
        implied: where it is in no requirement, but read by name, as Camunda's tables do: ``column`` or, where nothing
            but a cell reads it, ``cell``.
    """

    id: str
    name: str
    variable: InformationItem | None
    source: etree._Element
    owner: Definitions = field(repr=False)
    implied: Implied = ""


@dataclass(slots=True, eq=False)
class Decision:
    """A decision (6.3.7). References are ``href`` values, resolved by the model."""

    id: str
    name: str
    variable: InformationItem | None
    expression: Expression | None
    required_inputs: tuple[str, ...]
    required_decisions: tuple[str, ...]
    required_knowledge: tuple[str, ...]
    required_authorities: tuple[str, ...]
    question: str
    allowed_answers: str
    description: str
    source: etree._Element
    owner: Definitions = field(repr=False)


@dataclass(slots=True, eq=False)
class BusinessKnowledgeModel:
    """Decision logic with a name and parameters (6.3.9)."""

    id: str
    name: str
    variable: InformationItem | None
    logic: FunctionDefinition | None
    required_knowledge: tuple[str, ...]
    source: etree._Element
    owner: Definitions = field(repr=False)


@dataclass(slots=True, eq=False)
class DecisionService:
    """Decisions published for reuse (6.3.10): a function of its input data and, after them, its input decisions."""

    id: str
    name: str
    variable: InformationItem | None
    output_decisions: tuple[str, ...]
    encapsulated_decisions: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]
    source: etree._Element
    owner: Definitions = field(repr=False)


@dataclass(slots=True, eq=False)
class KnowledgeSource:
    """An authority for decisions: a law, a policy, a person (6.3.12)."""

    id: str
    name: str
    location: str | None
    source: etree._Element
    owner: Definitions = field(repr=False)


DrgElement: TypeAlias = InputData | Decision | BusinessKnowledgeModel | DecisionService | KnowledgeSource


@dataclass(slots=True, eq=False)
class Definitions:
    """One file: types, imports and the elements of its graph."""

    id: str
    name: str
    namespace: str
    version: str
    document: XmlDocument = field(repr=False)
    camunda: bool = False
    imports: list[Import] = field(default_factory=list)
    items: dict[str, ItemDefinition] = field(default_factory=dict)
    by_id: dict[str, DrgElement] = field(default_factory=dict)
    by_name: dict[str, DrgElement] = field(default_factory=dict)

    def locate(self, source: etree._Element, name: str | None = None) -> Location:
        """The place of an XML element of this file."""
        return self.document.locate(source, name)

    def elements(self, kind: type[DrgElement]) -> list[DrgElement]:
        """The elements of one kind, in document order."""
        return [element for element in self.by_id.values() if isinstance(element, kind)]
