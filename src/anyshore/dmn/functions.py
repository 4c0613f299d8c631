"""Business knowledge models, decision services and boxed functions as FEEL functions, and calling them from a box."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from anyshore import feel
from anyshore.dmn.compiling import own_names
from anyshore.dmn.elements import BusinessKnowledgeModel, DecisionService, Definitions
from anyshore.dmn.expressions import (
    DecisionTable,
    FunctionDefinition,
    InformationItem,
    Invocation,
    LiteralExpression,
)
from anyshore.dmn.externals import java_function
from anyshore.dmn.hit_policies import MULTIPLE_HIT
from anyshore.dmn.results import Explanation, shown
from anyshore.dmn.run import MAX_DEPTH, Run, Scope
from anyshore.dmn.types import Type
from anyshore.feel import nodes
from anyshore.feel.invoke import apply
from anyshore.feel.origin import Origin
from anyshore.feel.types import ANY, FeelType, ListType, function_type
from anyshore.feel.values import Function, Parameter

if TYPE_CHECKING:
    from lxml import etree

    from anyshore.feel.run import Run as FeelRun

Body = Callable[[dict[str, object]], object]
# What a boxed function costs beyond a function of FEEL, in turns of a loop.
_CALL_STEPS = 4


def boxed_function(definition: FunctionDefinition, scope: Scope, run: Run, owner: Definitions, name: str) -> object:
    """The value of a boxed function definition: a function that remembers its scope (10.3.2.13.2)."""
    if definition.kind == "PMML":
        run.report(
            "dmn.pmml",
            f"The function {name} is defined in PMML, which is not supported.",
            owner.locate(definition.source),
            "Model it as a decision table or a FEEL expression.",
        )
        return None
    external = java_function(run.evaluator(definition.body, scope, run, owner)) if definition.kind == "Java" else None
    if definition.kind == "Java" and external is None:
        _unavailable(name, run, owner, definition.source)

    def body(arguments: dict[str, object]) -> object:
        if definition.kind == "Java":
            return external(tuple(arguments.values())) if external is not None else None
        return run.evaluator(definition.body, {**scope, **arguments, **_nested(arguments)}, run, owner)

    def inferred() -> FeelType:
        return _result_of(definition, run, owner)

    return _function(name, definition.parameters, body, run, owner, definition.source, inferred)


def _result_of(definition: FunctionDefinition, run: Run, owner: Definitions) -> FeelType:
    """The type of what a boxed function gives (10.3.2.9, table 43): as written at it or its body, else as inferred."""
    body = definition.body
    for reference in (definition.type_ref, getattr(body, "type_ref", None)):
        written = result_type(reference, run, owner)
        if written is not None:
            return written.feel
    compiled = getattr(body, "compiled", None)
    if isinstance(body, LiteralExpression) and isinstance(compiled, feel.Expression):
        names = {p.name: run.model.types.lenient(p.type_ref, owner).feel for p in definition.parameters}
        return feel.infer(compiled.tree, names, types=run.model.types.named(owner))
    if isinstance(body, DecisionTable) and len(body.outputs) == 1:
        output = run.model.types.lenient(body.outputs[0].type_ref, owner).feel
        return ListType(output) if body.hit_policy in MULTIPLE_HIT and body.aggregation is None else output
    return ANY


def external_body(compiled: object) -> nodes.FunctionDefinition | None:
    """The definition of a function in another language, where a literal expression is nothing but that."""
    tree = getattr(compiled, "tree", None)
    return tree if isinstance(tree, nodes.FunctionDefinition) and tree.external else None


def external_function(literal: LiteralExpression, scope: Scope, run: Run, owner: Definitions) -> object:
    """The value of ``function(…) external {java: …}`` written as text (10.3.2.13.3)."""
    tree = external_body(literal.compiled)
    assert tree is not None
    assert isinstance(literal.compiled, feel.Expression)
    mapping = feel.compile(literal.compiled.source[tree.body.start : tree.body.end], names=_MAPPING_NAMES)
    method = java_function(mapping.evaluate_in(run.feel, scope))
    if method is None:
        _unavailable("", run, owner, literal.source)

    def body(_feel_run: FeelRun, arguments: Sequence[object]) -> object:
        return None if method is None else method(arguments)

    return Function("", tuple(Parameter(p.name, p.type) for p in tree.parameters), body)


_MAPPING_NAMES = ("method signature",)


def _unavailable(name: str, run: Run, owner: Definitions, source: etree._Element) -> None:
    run.report(
        "dmn.java",
        f"The Java method of the function {name} is not available." if name else "The Java method is not available.",
        owner.locate(source),
        "Only a few methods of java.lang are; model it in FEEL.",
    )


def knowledge_function(model: BusinessKnowledgeModel, scope: Scope, run: Run) -> object:
    """A business knowledge model as a function of its parameters; its variable's type is that of the result."""
    if model.logic is None:
        run.report("dmn.no-logic", f"{model.name} has no logic.", model.owner.locate(model.source))
        return None
    owner = model.owner
    inner = dict(scope)
    function = boxed_function(model.logic, inner, run, owner, model.name)
    if not isinstance(function, Function):
        return None
    references = [model.logic.type_ref, model.variable.type_ref if model.variable else None]
    results = [result_type(reference, run, owner) for reference in references]

    def body(feel_run: FeelRun, arguments: Sequence[object]) -> object:
        names = [parameter.name for parameter in function.parameters]
        enter(run, model.name, "knowledge", dict(zip(names, arguments, strict=True)))
        value = function.body(feel_run, arguments)
        for target in results:
            if target is not None:
                value = run.convert(value, target, model.source, owner, f"The result of {model.name}")
        leave(run, value)
        return value

    def inferred() -> object:
        return next((target.feel for target in results if target is not None), None) or function_type(function).result

    whole = Function(model.name, function.parameters, body, function.result, inferred)
    inner.update(dict.fromkeys(own_names(model), whole))
    return whole


