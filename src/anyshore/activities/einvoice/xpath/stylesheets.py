"""Reads a compiled Schematron, as SchXslt and the ISO skeleton write them, back into its patterns and rules.

Both make a template of each rule, with the pattern as its mode or in a parameter, and let every element (and attribute)
meet the first rule of each pattern that fits it. What else a stylesheet does is of its report alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from anyshore.activities.einvoice.schematron import SVRL, Assertion, assertion
from anyshore.activities.einvoice.xpath.parsing import NotUnderstoodError

XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SCHXSLT = "{https://doi.org/10.5281/zenodo.1495494}"
_FAILED, _REPORTED = f"{SVRL}failed-assert", f"{SVRL}successful-report"
_UNSEEN = frozenset({f"{SVRL}fired-rule", f"{SVRL}suppressed-rule", f"{XSL}apply-templates", f"{XSL}next-match"})
_REPORT = ("schematron-", "schxslt", "generate-id")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its name, its expression, its type where one is said, and the prefixes it may use."""

    name: str
    select: str
    type: str
    namespaces: dict[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """An assertion or a report.

    Attributes:
        test: the expression; it is found where this is true.
        negated: whether it is found where the expression is false instead.
        said: what is said then.
        text: its words, as pieces: strings, and expressions whose value stands there; None where ``said`` has them.
    """

    test: str
    negated: bool
    said: Assertion
    text: tuple[str | Variable, ...] | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        match: the pattern of its context.
        pattern: the number of the pattern it belongs to.
        template: what it is written as.
        inner: the part of it with its checks.
    """

    match: str
    pattern: int
    template: etree._Element
    inner: etree._Element

    @property
    def namespaces(self) -> dict[str, str]:
        """The prefixes its expressions may use."""
        return _prefixes(self.template)

    def body(self) -> tuple[Variable | Check, ...]:
        """Its variables and checks in order.

        Raises:
            NotUnderstoodError: it holds what is not known.
        """
        variables = self.template.iterchildren(f"{XSL}variable") if self.inner is not self.template else ()
        return (*map(variable, variables), *_body(self.inner))


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the stylesheet: its parameters and variables, and the expression of its value."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    variables: tuple[Variable, ...]
    result: Variable


@dataclass(slots=True)
class Stylesheet:
    """A compiled Schematron.

    Attributes:
        skeleton: whether the ISO skeleton wrote it; else SchXslt did.
        rules: in the order in which they are tried.
        variables: those of the whole, as elements by name.
        functions: as elements, by name as it is written.
        attributes: whether attributes are looked at too, by pattern.
    """

    skeleton: bool = False
    rules: list[Rule] = field(default_factory=list)
    variables: dict[str, etree._Element] = field(default_factory=dict)
    functions: dict[str, etree._Element] = field(default_factory=dict)
    attributes: dict[int, bool] = field(default_factory=dict)


def read(root: etree._Element) -> Stylesheet:
    """The rules of a stylesheet.

    Raises:
        NotUnderstoodError: it is none of the two kinds.
    """
    if root.get("version") not in ("2.0", "3.0") or root.get("xpath-default-namespace"):
        raise NotUnderstoodError("a stylesheet of another version")
    sheet = Stylesheet(skeleton=next(root.iter(f"{_SCHXSLT}rule"), None) is None)
    for one in root:
        name = one.get("name", "")
        if one.tag in (f"{XSL}variable", f"{XSL}param") and not name.startswith("schxslt"):
            sheet.variables[name] = one
        elif one.tag == f"{XSL}function":
            sheet.functions[name] = one
    _rules(root, sheet)
    if not sheet.rules:
        raise NotUnderstoodError("a stylesheet without rules")
    return sheet


def _rules(root: etree._Element, sheet: Stylesheet) -> None:
    templates = [one for one in root.iterchildren(f"{XSL}template") if one.get("match") and _of_rules(one)]
    order = _patterns(root)
    ranked = sorted(enumerate(templates), key=lambda item: (-float(item[1].get("priority", "0")), -item[0]))
    for _, template in ranked:
        pattern = template.find(f"{XSL}choose/{XSL}otherwise/{_SCHXSLT}rule")
        word = pattern.get("pattern", "") if pattern is not None else template.get("mode", "")
        if float(template.get("priority", "0")) < 0:
            continue
        number = order[word]
        sheet.rules.append(Rule(template.get("match", ""), number, template, template if pattern is None else pattern))
    for template in templates:
        applied = template.find(f"{XSL}apply-templates")
        if applied is not None and template.get("match") == "@*|node()":
            sheet.attributes[order[template.get("mode", "")]] = "@*" in (applied.get("select") or "")


def _of_rules(template: etree._Element) -> bool:
    mode = template.get("mode") or ""
    return bool(mode) and mode != "#all" and not mode.startswith(_REPORT)


def _patterns(root: etree._Element) -> dict[str, int]:
    """The number of each pattern, by its id or its mode, in the order of the report."""
    found = [one.get("id", "") for one in root.iter(f"{_SCHXSLT}pattern")]
    if not found:
        templates = root.iterchildren(f"{XSL}template")
        main = next((one for one in templates if one.get("match") == "/" and not one.get("mode")), None)
        if main is None:
            raise NotUnderstoodError("a stylesheet of another form")
        found = [one.get("mode", "") for one in main.iter(f"{XSL}apply-templates") if one.get("mode")]
    return {one: number for number, one in enumerate(found)}


def _prefixes(element: etree._Element) -> dict[str, str]:
    return {prefix: uri for prefix, uri in element.nsmap.items() if prefix is not None}


def variable(element: etree._Element) -> Variable:
    """A variable.

    Raises:
        NotUnderstoodError: it is put together of more than an expression.
    """
    select = element.get("select")
    if select is None:
        raise NotUnderstoodError(f"the variable {element.get('name')} is put together")
    return Variable(element.get("name", ""), select, element.get("as", ""), _prefixes(element))


def function(element: etree._Element) -> Function:
    """A function that is variables and one expression.

    Raises:
        NotUnderstoodError: it is more.
    """
    parameters, variables = [], []
    for one in element.iterchildren(etree.Element):
        if one.tag == f"{XSL}param":
            parameters.append((one.get("name", ""), one.get("as", "")))
        elif one.tag == f"{XSL}variable" and one.get("select") is not None:
            variables.append(variable(one))
        elif one.tag in (f"{XSL}sequence", f"{XSL}value-of") and one.get("select") and one.getnext() is None:
            kind = "xs:string" if one.tag == f"{XSL}value-of" else ""
            kind = element.get("as", kind)
            result = Variable("", one.get("select", ""), kind, _prefixes(one))
            return Function(element.get("name", ""), tuple(parameters), tuple(variables), result)
        else:
            break
    raise NotUnderstoodError(f"the function {element.get('name')} is more than an expression")


def _body(rule: etree._Element) -> Iterator[Variable | Check]:
    for one in rule.iterchildren(etree.Element):
        if one.tag == f"{XSL}variable":
            yield variable(one)
        elif one.tag == f"{XSL}if" and len(one) == 1 and one[0].tag in (_FAILED, _REPORTED):
            yield _check(one.get("test", ""), False, one[0])
        elif one.tag == f"{XSL}choose" and len(one) == 2 and len(one[1]) == 1 and one[1][0].tag == _FAILED:
            yield _check(one[0].get("test", ""), True, one[1][0])
        elif one.tag not in _UNSEEN:
            raise NotUnderstoodError(f"a rule holds {one.tag}")


def _check(test: str, negated: bool, found: etree._Element) -> Check:  # as in ``Check``
    said = {str(name): _unbraced(str(value)) for name, value in found.attrib.items() if name != "location"}
    for one in found.iterchildren(f"{XSL}attribute"):
        if one.get("name") != "location":
            if len(one) or one.get("select") is not None:
                raise NotUnderstoodError("what is said is put together")
            said[one.get("name", "")] = one.text or ""
    text = found.find(f"{SVRL}text")
    pieces = tuple(_pieces(text)) if text is not None and len(text) else None
    return Check(test, negated, assertion(said, found), pieces)


def _unbraced(value: str) -> str:
    """An attribute as it is written into the report."""
    written = re.sub(r"\{\{|\}\}|\{(\d+)\}", lambda found: found[1] or found[0][0], value)
    if re.search(r"[{}]", re.sub(r"\{\{|\}\}|\{\d+\}", "", value)):
        raise NotUnderstoodError("what is said is put together")
    return written


def _pieces(text: etree._Element) -> Iterator[str | Variable]:
    yield text.text or ""
    for one in text:
        if one.tag == f"{XSL}value-of" and one.get("select") and one.get("separator") is None:
            yield Variable("", one.get("select", ""), "", _prefixes(one))
        elif one.tag == f"{XSL}text":
            yield one.text or ""
        elif isinstance(one.tag, str):
            raise NotUnderstoodError(f"words with {one.tag}")
        yield one.tail or ""
