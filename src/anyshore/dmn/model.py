"""The public face of a decision model: read it, decide with it, write it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from anyshore import feel
from anyshore.base import sizes
from anyshore.base.errors import Diagnostic, DmnError, FeelError, TooLargeError
from anyshore.base.locations import Location
from anyshore.dmn import library as linking
from anyshore.dmn.compiled import CompiledDecision, compile_decision
from anyshore.dmn.deciding import converted, decision_value, function_value, given, input_value, run_service
from anyshore.dmn.elements import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    DrgElement,
    InputData,
    KnowledgeSource,
)
from anyshore.dmn.evaluate import evaluate
from anyshore.dmn.expressions import DecisionTable
from anyshore.dmn.fast import UNSEEN
from anyshore.dmn.linked import Linked
from anyshore.dmn.memory import OFTEN, Memory, memory_of
from anyshore.dmn.results import Explanation, Result
from anyshore.dmn.run import Run
from anyshore.dmn.tables import plan_of
from anyshore.feel.invoke import apply
from anyshore.feel.origin import Origin
from anyshore.feel.values import Function


class Model:
    """A decision model: one file with the files it imports, ready to decide.

    Attributes:
        library: the linked files.
        definitions: the file that was read.
        linked: what all its evaluations share.
    """

    def __init__(self, library: linking.Library) -> None:
        self.linked = Linked(library)
        self.library = library
        self.definitions = library.root
        self._asked: dict[str, int] = {}
        self._memories: dict[str, Memory] = {}

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.definitions.name

    @property
    def decisions(self) -> list[Decision]:
        """The decisions of the file, in document order; those of imports are not among them."""
        return [e for e in self.definitions.by_id.values() if isinstance(e, Decision)]

    @property
    def inputs(self) -> list[InputData]:
        """The input data of the file, in document order."""
        return [e for e in self.definitions.by_id.values() if isinstance(e, InputData)]

    @property
    def services(self) -> list[DecisionService]:
        """The decision services of the file, in document order."""
        return [e for e in self.definitions.by_id.values() if isinstance(e, DecisionService)]

    def find(self, name: str) -> DrgElement:
        """An element by name, id or qualified name ``import.name``.

        Raises:
            DmnError: there is none.
        """
        found = self.library.find(" ".join(name.split()))
        if found is None:
            known = ", ".join(sorted(d.name for d in self.decisions)[:20])
            raise DmnError(
                "dmn.unknown", f"The model has no {name}.", Location(self.definitions.document.file), f"It has {known}."
            )
        return found

    def decide(
        self,
        name: str,
        inputs: Mapping[str, object],
        *,
        now: int | None = None,
        zone: str = "UTC",
        explain: bool = False,
        strict: bool = False,
    ) -> Result:
        """Decides.

        Args:
            name: a decision, decision service or business knowledge model, by name or id.
            inputs: values by name of input data (of a service: of its parameters). Python numbers and dates are
                converted. A name that is missing counts as null, with a problem.
            now: the time of the command in microseconds since 1970 UTC, for ``now()`` and ``today()``.
            zone: the IANA zone ``today()`` is told in.
            explain: whether to say how the value came about.
            strict: raise where anything on the way became null because something was wrong.

        Raises:
            DmnError: there is no such element, or ``strict`` and there was a problem.
        """
        memory = self._memories.get(name)
        if memory is not None and not explain and (value := memory.recall(inputs)) is not UNSEEN:
            return Result(value)
        element = self.find(name)
        problems: list[Diagnostic] = []
        clock = feel.Run(now, zone, problems)
        run = Run(self.linked, inputs, clock, problems, evaluate, run_service)
        root = Explanation(element.name, "model") if explain else None
        if root is not None:
            run.trace = [root]
        try:
            value = self._value(element, run)
            sizes.check(value, sizes.EVALUATED, f"What {element.name} gives")
        except RecursionError:
            place = element.owner.locate(element.source)
            run.report("dmn.depth", f"{element.name} needs too many decisions and functions inside each other.", place)
            value = None
        except (FeelError, TooLargeError) as error:  # the budget of FEEL is used up
            problems.extend(error.diagnostics)
            value = None
        if strict and run.diagnostics:
            raise DmnError.of(run.diagnostics)
        if not problems:
            self._remember(name, element, inputs, value)
        explanation = root.because[-1] if root is not None and root.because else None
        return Result(value, problems, explanation)

    def _remember(self, name: str, element: DrgElement, inputs: Mapping[str, object], value: object) -> None:
        """Keeps a value decided without a problem, once the decision has been asked for often."""
        memory = self._memories.get(name)
        if memory is not None:
            memory.learn(inputs, value)
            return
        asked = self._asked[name] = self._asked.get(name, 0) + 1
        if asked == OFTEN and isinstance(element, Decision) and isinstance(element.expression, DecisionTable):
            memory = memory_of(element, self.linked, plan_of(element.expression, self.linked.types, element.owner))
            if memory is not None:
                self._memories[name] = memory

    def compile(self, name: str, *, positional: bool = False) -> CompiledDecision:
        """A decision for hot use; gives what :meth:`decide` gives as its value, without problems or explanation.

        Args:
            name: a decision by name or id.
            positional: whether the inputs are given one by one, in the order of ``inputs`` of what is returned,
                instead of as a mapping.

        Raises:
            DmnError: there is no such decision.
        """
        element = self.find(name)
        if not isinstance(element, Decision):
            raise DmnError("dmn.unknown", f"{name} is no decision.", element.owner.locate(element.source))
        self.linked.compiler.prepare(element)
        table = element.expression
        plan = plan_of(table, self.linked.types, element.owner) if isinstance(table, DecisionTable) else None
        key = element.id if element.owner is self.definitions else name
        return compile_decision(
            element, self.linked, plan, lambda inputs: self.decide(key, inputs).value, positional=positional
        )

    def _value(self, element: DrgElement, run: Run) -> object:
        match element:
            case Decision():
                return decision_value(element, run)
            case InputData():
                return input_value(element, run)
            case DecisionService():
                parameters = self.linked.service_parameters(element)
                arguments = {name: self._argument(target, run) for target, name in parameters}
                return self._call(function_value(element, run), arguments, element, run)
            case BusinessKnowledgeModel(logic=logic):
                names = [p.name for p in logic.parameters] if logic is not None else []
                arguments = {n: self._parameter(n, element, run) for n in names}
                return self._call(function_value(element, run), arguments, element, run)
            case KnowledgeSource():
                raise DmnError("dmn.unknown", f"{element.name} is a knowledge source; it decides nothing.")

    def _argument(self, target: InputData | Decision, run: Run) -> object:
        found, value = given(target, run)
        if not found:
            place = target.owner.locate(target.source)
            run.report("dmn.input-missing", f"No value was given for the input {target.name}.", place)
        return value

    def _parameter(self, name: str, element: BusinessKnowledgeModel, run: Run) -> object:
        if name not in run.inputs:
            place = element.owner.locate(element.source)
            run.report("dmn.input-missing", f"No value was given for the parameter {name} of {element.name}.", place)
        return converted(run.inputs.get(name), element, run, name)

    def _call(self, function: object, arguments: Mapping[str, object], element: DrgElement, run: Run) -> object:
        if not isinstance(function, Function):
            return None
        place = Origin("", element.owner.locate(element.source)), 0
        return apply(run.feel, function, list(arguments.values()), tuple(arguments), place)


def read(source: Path | bytes | str, *, file: str | None = None, imports: Iterable[Path | bytes] = ()) -> Model:
    """Reads a model (DMN 1.1 to 1.6).

    Args:
        source: a path, or the content as bytes or text; text that does not begin with ``<`` is a path.
        file: the name to show in messages.
        imports: files it may import; where ``source`` is a path, the ``.dmn`` files beside it may be imported too.

    Raises:
        DmnError: a file is no DMN, its structure is broken, or an import is missing; with every problem of the file.
    """
    path = Path(source) if isinstance(source, str) and not source.lstrip("\ufeff \t\r\n").startswith("<") else source
    return Model(linking.load(path, file=file, imports=imports))