def service_function(service: DecisionService, run: Run) -> object:
    """A decision service as a function of its input data and then its input decisions (10.4)."""
    parameters = run.model.service_parameters(service)
    path = run.path

    def body(arguments: dict[str, object]) -> object:
        return run.serve(service, arguments, run.branch(path))

    items = tuple(
        InformationItem(name, None, service.source) for _, name in parameters
    )  # conversion is done where the service binds them

    def inferred() -> FeelType:
        written = result_type(service.variable.type_ref if service.variable else None, run, service.owner)
        if written is None and len(service.output_decisions) == 1:
            output = run.model.library.resolve(service.output_decisions[0], service.owner)
            variable = getattr(output, "variable", None)
            if output is not None and variable is not None:
                return run.model.types.lenient(variable.type_ref, output.owner).feel
        return ANY if written is None else written.feel

    return _function(service.name, items, body, run, service.owner, service.source, inferred)


def invoke(function: object, arguments: Mapping[str, object], box: Invocation, run: Run, owner: Definitions) -> object:
    """Calls the function of a boxed invocation with arguments by name (10.2.1.3)."""
    place = owner.locate(box.source)
    if not isinstance(function, Function):
        run.report("dmn.no-function", f"What is invoked is no function but {shown(function)}.", place)
        return None
    names = tuple(arguments)
    called_at = (Origin("", place), 0)
    return apply(run.feel, function, list(arguments.values()), names, called_at)


def _function(
    name: str,
    parameters: Sequence[InformationItem],
    body: Body,
    run: Run,
    owner: Definitions,
    source: etree._Element,
    inferred: Callable[[], FeelType],
) -> Function:
    types = [run.model.types.lenient(parameter.type_ref, owner) for parameter in parameters]
    names = [parameter.name for parameter in parameters]

    def call(_feel_run: FeelRun, values: Sequence[object]) -> object:
        if run.depth >= MAX_DEPTH:
            run.report("dmn.depth", f"{name} calls itself too deeply.", owner.locate(source))
            return None
        arguments: dict[str, object] = {}
        for key, value, target in zip(names, values, types, strict=True):
            known = len(run.diagnostics)
            arguments[key] = run.convert(value, target, source, owner, f"The argument {key} of {name or 'a function'}")
            if len(run.diagnostics) > known:
                return None
        run.depth += 1
        run.feel.spend(_CALL_STEPS)
        try:
            return body(arguments)
        finally:
            run.depth -= 1

    formal = tuple(Parameter(key, target.feel) for key, target in zip(names, types, strict=True))
    return Function(name, formal, call, None, inferred)


def _nested(arguments: Mapping[str, object]) -> dict[str, object]:
    """Parameters named ``Person.Age`` as a context ``Person``; the implicit parameters of a table are named so."""
    found: dict[str, object] = {}
    for name, value in arguments.items():
        *path, last = name.split(".")
        if not path:
            continue
        level = found
        for key in path:
            inner = level.setdefault(key.strip(), {})
            if not isinstance(inner, dict):
                break
            level = inner
        else:
            level[last.strip()] = value
    return found


def result_type(reference: str | None, run: Run, owner: Definitions) -> Type | None:
    """The type of what a function returns: tools write a function type, or directly the type of the result."""
    if reference is None:
        return None
    name = " ".join(reference.split())
    item = owner.items.get(name)
    if item is not None and item.function is not None:
        return run.model.types.lenient(item.function.output_type, owner)
    return run.model.types.lenient(name, owner)


def enter(run: Run, name: str, kind: str, arguments: dict[str, object]) -> None:
    """Begins the explanation of an element inside the one being written, where one is."""
    if run.trace is not None:
        part = Explanation(name, kind, arguments)
        run.trace[-1].because.append(part)
        run.trace.append(part)


def leave(run: Run, value: object) -> None:
    """Ends the explanation begun last."""
    if run.trace is not None:
        run.trace.pop().value = value
