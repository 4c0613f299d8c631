"""A BPMN file as the static rules look at it: elements by tag and id, flows by their ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from anyshore.base.xml import XmlDocument
from anyshore.bpmn.namespaces import ANYSHORE, BPMN, EXECUTING_VENDORS, FEEL_LANGUAGES, XSI, bpmn

Finding = tuple[etree._Element, str]
"""Where a rule is broken, and how."""


def names(written: str) -> frozenset[str]:
    """Tags, written with spaces between them."""
    return frozenset(written.split())


TASKS = names("task sendTask receiveTask serviceTask userTask manualTask scriptTask businessRuleTask")
SUBPROCESSES = frozenset(("subProcess", "transaction", "adHocSubProcess"))
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
CATCHING = frozenset(("startEvent", "intermediateCatchEvent", "boundaryEvent"))
THROWING = frozenset(("intermediateThrowEvent", "endEvent", "implicitThrowEvent"))
EVENTS = CATCHING | THROWING
GATEWAYS = names("exclusiveGateway inclusiveGateway parallelGateway complexGateway eventBasedGateway")
CHOREOGRAPHY_ACTIVITIES = frozenset(("choreographyTask", "callChoreography", "subChoreography"))
PROCESS_NODES = ACTIVITIES | EVENTS | GATEWAYS
FLOW_NODES = PROCESS_NODES | CHOREOGRAPHY_ACTIVITIES
ARTIFACTS = frozenset(("association", "group", "textAnnotation"))
CONVERSATIONS = frozenset(("conversation", "subConversation", "callConversation"))
EVENT_DEFINITIONS = names(
    "messageEventDefinition timerEventDefinition conditionalEventDefinition signalEventDefinition errorEventDefinition "
    "escalationEventDefinition compensateEventDefinition cancelEventDefinition linkEventDefinition "
    "terminateEventDefinition"
)
ITEM_AWARE = names(
    "dataInput dataOutput dataObject dataObjectReference dataStore dataStoreReference property inputDataItem "
    "outputDataItem"
)
GLOBAL_TASKS = frozenset(
    ("globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask")
)

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_MIME = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(\s*;\s*[\w-]+=\S+)*")
_TRUE = frozenset(("true", "1"))


def tag(element: etree._Element) -> str:
    """The local tag."""
    return etree.QName(element).localname


def text(element: etree._Element | None) -> str:
    """The text of an element and what is in it, without the space around it."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that BPMN tag."""
    return element.find(bpmn(name))


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """All children of those BPMN tags, in document order."""
    return list(element.iterchildren(*(bpmn(name) for name in names)))


def refs(element: etree._Element, name: str) -> list[str]:
    """The ids in child elements of that tag."""
    return [local(text(one)) for one in children(element, name)]


def local(reference: str | None) -> str:
    """A reference without its prefix."""
    return (reference or "").strip().rsplit(":", 1)[-1]


def flag(element: etree._Element, name: str, default: bool = False) -> bool:
    """A boolean attribute."""
    written = element.get(name)
    return default if written is None else written.strip() in _TRUE


def parent(element: etree._Element) -> etree._Element | None:
    """The element around it; None for the root."""
    return element.getparent()


def label(element: etree._Element) -> str:
    """How to speak of an element."""
    name = element.get("name") or element.get("id")
    return f"{tag(element)} {name!r}" if name else f"this {tag(element)}"


def is_formal(element: etree._Element) -> bool:
    """Whether an expression says that it is a ``tFormalExpression``."""
    return local(element.get(f"{{{XSI}}}type")) == "tFormalExpression"


def is_event_subprocess(element: etree._Element) -> bool:
    """Whether it is a sub-process that an event triggers."""
    return tag(element) in SUBPROCESSES and flag(element, "triggeredByEvent")


def is_uri(written: str) -> bool:
    """Whether a text is a URI with a scheme (RFC 3986, 3)."""
    return _URI.fullmatch(written.strip()) is not None


def is_mime(written: str) -> bool:
    """Whether a text is a MIME type (RFC 2046)."""
    return _MIME.fullmatch(written.strip()) is not None


def in_ad_hoc(element: etree._Element) -> bool:
    """Whether it stands directly in an ad-hoc sub-process, where flows order only what they connect (13.3.5)."""
    around = parent(element)
    return around is not None and tag(around) == "adHocSubProcess"


def executable(element: etree._Element) -> bool:
    """Whether it belongs to a process that is marked as executable."""
    process = element if element.tag == bpmn("process") else next(element.iterancestors(bpmn("process")), None)
    return process is not None and flag(process, "isExecutable")


def has_extension(element: etree._Element, *names: str) -> bool:
    """Whether an engine's own attribute or extension element of such a name stands on an element."""
    for qualified in element.attrib:
        name = etree.QName(str(qualified))
        if name.namespace in _ENGINES and name.localname in names:
            return True
    extensions = child(element, "extensionElements")
    inside = [] if extensions is None else list(extensions.iterchildren(etree.Element))
    return any(etree.QName(one).namespace in _ENGINES and tag(one) in names for one in inside)


_ENGINES = frozenset(EXECUTING_VENDORS) | {ANYSHORE}


