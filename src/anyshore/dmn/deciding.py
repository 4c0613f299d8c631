"""The value of an element of the graph: input data, decisions, services (DMN 1.5, 10.4)."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from anyshore import feel
from anyshore.dmn.compiling import names_of
from anyshore.dmn.elements import BusinessKnowledgeModel, Decision, DecisionService, DrgElement, InputData
from anyshore.dmn.evaluate import evaluate
from anyshore.dmn.expressions import FunctionDefinition
from anyshore.dmn.functions import enter, knowledge_function, leave, result_type, service_function
from anyshore.dmn.run import Run
from anyshore.feel.types import FunctionType

# One decision may be decided once for every import it is seen through, so each is taken from the budget.
_DECISION_STEPS = 10
_ANYWHERE = ("",)


def value_of(element: DrgElement, run: Run) -> object:
    """The value of any element; knowledge and services are functions."""
    match element:
        case InputData():
            return input_value(element, run)
        case Decision():
            return decision_value(element, run)
        case BusinessKnowledgeModel() | DecisionService():
            return function_value(element, run)
        case _:
            return None


def input_value(element: InputData, run: Run) -> object:
    """The value given for input data, converted to its type; null with a problem where none was given."""
    if id(element) in run.bound:
        return run.bound[id(element)]
    key = (id(element), run.path)
    if key in run.values:
        return run.values[key]
    found, value = given(element, run)
    if not found:
        place = element.owner.locate(element.source)
        near = difflib.get_close_matches(element.name, list(run.inputs), 1)
        hint = f"Did you mean it by {near[0]}?" if near else f"Give a value named {element.name}; null is one."
        if element.implied == "cell":
            hint += f' If the cell means a text, write it in double quotes: "{element.name}".'
        run.report("dmn.input-missing", f"No value was given for the input {element.name}.", place, hint)
        if element.implied:
            run.feel.missing |= {element.name}
    if element.variable is not None and element.variable.type_ref is not None:
        target = run.model.types.lenient(element.variable.type_ref, element.owner)
        value = run.convert(value, target, element.source, element.owner, f"The input {element.name}")
    run.values[key] = value
    return value


def given(element: DrgElement, run: Run) -> tuple[bool, object]:
    """The value a caller gave for an element. What an import brings is given as ``{import: {name: value}}``, under its
    qualified name, or under its own name.
    """
    inputs = run.inputs
    for path in (run.path, *run.model.paths(element.owner)):
        level: object = inputs
        for name in path:
            level = level.get(name) if isinstance(level, Mapping) else None
        for name in names_of(element):
            if isinstance(level, Mapping) and name in level:
                return True, converted(level[name], element, run)
            if (qualified := ".".join((*path, name))) in inputs:
                return True, converted(inputs[qualified], element, run)
    for name in names_of(element):
        if name in inputs:
            return True, converted(inputs[name], element, run)
    return False, None


def converted(value: object, element: DrgElement, run: Run, name: str = "") -> object:
    """The FEEL value of what a caller gave for an element; null with a problem where FEEL has none."""
    try:
        found = feel.from_python(value)
        reason = "FEEL has no such number" if found is None and value is not None else ""
    except (TypeError, ValueError) as error:
        found, reason = None, str(error)
    if reason:
        place = element.owner.locate(element.source)
        run.report("dmn.input-value", f"The input {name or element.name} became null: {reason}.", place)
    return found


def decision_value(decision: Decision, run: Run) -> object:
    """The value of a decision, decided once per run."""
    key = (id(decision), run.path)
    if id(decision) in run.bound:
        return _known(decision, run.bound[id(decision)], run)
    if key in run.values:
        return _known(decision, run.values[key], run)
    if id(decision) in run.active:
        place = decision.owner.locate(decision.source)
        run.report("dmn.cycle", f"The decision {decision.name} requires itself.", place)
        return None
    run.active.add(id(decision))
    run.feel.spend(_DECISION_STEPS)
    enter(run, decision.name, "decision", {})
    try:
        value = _decided(decision, run)
    finally:
        run.active.discard(id(decision))
    run.values[key] = value
    leave(run, value)
    return value


def _known(decision: Decision, value: object, run: Run) -> object:
    """A value that stands already, with a line of its own in the explanation."""
    if run.trace is not None:
        enter(run, decision.name, "decision", {})
        leave(run, value)
    return value


def _decided(decision: Decision, run: Run) -> object:
    owner = decision.owner
    if decision.expression is None:
        found, value = given(decision, run)
        if not found:
            run.report("dmn.no-logic", f"The decision {decision.name} has no logic.", owner.locate(decision.source))
        return _typed(decision, value, run)
    run.model.compiler.prepare(decision)
    scope = required_values(decision, run)
    value = evaluate(decision.expression, scope, run, owner)
    return _typed(decision, value, run)


def _typed(decision: Decision, value: object, run: Run) -> object:
    if decision.variable is None or decision.variable.type_ref is None:
        return value
    target = run.model.types.lenient(decision.variable.type_ref, decision.owner)
    if isinstance(decision.expression, FunctionDefinition) and not isinstance(target.feel, FunctionType):
        return value  # tools write the type of the function's result there
    return run.convert(value, target, decision.source, decision.owner, f"The decision {decision.name}")


def required_values(element: Decision | BusinessKnowledgeModel, run: Run) -> dict[str, object]:
    """What an element requires, by the names it sees it under."""
    scope: dict[str, object] = {}
    hrefs = element.required_knowledge
    if isinstance(element, Decision):
        hrefs = element.required_inputs + element.required_decisions + hrefs
    for href in hrefs:
        target = run.model.library.resolve(href, element.owner)
        if target is None:
            message = f"{element.name} requires {href}, which is not there."
            run.report("dmn.reference", message, element.owner.locate(element.source))
            continue
        _bind(scope, element, target, run)
    return scope


def _bind(scope: dict[str, object], element: DrgElement, target: DrgElement, run: Run) -> None:
    """Puts the value of what an element requires into its scope; what is imported under the import's name."""
    entry = None
    if target.owner is not element.owner:
        entry = run.model.library.import_of(element.owner, target.owner)
    prefix = entry.name if entry is not None else ""
    here = run.path
    run.path = _through(prefix, run)
    try:
        value = value_of(target, run)
    finally:
        run.path = here
    if run.trace is not None and isinstance(target, InputData):
        run.trace[-1].inputs[target.name] = value
    names = names_of(target)
    if prefix:
        context = scope.setdefault(prefix, {})
        if isinstance(context, dict):
            context.update(dict.fromkeys(names, value))
    else:
        scope.update(dict.fromkeys(names, value))


