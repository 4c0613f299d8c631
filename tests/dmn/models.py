"""Small models for tests."""

from __future__ import annotations

from anyshore import dmn
from anyshore.dmn.namespaces import MODEL


def source(body: str, namespace: str = "urn:test", version: str = "1.5") -> bytes:
    """A DMN file with some elements."""
    head = f'<definitions xmlns="{MODEL[version]}" id="m" name="m" namespace="{namespace}">'
    return f"{head}\n{body}\n</definitions>".encode()


def model(body: str) -> dmn.Model:
    """The model of some elements."""
    return dmn.read(source(body), file="m.dmn")


def literal(text: str) -> str:
    """A literal expression."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression><text>{escaped}</text></literalExpression>"


def decision(logic: str, name: str = "D", type_ref: str = "", inputs: tuple[str, ...] = (), knows: str = "") -> str:
    """A decision and the input data it requires."""
    needs = "".join(f'<informationRequirement><requiredInput href="#in_{i}"/></informationRequirement>' for i in inputs)
    known = f'<knowledgeRequirement><requiredKnowledge href="#{knows}"/></knowledgeRequirement>' if knows else ""
    type_ = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{type_}/>{needs}{known}{logic}</decision>'


def input_data(name: str, type_ref: str = "") -> str:
    """Input data."""
    type_ = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<inputData id="in_{name}" name="{name}"><variable name="{name}"{type_}/></inputData>'


def item(name: str, type_ref: str, allowed: str = "", constraint: str = "", collection: bool = False) -> str:
    """A restricted type."""
    parts = f"<typeRef>{type_ref}</typeRef>"
    for tag, text in (("allowedValues", allowed), ("typeConstraint", constraint)):
        if text:
            parts += f"<{tag}><text>{text.replace('<', '&lt;')}</text></{tag}>"
    many = ' isCollection="true"' if collection else ""
    return f'<itemDefinition name="{name}"{many}>{parts}</itemDefinition>'