class Tree:
    """The indexes of one file.

    Attributes:
        document: the file.
        root: its ``definitions``.
        ids: every BPMN element by its id, the first where several have the same.
        drawing: whether nothing in the file is executable.
        for_engine: whether the file carries the namespace of an engine, ours or another. Such a file says in extensions
            what plain BPMN says in interfaces and operations.
        strict: whether a flow counts only where it and the nodes at its ends agree about it. Else the flow alone says
            where it leads, as in a run: many modellers list no flows at the nodes, or some.
        unlisted: whether no node lists the flows that touch it, in a drawing or a file of an engine.
        feel: whether the file says that its expressions are FEEL.
    """

    def __init__(self, document: XmlDocument, *, strict: bool = True) -> None:
        self.document = document
        self.strict = strict
        self.root = document.root
        self.ids: dict[str, etree._Element] = {}
        self._tags: dict[str, list[etree._Element]] = {}
        self._into: dict[str, list[str]] = {}
        self._out: dict[str, list[str]] = {}
        for element in self.root.iter(f"{{{BPMN}}}*"):
            self._tags.setdefault(tag(element), []).append(element)
            name = element.get("id")
            if name:
                self.ids.setdefault(name, element)
        for flow in self.all("sequenceFlow"):
            name = flow.get("id") or f"{flow.get('sourceRef')}->{flow.get('targetRef')}"
            self._into.setdefault(local(flow.get("targetRef")), []).append(name)
            self._out.setdefault(local(flow.get("sourceRef")), []).append(name)
        self.for_engine = any(
            namespace in _ENGINES for element in self.root.iter(etree.Element) for namespace in element.nsmap.values()
        )
        self.drawing = not any(executable(process) for process in self.all("process"))
        listed = "incoming" in self._tags or "outgoing" in self._tags
        self.unlisted = (self.for_engine or self.drawing) and not listed
        language = self.root.get("expressionLanguage") or ""
        self.feel = language in FEEL_LANGUAGES or language.lower() in FEEL_LANGUAGES

    def all(self, *names: str) -> Iterator[etree._Element]:
        """Every element of those BPMN tags."""
        for name in names:
            yield from self._tags.get(name, ())

    def target(self, reference: str | None) -> etree._Element | None:
        """The element that a reference means; None where it is not in the file."""
        if not reference:
            return None
        found = self.ids.get(reference.strip())
        return found if found is not None else self.ids.get(local(reference))

    def incoming(self, node: etree._Element) -> set[str]:
        """Sequence flows that lead to a node, where flow and node agree about it."""
        flows = set(self._into.get(node.get("id", ""), ()))
        return flows if self.unlisted or not self.strict else flows & set(refs(node, "incoming"))

    def outgoing(self, node: etree._Element) -> set[str]:
        """Sequence flows that leave a node, where flow and node agree about it."""
        flows = set(self._out.get(node.get("id", ""), ()))
        return flows if self.unlisted or not self.strict else flows & set(refs(node, "outgoing"))

    def any_incoming(self, node: etree._Element) -> set[str]:
        """Sequence flows of which the flow or the node says that they lead to the node."""
        return set(refs(node, "incoming")) | set(self._into.get(node.get("id", ""), ()))

    def any_outgoing(self, node: etree._Element) -> set[str]:
        """Sequence flows of which the flow or the node says that they leave the node."""
        return set(refs(node, "outgoing")) | set(self._out.get(node.get("id", ""), ()))

    def definitions(self, event: etree._Element) -> list[etree._Element]:
        """The event definitions of an event, its own and those it refers to."""
        found = []
        for one in event.iterchildren(f"{{{BPMN}}}*"):
            if tag(one) in EVENT_DEFINITIONS:
                found.append(one)
            elif tag(one) == "eventDefinitionRef":
                meant = self.target(text(one))
                if meant is not None and tag(meant) in EVENT_DEFINITIONS:
                    found.append(meant)
        return found

    def executed(self, element: etree._Element) -> bool:
        """Whether an executable process contains an element, or refers to the event definition around it."""
        if next(element.iterancestors(bpmn("process")), None) is not None:
            return executable(element)
        shared = element
        while tag(shared) not in EVENT_DEFINITIONS:
            around = shared.getparent()
            if around is None:
                return False
            shared = around
        users = (one for one in self.all("eventDefinitionRef") if executable(one))
        return any(self.target(text(one)) is shared for one in users)

    def kinds(self, event: etree._Element) -> list[str]:
        """Kinds of the event definitions of an event: ``message``, ``timer`` and so on."""
        return [tag(one).removesuffix("EventDefinition") for one in self.definitions(event)]

    def flows_from(self, node: etree._Element) -> list[etree._Element]:
        """The sequence flows that leave a node, as the flows say."""
        return [flow for flow in self.all("sequenceFlow") if local(flow.get("sourceRef")) == node.get("id")]

    def item(self, element: etree._Element | None) -> etree._Element | None:
        """The item definition of an item-aware element, a message, signal, error or escalation; None where unknown."""
        if element is None:
            return None
        if tag(element) in ("dataObjectReference", "dataStoreReference") and element.get("itemSubjectRef") is None:
            name = "dataObjectRef" if tag(element) == "dataObjectReference" else "dataStoreRef"
            return self.item(self.target(element.get(name)))
        attribute = {"message": "itemRef", "signal": "structureRef", "error": "structureRef",
                     "escalation": "structureRef"}.get(tag(element), "itemSubjectRef")  # fmt: skip
        found = self.target(element.get(attribute))
        return found if found is not None and tag(found) == "itemDefinition" else None


def same_item(one: etree._Element, other: etree._Element) -> bool:
    """Whether two item definitions describe the same structure."""
    structure = one.get("structureRef")
    return one is other or (structure is not None and structure == other.get("structureRef"))