def _through(prefix: str, run: Run) -> tuple[str, ...]:
    """The path behind an import. Nothing tells apart the paths the caller gave nothing for, so they are one."""
    if not prefix or run.path == _ANYWHERE:
        return run.path
    path = (*run.path, prefix)
    level: object = run.inputs
    for name in path:
        level = level.get(name) if isinstance(level, Mapping) else None
    start = ".".join(path) + "."
    return path if isinstance(level, Mapping) or any(str(key).startswith(start) for key in run.inputs) else _ANYWHERE


def function_value(element: BusinessKnowledgeModel | DecisionService, run: Run) -> object:
    """A business knowledge model or a decision service as a function."""
    key = (id(element), run.path)
    if key in run.values:
        return run.values[key]
    if isinstance(element, DecisionService):
        value = service_function(element, run)
    elif id(element) in run.active:
        run.report("dmn.cycle", f"The knowledge {element.name} requires itself.", element.owner.locate(element.source))
        return None
    else:
        run.active.add(id(element))
        run.model.compiler.prepare(element)
        value = knowledge_function(element, required_values(element, run), run)
        run.active.discard(id(element))
    run.values[key] = value
    return value


def run_service(service: DecisionService, arguments: Mapping[str, object], run: Run) -> object:
    """Decides the output decisions of a service in a run of its own, from its own inputs only."""
    conform = True
    for element, name in run.model.service_parameters(service):
        value = arguments.get(name)
        known = len(run.diagnostics)
        if element.variable is not None and element.variable.type_ref is not None:
            target = run.model.types.lenient(element.variable.type_ref, element.owner)
            value = run.convert(value, target, element.source, element.owner, f"The input {name} of {service.name}")
            conform = conform and len(run.diagnostics) == known
        run.bound[id(element)] = value
    if not conform:
        return None  # as with any function, an argument of another type makes the invocation null (10.3.2.13.2)
    enter(run, service.name, "service", dict(arguments))
    outputs: dict[str, object] = {}
    for href in service.output_decisions:
        decision = run.model.library.resolve(href, service.owner)
        if isinstance(decision, Decision):
            outputs[decision.name] = decision_value(decision, run)
        else:
            message = f"The service {service.name} puts out {href}, which is no decision here."
            run.report("dmn.reference", message, service.owner.locate(service.source))
    result: object = next(iter(outputs.values())) if len(outputs) == 1 else outputs
    target_type = result_type(service.variable.type_ref if service.variable else None, run, service.owner)
    if target_type is not None:
        result = run.convert(result, target_type, service.source, service.owner, f"The result of {service.name}")
    leave(run, result)
    return result
